import type { Span } from './span.js';

/** Replaces the text in `span` by `text`. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/**
 * Applies edits that all speak of the same text. Two insertions at one place keep their order.
 * Throws a RangeError where edits overlap or leave the text: both are bugs of whoever made them.
 */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = edits.map((edit, order) => ({ edit, order }));
  ordered.sort((a, b) => a.edit.span.start - b.edit.span.start || a.edit.span.end - b.edit.span.end || a.order - b.order);
  let result = '';
  let done = 0;
  for (const { edit } of ordered) {
    if (edit.span.start < done) throw new RangeError(`edits overlap at ${edit.span.start}`);
    if (edit.span.end > text.length) throw new RangeError(`edit leaves the text at ${edit.span.end}`);
    result += text.slice(done, edit.span.start) + edit.text;
    done = edit.span.end;
  }
  return result + text.slice(done);
}

/** Where an offset of the old text stands after one edit; an offset inside the replaced span moves to its new end. */
export function mapOffset(offset: number, edit: TextEdit): number {
  if (offset <= edit.span.start) return offset;
  if (offset >= edit.span.end) return offset + edit.text.length - (edit.span.end - edit.span.start);
  return edit.span.start + edit.text.length;
}
