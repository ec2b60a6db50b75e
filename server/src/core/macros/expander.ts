import { runBuiltin } from './builtinActions.js';
import { builtinNames, builtins, builtinsOf } from './builtins.js';
import { type DefinitionSite, type MacroDefinition, automaticSite, builtinSite, macroLevel } from './definition.js';
import type { DefinitionChange, ExpandOptions, Expansion, ExplanationStep, MacroCall, MacroContext, MacroMessage, MacroQuestion } from './expansion.js';
import { type ExpressionHost, type ExpressionValue, evaluateExpression, expressionText, expressionTruth } from './expression.js';
import { type RpmFeatures, rpmFeatures } from './features.js';
import { logicalLines } from './macroFile.js';
import { MacroEntry, MacroTable } from './macroTable.js';
import { parseOptions } from './options.js';
import { isBlank, isLineEnd, isAlpha, isNameUnit, macroEnd, matchBracket } from './scan.js';
import type { LuaMacros } from '../host.js';
import { decodeText } from '../text/index.js';

const percent = 37;
const unitSeparator = '\x1f';

/** The automatic macros of one call of a parametric macro: `%1`, `%*`, `%-x` ...; only the innermost call's are seen. */
interface Frame {
  readonly level: number;
  readonly values: Map<string, MacroEntry>;
  readonly outer: Frame | undefined;
}

/** A use being expanded; turned into a {@link MacroCall} of the result. */
class Call implements MacroCall {
  outputStart = -1;
  outputEnd = -1;
  sideValue: string | undefined = undefined;
  step: { use: string; value: string } | undefined = undefined;
  constructor(
    readonly parent: number,
    readonly name: string,
    readonly kind: 'macro' | 'shell' | 'expression',
    readonly conditional: boolean,
    readonly definition: MacroDefinition | undefined,
    readonly start: number,
    public end: number,
    readonly nameStart: number,
    readonly nameEnd: number,
  ) {}

  /** The use turned out to go on: it took arguments, or a definition, from the text behind it. */
  extend(source: string, end: number): void {
    this.end = end;
    if (this.step !== undefined) this.step.use = source.slice(this.start, end).trimEnd();
  }
}

/**
 * Expands macros as rpm's expandMacro does, over a table that definitions change. One expander serves one evaluation;
 * for a checkpoint keep `table.copy()`, and give it back to {@link restore}.
 */
export class Expander {
  readonly context: MacroContext;
  readonly features: RpmFeatures;
  /** The definitions in force; changed in place by definitions in expanded text. */
  table: MacroTable;
  /** Messages since they were last taken. */
  messages: MacroMessage[] = [];
  /** Questions without an answer since they were last taken. */
  pending: MacroQuestion[] = [];
  /** Definitions made since they were last taken. */
  changes: DefinitionChange[] = [];
  /** How often Lua code may have changed global variables, which are no part of the table. */
  luaChanges = 0;

  // The state of the expansion that runs. Kept in fields, not passed: the scan is the hot path.
  #out = '';
  #error = false;
  #depth = 0;
  #nesting = 0;
  #level = 0;
  #steps = 0;
  #tainted = false;
  #unknown = false;
  #frame: Frame | undefined = undefined;
  #scoped: string[] = [];
  #active: string[] = [];
  /** Whether output goes to the result, so that runs are recorded. */
  #recording = false;
  /** Index of the call whose text is scanned, -1 inside calls that are not recorded. */
  #current = 0;
  /** Whether offsets in the scanned text mean something to the reader of runs. */
  #mapped = true;
  #runs: number[] = [];
  #calls: Call[] = [];
  #rootStart = 0;
  #rootEnd = 0;
  #site: ((start: number, end: number) => DefinitionSite) | undefined = undefined;
  #keepQuotes = false;
  #haveQuotes = false;
  /** Name and arguments of the parametric macro whose body is expanded, for Lua. */
  #caller: MacroEntry | undefined = undefined;
  #callerArguments: readonly string[] = [];
  #loading = 0;
  /** Names of builtins, where these are known by name alone. */
  readonly #named: ReadonlySet<string> | undefined;
  /** Doubled percent signs stay doubled: the text will be expanded once more (arguments of versions 4.14 and 4.15). */
  #escape = false;
  /** Steps of an explanation while one is made. */
  #explanation: ExplanationStep[] | undefined = undefined;
  #stepDepth = 0;

  constructor(table: MacroTable, context: MacroContext) {
    this.table = table;
    this.context = context;
    this.features = rpmFeatures(context.rpmVersion);
    this.#named = this.features.namedBuiltins ? builtinNames(context.rpmVersion) : undefined;
  }

  /** Goes back to a state kept before. The copy given stays usable. */
  restore(table: MacroTable): void {
    this.table = table.copy();
    this.#scoped = [];
    if (this.features.depthLevels) for (const { name, level } of this.table) if (level > 0) this.#scoped.push(name);
  }

  takeMessages(): MacroMessage[] {
    const messages = this.messages;
    this.messages = [];
    return messages;
  }

  takePending(): MacroQuestion[] {
    const pending = this.pending;
    this.pending = [];
    return pending;
  }

  takeChanges(): DefinitionChange[] {
    const changes = this.changes;
    this.changes = [];
    return changes;
  }

