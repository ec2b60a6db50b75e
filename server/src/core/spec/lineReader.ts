/**
 * Reading a spec line by line as rpm's readLine does: physical lines are joined while a brace, bracket or parenthesis of
 * a macro is open or a backslash ends them, the whole is expanded, and what comes out is cut into lines again, each of
 * which may be a conditional, an %include, or text for whoever asked.
 */
import type { Expansion, MacroCall, SpecExpander } from './macroPort.js';
import { type Chunk, lineMark } from './chunk.js';
import { isBlank, isSpace, skipNonSpace, skipSpace } from './characters.js';
import { type Directive, type LineType, isElif, isIf, lineTypeAt } from './lines.js';
import type { Severity, Span } from '../text/index.js';

/** A file being read: the spec, or one that it includes. */
export interface OpenFile {
  /** As rpm would name it. */
  readonly name: string;
  readonly text: string;
  /** Offset of the next line to read. */
  at: number;
  /** Lines read so far. */
  lines: number;
  /** The %include line in the spec that (directly or not) brought this file; undefined for the spec itself. */
  readonly included: Span | undefined;
}

/** What stands between an `%if` and its `%endif`. Immutable: reading pushes, replaces and pops. */
export interface Conditional {
  readonly outer: Conditional | undefined;
  /** Lines are read. */
  readonly reading: boolean;
  /** A later `%elif` or `%else` may still be read. */
  readonly readable: boolean;
  readonly last: LineType | undefined;
  /** Zero-based line of the `%if` in its file. */
  readonly line: number;
  /** The `%if`; counts from the chunk it was read in, as the line does unless it is one of an included file. */
  readonly span: Span;
  readonly chunk: Chunk | undefined;
  readonly included: boolean;
}

/** Expanded lines that came out of one stretch of written ones. */
export interface LineBuffer {
  readonly text: string;
  /** Written offset of the first character; -1 for text of an included file or of none. */
  readonly base: number;
  /** Written stretch, or the %include line that brought it. */
  readonly span: Span;
  /** What expanding it gave; undefined where nothing was expanded. */
  readonly expansion: Expansion | undefined;
}

export interface Strip {
  /** Comment lines are emptied. */
  readonly comments: boolean;
  /** White space at the end of lines goes. */
  readonly trailing: boolean;
  /** Lines do not go into the parsed text (%prep before rpm 4.20 puts them there itself). */
  readonly unparsed: boolean;
}

export const strip = {
  nothing: { comments: false, trailing: false, unparsed: false },
  comments: { comments: true, trailing: false, unparsed: false },
  all: { comments: true, trailing: true, unparsed: false },
  prep: { comments: false, trailing: false, unparsed: true },
} as const satisfies Record<string, Strip>;

/** A line, or why there is none. */
export type ReadResult = 'line' | 'end' | 'error';

/** What reading needs of its surroundings. */
export interface LineReaderHost {
  problem(severity: Severity, code: string, template: string, span: Span, line: number, macros?: readonly string[]): void;
  /** The text of a file to include, or undefined where it cannot be read. */
  include(path: string): string | undefined;
  /** Polled once a line; true ends the evaluation. */
  stopped(): boolean;
  readonly expander: SpecExpander;
  readonly chunk: Chunk;
  knows(since: string): boolean;
  /** Every macro of the target is known. */
  readonly isComplete: boolean;
  /** Whether reading goes on behind what rpm has just refused. */
  passOver(): boolean;
}

export const outermost: Conditional = { outer: undefined, reading: true, readable: true, last: undefined, line: 0, span: { start: 0, end: 0 }, chunk: undefined, included: false };

export class LineReader {
  /** The line just read, stripped as asked, its line break included unless trailing space was stripped. */
  line = '';
  /** Where it stands in `buffer`. */
  lineStart = 0;
  buffer: LineBuffer = { text: '', base: -1, span: { start: 0, end: 0 }, expansion: undefined };
  conditional: Conditional = outermost;
  /** The text ended inside a conditional. */
  unclosed = false;
  /** rpm's lineNum: one-based number of the last physical line read, in the file it came from. */
  lineNumber = 0;
  readonly files: OpenFile[] = [];
  #next = 0;

