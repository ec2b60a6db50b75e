/** The Lua interpreter of one evaluation: made when it is first needed, and told the sources and patches read so far. */
import type { Lua, LuaChunk, LuaFactory, LuaInterpreter, LuaMacros, LuaResult, LuaSettings } from '../host.js';
import type { FullInputs } from './inputs.js';
import type { SourceState } from './state.js';

/** An interpreter with what it was last told. */
interface SharedLua {
  readonly interpreter: LuaInterpreter;
  /** The only one that may go on using it, once its code has changed something in it. */
  owner: LuaState | undefined;
  inputs: FullInputs | undefined;
  sources: readonly SourceState[] | undefined;
}

/** What evaluations that go on from one another share. */
interface LuaState {
  lua: SharedLua | undefined;
  /** How often code may have changed global variables. */
  changes: number;
}

/**
 * Interpreters that no code has changed anything in, one for each version of rpm: to make one takes as long as evaluating a
 * small spec, and most code only looks and prints. The evaluation whose code changes something keeps the interpreter for itself.
 */
const untouched = new WeakMap<LuaFactory, Map<string, SharedLua>>();

const unchanged: ReadonlyMap<string, string | undefined> = new Map();

export class SpecLua implements Lua {
  /** The sources and patches declared so far. */
  sources: () => readonly SourceState[] = () => [];
  #state: LuaState = { lua: undefined, changes: 0 };

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

  get variables(): ReadonlyMap<string, string | undefined> {
    const { lua } = this.#state;
    return lua !== undefined && lua.owner === this.#state ? lua.interpreter.variables : unchanged;
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
    const state = this.#state;
    if (!result.changedGlobals) return result;
    state.changes++;
    if (state.lua!.owner === undefined) {
      state.lua!.owner = state;
      untouched.get(this.make)?.delete(this.inputs.target.rpmVersion);
    }
    return result;
  }

  #ready(): LuaInterpreter {
    const state = this.#state;
    if (state.lua === undefined || (state.lua.owner !== undefined && state.lua.owner !== state)) state.lua = this.#untouched();
    const { lua } = state;
    if (lua.inputs !== this.inputs) {
      lua.inputs = this.inputs;
      lua.interpreter.serve(this.#settings());
    }
    const sources = this.sources();
    if (sources !== lua.sources) {
      lua.sources = sources;
      // The tables that rpm fills as it reads Source and Patch tags (speclua.c).
      for (const [kind, name] of [['source', 'sources'], ['patch', 'patches']] as const) {
        const own = sources.filter((source) => source.kind === kind);
        lua.interpreter.setList(name, own.map(({ path }) => path));
        lua.interpreter.setList(`${kind}_nums`, own.map(({ number }) => number));
      }
    }
    return lua.interpreter;
  }

  #untouched(): SharedLua {
    let known = untouched.get(this.make);
    if (known === undefined) untouched.set(this.make, (known = new Map()));
    const { rpmVersion } = this.inputs.target;
    let lua = known.get(rpmVersion);
    if (lua === undefined) known.set(rpmVersion, (lua = { interpreter: this.make(this.#settings()), owner: undefined, inputs: this.inputs, sources: undefined }));
    return lua;
  }

  #settings(): LuaSettings {
    const { target, files, environment, clock, configFolder } = this.inputs;
    return { rpmVersion: target.rpmVersion, arch: target.arch, files, environment, clock: clock ?? { now: () => 0 }, configFolder };
  }
}
