import type { Span } from './span.js';
import type { TextEdit } from './textEdit.js';

/** A zero-based line and a column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where the lines of one text begin; `\n`, `\r\n` and a lone `\r` end a line, as in the language server protocol. */
export class LineIndex {
  readonly #starts: Uint32Array;
  readonly #length: number;

  constructor(text: string, starts: Uint32Array = Uint32Array.from(lineStarts(text, 0, text.length, [0]))) {
    this.#starts = starts;
    this.#length = text.length;
  }

  /**
   * The index of `text`, which is the text of this index after `edit`. Reads only the edited lines, so that a keystroke
   * in a large file costs a copy of numbers.
   */
  edited(edit: TextEdit, text: string): LineIndex {
    const shift = edit.text.length - (edit.span.end - edit.span.start);
    // A `\r` and a `\n` may be joined or parted by the edit, so the line before and the one behind are read anew too.
    const first = Math.max(this.lineAt(edit.span.start) - 1, 0);
    const last = Math.min(this.lineAt(edit.span.end) + 1, this.#starts.length - 1);
    const from = this.#starts[first]!;
    const to = last + 1 < this.#starts.length ? this.#starts[last + 1]! + shift : text.length;
    const middle = lineStarts(text, from, to, []);
    const tail = this.#starts.subarray(last + 1);
    // The tail's first start is found again at the end of the lines that were read.
    const again = tail.length > 0 && middle.at(-1) === to ? 1 : 0;
    const starts = new Uint32Array(first + 1 + middle.length - again + tail.length);
    starts.set(this.#starts.subarray(0, first + 1));
    starts.set(middle.slice(0, middle.length - again), first + 1);
    const at = first + 1 + middle.length - again;
    for (let i = 0; i < tail.length; i++) starts[at + i] = tail[i]! + shift;
    return new LineIndex(text, starts);
  }

  /** The number of lines; a text that ends with a line break has an empty last line. */
  get count(): number {
    return this.#starts.length;
  }

  /** The line that `offset` lies in; offsets outside the text are clamped to it. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** The offset at which `line` begins; lines outside the text are clamped to it. */
  lineStart(line: number): number {
    if (line < 0) return 0;
    return line < this.#starts.length ? this.#starts[line]! : this.#length;
  }

  /** The span of `line` with its line break. */
  lineSpan(line: number): Span {
    return { start: this.lineStart(line), end: this.lineStart(line + 1) };
  }

  positionAt(offset: number): Position {
    const clamped = Math.min(Math.max(offset, 0), this.#length);
    const line = this.lineAt(clamped);
    return { line, column: clamped - this.#starts[line]! };
  }

  /** The offset of a position; a column behind the end of its line is clamped to the next line's start. */
  offsetAt(position: Position): number {
    const start = this.lineStart(position.line);
    return Math.min(start + Math.max(position.column, 0), this.lineStart(position.line + 1));
  }
}

/** Adds to `starts` where lines begin whose line breaks lie between `from` and `to`. */
function lineStarts(text: string, from: number, to: number, starts: number[]): number[] {
  if (text.indexOf('\r', from) < 0) {
    // Nearly every text: the search for one character is the engine's own and many times as fast as a look at each.
    for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    return starts;
  }
  for (let i = from; i < to; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
  }
  return starts;
}
