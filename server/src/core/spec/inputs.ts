/** What an evaluation is given besides the text, and the macro table it begins with. */
import { type Answers, Expander, type MacroContext, type MacroTable, commandLineSite, defaultLimits, macroLevel, noAnswers } from '../macros/index.js';
import { type Cancellation, type Clock, type FileReader, type Lua, type LuaFactory, neverCancelled, noFiles } from '../host.js';
import { type Target, defineTarget, filesOfTarget, startTable } from '../targets/index.js';

/** A definition from outside the spec. */
export interface OutsideDefinition {
  /** As behind `--define`: name, parameter list if any, body. */
  readonly text: string;
  /** File of settings it stands in; the command line where undefined. */
  readonly file?: string;
}

export interface EvaluationInputs {
  readonly target: Target;
  /** Macros to define before anything of the spec is read, as `--define`. */
  readonly definitions?: readonly (string | OutsideDefinition)[];
  /** Macros to take away again, as `--undefine`. */
  readonly undefine?: readonly string[];
  /** `--with X` and `--without X`. */
  readonly with?: readonly string[];
  readonly without?: readonly string[];
  /** Macro files to read in place of what the target defines, rpm's own among them; absolute paths, as `--macros`. */
  readonly macroFiles?: readonly string[];
  /** Read after all others, as `--load`. */
  readonly load?: readonly string[];
  /** For %include, %{load:}, macro files, and to see which sources are there. */
  readonly files?: FileReader;
  /** Changes whenever a file may have changed that the evaluation reads (patches, included files, macro files). */
  readonly filesVersion?: number;
  /** What rpm would call the spec in its messages. */
  readonly specName?: string;
  /** Absolute folder that relative paths in %include count from. */
  readonly folder?: string;
  /** For `%{getenv:}`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly clock?: Clock;
  /** Answers to `%(...)` that are at hand. */
  readonly answers?: Answers;
  /** Makes the interpreter for `%{lua:}`; without it such a text is pending. */
  readonly lua?: LuaFactory;
  readonly cancellation?: Cancellation;
  /** Passes over what rpm refuses and reads on behind it; see {@link evaluateWhole}. */
  readonly readsOn?: boolean;
  /** Milliseconds after which an evaluation that has not ended is ended with a problem. */
  readonly timeLimit?: number;
  /** For `%{getncpus}`. */
  readonly processors?: number;
  /** For `%{getconfdir}`: rpm's own folder, `/usr/lib/rpm` unless its macro files are elsewhere. */
  readonly configFolder?: string;
}

/** The inputs with what was left out. */
export interface FullInputs extends Required<Omit<EvaluationInputs, 'clock' | 'lua'>> {
  readonly clock: Clock | undefined;
  readonly lua: LuaFactory | undefined;
}

export const defaultTimeLimit = 10_000;

export function fillInputs(inputs: EvaluationInputs): FullInputs {
  return {
    target: inputs.target,
    definitions: inputs.definitions ?? [],
    undefine: inputs.undefine ?? [],
    with: inputs.with ?? [],
    without: inputs.without ?? [],
    macroFiles: inputs.macroFiles ?? [],
    load: inputs.load ?? [],
    files: filesOfTarget(inputs.target, inputs.files ?? noFiles),
    filesVersion: inputs.filesVersion ?? 0,
    specName: inputs.specName ?? 'package.spec',
    folder: inputs.folder ?? '/',
    environment: inputs.environment ?? {},
    clock: inputs.clock,
    answers: inputs.answers ?? noAnswers,
    lua: inputs.lua,
    cancellation: inputs.cancellation ?? neverCancelled,
    readsOn: inputs.readsOn ?? false,
    timeLimit: inputs.timeLimit ?? defaultTimeLimit,
    processors: inputs.processors ?? 1,
    configFolder: inputs.configFolder ?? '/usr/lib/rpm',
  };
}

export function macroContext(inputs: FullInputs, lua?: Lua): MacroContext {
  return {
    rpmVersion: inputs.target.rpmVersion,
    files: inputs.files,
    environment: inputs.environment,
    answers: inputs.answers,
    configFolder: inputs.configFolder,
    processors: inputs.processors,
    memory: 4096,
    verbose: false,
    limits: defaultLimits,
    lua,
  };
}

