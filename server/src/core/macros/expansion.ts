import { type FileReader, type Lua, noFiles } from '../host.js';
import type { DefinitionSite, MacroDefinition } from './definition.js';

/**
 * Something only the outside can answer. Answers are kept by `kind` and `text`, so that the same question is asked once,
 * whatever is edited elsewhere.
 */
export interface MacroQuestion {
  /** `lua`: the interpreter itself is wanted, which is loaded only where something needs it; the text is empty. */
  readonly kind: 'shell' | 'lua';
  /** The shell text, fully expanded. */
  readonly text: string;
}

/** Answers that are at hand. */
export interface Answers {
  /**
   * What the command printed, its line breaks at the end included; undefined where that is not known yet: the question
   * is then noted as pending, the result is tainted, and expansion goes on with the empty text.
   */
  answer(question: MacroQuestion): string | undefined;
}

export const noAnswers: Answers = { answer: () => undefined };

/** Everything that loops has a limit; what goes over it is an error with a message, never a hang. */
export interface MacroLimits {
  /** Macro uses (16 each) and text scanned (1 for 8 code units) in one call from outside, counted together. */
  readonly steps: number;
  /** Calls inside each other. rpm's own limit is 64 but it does not count everywhere; this one does. */
  readonly depth: number;
  /** Code units that one call from outside may produce. */
  readonly output: number;
}

export const defaultLimits: MacroLimits = { steps: 10_000_000, depth: 256, output: 16 << 20 };

/** The world of an expansion, as data. */
export interface MacroContext {
  /** Version of rpm whose behaviour is wanted, as `4.16.1.3`. */
  readonly rpmVersion: string;
  /** For `%{load:}`, `%{exists:}`, `%{uncompress:}`. */
  readonly files: FileReader;
  /** For `%{getenv:}`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly answers: Answers;
  /** For `%{lua:}`. Without it such a text is pending, and gives nothing. */
  readonly lua?: Lua | undefined;
  /** For `%{getconfdir}`. */
  readonly configFolder: string;
  /** For `%{getncpus}`. */
  readonly processors: number;
  /** For `%{getncpus:proc}`; MiB. */
  readonly memory: number;
  /** rpm's `-v`, for `%verbose`. */
  readonly verbose: boolean;
  readonly limits: MacroLimits;
}

/** What rpm would have written to its standard error, or an error of the expansion. */
export interface MacroMessage {
  readonly severity: 'error' | 'warning' | 'notice';
  /**
   * Stable name of the kind of message, such as `recursion` or `empty-body`; `echo`, `warn`, `error` for those of the macros of that name.
   * Of the notices, which rpm writes to its standard output, a `trace` goes to the standard error; what Lua code has
   * `written` there stands as it is, without a line break, and `written-error` likewise in the standard error.
   */
  readonly code: string;
  /** rpm's words, without its `error: ` prefix and without a line break at the end. */
  readonly text: string;
  /** How rpm says where, before the text: `file: line N: `, or empty. */
  readonly place: string;
  /** Span in the text given to `expand`: the outermost macro use that led here. */
  readonly start: number;
  readonly end: number;
  /** Macros inside each other that led here, outermost first. */
  readonly macros: readonly string[];
}

/** One use of a macro during an expansion. */
export interface MacroCall {
  /** Index in `calls` of the call whose body holds this use; 0 is the text itself. */
  readonly parent: number;
  /** Empty for `%(...)` and `%[...]`. */
  readonly name: string;
  /** What `%` begins: a macro by name, a shell command, an expression. */
  readonly kind: 'macro' | 'shell' | 'expression';
  /** `%{?x}`, `%{!?x}`, `%{-x}`. */
  readonly conditional: boolean;
  /** The definition in force; undefined for an unknown macro, which is left as it stands. */
  readonly definition: MacroDefinition | undefined;
  /** The use, from `%` on, in the text of `parent`. */
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  /** What it became: a span of the expanded text; -1 for a use within arguments, which gave `sideValue`. */
  readonly outputStart: number;
  readonly outputEnd: number;
  /** What a use within arguments became; undefined for all others. */
  readonly sideValue: string | undefined;
}

/** What `expand` gives. */
export interface Expansion {
  /** The expanded text, as far as rpm would have got where `failed`. */
  readonly text: string;
  /** rpm's expansion would have failed: there is an error among the messages. */
  readonly failed: boolean;
  /** A macro that nobody defined was left as it stands in the result. */
  readonly unknown: boolean;
  /** Depends on an answer that had not arrived; the question is among the expander's pending ones. */
  readonly tainted: boolean;
  /**
   * Where the pieces of `text` came from, three numbers a run, in order and without gaps: offset in `text` at which the
   * run begins, index of the call whose text was copied (0: the given text), offset in that text. Text that no body
   * holds (an argument, an answer, a builtin's result) has the offset -1.
   */
  readonly runs: readonly number[];
  /** Uses of macros; the first stands for the text itself. Only those that the given text and bodies on the way to the result hold. */
  readonly calls: readonly MacroCall[];
}

/** One step of an explanation: a use, what it stood for, and what it became. */
export interface ExplanationStep {
  /** How many uses it stands within. */
  readonly depth: number;
  /** As written, from `%` on. */
  readonly use: string;
  readonly kind: 'macro' | 'shell' | 'expression';
  /** The definition that was used, with its place; undefined for an unknown macro, a shell command, an expression. */
  readonly definition: MacroDefinition | undefined;
  readonly value: string;
}

/** A definition, undefinition or loading made while expanding. */
export interface DefinitionChange {
  readonly by: 'define' | 'global' | 'undefine' | 'lua' | 'load';
  readonly definition: MacroDefinition;
  /** Span in the text given to `expand`: the outermost macro use that made it. */
  readonly start: number;
  readonly end: number;
  /** Span of the name within that text, where the definition is written there; else undefined. */
  readonly nameStart: number | undefined;
  readonly nameEnd: number | undefined;
}

export interface ExpandOptions {
  /** Where definitions in this text stand, from offsets in it; they are `automatic` without it. */
  readonly site?: (start: number, end: number) => DefinitionSite;
}

/** A context in which nothing of the machine is seen. */
export function plainContext(rpmVersion: string): MacroContext {
  return { rpmVersion, files: noFiles, environment: {}, answers: noAnswers, configFolder: '/usr/lib/rpm', processors: 1, memory: 2048, verbose: false, limits: defaultLimits };
}