  constructor(
    private readonly host: LineReaderHost,
    spec: { name: string; text: string; at: number; lines: number },
  ) {
    this.files.push({ name: spec.name, text: spec.text, at: spec.at, lines: spec.lines, included: undefined });
    this.lineNumber = spec.lines;
  }

  /** Whether everything read has been handed out and only the spec itself is open: a place to stop and start again. */
  get atBoundary(): boolean {
    return this.#next >= this.buffer.text.length && this.files.length === 1;
  }

  get file(): OpenFile | undefined {
    return this.files[this.files.length - 1];
  }

  /** The written place to blame for the line just read. */
  get span(): Span {
    return this.buffer.span;
  }

  /** Reads the next line into `line`. */
  read(options: Strip): ReadResult {
    const { host } = this;
    for (;;) {
      if (host.stopped()) return 'error';
      if (this.#next >= this.buffer.text.length) {
        const filled = this.#fill(options);
        if (filled !== 'line') return filled;
      }
      const type = this.#cut(options);
      if (type === undefined) {
        if (!this.conditional.reading) this.#skip();
        this.#emit(options);
        return 'line';
      }
      const result = this.#directive(type);
      if (result === 'again') continue;
      if (result === 'error') return 'error';
      this.#emit(options);
      return 'line';
    }
  }

  /**
   * Takes over at once what the next lines say where each stands for itself: no macro, no line that goes on behind a
   * backslash, none that `ends` finds the beginning of. Ends before the written offset `until`, and leaves a line to be read as ever.
   */
  takePlain(until: number, ends: RegExp | undefined): void {
    const file = this.files[0]!;
    if (this.#next < this.buffer.text.length || this.files.length > 1 || !this.conditional.reading) return;
    const { text, at: from } = file;
    if (this.#percent < from) {
      const found = text.indexOf('%', from);
      this.#percent = found < 0 ? text.length : found;
    }
    let end = text.lastIndexOf('\n', Math.min(this.#percent, until) - 1) + 1;
    if (end <= from) return;
    const found = ends === undefined ? -1 : text.slice(from, end).search(ends);
    if (found >= 0) end = from + found;
    do end = text.lastIndexOf('\n', end - 2) + 1;
    while (end > from && text.charCodeAt(end - 2) === 92);
    if (end <= from) return;
    for (let at = text.indexOf('\n', from); at >= 0 && at < end; at = text.indexOf('\n', at + 1)) file.lines++;
    file.at = end;
    this.lineNumber = file.lines;
    this.host.chunk.appendCopy(text.slice(from, end), from);
  }
  /** Where the next percent sign of the spec was found. */
  #percent = -1;

  /** Fills the buffer with the next stretch of lines, expanded. */
  #fill(options: Strip): ReadResult {
    let braces = 0;
    let parentheses = 0;
    let brackets = 0;
    let continued = false;
    let raw = '';
    let start = -1;
    let span: Span | undefined;
    let firstLine = 0;
    for (;;) {
      const file = this.file;
      if (file === undefined || file.at >= file.text.length) {
        if (file !== undefined && this.files.length > 1) {
          this.files.pop();
          this.host.expander.popFile();
          continue;
        }
        return this.#end(firstLine, span);
      }
      const from = file.at;
      let end = file.text.indexOf('\n', from);
      end = end < 0 ? file.text.length : end + 1;
      file.at = end;
      file.lines++;
      this.lineNumber = file.lines;
      const { text } = file;
      continued = false;
      for (let i = from; i < end; i++) {
        switch (text.charCodeAt(i)) {
          case 92: // backslash
            if (text.charCodeAt(i + 1) === 10) continued = true;
            if (i + 1 < end) i++;
            break;
          case 37: // %
            switch (text.charCodeAt(i + 1)) {
              case 123:
                i++;
                braces++;
                break;
              case 40:
                i++;
                parentheses++;
                break;
              case 91:
                // Brackets count since rpm has expressions.
                if (this.host.knows('4.16')) {
                  i++;
                  brackets++;
                }
                break;
              case 37:
                i++;
                break;
            }
            break;
          case 123:
            if (braces > 0) braces++;
            break;
          case 125:
            if (braces > 0) braces--;
            break;
          case 40:
            if (parentheses > 0) parentheses++;
            break;
          case 41:
            if (parentheses > 0) parentheses--;
            break;
          case 91:
            if (brackets > 0) brackets++;
            break;
          case 93:
            if (brackets > 0) brackets--;
            break;
        }
      }
      if (span === undefined) {
        start = file.included === undefined ? from : -1;
        span = file.included ?? { start: from, end };
        firstLine = file.lines;
        raw = text.slice(from, end);
      } else {
        if (file.included === undefined && start >= 0) span = { start, end };
        else start = -1;
        raw += text.slice(from, end);
      }
      if (braces > 0 || parentheses > 0 || brackets > 0 || continued) continue;
      return this.#expand(raw, start, span, options);
    }
  }

  #end(firstLine: number, span: Span | undefined): ReadResult {
    const { conditional, host } = this;
    // Reported when the evaluation is put together: the %if may have moved since it was read.
    if (conditional.outer !== undefined) {
      this.unclosed = true;
      return 'error';
    }
    if (firstLine > 0) {
      host.problem('error', 'rpm-error/unclosed-macro', `line ${lineMark}: unclosed macro or bad line continuation`, span ?? this.span, firstLine - 1);
      return 'error';
    }
    return 'end';
  }

  /** Expands what was joined, unless a false conditional hides it. */
  #expand(raw: string, base: number, span: Span, options: Strip): ReadResult {
    const { host } = this;
    this.#next = 0;
    const first = skipSpace(raw, 0);
    const isComment = raw[first] === '#';
    const type = lineTypeAt(raw, first);
    if (type !== undefined && !type.takesArguments) {
      const rest = skipSpace(raw, first + type.text.length);
      if (rest < raw.length && host.knows('4.15')) {
        // rpm 4.20 made an error of it, and lets a comment pass.
        const strict = host.knows('4.20');
        if (!(strict && raw[rest] === '#')) {
          host.problem(strict ? 'error' : 'warning', 'rpm-warning/extra-tokens', `extra tokens at the end of ${type.text} directive in line ${lineMark}:  ${raw.slice(first)}`, span, this.lineNumber - 1);
          if (strict) return 'error';
        }
      }
    }
    const hidden = type !== undefined && isElif(type.directive) ? !this.conditional.readable : !this.conditional.reading;
    if (hidden) {
      this.buffer = { text: raw, base, span, expansion: undefined };
      return 'line';
    }
    if (raw.indexOf('%') < 0) {
      // Nothing to expand; only a backslash before a line break or percent sign would matter, and that needs a percent sign.
      this.buffer = { text: raw, base, span, expansion: undefined };
      return 'line';
    }
    const expansion = host.expander.expandLine(raw, base, span, this.lineNumber);
    this.buffer = { text: expansion.text, base, span, expansion };
    if (expansion.failed && !expansion.tainted) {
      this.buffer = { text: '', base, span, expansion: undefined };
      return 'error';
    }
    if (options.comments && isComment) this.#warnOfComment(raw, expansion.text, span);
    return 'line';
  }

