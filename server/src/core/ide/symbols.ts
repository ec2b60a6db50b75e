import type { Span } from '../text/index.js';
import type { Snapshot } from '../workspace/index.js';
import { shortened } from './markdown.js';

export type SymbolKind = 'package' | 'section' | 'tag' | 'source' | 'macro' | 'function' | 'conditional' | 'entry';

export interface OutlineSymbol {
  readonly name: string;
  /** A value or a condition, beside the name. */
  readonly detail: string | undefined;
  readonly kind: SymbolKind;
  readonly span: Span;
  /** The name's own place, within `span`. */
  readonly nameSpan: Span;
  readonly children: readonly OutlineSymbol[];
}

interface Draft {
  readonly name: string;
  readonly detail: string | undefined;
  readonly kind: SymbolKind;
  readonly span: Span;
  readonly nameSpan: Span;
  readonly children: Draft[];
}

/** Entries of a changelog that the outline shows: the newest. */
const changelogLimit = 20;
const detailLimit = 80;

/** The outline: sections with what stands in them; conditionals only where they hold something. */
export function outline(snapshot: Snapshot): readonly OutlineSymbol[] {
  const { tree, text, evaluation } = snapshot;
  const { sections, tags, definitions, changelogEntries, listEntries } = tree.views;
  const top: Draft[] = [];
  const owners: { readonly span: Span; readonly children: Draft[] }[] = [];
  const packages = new Map(evaluation.sections.filter(({ package: index }) => index !== undefined).map(({ headerSpan, package: index }) => [headerSpan.start, evaluation.packages[index!]?.name]));
  for (const section of sections) {
    if (section.nameSpan === undefined || section.headerSpan === undefined) {
      // The preamble is the spec itself: its tags stand at the top.
      owners.push({ span: section.span, children: top });
      continue;
    }
    const args = text.slice(section.nameSpan.end, section.headerSpan.end).trim();
    const of = packages.get(section.nameSpan.start);
    const isPackage = section.name === 'package';
    const draft: Draft = {
      name: isPackage ? (of ?? args) : `%${section.name}${args === '' ? '' : ` ${args}`}`,
      detail: isPackage ? `%package ${args}` : undefined,
      kind: isPackage ? 'package' : 'section',
      span: trimmed(text, section.span),
      nameSpan: section.headerSpan,
      children: [],
    };
    top.push(draft);
    owners.push({ span: section.span, children: draft.children });
  }
  const place = (draft: Draft): void => void (owners.findLast(({ span }) => span.start <= draft.span.start)?.children ?? top).push(draft);
  const values = new Map(evaluation.tags.map(({ nameSpan, value }) => [nameSpan.start, value]));
  for (const tag of tags) {
    if (tag.inMacro) continue;
    const value = values.get(tag.nameSpan.start) ?? text.slice(tag.valueSpan.start, tag.valueSpan.end);
    const isFile = /^(source|patch)\d*$/i.test(tag.name);
    place({ name: tag.name + (tag.qualifier === undefined ? '' : `(${tag.qualifier})`), detail: shortened(value, detailLimit), kind: isFile ? 'source' : 'tag', span: tag.span, nameSpan: tag.nameSpan, children: [] });
  }
  for (const { name, nameSpan, span, keyword, bodySpan, optionsSpan } of definitions) {
    if (name === '' || keyword === 'undefine') continue;
    const body = bodySpan === undefined ? '' : text.slice(bodySpan.start, bodySpan.end).replace(/\\?\s*\n\s*/g, ' ').trim();
    place({ name: `%${name}`, detail: shortened(body, detailLimit), kind: optionsSpan === undefined ? 'macro' : 'function', span, nameSpan, children: [] });
  }
  for (const { headerSpan, span } of changelogEntries.slice(0, changelogLimit)) {
    place({ name: text.slice(headerSpan.start + 1, headerSpan.end).trim() || '*', detail: undefined, kind: 'entry', span: trimmed(text, span), nameSpan: headerSpan, children: [] });
  }
  for (const { span } of listEntries) place({ name: text.slice(span.start, span.end).trim() || '?', detail: undefined, kind: 'source', span, nameSpan: span, children: [] });
  const conditionals = tree.conditionals.conditionals.map(({ opener, closer, branches }): Draft => {
    const end = closer?.span.end ?? branches.at(-1)?.span.end ?? opener.span.end;
    const condition = opener.conditionSpan === undefined ? '' : text.slice(opener.conditionSpan.start, opener.conditionSpan.end);
    return { name: `%${opener.keyword}`, detail: shortened(condition, detailLimit), kind: 'conditional', span: { start: opener.span.start, end }, nameSpan: opener.span, children: [] };
  });
  nest(top, conditionals);
  return top;
}

/**
 * Puts conditionals around what they hold. One that begins in a section and ends in another holds nothing of either:
 * the outline would not be a tree.
 */
function nest(symbols: Draft[], conditionals: readonly Draft[]): void {
  for (const symbol of symbols) {
    if (symbol.children.length === 0) continue;
    nest(symbol.children, conditionals.filter(({ span }) => symbol.span.start <= span.start && span.end <= symbol.span.end));
  }
  symbols.sort((a, b) => a.span.start - b.span.start || b.span.end - a.span.end);
  // Innermost first, so that an outer one then takes the inner one along.
  const fitting = [...conditionals].sort((a, b) => a.span.end - a.span.start - (b.span.end - b.span.start));
  for (const conditional of fitting) {
    const inside = symbols.filter(({ span }) => conditional.span.start <= span.start && span.end <= conditional.span.end && span !== conditional.span);
    const cut = symbols.some(({ span }) => span.start < conditional.span.start && conditional.span.start < span.end) || symbols.some(({ span }) => conditional.span.start < span.start && span.start < conditional.span.end && conditional.span.end < span.end);
    if (inside.length === 0 || cut) continue;
    symbols.splice(symbols.indexOf(inside[0]!), inside.length, conditional);
    conditional.children.push(...inside);
  }
}

function trimmed(text: string, { start, end }: Span): Span {
  while (end > start && /\s/.test(text[end - 1]!)) end--;
  return { start, end };
}
