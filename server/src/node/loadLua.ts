import type { LuaFactory } from '../core/host.js';

/** Loads the Lua interpreter, which most specs never need. */
export async function loadLua(): Promise<LuaFactory> {
  return (await import('./luaEngine.js')).createLua;
}