  /** rpm compares the comment with what became of it; `%%` does not count as a macro. */
  #warnOfComment(raw: string, expanded: string, span: Span): void {
    let a = 0;
    let b = 0;
    for (; a < raw.length && b < expanded.length; a++, b++) {
      if (raw[a] === '%' && raw[a + 1] === '%') a++;
      if (raw[a] !== expanded[b]) break;
    }
    if (a < raw.length || b < expanded.length) this.host.problem('warning', 'rpm-warning/macro-in-comment', `Macro expanded in comment on line ${lineMark}: ${raw.slice(a)}`, span, this.lineNumber - 1);
  }

  /** Cuts the next line off the buffer and says which directive it is. */
  #cut(options: Strip): LineType | undefined {
    let { text } = this.buffer;
    const start = this.#next;
    let s = start;
    while (s < text.length && text.charCodeAt(s) !== 10 && isSpace(text.charCodeAt(s))) s++;
    const type = lineTypeAt(text, s);
    let end = text.indexOf('\n', start);
    if (type !== undefined) {
      // A conditional goes on behind a backslash; the pair counts as two blanks.
      while (end > start && text.charCodeAt(end - 1) === 92) {
        text = `${text.slice(0, end - 1)}  ${text.slice(end + 1)}`;
        end = text.indexOf('\n', end + 1);
      }
      if (text !== this.buffer.text) this.buffer = { ...this.buffer, text };
    }
    end = end < 0 ? text.length : end + 1;
    this.#next = end;
    this.lineStart = start;
    let stop = end;
    if (options.trailing) while (stop > start && isSpace(text.charCodeAt(stop - 1))) stop--;
    if (options.comments) {
      const first = skipSpace(text, start);
      if (first < end && text.charCodeAt(first) === 35) stop = first;
    }
    this.line = text.slice(start, stop);
    return type;
  }

  /** Empties a line that a false conditional hides. */
  #skip(): void {
    this.line = '';
    const written = this.buffer.base;
    if (written < 0) return;
    // Hidden lines were not expanded, so that offsets in the buffer are offsets in the text.
    this.noteSkipped({ start: written + this.lineStart, end: written + this.#next });
  }

  noteSkipped(span: Span): void {
    const { skipped } = this.host.chunk;
    const last = skipped[skipped.length - 1];
    if (last !== undefined && last.end === span.start) skipped[skipped.length - 1] = { start: last.start, end: span.end };
    else skipped.push(span);
  }

  #directive(type: LineType): 'line' | 'error' | 'again' {
    const { host, line } = this;
    const { directive } = type;
    const file = this.file!;
    const wasReading = this.conditional.reading;
    const previous: Directive = this.conditional.last?.directive ?? 'endif';
    if (type.since !== undefined && !host.knows(type.since)) return this.#plain();
    if (type.wrongBefore.includes(previous)) {
      const name = `${file.name}: line ${lineMark}: `;
      host.problem('error', `rpm-error/stray-${directive}`, previous === 'endif' ? `${name}${type.text} with no %if` : `${name}${type.text} after ${this.conditional.last!.text}`, this.span, file.lines - 1);
      return 'error';
    }
    let at = skipSpace(line, 0) + type.text.length;
    let match = false;
    if (directive === 'include') {
      if (!wasReading) return this.#plain();
      return this.#include(line, at);
    }
    if (directive === 'if' || directive === 'elif') {
      if (directive === 'if' ? wasReading : this.conditional.readable) {
        const result = host.expander.condition(line.slice(at), this.span, this.lineNumber, this.buffer.expansion?.tainted === true || (this.buffer.expansion?.unknown === true && !host.isComplete));
        const { expansion } = this.buffer;
        if (result === undefined && (expansion?.tainted === true || (expansion?.unknown === true && !host.isComplete))) {
          const why = expansion.tainted ? 'the answer of a command is not known here' : 'a macro in it is not among the built-in facts of this target';
          host.problem('hint', 'unsure/bad-condition', `not sure, as ${why}: ${file.name}:${lineMark}: bad ${type.text} condition: ${line.slice(at)}`, this.span, file.lines - 1);
        } else if (result === undefined) {
          host.problem('error', 'rpm-error/bad-condition', `${file.name}:${lineMark}: bad ${type.text} condition: ${line.slice(at)}`, this.span, file.lines - 1);
          return 'error';
        }
        match = result ?? false;
      }
    } else if (directive !== 'else' && directive !== 'endif') {
      at = skipSpace(line, 0);
      while (at < line.length && !isBlank(line.charCodeAt(at))) at++;
      while (at < line.length && isBlank(line.charCodeAt(at))) at++;
      if (at >= line.length) {
        host.problem('error', 'rpm-error/argument-expected', `${file.name}:${lineMark}: Argument expected for ${line.slice(skipSpace(line, 0))}`, this.span, file.lines - 1);
        return 'error';
      }
      const wanted = host.expander.value(directive.endsWith('os') ? '%{_target_os}' : '%{_target_cpu}');
      match = hasWord(line.slice(at), wanted);
      if (directive === 'ifnarch' || directive === 'ifnos') match = !match;
    }
    const written = this.writtenSpan(this.lineStart, this.lineStart + line.length);
    const current = this.conditional;
    let taken: boolean | undefined;
    if (directive === 'else') {
      taken = current.outer!.reading && current.readable;
      this.conditional = { ...current, last: type, reading: taken };
    } else if (directive === 'endif') {
      this.conditional = current.outer!;
    } else if (isIf(directive)) {
      taken = current.reading && match;
      this.conditional = { outer: current, reading: taken, readable: !taken && current.reading, last: type, line: file.lines - 1, span: written, chunk: host.chunk, included: file.included !== undefined };
    } else {
      taken = current.readable && match;
      this.conditional = { ...current, reading: taken, readable: current.readable && !taken };
    }
    // A conditional within a skipped block is skipped text for the reader of the spec, but keeps its place in the list.
    if (file.included === undefined) {
      const start = this.writtenSpan(this.lineStart + skipSpace(line, 0), this.lineStart + skipSpace(line, 0) + type.text.length);
      host.chunk.conditionals.push({ keyword: directive, span: written, keywordSpan: start, taken });
    }
    this.line = '';
    return 'line';
  }

  /** A directive this rpm does not know is text. */
  #plain(): 'line' {
    if (!this.conditional.reading) this.#skip();
    return 'line';
  }

  #include(line: string, at: number): 'error' | 'again' {
    const { host } = this;
    const start = skipSpace(line, at);
    let end = start;
    for (;;) {
      end = skipNonSpace(line, end);
      const next = skipSpace(line, end);
      if (next >= line.length) break;
      end = next;
    }
    const file = this.file!;
    if (start >= line.length) {
      host.problem('error', 'rpm-error/malformed-include', `${file.name}:${lineMark}: malformed %include statement`, this.span, file.lines - 1);
      return 'error';
    }
    const name = line.slice(start, end);
    // Deep nesting is a file that includes itself; rpm runs out of open files there.
    const text = this.files.length > 100 ? undefined : host.include(name);
    if (text === undefined) {
      host.problem('error', 'rpm-error/unreadable-include', `Unable to open ${name}: ${this.files.length > 100 ? 'Too many open files' : 'No such file or directory'}`, this.span, file.lines - 1);
      if (!host.passOver()) return 'error';
      this.#next = this.buffer.text.length;
      return 'again';
    }
    this.files.push({ name, text, at: 0, lines: 0, included: this.buffer.span });
    host.expander.pushFile(name);
    this.lineNumber = 0;
    // rpm drops what else the line expanded to.
    this.#next = this.buffer.text.length;
    return 'again';
  }

  /** Writes the line into the parsed text. */
  #emit(options: Strip): void {
    if (options.unparsed) return;
    this.append(this.buffer, this.lineStart, this.line);
    if (options.trailing) this.#appendBreak();
  }

  /** The line break that rpm puts behind a stripped line stands for the one that was written. */
  #appendBreak(): void {
    const at = this.#next - 1;
    const { buffer } = this;
    if (at >= this.lineStart && buffer.text.charCodeAt(at) === 10) this.append(buffer, at, '\n');
    else this.append(buffer, buffer.text.length, '\n');
  }

  /** Appends `text`, which stands in `buffer` at `at`, to the parsed text with where it came from. */
  append(buffer: LineBuffer, at: number, text: string): void {
    const { chunk } = this.host;
    if (text === '') return;
    if (buffer.base < 0) return chunk.appendMade(text, -1, -1, 0);
    const { expansion } = buffer;
    if (expansion === undefined) return chunk.appendCopy(text, buffer.base + at);
    const { runs } = expansion;
    const end = at + text.length;
    for (let run = runAt(runs, at); run < runs.length; run += 3) {
      const runStart = runs[run]!;
      if (runStart >= end) break;
      const runEnd = run + 3 < runs.length ? runs[run + 3]! : buffer.text.length;
      const from = Math.max(runStart, at);
      const to = Math.min(runEnd, end);
      if (to <= from) continue;
      const piece = text.slice(from - at, to - at);
      const call = runs[run + 1]!;
      const offset = runs[run + 2]!;
      if (call === 0 && offset >= 0) chunk.appendCopy(piece, buffer.base + offset + (from - runStart));
      else {
        const top = topCall(expansion.calls, call);
        chunk.appendMade(piece, buffer.base + top.start, buffer.base + top.end, this.#chainNumber(chunk, expansion.calls, call));
      }
    }
    // What the runs do not cover (a line break rpm adds) belongs to the whole.
    if (runs.length === 0 || end > buffer.text.length) {
      const from = Math.max(at, runs.length === 0 ? at : buffer.text.length);
      const piece = text.slice(from - at);
      if (piece !== '') chunk.appendMade(piece, buffer.span.start, buffer.span.end, 0);
    }
  }

  /** The chunk's number for the chain of macros that a call stands in; those of the calls of one expansion are kept, as each is asked for again and again. */
  #chainNumber(chunk: Chunk, calls: readonly MacroCall[], call: number): number {
    if (call <= 0) return 0;
    if (this.#numbered.chunk !== chunk || this.#numbered.calls !== calls) this.#numbered = { chunk, calls, numbers: [] };
    const { numbers } = this.#numbered;
    return (numbers[call] ??= chunk.chainInside(this.#chainNumber(chunk, calls, calls[call]!.parent), callName(calls[call]!)));
  }
  #numbered: { readonly chunk: Chunk | undefined; readonly calls: readonly MacroCall[]; readonly numbers: number[] } = { chunk: undefined, calls: [], numbers: [] };

  /** The written span of a stretch of the current buffer: exact for written text, the whole use for what a macro made. */
  writtenSpan(start: number, end: number, buffer: LineBuffer = this.buffer): Span {
    if (buffer.base < 0) return buffer.span;
    if (buffer.expansion === undefined) return { start: buffer.base + start, end: buffer.base + end };
    const first = placeOf(buffer, start).start;
    const last = end > start ? placeOf(buffer, end - 1).end : placeOf(buffer, start).start;
    return { start: first, end: Math.max(first, last) };
  }

  /** The macros that made the character at an offset of the buffer, outermost first; empty for written text. */
  macrosAt(at: number, buffer: LineBuffer = this.buffer): readonly string[] {
    const { expansion } = buffer;
    if (expansion === undefined || expansion.runs.length === 0) return [];
    return chainOf(expansion.calls, expansion.runs[runAt(expansion.runs, at) + 1]!);
  }

  /** Whether a macro made the character at an offset of the buffer. */
  isMade(at: number, buffer: LineBuffer = this.buffer): boolean {
    const { expansion } = buffer;
    if (buffer.base < 0) return true;
    if (expansion === undefined || expansion.runs.length === 0) return false;
    const run = runAt(expansion.runs, at);
    return expansion.runs[run + 1] !== 0;
  }
}

/** Written span of one character of a buffer. */
function placeOf(buffer: LineBuffer, at: number): Span {
  const { runs, calls } = buffer.expansion!;
  if (runs.length === 0) return buffer.span;
  const run = runAt(runs, Math.min(at, buffer.text.length - 1));
  const call = runs[run + 1]!;
  const offset = runs[run + 2]!;
  if (call === 0 && offset >= 0) {
    const start = buffer.base + offset + (at - runs[run]!);
    return { start, end: start + 1 };
  }
  const top = topCall(calls, call);
  return { start: buffer.base + top.start, end: buffer.base + top.end };
}

/** Index in `runs` of the run that holds `at`. */
function runAt(runs: readonly number[], at: number): number {
  let low = 0;
  let high = runs.length / 3 - 1;
  while (low < high) {
    const middle = (low + high + 1) >>> 1;
    if (runs[middle * 3]! <= at) low = middle;
    else high = middle - 1;
  }
  return Math.max(low, 0) * 3;
}

/** The call in the text itself that `call` belongs to. */
function topCall(calls: readonly MacroCall[], call: number): MacroCall {
  while (call > 0 && calls[call]!.parent > 0) call = calls[call]!.parent;
  return calls[call]!;
}

/** Names of the macros inside each other, outermost first. */
function chainOf(calls: readonly MacroCall[], call: number): string[] {
  const names: string[] = [];
  for (; call > 0; call = calls[call]!.parent) names.push(callName(calls[call]!));
  return names.reverse();
}

export function callName(call: MacroCall): string {
  return call.kind === 'shell' ? '(' : call.kind === 'expression' ? '[' : call.name;
}

/** Whether one of the words is `wanted`, whatever the size of its letters. */
function hasWord(words: string, wanted: string): boolean {
  const lower = wanted.toLowerCase();
  for (let at = skipSpace(words, 0); at < words.length; at = skipSpace(words, at)) {
    const end = skipNonSpace(words, at);
    if (end - at === wanted.length && words.slice(at, end).toLowerCase() === lower) return true;
    at = end;
  }
  return false;
}
