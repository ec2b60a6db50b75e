import type { Span } from '../text/index.js';
import type { NodeKind } from './kinds.js';
import type { NodeTable } from './syntaxNode.js';

export type SectionKind = 'preamble' | 'package' | 'description' | 'script' | 'files' | 'changelog' | 'list';

/** A section as it is written. The preamble is a section without header; an %if may stand in one and its %endif in another. */
export interface SectionView {
  readonly kind: SectionKind;
  /** In lower case and without percent sign: `prep`, `post`; empty for the preamble. */
  readonly name: string;
  /** With the percent sign; undefined for the preamble. */
  readonly nameSpan: Span | undefined;
  /** The header's line without its line break; undefined for the preamble. */
  readonly headerSpan: Span | undefined;
  /** Options and arguments of the header, in order. */
  readonly arguments: readonly SectionArgumentView[];
  /** From the header to the next section's, trailing blank lines and line breaks included. */
  readonly span: Span;
  /** Without the header. */
  readonly bodySpan: Span;
}

export interface SectionArgumentView {
  readonly text: string;
  readonly span: Span;
  /** A letter behind a minus sign, as in `-n`. */
  readonly isOption: boolean;
}

export interface TagView {
  /** As written, with its number: `Source0`. */
  readonly name: string;
  readonly nameSpan: Span;
  /** Without parentheses: `post,postun` of `Requires(post,postun)`; undefined where there are none. */
  readonly qualifier: string | undefined;
  readonly qualifierSpan: Span | undefined;
  /** Empty, behind the colon, where nothing was written. */
  readonly valueSpan: Span;
  /** The line without its line break; several lines where a macro in the value goes over several. */
  readonly span: Span;
  /** Whether it stands in the body of a macro, where the value's end is not known: `valueSpan` then ends with the line. */
  readonly inMacro: boolean;
}

export interface MacroUseView {
  /** Without percent sign, braces and operator: `_bindir`, `1`, `-f*`; empty where a name is missing. */
  readonly name: string;
  readonly nameSpan: Span;
  /** From the percent sign to the closing brace, or to the end of the arguments of a macro that takes a whole line. */
  readonly span: Span;
  readonly form: 'plain' | 'braced' | 'unclosed';
  /** `?`, `!?` and the like as written, or empty. */
  readonly operator: string;
  /** Behind the colon in `%{name:body}`. */
  readonly bodySpan: Span | undefined;
  /** Without white space at its ends: behind the name in `%{name arguments}`, or to the end of the line in `%name arguments` at the start of one. */
  readonly argumentsSpan: Span | undefined;
}

/** `%(shell)` or `%[expression]`. */
export interface ExpansionView {
  readonly kind: 'shell' | 'expression';
  readonly span: Span;
  /** What stands between the brackets. */
  readonly contentSpan: Span;
}

export interface MacroDefinitionView {
  readonly keyword: 'define' | 'global' | 'undefine';
  readonly keywordSpan: Span;
  /** Empty where a name is missing. */
  readonly name: string;
  readonly nameSpan: Span;
  /** With parentheses; undefined for a macro without parameters. */
  readonly optionsSpan: Span | undefined;
  /** Without white space at its ends; continuation lines are inside, with their backslashes. */
  readonly bodySpan: Span | undefined;
  readonly span: Span;
}

export interface ConditionalLineView {
  readonly role: 'if' | 'elif' | 'else' | 'endif';
  /** As written without the percent sign: `ifarch`. */
  readonly keyword: string;
  readonly keywordSpan: Span;
  /** Undefined for %else, %endif, and where a condition is missing. */
  readonly conditionSpan: Span | undefined;
  /** Without the line break. */
  readonly span: Span;
}

export interface CommentView {
  /** From `#` or `%dnl` to the end of the line, without the line break. */
  readonly span: Span;
  readonly form: '#' | '%dnl';
}

export interface IncludeView {
  readonly span: Span;
  readonly pathSpan: Span | undefined;
}

