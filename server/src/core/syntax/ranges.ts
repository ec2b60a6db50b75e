import type { Span } from '../text/index.js';
import type { SpecTree } from './specTree.js';

export interface FoldingRange {
  /** From somewhere in the first line, which stays visible, to somewhere in the last. */
  readonly span: Span;
  readonly kind: 'section' | 'conditional' | 'macro' | 'comment' | 'changelog';
}

/** What can be folded, each over two lines at least, in the order of their starts. */
export function foldingRanges(tree: SpecTree): readonly FoldingRange[] {
  const { text, views } = tree;
  const ranges: FoldingRange[] = [];
  const add = (start: number, end: number, kind: FoldingRange['kind']): void => {
    while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
    const lineBreak = text.indexOf('\n', start);
    if (lineBreak >= 0 && lineBreak < end) ranges.push({ span: { start, end }, kind });
  };

  for (const section of views.sections) if (section.headerSpan) add(section.span.start, section.span.end, 'section');
  for (const { opener, branches, closer } of tree.conditionals.conditionals) {
    let start = opener;
    for (const branch of [...branches, closer]) {
      if (branch === undefined) continue;
      // %else and %endif stay visible.
      add(start.span.start, text.lastIndexOf('\n', branch.span.start), 'conditional');
      start = branch;
    }
  }
  for (const use of views.macroUses) add(use.span.start, use.span.end, 'macro');
  for (const expansion of views.expansions) add(expansion.span.start, expansion.span.end, 'macro');
  for (const definition of views.definitions) add(definition.span.start, definition.span.end, 'macro');
  for (const entry of views.changelogEntries) add(entry.span.start, entry.span.end, 'changelog');

  let first: Span | undefined;
  let last: Span | undefined;
  for (const { span } of views.comments) {
    if (last !== undefined && /^[ \t\r]*\n[ \t]*$/.test(text.slice(last.end, span.start))) {
      last = span;
      continue;
    }
    if (first && last) add(first.start, last.end, 'comment');
    first = last = span;
  }
  if (first && last) add(first.start, last.end, 'comment');

  return ranges.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
}

/** Spans around an offset from the word at it to the whole text, each larger than the one before. */
export function selectionRanges(tree: SpecTree, offset: number): readonly Span[] {
  const { text } = tree;
  const spans: Span[] = [];
  const add = (start: number, end: number): void => {
    const last = spans[spans.length - 1];
    if (end <= start || start > offset || end < offset) return;
    if (last && (start > last.start || end < last.end || (start === last.start && end === last.end))) return;
    spans.push({ start, end });
  };

  let wordStart = offset;
  let wordEnd = offset;
  while (wordStart > 0 && isWord(text.charCodeAt(wordStart - 1))) wordStart--;
  while (wordEnd < text.length && isWord(text.charCodeAt(wordEnd))) wordEnd++;
  add(wordStart, wordEnd);

  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const lineBreak = text.indexOf('\n', offset);
  const lineEnd = lineBreak < 0 ? text.length : lineBreak;
  const nodes = tree.table();
  // Directly behind the last character of a word one means the word.
  let node = nodes.at(offset === wordEnd && offset > wordStart ? offset - 1 : offset);
  let lineAdded = false;
  for (; node >= 0; node = nodes.parent(node)) {
    let start = nodes.start(node);
    let end = nodes.end(node);
    if (start < lineStart || end > lineEnd + 1) {
      if (!lineAdded) {
        lineAdded = true;
        let from = lineStart;
        while (from < lineEnd && isSpace(text.charCodeAt(from))) from++;
        let to = lineEnd;
        while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
        add(from, to);
      }
    } else {
      while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
    }
    if (node === 0) start = 0, end = text.length;
    add(start, end);
  }
  return spans;
}

function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}

function isWord(unit: number): boolean {
  return (unit >= 48 && unit <= 57) || (unit >= 65 && unit <= 90) || unit === 95 || (unit >= 97 && unit <= 122) || unit > 127;
}