  /** Expands a text, with the map of where the result came from. Messages, questions and definitions are kept until taken. */
  expand(text: string, options: ExpandOptions = {}): Expansion {
    if (text.indexOf('%') < 0) return { text, failed: false, unknown: false, tainted: false, runs: text === '' ? [] : [0, 0, 0], calls: [rootCall] };
    this.#begin(options.site);
    this.#recording = true;
    this.#calls = [rootCall as Call];
    this.#runs = [];
    this.#scan(text, 0, text.length);
    this.#recording = false;
    const calls = this.#calls;
    const runs = this.#runs;
    this.#calls = [];
    this.#runs = [];
    return { text: this.#out, failed: this.#error, unknown: this.#unknown, tainted: this.#tainted, runs, calls };
  }

  /** Expands a text where only the result matters; the text as far as it got where `failed` tells of an error. */
  expandText(text: string, site?: (start: number, end: number) => DefinitionSite): { readonly text: string; readonly failed: boolean; readonly tainted: boolean } {
    if (text.indexOf('%') < 0) return { text, failed: false, tainted: false };
    this.#begin(site);
    this.#scan(text, 0, text.length);
    return { text: this.#out, failed: this.#error, tainted: this.#tainted };
  }

  /**
   * The steps from a text to its value, each use before those inside it. Nothing of the expansion stays but the
   * questions it asked: definitions made and messages are forgotten.
   */
  explain(text: string): ExplanationStep[] {
    const { table, messages, changes } = this;
    const steps: ExplanationStep[] = [];
    this.table = table.copy();
    this.messages = [];
    this.changes = [];
    this.#explanation = steps;
    this.#stepDepth = 0;
    this.expand(text);
    this.#explanation = undefined;
    this.table = table;
    this.messages = messages;
    this.changes = changes;
    return steps;
  }

  /** Expands a text to a number as rpm's rpmExpandNumeric: `y...` is 1, `n...` 0, C's notations are read, all else is 0. */
  expandNumber(text: string): number {
    return textNumber(this.expandText(text).text);
  }

  /**
   * Whether an expression holds, as in `%if`; undefined after an error, which is among the messages. With `expand`,
   * macros in the operands are expanded as they are needed, else the text has been expanded before.
   */
  condition(expression: string, expand: boolean, site?: (start: number, end: number) => DefinitionSite): boolean | undefined {
    this.#begin(site);
    const value = this.#evaluate(expression, 0, expression.length, expand, true);
    return value === undefined ? undefined : expressionTruth(value);
  }

  /** What an expression gives, as text; undefined after an error, which is among the messages. */
  expressionText(expression: string, expand: boolean): string | undefined {
    this.#begin(undefined);
    const value = this.#evaluate(expression, 0, expression.length, expand, true);
    return value === undefined ? undefined : expressionText(value);
  }

  /** Whether the last condition or expression depends on an answer that had not arrived. */
  get tainted(): boolean {
    return this.#tainted;
  }

  /** Defines a macro from `name(options) body`, as `--define` and macro files do; false where it was refused, with messages. */
  define(definition: string, level: number, site: DefinitionSite): boolean {
    this.#begin(undefined);
    this.#defineIn(definition, 0, definition.length, level, false, true, 'define', site);
    return !this.#error;
  }

  /** Takes the definition in force away, as `--undefine`; false where a version refuses that (6.1 keeps its builtins). */
  undefine(name: string): boolean {
    this.#begin(undefined);
    if (this.features.modifiers && !this.#validName(name, '%undefine')) return false;
    this.#pop(name);
    return true;
  }

  /** Reads a macro file, as `%{load:}` and `--load`; false where it cannot be read or a definition in it was refused. */
  loadFile(path: string): boolean {
    this.#begin(undefined);
    return this.#load(path) === loading.good;
  }

  #begin(site: ((start: number, end: number) => DefinitionSite) | undefined): void {
    this.#out = '';
    this.#error = false;
    this.#depth = 0;
    this.#nesting = 0;
    this.#level = 0;
    this.#steps = 0;
    this.#tainted = false;
    this.#unknown = false;
    this.#frame = undefined;
    this.#active.length = 0;
    this.#recording = false;
    this.#current = 0;
    this.#mapped = true;
    this.#rootStart = 0;
    this.#rootEnd = 0;
    this.#site = site;
    this.#keepQuotes = false;
    this.#haveQuotes = false;
    this.#escape = false;
    this.#caller = undefined;
    this.#callerArguments = [];
  }

  /** The scan: text up to the next `%` is copied, then the use is found, looked up and expanded. */
  #scan(source: string, start: number, end: number): void {
    if (!this.#enter()) return;
    const { limits } = this.context;
    let at = start;
    // For the trace of an error: the last macro looked up, and where the output was then.
    let last: MacroEntry | undefined;
    let reached = this.#out.length;
    while (!this.#error && at < end) {
      let sign = -1;
      if (end === source.length) sign = source.indexOf('%', at);
      else
        for (let i = at; i < end; i++)
          if (source.charCodeAt(i) === percent) {
            sign = i;
            break;
          }
      if (sign < 0) {
        this.#copy(source, at, end);
        break;
      }
      let use = sign + 1;
      if (use >= end || source.charCodeAt(use) === percent) {
        // A last percent sign stands for itself, and so do two.
        this.#copy(source, at, use < end && this.#escape ? use + 1 : use);
        at = use + 1;
        continue;
      }
      if (sign > at) this.#copy(source, at, sign);
      if (this.#depth > 1) reached = this.#out.length;
      const first = source.charCodeAt(use);
      if (first === 91 && !this.features.expressions) {
        this.#copy(source, sign, use);
        at = use;
        continue;
      }
      let next = macroEnd(source, use, end);
      this.#steps += (((next < 0 ? end : next) - use) >> 3) + 16;
      if (this.#steps > limits.steps) {
        this.#fail('limit', `Too many steps in macro expansion (more than ${limits.steps})`);
        break;
      }
      if (next < 0) {
        this.#fail('unterminated', `Unterminated ${source[use]}: ${source.slice(use, end)}`);
        break;
      }
      const written = this.#current === 0 && this.#mapped;
      if (written) {
        this.#rootStart = sign;
        this.#rootEnd = next;
      }
      if (first === 40 || first === 91) {
        const kind = first === 40 ? 'shell' : 'expression';
        const outer = this.#current;
        const call = this.#open(source, kind, '', false, undefined, sign, next, use, use);
        if (call !== undefined) this.#runAt(-1);
        if (first === 40) this.#shell(source, use + 1, next - 1);
        else this.#expression(source, use + 1, next - 1);
        this.#close(call, outer);
        at = next;
        continue;
      }

      const braced = first === 123;
      let nameStart = braced ? use + 1 : use;
      let negated = false;
      let checks = false;
      for (;;) {
        const mark = nameStart < end ? source.charCodeAt(nameStart) : 0;
        if (mark === 33) negated = !negated;
        else if (mark === 63) checks = true;
        else break;
        nameStart++;
      }
      let nameEnd = next;
      let argumentsStart = -1;
      let argumentsEnd = -1;
      // Where words of arguments end; -1 without any.
      let wordsEnd = -1;
      if (braced) {
        nameEnd = nameStart;
        let unit = 0;
        for (; nameEnd < end; nameEnd++) {
          unit = source.charCodeAt(nameEnd);
          if (unit === 32 || unit === 58 || unit === 125) break;
        }
        if (unit === 58) {
          argumentsStart = nameEnd + 1;
          argumentsEnd = next - 1;
        } else if (unit === 32) wordsEnd = next - 1;
      } else {
        use = nameStart;
        if (next < end && isBlank(source.charCodeAt(next))) {
          wordsEnd = source.indexOf('\n', next);
          if (wordsEnd < 0 || wordsEnd > end) wordsEnd = end;
        }
      }
      if (nameEnd <= nameStart) {
        this.#copyPercent(sign);
        at = this.features.places ? use : next;
        continue;
      }
      const name = source.slice(nameStart, nameEnd);
      const head = name.charCodeAt(0);
      if (this.#named?.has(name)) {
        const outer = this.#current;
        const call = this.#open(source, 'macro', name, false, this.table.get(name), sign, next, nameStart, nameEnd);
        at = this.#namedBuiltin(name, source, next, end, argumentsStart, argumentsEnd, checks, negated, call);
        call?.extend(source, at);
        this.#close(call, outer);
        continue;
      }
      const entry = isAlpha(head) || head === 95 ? this.table.get(name) : this.#automatic(name);
      last = entry;
      if (entry !== undefined) {
        entry.used = true;
        if (entry.tainted) this.#tainted = true;
      }

      if (checks || head === 45) {
        const call = this.#open(source, 'macro', name, true, entry, sign, next, nameStart, nameEnd);
        const outer = this.#current;
        if ((entry !== undefined) !== negated) {
          if (argumentsStart >= 0 && argumentsStart < argumentsEnd) {
            // The text behind the colon is text of the same body, not of the macro asked for.
            this.#scan(source, argumentsStart, argumentsEnd);
          } else if (entry !== undefined) this.#call(entry, undefined, call);
        }
        this.#close(call, outer);
        at = next;
        continue;
      }

      if (entry === undefined) {
        // Left as it stands: only the sign is copied here, the rest is text, in which uses are expanded.
        this.#unknown = true;
        if (written) {
          const call = this.#open(source, 'macro', name, false, undefined, sign, next, nameStart, nameEnd);
          this.#close(call, this.#current);
        }
        this.#copyPercent(sign);
        at = use;
        continue;
      }

      const call = this.#open(source, 'macro', name, false, entry, sign, next, nameStart, nameEnd);
      const outer = this.#current;
      if (entry.options === undefined && entry.builtin < 0) {
        if (this.features.warnsOfArguments && (argumentsStart >= 0 || (braced && wordsEnd >= 0)))
          this.#message('warning', 'unexpected-argument', `unexpected argument to non-parametric macro %${name}`);
        this.#call(entry, undefined, call);
        this.#close(call, outer);
        at = next;
        continue;
      }
      if (entry.options === undefined && nameEnd === next) wordsEnd = -1;

      const raw = entry.builtin >= 0 && builtins[entry.builtin]!.raw;
      if (raw && nameEnd === next) {
        next += this.#rawBuiltin(entry, source, next, end, call);
        call?.extend(source, next);
      } else {
        const colon = argumentsStart >= 0 && this.features.colonArguments;
        const from = colon ? argumentsStart : wordsEnd >= 0 ? nameEnd : -1;
        const to = colon ? argumentsEnd : wordsEnd;
        if (from >= 0 && !raw) {
          const args = this.#arguments(source, from, to, !colon);
          next = behindArguments(source, to, end, !this.features.expandsArguments);
          call?.extend(source, next);
          this.#call(entry, args, call);
        } else if (from >= 0) {
          next = behindArguments(source, to, end, false);
          this.#rawArgument(entry, source, from, to, call);
        } else this.#call(entry, [], call);
      }
      this.#close(call, outer);
      at = next;
    }
    this.#leave(last, reached);
  }

  #enter(): boolean {
    if (++this.#depth > this.features.depth) {
      this.#depth--;
      this.#fail('recursion', 'Too many levels of recursion in macro expansion. It is likely caused by recursive macro declaration.');
      return false;
    }
    if (++this.#nesting > this.context.limits.depth) {
      this.#depth--;
      this.#nesting--;
      this.#fail('recursion', 'Too many levels of recursion in macro expansion. It is likely caused by recursive macro declaration.');
      return false;
    }
    return true;
  }

  #leave(last: MacroEntry | undefined, from: number): void {
    this.#depth--;
    this.#nesting--;
    if (this.#error && this.context.verbose && this.features.tracesErrors) this.#trace(last, from);
  }

  /** What rpm's `-v` tells of each expansion that an error ends: how deep it is, its last macro, and the last line it had made. */
  #trace(last: MacroEntry | undefined, from: number): void {
    let made = this.#out.slice(from);
    const head = `${String(this.#depth).padStart(3)}<${' '.repeat(2 * this.#depth + 1)} (%${last?.name ?? ''})`;
    if (made === '') return this.#message('notice', 'trace', head, '');
    made = made.replace(/[\r\n]+$/, '');
    if (this.#depth > 0) made = made.slice(made.lastIndexOf('\n') + 1);
    this.#message('notice', 'trace', `${head}\n${made}`, '');
  }

  // Output and its map.

  #copy(source: string, start: number, end: number): void {
    if (this.#recording) this.#runAt(this.#mapped ? start : -1);
    this.#append(start === 0 && end === source.length ? source : source.slice(start, end));
  }

  #copyPercent(at: number): void {
    if (this.#recording) this.#runAt(this.#mapped ? at : -1);
    this.#append('%');
  }

  #append(text: string): void {
    this.#out += text;
    this.#steps += 1 + (text.length >> 6);
    if (this.#out.length > this.context.limits.output) {
      this.#fail('limit', `Macro expansion is too large (more than ${this.context.limits.output} characters)`);
      this.#out = '';
      this.#runs.length = 0;
    }
  }

  /** Notes that the output from here on comes from offset `from` of the text being scanned. */
  #runAt(from: number): void {
    const runs = this.#runs;
    const last = runs.length - 3;
    const at = this.#out.length;
    if (last >= 0) {
      if (runs[last] === at) runs.length = last;
      else if (runs[last + 1] === this.#current) {
        const offset = runs[last + 2]!;
        if (from < 0 ? offset < 0 : offset >= 0 && offset + (at - runs[last]!) === from) return;
      }
    }
    runs.push(at, this.#current, from);
  }

  #open(source: string, kind: 'macro' | 'shell' | 'expression', name: string, conditional: boolean, definition: MacroDefinition | undefined, start: number, end: number, nameStart: number, nameEnd: number): Call | undefined {
    // Inside arguments only what is written is recorded: whoever reads the text wants its value.
    const recorded = this.#recording || (this.#current === 0 && this.#mapped && this.#calls.length > 0);
    if (!recorded && this.#explanation === undefined) return undefined;
    const call = new Call(this.#current, name, kind, conditional, definition, start, end, nameStart, nameEnd);
    call.outputStart = this.#out.length;
    if (this.#explanation !== undefined && this.#explanation.length < 10_000) {
      const step = { depth: this.#stepDepth, use: source.slice(start, end), kind, definition, value: '' };
      this.#explanation.push(step);
      call.step = step;
    }
    this.#stepDepth++;
    if (!recorded) return call;
    if (this.#calls.length < 1_000_000) this.#calls.push(call);
    if (kind !== 'macro') this.#current = this.#calls.length - 1;
    return call;
  }

  #close(call: Call | undefined, outer: number): void {
    this.#current = outer;
    if (call === undefined) return;
    this.#stepDepth--;
    if (call.step !== undefined) call.step.value = this.#out.slice(call.outputStart);
    if (this.#recording) call.outputEnd = this.#out.length;
    else {
      call.sideValue = this.#out.slice(call.outputStart);
      call.outputStart = -1;
    }
  }

  /** Expands a part of the text into a text of its own; undefined after an error, which the whole then has too. */
  #aside(source: string, start: number, end: number, keepQuotes: boolean): { readonly text: string; readonly failed: boolean; readonly quoted: boolean } {
    if (start >= end) return empty;
    const { out, recording, error, keep, have } = { out: this.#out, recording: this.#recording, error: this.#error, keep: this.#keepQuotes, have: this.#haveQuotes };
    this.#out = '';
    this.#recording = false;
    this.#error = false;
    this.#keepQuotes = keepQuotes;
    this.#haveQuotes = false;
    this.#scan(source, start, end);
    const text = this.#out;
    const failed = this.#error;
    const quoted = this.#haveQuotes;
    this.#out = out;
    this.#recording = recording;
    this.#error = error || failed;
    this.#keepQuotes = keep;
    this.#haveQuotes = have;
    return { text, failed, quoted };
  }

  // Calls.

  /** The automatic macro of that name that can be seen from here. */
  #automatic(name: string): MacroEntry | undefined {
    for (let frame = this.#frame; frame !== undefined; frame = frame.outer) {
      const entry = frame.values.get(name);
      if (entry !== undefined) return this.#level > frame.level && !this.features.depthLevels ? undefined : entry;
    }
    return undefined;
  }

  #arguments(source: string, start: number, end: number, split: boolean): string[] {
    const { innerQuotes, expandsArguments, literalArguments } = this.features;
    if (!expandsArguments) return source.slice(start, end).split(/[ \t]+/).filter((word) => word !== '');
    const escape = this.#escape;
    this.#escape = !literalArguments;
    const { text } = this.#aside(source, start, end, innerQuotes ? split || this.#keepQuotes : false);
    this.#escape = escape;
    return split ? splitWords(text) : [text];
  }

  /** Expands the body of a macro, or does what a builtin does. `args` is undefined for a use without any, as `%{?x}`. */
  #call(entry: MacroEntry, args: readonly string[] | undefined, call: Call | undefined): void {
    const { caller, callerArguments } = { caller: this.#caller, callerArguments: this.#callerArguments };
    const mapped = this.#mapped;
    this.#current = call === undefined || !this.#recording ? (this.#recording ? this.#current : -1) : this.#calls.length - 1;
    this.#active.push(entry.name);
    const start = this.#out.length;
    if (entry.builtin >= 0) {
      this.#mapped = false;
      if (this.#recording) this.#runAt(-1);
      const builtin = builtins[entry.builtin]!;
      const given = args?.length ?? 0;
      if (builtin.arguments >= 0 && (builtin.arguments !== 0) !== given > 0)
        this.#fail('argument', `%${entry.name}: ${builtin.arguments !== 0 ? 'argument expected' : 'unexpected argument'}`);
      else this.#builtin(entry.name, args);
    } else if (entry.literal) {
      if (entry.body !== '') {
        this.#mapped = false;
        if (this.#recording) this.#runAt(-1);
        this.#append(entry.body);
      }
    } else if (entry.body !== '' || (args !== undefined && this.#named !== undefined)) {
      // Older versions look at the arguments even where there is nothing to expand.
      this.#mapped = true;
      const frame = this.#frame;
      if (args !== undefined) this.#enterFrame(entry, args);
      if (entry.quoted && this.#keepQuotes) this.#scanQuoted(entry.body);
      else this.#scan(entry.body, 0, entry.body.length);
      if (args !== undefined) this.#leaveFrame(frame);
      if (entry.oneShot) {
        this.table.pushEntry(entry.name, undefined, this.#out.slice(start), entry.level, entry.site, true, -1, entry.quoted, this.#tainted);
        if (entry.level > 0) this.#scoped.push(entry.name);
      }
    }
    if (entry.quoted) {
      if (!this.#keepQuotes) this.#unquote(start);
      else this.#haveQuotes = true;
    }
    this.#active.pop();
    this.#mapped = mapped;
    this.#caller = caller;
    this.#callerArguments = callerArguments;
  }

  #enterFrame(entry: MacroEntry, args: readonly string[]): void {
    const { literalArguments, depthLevels } = this.features;
    const level = depthLevels ? this.#depth : ++this.#level;
    const values = new Map<string, MacroEntry>();
    const tainted = this.#tainted;
    const add = (name: string, body: string, quoted = false) => values.set(name, new MacroEntry(name, undefined, body, level, automaticSite, undefined, literalArguments, -1, quoted, tainted));
    add('0', entry.name);
    add('**', this.features.innerQuotes ? joinQuoted(args) : args.join(' '), this.features.innerQuotes);
    this.#frame = { level, values, outer: this.#frame };
    this.#caller = entry;
    const { options, operands, wrong } = parseOptions(entry.name, args, entry.options ?? '', this.features.optionlessMacros);
    for (const { letter, argument } of options) {
      add(`-${letter}`, argument === undefined ? `-${letter}` : `-${letter} ${argument}`);
      if (argument !== undefined) add(`-${letter}*`, argument);
    }
    this.#callerArguments = args;
    if (wrong !== undefined) {
      // Where there is no letter to name, rpm's own text breaks off before it.
      this.#fail('option', wrong === '' ? 'Unknown option ' : `Unknown option ${wrong} in ${entry.name}(${entry.options})`);
      return;
    }
    add('#', String(operands.length));
    for (let i = 0; i < operands.length; i++) add(String(i + 1), operands[i]!);
    add('*', operands.join(' '));
  }

  /** Ends the scope of a parametric macro: its local definitions go, with a warning for those nobody used. */
  #leaveFrame(outer: Frame | undefined): void {
    const level = this.#frame!.level;
    if (!this.features.depthLevels) this.#level--;
    this.#frame = outer;
    if (this.#scoped.length === 0) return;
    const kept: string[] = [];
    for (const name of [...new Set(this.#scoped)].sort()) {
      let entry = this.table.get(name);
      if (entry !== undefined && entry.level >= level) {
        if (!entry.used && this.features.expandsArguments) this.#message('warning', 'unused', `Macro %${name} defined but not used within scope`);
        do {
          this.table.pop(name);
          entry = this.table.get(name);
        } while (this.features.freesWholeStacks && entry !== undefined && entry.level >= level);
      }
      for (; entry !== undefined; entry = entry.previous)
        if (entry.level > 0) {
          kept.push(name);
          break;
        }
    }
    this.#scoped = kept;
  }

  /** Expands a body that holds quotes into a text that keeps them: what is quoted is expanded without keeping any. */
  #scanQuoted(body: string): void {
    let start = 0;
    for (let at = body.indexOf(unitSeparator); at >= 0; at = body.indexOf(unitSeparator, start)) {
      if (at > start) this.#scan(body, start, at);
      this.#append(unitSeparator);
      this.#keepQuotes = !this.#keepQuotes;
      start = at + 1;
    }
    if (start < body.length) this.#scan(body, start, body.length);
    this.#keepQuotes = true;
  }

  #unquote(start: number): void {
    const text = this.#out.slice(start);
    if (text.indexOf(unitSeparator) < 0) return;
    this.#out = this.#out.slice(0, start) + text.replaceAll(unitSeparator, '');
    // Offsets behind the first quote would be wrong now; the runs of this call become one.
    while (this.#runs.length > 0 && this.#runs[this.#runs.length - 3]! > start) this.#runs.length -= 3;
  }

  // What `%(...)` and `%[...]` do.

  #shell(source: string, start: number, end: number): void {
    const { text, failed } = this.#aside(source, start, end, false);
    if (failed) return;
    const answer = this.#ask(text);
    if (answer === undefined) return;
    let length = answer.length;
    while (length > 0 && isLineEnd(answer.charCodeAt(length - 1))) length--;
    this.#append(answer.slice(0, length));
  }

  #ask(command: string): string | undefined {
    const question: MacroQuestion = { kind: 'shell', text: this.#variableSettings() + command };
    const answer = this.context.answers.answer(question);
    if (answer === undefined) {
      this.#tainted = true;
      this.pending.push(question);
    }
    return answer;
  }

  /** What Lua code has made of the environment, as shell commands. */
  #variableSettings(): string {
    let text = '';
    for (const [name, value] of this.context.lua?.variables ?? []) text += value === undefined ? `unset ${name}; ` : `export ${name}='${value.replaceAll("'", "'\\''")}'; `;
    return text;
  }

  /** The context with the environment as it is now. */
  #contextNow(): MacroContext {
    const variables = this.context.lua?.variables;
    return variables === undefined || variables.size === 0 ? this.context : { ...this.context, environment: { ...this.context.environment, ...Object.fromEntries(variables) } };
  }

  #expression(source: string, start: number, end: number): void {
    const value = this.#evaluate(source, start, end, true, false);
    if (value === undefined) this.#error = true;
    else this.#append(expressionText(value));
  }

  /** Evaluates an expression; its pieces are expanded as from outside, or in this scope where the version does so. */
  #evaluate(source: string, start: number, end: number, expand: boolean, outermost: boolean): ExpressionValue | undefined {
    const scoped = outermost || this.features.scopedExpressions;
    const host: ExpressionHost = {
      features: this.features,
      expandPiece: (from, to) => {
        const { depth, level, error } = { depth: this.#depth, level: this.#level, error: this.#error };
        if (!scoped) {
          this.#depth = 0;
          this.#level = 0;
        }
        const piece = this.#aside(source, from, to, false);
        this.#depth = depth;
        this.#level = level;
        this.#error = error;
        return piece.failed ? undefined : piece.text;
      },
      error: (message, caret) => {
        const text = source.slice(start, end);
        this.#message('error', 'expression', this.features.expressionPlaces ? `${message}: ${text}` : message, '');
        const lineEnd = text.indexOf('\n');
        if (this.features.modernExpressions && caret !== undefined && (lineEnd < 0 || lineEnd + 1 >= text.length)) this.#message('error', 'expression-caret', '^'.padStart(caret + message.length + 2), '');
      },
      errorDetail: (message) => this.#message('error', 'expression-detail', message, ''),
      callLua: (name, args) => {
        const { lua } = this.context;
        if (lua === undefined) {
          this.#askForLua();
          return '';
        }
        const result = lua.callFunction(name, args, this.#luaMacros());
        if (result.changedGlobals) this.luaChanges++;
        if (result.error === undefined) return result.output;
        this.#message('error', 'lua', result.error, '');
        return undefined;
      },
    };
    return evaluateExpression(source, start, end, expand, host);
  }

  // Definitions.

  /** `%define` and the like without braces: reads its definition from the rest of the text; returns how many code units. */
  #rawBuiltin(entry: MacroEntry, source: string, start: number, end: number, call: Call | undefined): number {
    switch (entry.name) {
      case 'define':
      case 'global': {
        const site = this.#current === 0 && this.#mapped ? undefined : this.#siteOf(this.#rootStart, this.#rootEnd);
        return this.#defineIn(source, start, end, this.#levelFor(entry.name), entry.name === 'global', true, entry.name, site, entry.name === 'define' && this.features.modifiers);
      }
      case 'dnl': {
        let at = start;
        while (at < end && !isLineEnd(source.charCodeAt(at))) at++;
        return Math.min(at + 1, end) - start;
      }
      case 'verbose':
        if (this.#recording) this.#runAt(-1);
        this.#append(this.context.verbose ? '1' : '0');
        return 0;
      default:
        this.#call(entry, [source.slice(start, end)], call);
        return 0;
    }
  }

  /** The same within braces: `%{define name body}`, `%{lua: ...}`. */
  #rawArgument(entry: MacroEntry, source: string, start: number, end: number, call: Call | undefined): void {
    switch (entry.name) {
      case 'define':
      case 'global':
        this.#defineIn(source, start, end, this.#levelFor(entry.name), entry.name === 'global', false, entry.name, this.#siteOf(this.#rootStart, this.#rootEnd), entry.name === 'define' && this.features.modifiers);
        return;
      case 'dnl':
        return;
      case 'verbose':
        if (this.context.verbose && start < end) this.#scan(source, start, end);
        return;
      default:
        this.#call(entry, [source.slice(start, end)], call);
    }
  }

  #levelFor(keyword: 'define' | 'global'): number {
    if (this.features.depthLevels) return keyword === 'global' ? -1 : this.#depth - 1;
    return keyword === 'global' ? macroLevel.global : this.#level;
  }

  #siteOf(start: number, end: number): DefinitionSite {
    return this.#site === undefined ? automaticSite : this.#site(start, end);
  }

  /**
   * Reads `name(options) body` and defines it. A `free` body ends with its line, save for line breaks that a backslash
   * hides or that stand within `%{...}` or `%(...)`; otherwise the body is all there is. Returns how much was read.
   */
  #defineIn(source: string, start: number, end: number, level: number, expandBody: boolean, free: boolean, by: 'define' | 'global', given: DefinitionSite | undefined, takesOptions = false): number {
    const useStart = this.#rootStart;
    const inPlace = given === undefined;
    let at = start;
    while (at < end && isBlank(source.charCodeAt(at))) at++;
    while (takesOptions && source.charCodeAt(at) === 45 && at < end) {
      const first = ++at;
      for (; at < end && !isBlank(source.charCodeAt(at)); at++) {
        const letter = source[at]!;
        if (letter === 'e') expandBody = true;
        else if (letter === 'g') level = macroLevel.global;
        else {
          this.#refuse('option', `%define: invalid option -- '${letter}'`);
          return 0;
        }
      }
      if (at === first) {
        this.#refuse('option', '%define: no option after -');
        return 0;
      }
      while (at < end && isBlank(source.charCodeAt(at))) at++;
    }
    const nameStart = at;
    while (at < end && isNameUnit(source.charCodeAt(at))) at++;
    const nameEnd = at;
    const name = source.slice(nameStart, nameEnd);
    let options: string | undefined;
    if (at < end && source.charCodeAt(at) === 40) {
      const close = source.indexOf(')', at + 1);
      if (close < 0 || close >= end) {
        this.#refuse('options', `Macro %${name} has unterminated opts`);
        return 0;
      }
      options = source.slice(at + 1, close);
      at = close + 1;
    }
    let modifiers = '';
    if (at < end && source.charCodeAt(at) === 60 && this.features.modifiers) {
      const close = source.indexOf('>', at + 1);
      if (close < 0 || close >= end) {
        this.#refuse('modifiers', `Macro %${name} has unterminated modifiers`);
        return 0;
      }
      modifiers = source.slice(at + 1, close);
      at = close + 1;
    }
    const bodyStart = at;
    while (at < end && isBlank(source.charCodeAt(at))) at++;
    let body: string;
    if (!free) {
      body = source.slice(at, end);
      at = end;
    } else if (source.charCodeAt(at) === 123 && at < end) {
      const close = matchBracket(source, at, end, 123, 125);
      if (close < 0) {
        this.#refuse('body', `Macro %${name} has unterminated body`);
        return at - start;
      }
      body = source.slice(at + 1, close - 1);
      at = close;
    } else {
      let text = '';
      let from = at;
      let braces = 0;
      let parentheses = 0;
      let brackets = 0;
      for (; at < end; at++) {
        const unit = source.charCodeAt(at);
        if (isLineEnd(unit) && braces === 0 && parentheses === 0) break;
        if (unit === 92) {
          if (at + 1 < end) {
            text += source.slice(from, at);
            from = ++at;
          }
        } else if (unit === percent) {
          const second = at + 1 < end ? source.charCodeAt(at + 1) : 0;
          if (second === 123) braces++;
          else if (second === 40) parentheses++;
          else if (second === 91 && this.features.expressions) brackets++;
          else if (second !== percent) continue;
          at++;
        } else if (unit === 123) {
          if (braces > 0) braces++;
        } else if (unit === 125) {
          if (braces > 0) braces--;
        } else if (unit === 40) {
          if (parentheses > 0) parentheses++;
        } else if (unit === 41) {
          if (parentheses > 0) parentheses--;
        } else if (unit === 91) {
          if (brackets > 0) brackets++;
        } else if (unit === 93 && brackets > 0) brackets--;
      }
      at = Math.min(at, end);
      this.#steps += (at - start) >> 3;
      text += source.slice(from, at);
      if (braces > 0 || parentheses > 0 || brackets > 0) {
        this.#refuse('body', `Macro %${name} has unterminated body`);
        return at - start;
      }
      let length = text.length;
      while (length > 0 && (isBlank(text.charCodeAt(length - 1)) || isLineEnd(text.charCodeAt(length - 1)))) length--;
      body = text.slice(0, length);
    }
    while (at < end && isLineEnd(source.charCodeAt(at))) at++;

    if (!this.#validName(name, expandBody ? '%global' : '%define')) return at - start;
    if (body === '') {
      this.#refuse('empty-body', `Macro %${name} has empty body`);
      return at - start;
    }
    const separator = bodyStart < end ? source.charCodeAt(bodyStart) : 0;
    if (!isBlank(separator) && !(separator === 92 && bodyStart + 1 < end && isLineEnd(source.charCodeAt(bodyStart + 1))))
      this.#message('warning', 'whitespace', `Macro %${name} needs whitespace before body`);
    const literal = modifiers.includes('l');
    const oneShot = modifiers.includes('o');
    const illegal = /[^lo]/.exec(modifiers)?.[0];
    if (illegal !== undefined || (options !== undefined && (literal || oneShot)) || (literal && oneShot)) {
      this.#refuse('modifiers', `Macro %${name} has ${illegal !== undefined ? `illegal modifier ${illegal}` : options !== undefined ? 'modifiers incompatible with parametric macros' : 'incompatible modifiers'}`);
      return at - start;
    }
    let tainted = false;
    let quoted = false;
    if (expandBody && !literal) {
      const before = this.#tainted;
      this.#tainted = false;
      const { current, mapped } = { current: this.#current, mapped: this.#mapped };
      // A body that was cut out of the text has no offsets there; its uses belong to the definition.
      const whole = source.slice(bodyStart, at).indexOf('\\') < 0 && free;
      const offset = whole ? source.indexOf(body, bodyStart) : -1;
      const expanded = offset >= 0 ? this.#aside(source, offset, offset + body.length, this.features.innerQuotes) : this.#asideUnmapped(body);
      this.#current = current;
      this.#mapped = mapped;
      tainted = this.#tainted;
      this.#tainted = before || tainted;
      if (expanded.failed) {
        this.#refuse('expand', `Macro %${name} failed to expand`);
        return at - start;
      }
      body = expanded.text;
      quoted = this.features.innerQuotes && expanded.quoted;
    }
    const site = inPlace ? this.#siteOf(useStart, at) : given;
    const entry = this.table.pushEntry(name, options, body, level, site, literal, -1, quoted, tainted, oneShot);
    if (level > 0) this.#scoped.push(name);
    this.changes.push({ by, definition: entry, start: useStart, end: inPlace ? at : this.#rootEnd, nameStart: inPlace ? nameStart : undefined, nameEnd: inPlace ? nameEnd : undefined });
    return at - start;
  }

  #asideUnmapped(text: string): { readonly text: string; readonly failed: boolean; readonly quoted: boolean } {
    this.#mapped = false;
    if (this.#current === 0) this.#current = -1;
    return this.#aside(text, 0, text.length, this.features.innerQuotes);
  }

  #validName(name: string, action: string): boolean {
    const head = name.charCodeAt(0);
    if (!(isAlpha(head) || (head === 95 && name.length > 1)) || name.length < this.features.shortestName) {
      this.#refuse('name', `Macro %${name} has illegal name (${action})`);
      return false;
    }
    const isBuiltin = this.#named === undefined ? (this.table.get(name)?.builtin ?? -1) >= 0 : this.#named.has(name);
    if (isBuiltin && this.features.refusesBuiltinNames) {
      this.#fail('builtin', `Macro %${name} is a built-in (${action})`);
      return false;
    }
    return true;
  }

  #undefine(name: string): void {
    if (this.#validName(name, '%undefine')) this.#pop(name);
  }

  #pop(name: string): boolean {
    const entry = this.table.pop(name);
    if (entry === undefined) return false;
    if ((this.table.get(name)?.level ?? 0) > 0) this.#scoped.push(name);
    this.changes.push({ by: 'undefine', definition: entry, start: this.#rootStart, end: this.#rootEnd, nameStart: undefined, nameEnd: undefined });
    return true;
  }

  #load(path: string): number {
    const bytes = this.#loading < 16 ? this.context.files.read(path) : undefined;
    // Opening a folder works as well as opening a file, and reading it gives nothing.
    if (bytes === undefined) return this.context.files.stat(path)?.kind === 'directory' ? loading.good : loading.unreadable;
    this.#loading++;
    const { text } = decodeText(bytes);
    this.table.push('__file_name', path, { level: macroLevel.macroFiles, literal: true });
    let good = true;
    for (const line of logicalLines(text)) {
      this.table.push('__file_lineno', String(line.last), { level: macroLevel.macroFiles, literal: true });
      const error = this.#error;
      this.#error = false;
      const { current, mapped, level } = { current: this.#current, mapped: this.#mapped, level: this.#level };
      this.#current = -1;
      this.#mapped = false;
      this.#defineIn(line.text, 0, line.text.length, macroLevel.macroFiles, false, true, 'define', { kind: 'file', file: path, line: line.first });
      this.#current = current;
      this.#mapped = mapped;
      this.#level = level;
      if (this.#error && this.features.places) good = false;
      this.#error = error;
      this.table.pop('__file_lineno');
    }
    this.table.pop('__file_name');
    this.#loading--;
    return good ? loading.good : loading.refused;
  }

  /** What builtins do; those that are pure text live in builtinActions. */
  #builtin(name: string, args: readonly string[] | undefined): void {
    const argument = args?.[0] ?? '';
    switch (name) {
      case 'expand':
        if (argument !== '') this.#scan(argument, 0, argument.length);
        return;
      case 'S':
      case 'P':
        this.#scan(`${name === 'S' ? '%SOURCE' : '%PATCH'}${argument}`, 0, 6 + (name === 'S' ? 1 : 0) + argument.length);
        return;
      case 'uncompress':
        if (argument === '') return;
        this.#scan('%__rpmuncompress ', 0, 17);
        this.#append(argument);
        return;
      case 'undefine':
        this.#undefine(argument);
        return;
      case 'define':
      case 'global':
        this.#defineIn(args!.join(' '), 0, args!.join(' ').length, name === 'global' ? macroLevel.global : this.#level, name === 'global', false, name, this.#siteOf(this.#rootStart, this.#rootEnd), name === 'define' && this.features.modifiers);
        return;
      case 'load':
        if (this.#load(argument) !== loading.good) this.#fail('load', `failed to load macro file ${argument}`);
        return;
      case 'macrobody': {
        if (argument === '') return;
        const entry = this.table.get(argument) ?? this.#frame?.values.get(argument);
        if (entry === undefined || (entry.builtin >= 0 && this.features.namedBuiltins)) this.#fail('macrobody', `no such macro: '${argument}'`);
        else this.#append(entry.body);
        return;
      }
      case 'echo':
        this.#message('notice', 'echo', argument, '');
        return;
      case 'warn':
        this.#message('warning', 'warn', argument, '');
        return;
      case 'error':
        this.#message('error', 'error', argument, '');
        this.#error = true;
        return;
      case 'expr': {
        const value = this.#evaluate(argument, 0, argument.length, false, false);
        if (value === undefined) this.#error = true;
        else this.#append(expressionText(value));
        return;
      }
      case 'verbose':
        this.#append(this.context.verbose ? '1' : '0');
        return;
      case 'quote':
        if (this.features.innerQuotes && !this.#keepQuotes) this.#append(args!.join(' '));
        else {
          const text = joinQuoted(args!);
          if (text !== '') this.#haveQuotes = true;
          this.#append(text);
        }
        return;
      case 'dump':
        this.#message('notice', 'dump', this.#dump(), '');
        return;
      case 'lua':
        this.#lua(argument);
        return;
      case 'trace':
      case 'dnl':
        return;
    }
    const result = runBuiltin(name, args ?? [], this.#contextNow(), this.features, (text) => this.expandInside(text));
    if ('error' in result) this.#fail('argument', result.error);
    else this.#append(result.text);
  }

  #askForLua(): void {
    this.#tainted = true;
    if (!this.pending.some(({ kind }) => kind === 'lua')) this.pending.push({ kind: 'lua', text: '' });
  }

  #lua(code: string): void {
    const { lua } = this.context;
    if (lua === undefined) {
      this.#askForLua();
      return;
    }
    const caller = this.#caller;
    const letters: Record<string, string> = {};
    let args: readonly string[] = [];
    if (caller !== undefined) {
      const { options, operands } = parseOptions(caller.name, this.#callerArguments, caller.options ?? '', true);
      for (const { letter, argument } of options) letters[letter] = argument ?? '';
      args = operands;
    }
    const { output, error, changedGlobals } = lua.run({ code, name: (this.features.colonArguments ? caller?.name : undefined) ?? '<lua>', options: letters, args }, this.#luaMacros());
    if (changedGlobals) this.luaChanges++;
    if (error !== undefined) {
      this.#message('error', 'lua', error, '');
      this.#error = true;
    }
    this.#append(output);
  }

  /** What Lua code sees of this expansion: it expands in the scope of the call it stands in. */
  #luaMacros(): LuaMacros {
    return {
      expand: (text) => this.#fromLua(() => this.#scan(text, 0, text.length)),
      call: (name, args) => {
        const entry = this.table.get(name);
        if (entry === undefined) return undefined;
        return this.#fromLua(() => {
          if (!this.#enter()) return;
          this.#call(entry, entry.options === undefined ? undefined : args, undefined);
          this.#leave(entry, 0);
        });
      },
      define: (definition) => this.#fromLua(() => this.#defineIn(definition, 0, definition.length, macroLevel.global, false, true, 'define', this.#siteOf(this.#rootStart, this.#rootEnd))) !== undefined,
      // Undefining what is not defined is fine.
      undefine: (name) => this.#fromLua(() => (!this.features.modifiers || this.#validName(name, '%undefine')) && this.#pop(name)) !== undefined,
      lookup: (name) => {
        let entry = this.table.get(name);
        for (let frame = this.#frame; entry === undefined && frame !== undefined; frame = frame.outer) entry = frame.values.get(name);
        return entry === undefined ? undefined : { parametric: entry.options !== undefined };
      },
      shell: (command) => this.#ask(command),
      write: (text, toError) => this.#write(text, toError ? 'written-error' : 'written'),
      report: (severity, text) => this.#message(severity, 'lua', text, ''),
      load: (path) => {
        let outcome: number = loading.unreadable;
        this.#fromLua(() => {
          outcome = this.#load(path);
        });
        return outcome;
      },
    };
  }

  /** Does something with an output, an error and a caller of its own; its text, or undefined after an error. */
  #fromLua(work: () => void): string | undefined {
    const kept = { out: this.#out, recording: this.#recording, error: this.#error, keep: this.#keepQuotes, have: this.#haveQuotes, caller: this.#caller, args: this.#callerArguments, current: this.#current, mapped: this.#mapped };
    this.#out = '';
    this.#recording = false;
    this.#error = false;
    this.#keepQuotes = false;
    this.#caller = undefined;
    this.#callerArguments = [];
    this.#current = -1;
    this.#mapped = false;
    work();
    const text = this.#error ? undefined : this.#out;
    this.#out = kept.out;
    this.#recording = kept.recording;
    this.#error = kept.error;
    this.#keepQuotes = kept.keep;
    this.#haveQuotes = kept.have;
    this.#caller = kept.caller;
    this.#callerArguments = kept.args;
    this.#current = kept.current;
    this.#mapped = kept.mapped;
    return text;
  }

  /**
   * A builtin of a version that knows them by name: its argument stands behind a colon, nothing else is one. Gives where
   * scanning goes on.
   */
  #namedBuiltin(name: string, source: string, next: number, end: number, start: number, stop: number, checks: boolean, negated: boolean, call: Call | undefined): number {
    const { checksArguments, expandsResults, version } = this.features;
    const given = start >= 0;
    if (checksArguments && given === withoutArgument.has(name)) {
      this.#fail('argument', `%${name}: ${given ? 'unexpected argument' : 'argument expected'}`);
      return next;
    }
    if (name === 'define' || name === 'global') {
      const site = this.#current === 0 && this.#mapped ? undefined : this.#siteOf(this.#rootStart, this.#rootEnd);
      return next + this.#defineIn(source, next, end, this.#levelFor(name), name === 'global', true, name, site);
    }
    if (name === 'undefine') {
      let at = next;
      while (at < end && isBlank(source.charCodeAt(at))) at++;
      const nameStart = at;
      while (at < end && isNameUnit(source.charCodeAt(at))) at++;
      this.#undefine(source.slice(nameStart, at));
      while (at < end && isLineEnd(source.charCodeAt(at))) at++;
      return at;
    }
    if (name === 'dnl') {
      let at = next;
      while (at < end && !isLineEnd(source.charCodeAt(at))) at++;
      return Math.min(at + 1, end);
    }
    if (name === 'dump') {
      this.#message('notice', 'dump', this.#dump(), '');
      let at = next;
      while (at < end && isLineEnd(source.charCodeAt(at))) at++;
      return at;
    }
    if (name === 'trace') return next;
    if (name === 'verbose' && this.context.verbose === negated) return next;
    const argument = !given || name === 'lua' ? empty : this.#aside(source, start, stop, false);
    const mapped = this.#mapped;
    this.#mapped = false;
    this.#current = call === undefined || !this.#recording ? (this.#recording ? this.#current : -1) : this.#calls.length - 1;
    if (this.#recording) this.#runAt(-1);
    this.#active.push(name);
    switch (name) {
      case 'lua':
        this.#lua(given ? source.slice(start, stop) : '');
        break;
      case 'expand':
        this.#scan(argument.text, 0, argument.text.length);
        break;
      case 'load':
        if (given && start < stop && !argument.failed && this.#load(argument.text) !== loading.good && checks === negated) this.#fail('load', `failed to load macro file ${argument.text}`);
        break;
      case 'S':
      case 'P': {
        const text = checksArguments || /^[0-9]*$/.test(argument.text) ? `${name === 'S' ? '%SOURCE' : '%PATCH'}${argument.text}` : argument.text;
        this.#scan(text, 0, text.length);
        break;
      }
      case 'uncompress':
        this.#uncompress(argument.text);
        break;
      case 'F':
        this.#scan(`file${argument.text}.file`, 0, argument.text.length + 9);
        break;
      case 'echo':
      case 'warn':
      case 'error':
      case 'macrobody':
        this.#builtin(name, [argument.text]);
        break;
      case 'verbose':
        if (version < 4_016_000_000) this.#scan(argument.text, 0, argument.text.length);
        else this.#append(argument.text);
        break;
      case 'quote':
      case 'expr':
        if (!expandsResults) this.#builtin(name, [argument.text]);
        else this.#scan(unitSeparator + argument.text + unitSeparator, 0, argument.text.length + 2);
        break;
      default: {
        const result = runBuiltin(name, [argument.text], this.#contextNow(), this.features, (text) => this.expandInside(text));
        const text = 'text' in result ? result.text : '';
        if (expandsResults) this.#scan(text, 0, text.length);
        else this.#append(text);
      }
    }
    this.#active.pop();
    this.#mapped = mapped;
    return next;
  }

  /** The command that unpacks a file, chosen by the file's first bytes; for one that is not there, the one that prints it. */
  #uncompress(argument: string): void {
    const words = argument.replace(/^[ \t]+/, '');
    const path = words.split(/[ \t]/, 1)[0]!;
    if (path === '' && this.features.checksArguments) return;
    const bytes = this.context.files.read(path);
    if (bytes !== undefined && bytes.length < shortestPacked) this.#message('error', 'uncompress', `File ${path} is smaller than ${shortestPacked} bytes`, '');
    if (bytes === undefined) {
      this.#message('error', 'uncompress', `File ${path}: ${this.context.files.stat(path)?.kind === 'directory' ? 'Is a directory' : 'No such file or directory'}`, '');
      if (this.features.checksArguments) this.#error = true;
    }
    const command = `${uncompressCommand(bytes)} `;
    if (this.features.expandsResults) {
      this.#scan(command + path, 0, command.length + path.length);
      return;
    }
    this.#scan(command, 0, command.length);
    this.#append(this.features.checksArguments ? path : words);
  }

  /** For builtins that need the value of another macro. */
  expandInside(text: string): string {
    return this.#aside(text, 0, text.length, false).text;
  }

  #dump(): string {
    const lines = ['========================'];
    for (const name of this.table.names()) {
      const entry = this.table.get(name)!;
      if (entry.builtin >= 0 && this.features.namedBuiltins) continue;
      lines.push(`${String(entry.level).padStart(3)}${entry.used ? '=' : ':'} ${name}${this.features.modifiers && (entry.literal || entry.oneShot) ? (entry.literal ? '<l>' : '<o>') : ''}${entry.options ? `(${entry.options})` : ''}${entry.body === '' ? '' : `\t${entry.body}`}`);
    }
    lines.push(`======================== active ${this.table.size} empty 0`);
    return lines.join('\n');
  }

  // Messages.

  /** Reports a definition that is refused. */
  #refuse(code: string, text: string): void {
    this.#message('error', code, text);
    if (this.features.definitionErrors) this.#error = true;
  }

  #fail(code: string, text: string): void {
    this.#message('error', code, text);
    this.#error = true;
  }

  #message(severity: 'error' | 'warning' | 'notice', code: string, text: string, place = this.#place()): void {
    if (this.messages.length >= 1000) return;
    this.messages.push({ severity, code, text, place, start: this.#rootStart, end: this.#rootEnd, macros: this.#active.slice() });
  }

  /** Text that Lua code writes by itself: what it writes piece by piece is one message. */
  #write(text: string, code: 'written' | 'written-error'): void {
    const last = this.messages.at(-1);
    if (last?.code !== code) this.#message('notice', code, text, '');
    else if (last.text.length + text.length <= this.context.limits.output) this.messages[this.messages.length - 1] = { ...last, text: last.text + text };
  }

  /** rpm's own way of saying where: `file: line N: `. */
  #place(): string {
    if (!this.features.places) return '';
    const file = this.table.get('__file_name');
    const line = this.table.get('__file_lineno');
    return (file === undefined ? '' : `${file.body}: `) + (line === undefined ? '' : `line ${line.body}: `);
  }
}

const rootCall: MacroCall = { parent: 0, name: '', kind: 'macro', conditional: false, definition: undefined, start: 0, end: 0, nameStart: 0, nameEnd: 0, outputStart: 0, outputEnd: 0, sideValue: undefined };

/** Builtins known by name that take nothing behind a colon. */
const withoutArgument: ReadonlySet<string> = new Set(['define', 'dnl', 'dump', 'getconfdir', 'getncpus', 'global', 'trace', 'undefine']);

/** What rpmFileIsCompressed wants to see of a file. */
const shortestPacked = 13;

/** First bytes of packed files and what unpacks them. */
const packers: readonly (readonly [magic: readonly number[], command: string])[] = [
  [[0x42, 0x5a, 0x68], '%__bzip2 -dc'],
  [[0x50, 0x4b, 3, 4], '%__unzip'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], '%__xz -dc'],
  [[0x28, 0xb5, 0x2f, 0xfd], '%__zstd -dc'],
  [[0x4c, 0x5a, 0x49, 0x50], '%__lzip -dc'],
  [[0x4c, 0x52, 0x5a, 0x49], '%__lrzip -dqo-'],
  [[0x1f, 0x8b], '%__gzip -dc'],
  [[0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], '%__7zip x'],
];

function uncompressCommand(bytes: Uint8Array | undefined): string {
  const found = bytes === undefined ? undefined : packers.find(([magic]) => magic.every((byte, index) => bytes[index] === byte));
  return found?.[1] ?? '%__cat';
}

/** What reading a macro file came to, as rpm tells Lua. */
const loading = { good: 0, refused: 1, unreadable: -1 } as const;

const empty = { text: '', failed: false, quoted: false } as const;

/** A table with the builtins of a version of rpm and nothing else. */
export function builtinTable(rpmVersion: string): MacroTable {
  const table = new MacroTable();
  for (const index of builtinsOf(rpmVersion)) {
    const { name, arguments: count } = builtins[index]!;
    table.push(name, '<builtin>', { options: count === 0 ? undefined : '', level: macroLevel.builtin, site: builtinSite, builtin: index });
  }
  return table;
}

/** Where scanning goes on behind arguments that end at `to`: their closing brace and an escaped line break are swallowed; `always` any line break. */
function behindArguments(source: string, to: number, end: number, always: boolean): number {
  if (to >= end) return end;
  return !always && source.charCodeAt(to) === 10 && source.charCodeAt(to - 1) !== 92 ? to : to + 1;
}

/** Splits at blanks outside quotes (the unit separators of `%{quote:}`), which are taken out; quoted words may be empty. */
export function splitWords(text: string): string[] {
  const words: string[] = [];
  let quoted = false;
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const unit = at < text.length ? text.charCodeAt(at) : 0;
    if (at === text.length || (!quoted && (unit === 32 || unit === 9))) {
      if (at > start && !(at === text.length && quoted)) {
        const word = text.slice(start, at);
        words.push(word.indexOf(unitSeparator) < 0 ? word : word.replaceAll(unitSeparator, ''));
      }
      start = at + 1;
    } else if (unit === 31) quoted = !quoted;
  }
  return words;
}

function joinQuoted(args: readonly string[]): string {
  return args.map((arg) => unitSeparator + arg + unitSeparator).join(' ');
}

/** C's strtol with any base, as rpm reads numbers out of macros. */
function textNumber(text: string): number {
  if (text === '' || text[0] === '%') return 0;
  if (text[0] === 'Y' || text[0] === 'y') return 1;
  if (text[0] === 'N' || text[0] === 'n') return 0;
  const match = /^\s*([+-]?)(?:(0[xX][0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))$/.exec(text);
  if (match === null) return 0;
  const value = match[2] !== undefined ? Number(match[2]) : match[3] !== undefined ? Number.parseInt(match[3], 8) : Number(match[4]);
  return (match[1] === '-' ? -value : value) | 0;
}