export interface ChangelogEntryView {
  /** With its text and the blank lines behind it. */
  readonly span: Span;
  /** The line that begins with an asterisk, without its line break. */
  readonly headerSpan: Span;
  /** As written, as in `Wed Nov 04 2015`; undefined where it is no date. */
  readonly dateSpan: Span | undefined;
  /** Between date and mail address, or to the version where there is none. */
  readonly authorSpan: Span | undefined;
  /** With angle brackets. */
  readonly emailSpan: Span | undefined;
  /** Without the dash before it. */
  readonly versionSpan: Span | undefined;
  readonly bodySpan: Span;
}

export interface FilesEntryView {
  readonly span: Span;
  readonly directives: readonly FilesDirectiveView[];
  /** What is left of the line without directives, at its ends; undefined where there is nothing. */
  readonly pathSpan: Span | undefined;
}

export interface FilesDirectiveView {
  /** Without percent sign. */
  readonly name: string;
  readonly nameSpan: Span;
  /** Without parentheses. */
  readonly argumentsSpan: Span | undefined;
  readonly span: Span;
}

/** An entry of %sourcelist, %patchlist or %sepolicy. */
export interface ListEntryView {
  /** `sourcelist`, `patchlist`, `sepolicy`. */
  readonly section: string;
  readonly span: Span;
}

/** Everything of one tree that other rooms ask for, each list in the order of the text. */
export interface Views {
  readonly sections: readonly SectionView[];
  readonly tags: readonly TagView[];
  readonly macroUses: readonly MacroUseView[];
  readonly expansions: readonly ExpansionView[];
  readonly definitions: readonly MacroDefinitionView[];
  readonly conditionalLines: readonly ConditionalLineView[];
  readonly includes: readonly IncludeView[];
  readonly comments: readonly CommentView[];
  readonly changelogEntries: readonly ChangelogEntryView[];
  readonly filesEntries: readonly FilesEntryView[];
  readonly listEntries: readonly ListEntryView[];
}

const sectionKinds: Readonly<Partial<Record<NodeKind, SectionKind>>> = {
  preamble: 'preamble',
  package_section: 'package',
  description_section: 'description',
  script_section: 'script',
  files_section: 'files',
  changelog_section: 'changelog',
  list_section: 'list',
};

