import type { Span } from '../text/index.js';

/**
 * A comment that silences rules:
 *
 *     # spectrail: ignore patch-not-applied, source-file-missing -- the reason
 *     # spectrail: ignore-file trailing-whitespace -- the reason
 *
 * `ignore` speaks of the line it stands on, if there is something in front of it, else of the next line that is no
 * comment; `ignore-file` of the whole spec.
 */
export interface Suppression {
  readonly form: 'line' | 'file';
  readonly rules: readonly { readonly id: string; readonly span: Span }[];
  readonly reason: string | undefined;
  /** The comment, from its `#`. */
  readonly span: Span;
  /** Zero-based line that it speaks of; undefined for the whole file. */
  readonly line: number | undefined;
}

const marker = /#[ \t]*spectrail:[ \t]*(ignore-file|ignore)\b[ \t]*(.*)$/;

/** The suppressions in a text, in the order they are written. */
export function findSuppressions(text: string): readonly Suppression[] {
  // Nearly every spec has none: do not split it for nothing.
  if (!text.includes('spectrail:')) return [];
  const found: Suppression[] = [];
  let waiting: number[] = [];
  let offset = 0;
  for (const [number, line] of text.split('\n').entries()) {
    const isComment = /^\s*#/.test(line);
    const match = marker.exec(line);
    if (match !== null) {
      const [, word, rest] = match as unknown as [string, string, string];
      const separator = /(?:^|\s)--(?:\s|$)/.exec(rest);
      const list = separator === null ? rest : rest.slice(0, separator.index);
      const reason = separator === null ? undefined : rest.slice(separator.index + separator[0].length).trim();
      const listAt = offset + match.index + match[0].length - rest.length;
      if (word === 'ignore' && isComment) waiting.push(found.length);
      found.push({
        form: word === 'ignore' ? 'line' : 'file',
        rules: [...list.matchAll(/[^\s,]+/g)].map((id) => ({ id: id[0], span: { start: listAt + id.index, end: listAt + id.index + id[0].length } })),
        reason: reason === '' ? undefined : reason,
        span: { start: offset + match.index, end: offset + line.trimEnd().length },
        line: word === 'ignore' ? number : undefined,
      });
    }
    if (!isComment) {
      for (const index of waiting) found[index] = { ...found[index]!, line: number };
      waiting = [];
    }
    offset += line.length + 1;
  }
  return found;
}
