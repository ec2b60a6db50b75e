/** From the protocol's positions to offsets. With `toLsp.ts` the only place that knows both. */
import type { Position, Range, TextDocumentContentChangeEvent } from 'vscode-languageserver/node';
import { type LineIndex, type Span, type TextEdit } from '../core/text/index.js';
import type { PositionEncoding } from './client.js';

/** A text with its lines. */
export interface IndexedText {
  readonly text: string;
  readonly lines: LineIndex;
}

/** The offset of a position. As the protocol wants it, a column behind the end of its line is that end, and a line behind the last is the end of the text. */
export function offsetOf({ text, lines }: IndexedText, { line, character }: Position, encoding: PositionEncoding): number {
  if (line >= lines.count) return text.length;
  const start = lines.lineStart(line);
  const end = lineEnd(text, lines, Math.max(line, 0));
  if (encoding === 'utf-16') return Math.min(start + Math.max(character, 0), end);
  let offset = start;
  for (let bytes = 0; offset < end && bytes < character; ) {
    const point = text.codePointAt(offset)!;
    bytes += utf8Length(point);
    // A column inside a character is that character's start.
    if (bytes > character) break;
    offset += point > 0xffff ? 2 : 1;
  }
  return offset;
}

/** The span of a range; a range whose end lies before its start is turned round. */
export function spanOf(document: IndexedText, { start, end }: Range, encoding: PositionEncoding): Span {
  const from = offsetOf(document, start, encoding);
  const to = offsetOf(document, end, encoding);
  return from <= to ? { start: from, end: to } : { start: to, end: from };
}

/** One change of `textDocument/didChange` as an edit of `document`; a change without a range replaces everything. */
export function editOf(document: IndexedText, change: TextDocumentContentChangeEvent, encoding: PositionEncoding): TextEdit {
  const span = 'range' in change ? spanOf(document, change.range, encoding) : { start: 0, end: document.text.length };
  return { span, text: change.text };
}

/** Bytes of a code point in UTF-8; half a surrogate pair counts as the three bytes of the replacement character. */
export function utf8Length(point: number): number {
  return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
}

/** Where a line ends, its line break not counted. */
function lineEnd(text: string, lines: LineIndex, line: number): number {
  const start = lines.lineStart(line);
  let end = lines.lineStart(line + 1);
  if (end > start && text.charCodeAt(end - 1) === 10) end--;
  if (end > start && text.charCodeAt(end - 1) === 13) end--;
  return end;
}