/** What was defined before the spec, with what reading it said; kept as long as nothing it came from changes. */
export interface BaseMacros {
  readonly table: MacroTable;
  /** Messages of macro files and definitions, as rpm prints them before it reads the spec. */
  readonly messages: readonly { readonly severity: 'error' | 'warning' | 'notice'; readonly code: string; readonly text: string }[];
}

/** One for each target that is looked at; the one used last at the end. */
const kept: { readonly inputs: FullInputs; readonly base: BaseMacros }[] = [];
const mostKept = 8;

/** The macros in force before the first line. The last results are kept: an editor asks for the same again and again. */
export function baseMacros(inputs: FullInputs): BaseMacros {
  const known = kept.findIndex((one) => sameBase(one.inputs, inputs));
  if (known >= 0) {
    const [found] = kept.splice(known, 1);
    kept.push(found!);
    return found!.base;
  }
  const { target } = inputs;
  const fromFiles = inputs.macroFiles.length > 0;
  const expander = new Expander(startTable(target, fromFiles ? { isBare: true } : {}), macroContext(inputs));
  const { table } = expander;
  if (!fromFiles) defineTarget(expander, target);
  for (const file of inputs.macroFiles) expander.loadFile(file);
  for (const definition of inputs.definitions) {
    const { text, file } = typeof definition === 'string' ? { text: definition, file: undefined } : definition;
    expander.define(text, macroLevel.commandLine, file === undefined ? commandLineSite : { kind: 'settings', file });
  }
  for (const name of inputs.with) table.push(`_with_${name}`, `--with-${name}`, { level: macroLevel.commandLine, site: commandLineSite });
  for (const name of inputs.without) table.push(`_without_${name}`, `--without-${name}`, { level: macroLevel.commandLine, site: commandLineSite });
  for (const file of inputs.load) expander.loadFile(file);
  for (const name of inputs.undefine) expander.undefine(name);
  const messages = expander.takeMessages().map(({ severity, code, place, text }) => ({ severity, code, text: place + text }));
  const base: BaseMacros = { table, messages };
  kept.push({ inputs, base });
  if (kept.length > mostKept) kept.shift();
  return base;
}

/** Whether evaluations of the same text with these inputs cannot differ, answers and the clock aside. */
export function sameInputs(a: FullInputs, b: FullInputs): boolean {
  return sameBase(a, b) && a.readsOn === b.readsOn && a.specName === b.specName && a.folder === b.folder && a.lua === b.lua && a.processors === b.processors && a.configFolder === b.configFolder && a.filesVersion === b.filesVersion && sameRecord(a.environment, b.environment);
}

function sameRecord(a: Readonly<Record<string, unknown>>, b: Readonly<Record<string, unknown>>): boolean {
  return a === b || (Object.keys(a).length === Object.keys(b).length && Object.keys(a).every((key) => a[key] === b[key]));
}

function sameBase(a: FullInputs, b: FullInputs): boolean {
  return (
    (a.target === b.target || sameTarget(a.target, b.target)) &&
    a.files === b.files &&
    a.filesVersion === b.filesVersion &&
    a.answers === b.answers &&
    sameList(a.definitions, b.definitions) &&
    sameList(a.undefine, b.undefine) &&
    sameList(a.with, b.with) &&
    sameList(a.without, b.without) &&
    sameList(a.macroFiles, b.macroFiles) &&
    sameList(a.load, b.load)
  );
}

/** Equal targets are made anew for each package, so that the objects alone say nothing. */
function sameTarget(a: Target, b: Target): boolean {
  return (
    a.id === b.id &&
    a.arch === b.arch &&
    a.rpmVersion === b.rpmVersion &&
    a.set?.revision === b.set?.revision &&
    a.set?.files === b.set?.files &&
    a.macros.length === b.macros.length &&
    a.macros.every((macro, index) => macro === b.macros[index] || (macro.name === b.macros[index]!.name && macro.body === b.macros[index]!.body && macro.options === b.macros[index]!.options))
  );
}

function sameList(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index] || (typeof item === 'object' && JSON.stringify(item) === JSON.stringify(b[index])));
}
