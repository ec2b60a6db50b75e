import { type Span, contains } from '../text/index.js';
import type { SpecTree } from './specTree.js';
import type { FilesEntryView, MacroDefinitionView, MacroUseView, SectionView, TagView } from './views.js';

/** Where an offset stands, as far as completion, hover and signature help care. */
export type SyntaxContext = {
  /** The section around; undefined only in an empty text. */
  readonly section: SectionView | undefined;
} & (
  | { readonly kind: 'comment' }
  /** At the start of a line of a preamble: `prefix` is what is typed of a name so far. */
  | { readonly kind: 'tag-name'; readonly prefix: string; readonly span: Span }
  | { readonly kind: 'tag-qualifier'; readonly tagName: string; readonly prefix: string; readonly span: Span }
  | { readonly kind: 'tag-value'; readonly tag: TagView }
  /** Behind a percent sign. `span` is the name alone; `atLineStart` says that a section or a directive could stand here too. */
  | { readonly kind: 'macro-name'; readonly prefix: string; readonly span: Span; readonly form: 'plain' | 'braced'; readonly operator: string; readonly percent: number; readonly atLineStart: boolean }
  /** In the arguments or in the body of a macro. */
  | { readonly kind: 'macro-argument'; readonly macro: MacroUseView }
  | { readonly kind: 'macro-definition-name'; readonly span: Span }
  /** In the body of a %define or %global, outside of macros in it. */
  | { readonly kind: 'macro-definition-body'; readonly definition: MacroDefinitionView }
  | { readonly kind: 'section-header'; readonly prefix: string; readonly span: Span }
  | { readonly kind: 'condition' }
  | { readonly kind: 'include-path' }
  | { readonly kind: 'files'; readonly entry: FilesEntryView | undefined }
  | { readonly kind: 'changelog' }
  | { readonly kind: 'list' }
  | { readonly kind: 'script' }
  | { readonly kind: 'description' }
  /** In a line of a preamble that is neither a tag nor the beginning of one. */
  | { readonly kind: 'other' }
);

