import type { Span } from './span.js';

/** A zero-based line and a column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where the lines of one text begin; `\n`, `\r\n` and a lone `\r` end a line, as in the language server protocol. */
export class LineIndex {
  readonly #starts: Uint32Array;
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit === 10 || (unit === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
    }
    this.#starts = Uint32Array.from(starts);
    this.#length = text.length;
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