/** Reads all views of a tree in one pass. */
export function collectViews(nodes: NodeTable, text: string): Views {
  const sections: SectionView[] = [];
  const tags: TagView[] = [];
  const macroUses: MacroUseView[] = [];
  const expansions: ExpansionView[] = [];
  const definitions: MacroDefinitionView[] = [];
  const conditionalLines: ConditionalLineView[] = [];
  const includes: IncludeView[] = [];
  const comments: CommentView[] = [];
  const changelogEntries: ChangelogEntryView[] = [];
  const filesEntries: FilesEntryView[] = [];
  const listEntries: ListEntryView[] = [];

  const spanOf = (node: number): Span => ({ start: nodes.start(node), end: nodes.end(node) });
  const textOf = (node: number): string => text.slice(nodes.start(node), nodes.end(node));
  const childSpan = (node: number, kind: NodeKind): Span | undefined => {
    const child = nodes.child(node, kind);
    return child < 0 ? undefined : spanOf(child);
  };
  const trimmedChild = (node: number, kind: NodeKind): Span | undefined => {
    const child = nodes.child(node, kind);
    return child < 0 ? undefined : trimmed(text, nodes.start(child), nodes.end(child));
  };
  const textAt = (span: Span | undefined): string => (span === undefined ? '' : text.slice(span.start, span.end));
  /** Nodes of lines end behind the line break. */
  const lineSpan = (node: number): Span => ({ start: nodes.start(node), end: trimEnd(text, nodes.start(node), nodes.end(node)) });
  const emptyAt = (offset: number): Span => ({ start: offset, end: offset });

  for (let node = 0; node < nodes.count; node++) {
    const kind = nodes.kind(node);
    switch (kind) {
      case 'preamble':
      case 'package_section':
      case 'description_section':
      case 'script_section':
      case 'files_section':
      case 'changelog_section':
      case 'list_section': {
        const header = nodes.child(node, 'section_header');
        const nameSpan = header < 0 ? undefined : childSpan(header, 'section_name');
        const args: SectionArgumentView[] = [];
        if (header >= 0) {
          for (let child = header + 1; child < nodes.limit(header); child = nodes.limit(child)) {
            const isOption = nodes.kind(child) === 'section_option';
            if (isOption || nodes.kind(child) === 'section_argument') args.push({ text: textOf(child), span: spanOf(child), isOption });
          }
        }
        const span = spanOf(node);
        sections.push({
          kind: sectionKinds[kind]!,
          name: textAt(nameSpan).slice(1).toLowerCase(),
          nameSpan,
          headerSpan: header < 0 ? undefined : lineSpan(header),
          arguments: args,
          span,
          bodySpan: header < 0 ? span : { start: nodes.end(header), end: span.end },
        });
        break;
      }
      case 'tag': {
        const nameSpan = childSpan(node, 'tag_name') ?? emptyAt(nodes.start(node));
        const qualifierSpan = childSpan(node, 'tag_qualifier');
        const span = lineSpan(node);
        const value = childSpan(node, 'tag_value');
        tags.push({
          name: textAt(nameSpan),
          nameSpan,
          qualifier: qualifierSpan && text.slice(qualifierSpan.start + 1, qualifierSpan.end - 1),
          qualifierSpan,
          valueSpan: value ?? emptyAt(span.end),
          span,
          inMacro: false,
        });
        break;
      }
      case 'tag_name': {
        if (nodes.kind(nodes.parent(node)) === 'tag') break;
        const nameSpan = spanOf(node);
        const lineEnd = endOfLine(text, nameSpan.end, nodes.end(nodes.parent(node)));
        const rest = /^(\([^)\n]*\))?\s*:[ \t]*/.exec(text.slice(nameSpan.end, lineEnd));
        if (rest === null) break;
        const qualifierSpan = rest[1] === undefined ? undefined : { start: nameSpan.end, end: nameSpan.end + rest[1].length };
        const start = nameSpan.end + rest[0].length;
        const end = trimEnd(text, start, text.endsWith('\\', lineEnd) ? lineEnd - 1 : lineEnd);
        tags.push({
          name: textAt(nameSpan),
          nameSpan,
          qualifier: rest[1]?.slice(1, -1),
          qualifierSpan,
          valueSpan: { start, end },
          span: { start: nameSpan.start, end },
          inMacro: true,
        });
        break;
      }
      case 'macro':
      case 'unclosed_macro': {
        const span = spanOf(node);
        const braced = text.charCodeAt(span.start + 1) === 0x7b;
        const nameSpan = childSpan(node, 'macro_name') ?? emptyAt(Math.min(span.start + (braced ? 2 : 1), span.end));
        macroUses.push({
          name: textAt(nameSpan),
          nameSpan,
          span,
          form: kind === 'unclosed_macro' ? 'unclosed' : braced ? 'braced' : 'plain',
          operator: textAt(childSpan(node, 'macro_operator')),
          bodySpan: childSpan(node, 'macro_body'),
          argumentsSpan: trimmedChild(node, 'macro_arguments'),
        });
        break;
      }
      case 'shell_expansion':
      case 'expression_expansion': {
        const span = spanOf(node);
        expansions.push({ kind: kind === 'shell_expansion' ? 'shell' : 'expression', span, contentSpan: { start: span.start + 2, end: span.end - 1 } });
        break;
      }
      case 'macro_definition':
      case 'macro_undefinition': {
        const keywordSpan = childSpan(node, 'define_keyword') ?? emptyAt(nodes.start(node));
        const nameSpan = childSpan(node, 'macro_name') ?? emptyAt(keywordSpan.end);
        definitions.push({
          keyword: textAt(keywordSpan).slice(1) as MacroDefinitionView['keyword'],
          keywordSpan,
          name: textAt(nameSpan),
          nameSpan,
          optionsSpan: childSpan(node, 'macro_options'),
          bodySpan: trimmedChild(node, 'macro_body'),
          span: lineSpan(node),
        });
        break;
      }
      case 'if_directive':
      case 'elif_directive':
      case 'else_directive':
      case 'endif_directive': {
        const keywordSpan = childSpan(node, 'directive_keyword') ?? emptyAt(nodes.start(node));
        conditionalLines.push({
          role: kind.slice(0, -'_directive'.length) as ConditionalLineView['role'],
          keyword: textAt(keywordSpan).slice(1),
          keywordSpan,
          conditionSpan: childSpan(node, 'condition'),
          span: lineSpan(node),
        });
        break;
      }
      case 'include_directive':
        includes.push({ span: lineSpan(node), pathSpan: childSpan(node, 'include_path') });
        break;
      case 'comment':
        comments.push({ span: lineSpan(node), form: text.charCodeAt(nodes.start(node)) === 0x23 ? '#' : '%dnl' });
        break;
      case 'changelog_entry':
        changelogEntries.push(changelogEntry(nodes, text, node));
        break;
      case 'files_entry':
        filesEntries.push(filesEntry(nodes, text, node));
        break;
      case 'list_entry': {
        const section = sections[sections.length - 1];
        listEntries.push({ section: section?.name ?? '', span: lineSpan(node) });
        break;
      }
      default:
        break;
    }
  }
  return { sections, tags, macroUses, expansions, definitions, conditionalLines, includes, comments, changelogEntries, filesEntries, listEntries };
}

