/** Hooks of rpm's Lua: `rpm.register(name, function)`, `rpm.call(name, ...)`, `rpm.unregister(name, hook)`. */
import fengari from 'fengari';

const { lua, lauxlib, to_luastring: encode } = fengari;
type State = fengari.State;

/** The functions of the `rpm` library. `report` is told of a hook that fails, `changed` of every one that comes or goes. */
export function hookFunctions(report: (reason: Uint8Array) => void, changed: () => void): Readonly<Record<'register' | 'unregister' | 'call', fengari.CFunction>> {
  const hooks = new Map<string, { readonly handle: unknown; readonly reference: number }[]>();

  /** The name of the hook, which is the first argument. */
  function nameAt(state: State): string {
    if (!lua.lua_isstring(state, 1)) lauxlib.luaL_argerror(state, 1, encode('hook name expected'));
    return Buffer.from(lua.lua_tostring(state, 1)!).toString('latin1');
  }

  return {
    register(state) {
      const name = nameAt(state);
      if (lua.lua_type(state, 2) !== lua.LUA_TFUNCTION) lauxlib.luaL_argerror(state, 2, encode('function expected'));
      changed();
      lua.lua_pushvalue(state, 2);
      const reference = lauxlib.luaL_ref(state, lua.LUA_REGISTRYINDEX);
      const handle = lua.lua_newuserdata(state, 0);
      hooks.set(name, [...(hooks.get(name) ?? []), { handle, reference }]);
      return 1;
    },

    unregister(state) {
      const name = nameAt(state);
      const type = lua.lua_type(state, 2);
      if (type !== lua.LUA_TUSERDATA && type !== lua.LUA_TLIGHTUSERDATA) lauxlib.luaL_argerror(state, 2, encode('hook information expected'));
      changed();
      const handle = lua.lua_touserdata(state, 2);
      hooks.set(name, (hooks.get(name) ?? []).filter((hook) => hook.handle !== handle));
      return 0;
    },

    /** Each hook in turn gets the arguments as one list, until one gives a number that is not 0. */
    call(state) {
      const name = nameAt(state);
      const count = lua.lua_gettop(state);
      for (let index = 2; index <= count; index++) {
        const type = lua.lua_type(state, index);
        if (![lua.LUA_TNIL, lua.LUA_TNUMBER, lua.LUA_TSTRING, lua.LUA_TUSERDATA, lua.LUA_TLIGHTUSERDATA].includes(type)) lauxlib.luaL_error(state, encode('unsupported Lua type passed to hook'));
      }
      for (const { reference } of hooks.get(name) ?? []) {
        lua.lua_rawgeti(state, lua.LUA_REGISTRYINDEX, reference);
        lua.lua_newtable(state);
        for (let index = 2; index <= count; index++) {
          pushArgument(state, index);
          lua.lua_rawseti(state, -2, index - 1);
        }
        const failed = lua.lua_pcall(state, 1, 1, 0) !== lua.LUA_OK;
        if (failed) report(lua.lua_tostring(state, -1) ?? encode('(null)'));
        const ends = !failed && lua.lua_isnumber(state, -1) && Math.trunc(lua.lua_tonumber(state, -1)) !== 0;
        lua.lua_pop(state, 1);
        if (ends) break;
      }
      return 0;
    },
  };
}

/** An argument as it comes out of C: whole numbers are integers, nothing is a null pointer. */
function pushArgument(state: State, index: number): void {
  const type = lua.lua_type(state, index);
  if (type === lua.LUA_TSTRING) lua.lua_pushvalue(state, index);
  else if (type === lua.LUA_TNUMBER) {
    const number = lua.lua_tonumber(state, index);
    if (number === (number | 0)) lua.lua_pushinteger(state, number);
    else lua.lua_pushnumber(state, number);
  } else lua.lua_pushlightuserdata(state, type === lua.LUA_TNIL ? null : lua.lua_touserdata(state, index));
}

/** Pointers show as the C library shows them, the null pointer among them. */
export function namePointers(state: State): void {
  const numbers = new WeakMap<object, number>();
  let last = 0x1000;
  lua.lua_pushlightuserdata(state, null);
  lua.lua_newtable(state);
  lua.lua_pushcfunction(state, (s) => {
    const pointer = lua.lua_touserdata(s, 1) as object | null;
    if (pointer !== null && !numbers.has(pointer)) numbers.set(pointer, (last += 16));
    lua.lua_pushstring(s, encode(`userdata: ${pointer === null ? '(nil)' : `0x${numbers.get(pointer)!.toString(16)}`}`));
    return 1;
  });
  lua.lua_setfield(state, -2, encode('__tostring'));
  lua.lua_setmetatable(state, -2);
  lua.lua_pop(state, 1);
}
