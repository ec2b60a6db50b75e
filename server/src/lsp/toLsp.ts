/** From offsets to the protocol's positions, and from core's words to the protocol's. With `fromLsp.ts` the only place that knows both. */
import { type DiagnosticSeverity, type Position, type Range, type TextEdit as LspTextEdit } from 'vscode-languageserver/node';
import type { Severity, Span, TextEdit } from '../core/text/index.js';
import type { PositionEncoding } from './client.js';
import { type IndexedText, utf8Length } from './fromLsp.js';

export function positionOf({ text, lines }: IndexedText, offset: number, encoding: PositionEncoding): Position {
  const { line, column } = lines.positionAt(offset);
  if (encoding === 'utf-16') return { line, character: column };
  const start = lines.lineStart(line);
  let character = 0;
  for (let at = start; at < start + column; ) {
    const point = text.codePointAt(at)!;
    const length = point > 0xffff ? 2 : 1;
    // An offset between the halves of a surrogate pair has no column of its own: it is the character's start.
    if (at + length > start + column) break;
    character += utf8Length(point);
    at += length;
  }
  return { line, character };
}

export function rangeOf(document: IndexedText, { start, end }: Span, encoding: PositionEncoding): Range {
  return { start: positionOf(document, start, encoding), end: positionOf(document, end, encoding) };
}

export function editsOf(document: IndexedText, edits: readonly TextEdit[], encoding: PositionEncoding): LspTextEdit[] {
  return edits.map(({ span, text }) => ({ range: rangeOf(document, span, encoding), newText: text }));
}

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = { error: 1, warning: 2, information: 3, hint: 4 };

export function severityOf(severity: Severity): DiagnosticSeverity {
  return severities[severity];
}

/** Markdown for a client that shows only plain text: marks of emphasis, code and links are taken out. */
export function plainText(markdown: string): string {
  return markdown
    .replace(/^```\w*\n?/gm, '')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/(\*\*|`)/g, '')
    .replace(/\\([\\`*_{}[\]()#+\-.!<>|~])/g, '$1');
}