function changelogEntry(nodes: NodeTable, text: string, node: number): ChangelogEntryView {
  const header = nodes.child(node, 'changelog_header');
  const headerSpan = { start: nodes.start(header), end: trimEnd(text, nodes.start(header), nodes.end(header)) };
  const of = (kind: NodeKind): Span | undefined => {
    const child = nodes.child(header, kind);
    return child < 0 ? undefined : { start: nodes.start(child), end: nodes.end(child) };
  };
  const dateSpan = of('changelog_date');
  const emailSpan = of('changelog_email');
  const afterDate = dateSpan?.end ?? headerSpan.start + 1;
  // Without a mail address the version stands behind the last dash that has white space around it.
  const rest = text.slice(emailSpan?.end ?? afterDate, headerSpan.end);
  const version = emailSpan ? /^\s*(?:-\s*)?(?=\S)/.exec(rest) : /^.*?\s-\s+(?=\S+$)/.exec(rest);
  const versionStart = version && (emailSpan?.end ?? afterDate) + version[0].length;
  const versionSpan = versionStart !== null && versionStart < headerSpan.end ? { start: versionStart, end: headerSpan.end } : undefined;
  const authorEnd = emailSpan?.start ?? (versionSpan ? versionSpan.start : headerSpan.end);
  let author: Span | undefined = trimmed(text, afterDate, authorEnd);
  if (author && !emailSpan && versionSpan) author = trimmed(text, author.start, text.lastIndexOf('-', author.end - 1));
  return {
    span: { start: nodes.start(node), end: nodes.end(node) },
    headerSpan,
    dateSpan,
    authorSpan: author,
    emailSpan,
    versionSpan,
    bodySpan: { start: nodes.end(header), end: nodes.end(node) },
  };
}

function filesEntry(nodes: NodeTable, text: string, node: number): FilesEntryView {
  const directives: FilesDirectiveView[] = [];
  let start = -1;
  let end = -1;
  for (let child = node + 1; child < nodes.limit(node); child = nodes.limit(child)) {
    if (nodes.kind(child) !== 'files_directive') {
      if (nodes.kind(child) === 'comment') continue;
      if (start < 0) start = nodes.start(child);
      end = nodes.end(child);
      continue;
    }
    const name = nodes.child(child, 'directive_name');
    const args = nodes.child(child, 'directive_arguments');
    const nameSpan = { start: nodes.start(name), end: nodes.end(name) };
    directives.push({
      name: text.slice(nameSpan.start + 1, nameSpan.end),
      nameSpan,
      argumentsSpan: args < 0 ? undefined : { start: nodes.start(args), end: nodes.end(args) },
      span: { start: nodes.start(child), end: nodes.end(child) },
    });
  }
  return {
    span: { start: nodes.start(node), end: trimEnd(text, nodes.start(node), nodes.end(node)) },
    directives,
    pathSpan: start < 0 ? undefined : trimmed(text, start, end),
  };
}

function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}

function trimEnd(text: string, start: number, end: number): number {
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return end;
}

function trimmed(text: string, start: number, end: number): Span | undefined {
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  const last = trimEnd(text, start, end);
  return last > start ? { start, end: last } : undefined;
}

function endOfLine(text: string, from: number, limit: number): number {
  const found = text.indexOf('\n', from);
  return found < 0 || found > limit ? limit : found;
}
