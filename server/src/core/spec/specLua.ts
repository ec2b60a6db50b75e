/** The Lua interpreter of one evaluation: made when it is first needed, and told the sources and patches read so far. */
import type { Lua, LuaChunk, LuaFactory, LuaInterpreter, LuaMacros, LuaResult } from '../host.js';
import type { FullInputs } from './inputs.js';
import type { SourceState } from './state.js';

/** One interpreter with what is known of it; evaluations that go on from one another share it. */
interface LuaState {
  lua: LuaInterpreter | undefined;
  /** How often code may have changed global variables. */
  changes: number;
  /** The sources it was last told of. */
  told: readonly SourceState[] | undefined;
}

export class SpecLua implements Lua {
  /** The sources and patches declared so far. */
  sources: () => readonly SourceState[] = () => [];
  #state: LuaState = { lua: undefined, changes: 0, told: undefined };

  constructor(
    private readonly make: LuaFactory,
    private readonly inputs: FullInputs,
  ) {}

  /**
   * How often code may have changed global variables: while it stays the same, so do they, and what reads on from a
   * checkpoint may go on using the interpreter.
   */
  get changes(): number {
    return this.#state.changes;
  }

  /** Goes on with another's interpreter as it is now; both count its changes from here on. */
  become(other: SpecLua): void {
    this.#state = other.#state;
  }

  run(chunk: LuaChunk, macros: LuaMacros): LuaResult {
    return this.#noted(this.#ready().run(chunk, macros));
  }

  callFunction(name: string, args: readonly (string | number)[], macros: LuaMacros): LuaResult {
    return this.#noted(this.#ready().callFunction(name, args, macros));
  }

  #noted(result: LuaResult): LuaResult {
    if (result.changedGlobals) this.#state.changes++;
    return result;
  }

  #ready(): LuaInterpreter {
    const { target, files, environment, clock, configFolder } = this.inputs;
    const state = this.#state;
    state.lua ??= this.make({ rpmVersion: target.rpmVersion, arch: target.arch, files, environment, clock: clock ?? { now: () => 0 }, configFolder });
    const sources = this.sources();
    if (sources !== state.told) {
      state.told = sources;
      // The tables that rpm fills as it reads Source and Patch tags (speclua.c).
      for (const [kind, name] of [['source', 'sources'], ['patch', 'patches']] as const) {
        const own = sources.filter((source) => source.kind === kind);
        state.lua.setList(name, own.map(({ path }) => path));
        state.lua.setList(`${kind}_nums`, own.map(({ number }) => number));
      }
    }
    return state.lua;
  }
}