/** Says where an offset of the text stands; it counts as inside of what ends directly before it. */
export function contextAt(tree: SpecTree, offset: number): SyntaxContext {
  const { text, views } = tree;
  const section = sectionAt(views.sections, offset);
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(lineStart, offset);

  if (views.comments.some((comment) => comment.span.start < offset && offset <= comment.span.end)) return { section, kind: 'comment' };

  const macro = /(?<!%)(?:%%)*%(\{?)([?!]*)([\w*#-]*)$/.exec(before);
  if (macro) {
    const prefix = macro[3]!;
    const start = offset - prefix.length;
    const end = offset + /^\w*/.exec(text.slice(offset, offset + 200))![0].length;
    const percent = start - macro[2]!.length - macro[1]!.length - 1;
    return {
      section,
      kind: 'macro-name',
      prefix,
      span: { start, end },
      form: macro[1] === '' ? 'plain' : 'braced',
      operator: macro[2]!,
      percent,
      atLineStart: macro[1] === '' && macro[2] === '' && text.slice(lineStart, percent).trim() === '',
    };
  }

  const header = section?.headerSpan;
  if (header && section.nameSpan && offset > section.nameSpan.end && contains(lineOf(text, header), offset)) {
    const word = /\S*$/.exec(before)![0];
    return { section, kind: 'section-header', prefix: word, span: { start: offset - word.length, end: offset + /^\S*/.exec(text.slice(offset, header.end))![0].length } };
  }

  const tag = tagAt(tree, offset);
  const innermost = innermostMacro(views.macroUses, offset);
  if (innermost) {
    // A tag written inside the macro, or a line in it where one could stand.
    if (tag?.inMacro && tag.nameSpan.start >= innermost.span.start) return { section, kind: 'tag-value', tag };
    const body = innermost.bodySpan;
    const isPreamble = section?.kind === 'preamble' || section?.kind === 'package';
    if (body && isPreamble && innermost.operator !== '' && isFirstWord(text, lineStart, innermost, offset)) return tagName(section, text, offset);
    return { section, kind: 'macro-argument', macro: innermost };
  }

  for (const line of views.conditionalLines) {
    if (line.keywordSpan.end < offset && contains(lineOf(text, line.span), offset)) return { section, kind: 'condition' };
  }
  for (const include of views.includes) {
    if (contains(lineOf(text, include.span), offset)) return { section, kind: 'include-path' };
  }
  for (const definition of views.definitions) {
    if (definition.name !== '' ? contains(definition.nameSpan, offset) : definition.keywordSpan.end < offset && contains(lineOf(text, definition.keywordSpan), offset)) {
      return { section, kind: 'macro-definition-name', span: definition.name === '' ? { start: offset, end: offset } : definition.nameSpan };
    }
  }

  for (const definition of views.definitions) {
    if (definition.nameSpan.end < offset && contains(lineOf(text, definition.span), offset)) {
      return tag?.inMacro ? { section, kind: 'tag-value', tag } : { section, kind: 'macro-definition-body', definition };
    }
  }

  const kind = section?.kind ?? 'preamble';
  switch (kind) {
    case 'preamble':
    case 'package': {
      if (tag) return { section, kind: 'tag-value', tag };
      const qualifier = /^\s*(\w+)\s*\(([^)]*)$/.exec(before);
      if (qualifier) {
        const prefix = /[^,]*$/.exec(qualifier[2]!)![0];
        return { section, kind: 'tag-qualifier', tagName: qualifier[1]!, prefix, span: { start: offset - prefix.length, end: offset } };
      }
      return /^\s*\w*$/.test(before) ? tagName(section, text, offset) : { section, kind: 'other' };
    }
    case 'files':
      return { section, kind: 'files', entry: views.filesEntries.find((entry) => contains(lineOf(text, entry.span), offset)) };
    default:
      return { section, kind };
  }
}

function tagName(section: SectionView | undefined, text: string, offset: number): SyntaxContext {
  const prefix = /\w*$/.exec(text.slice(Math.max(0, offset - 200), offset))![0];
  return { section, kind: 'tag-name', prefix, span: { start: offset - prefix.length, end: offset + /^\w*/.exec(text.slice(offset, offset + 200))![0].length } };
}

/** The tag whose value, or the place for one, is at the offset. */
function tagAt({ text, views }: SpecTree, offset: number): TagView | undefined {
  return views.tags.find((tag) => {
    if (tag.nameSpan.start > offset || !contains(tag.inMacro ? tag.span : lineOf(text, tag.span), offset)) return false;
    return offset > text.indexOf(':', tag.qualifierSpan?.end ?? tag.nameSpan.end);
  });
}

/** Whether there is but one word, at most, between the offset and the start of its line, or of the body of a macro that begins the line. */
function isFirstWord(text: string, lineStart: number, { span, bodySpan }: MacroUseView, offset: number): boolean {
  if (bodySpan === undefined || offset < bodySpan.start) return false;
  if (lineStart > bodySpan.start) return /^\s*\w*$/.test(text.slice(lineStart, offset));
  return text.slice(lineStart, span.start).trim() === '' && /^\s*\w*$/.test(text.slice(bodySpan.start, offset));
}

function sectionAt(sections: readonly SectionView[], offset: number): SectionView | undefined {
  let found: SectionView | undefined;
  for (const section of sections) {
    if (section.span.start > offset) break;
    found = section;
  }
  // At the end of the text, behind the last line break, one is still in the last section.
  return found ?? sections[0];
}

function innermostMacro(uses: readonly MacroUseView[], offset: number): MacroUseView | undefined {
  let found: MacroUseView | undefined;
  for (const use of uses) {
    if (use.span.start >= offset) break;
    const inside = use.form === 'braced' ? offset < use.span.end : offset <= use.span.end;
    if (inside && offset > use.nameSpan.end && (use.form === 'braced' || use.argumentsSpan)) found = use;
  }
  return found;
}

/** From the span's start to the end of the line it ends in. */
function lineOf(text: string, span: Span): Span {
  const end = text.indexOf('\n', span.end);
  return { start: span.start, end: end < 0 ? text.length : end };
}
