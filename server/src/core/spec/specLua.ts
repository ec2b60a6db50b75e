/** The Lua interpreter of one evaluation: made when it is first needed, and told the sources and patches read so far. */
import type { Lua, LuaChunk, LuaFactory, LuaMacros, LuaResult } from '../host.js';
import type { FullInputs } from './inputs.js';
import type { SourceState } from './state.js';

export class SpecLua implements Lua {
  /**
   * How often code may have changed global variables: while it stays the same, so does the state, and what reads on from a
   * checkpoint may go on using it.
   */
  changes = 0;
  /** The sources and patches declared so far. */
  sources: () => readonly SourceState[] = () => [];
  #lua: Lua | undefined;
  #told: readonly SourceState[] | undefined;

  constructor(
    private readonly make: LuaFactory,
    private readonly inputs: FullInputs,
  ) {}

  run(chunk: LuaChunk, macros: LuaMacros): LuaResult {
    return this.#noted(this.#ready(macros).run(chunk, macros));
  }

  callFunction(name: string, args: readonly (string | number)[], macros: LuaMacros): LuaResult {
    return this.#noted(this.#ready(macros).callFunction(name, args, macros));
  }

  #noted(result: LuaResult): LuaResult {
    if (result.changedGlobals) this.changes++;
    return result;
  }

  #ready(macros: LuaMacros): Lua {
    const { target, files, environment, clock } = this.inputs;
    this.#lua ??= this.make({ rpmVersion: target.rpmVersion, arch: target.arch, files, environment, clock: clock ?? { now: () => 0 } });
    const sources = this.sources();
    if (sources !== this.#told) {
      this.#told = sources;
      this.#lua.run({ code: tables(sources), name: '<sources>', options: {}, args: [] }, macros);
    }
    return this.#lua;
  }
}

/** The tables that rpm fills as it reads Source and Patch tags (speclua.c). */
function tables(sources: readonly SourceState[]): string {
  const of = (kind: 'source' | 'patch') => sources.filter((source) => source.kind === kind);
  const list = (items: readonly string[]) => `{${items.join(',')}}`;
  return [
    `sources = ${list(of('source').map(({ path }) => luaString(path)))}`,
    `source_nums = ${list(of('source').map(({ number }) => String(number)))}`,
    `patches = ${list(of('patch').map(({ path }) => luaString(path)))}`,
    `patch_nums = ${list(of('patch').map(({ number }) => String(number)))}`,
  ].join('\n');
}

function luaString(text: string): string {
  return `"${text.replace(/[\\"\n\r\0]/g, (unit) => `\\${String(unit.charCodeAt(0)).padStart(3, '0')}`)}"`;
}
