import { type SyntaxContext, contextAt } from '../syntax/index.js';
import type { Span } from '../text/index.js';
import { type Snapshot } from '../workspace/index.js';
import { describeSite } from './macroDescription.js';
import { code, codeBlock, shortened } from './markdown.js';
import { builtinReference, conditionalReference, filesReference } from './reference/directives.js';
import { type ReferenceEntry, describeEntry } from './reference/entry.js';
import { sectionReference } from './reference/sections.js';
import { spdxLicenses } from './reference/licenses.js';
import { findTag, tagReference } from './reference/tags.js';

export interface CompletionOptions {
  /** Whether the editor takes places to jump to (`${1:name}`) in what is inserted. */
  readonly snippets: boolean;
}

export type CompletionKind = 'tag' | 'section' | 'macro' | 'function' | 'directive' | 'value' | 'file' | 'package' | 'architecture';

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** Short text beside the label: a macro's value. */
  readonly detail: string | undefined;
  /** What replaces `span`. */
  readonly insert: string;
  readonly isSnippet: boolean;
  /** Order: the lower, the earlier; equal ones by label. */
  readonly rank: number;
}

export interface Completions {
  /** What an item replaces: the word around the place. */
  readonly span: Span;
  readonly items: readonly Completion[];
}

/** Macros of rpm itself that nobody types: their names begin with two underscores. They come last. */
const hiddenRank = 8;
const detailLimit = 80;

const architectureNames = ['noarch', 'x86_64', 'aarch64', 'ppc64le', 's390x', 'riscv64', 'i686', 'armv7hl', 'loongarch64', '%{ix86}', '%{arm}', '%{power64}', '%{java_arches}', '%{nodejs_arches}', '%{golang_arches}', '%{rust_arches}'];

/** What can be typed at the place, each with what it would insert; undefined where nothing is known to fit. */
export function completions(snapshot: Snapshot, offset: number, options: CompletionOptions): Completions | undefined {
  const context = contextAt(snapshot.tree, offset);
  const collect = new Collector(snapshot, options);
  switch (context.kind) {
    case 'comment':
    case 'changelog':
    case 'description':
    case 'script':
    case 'list':
    case 'include-path':
    case 'macro-definition-name':
      if (context.kind === 'list') return collect.fileNames(wordAt(snapshot.text, offset), 'patch');
      return undefined;
    case 'macro-name':
      return collect.macros(context, offset);
    case 'macro-argument':
      return collect.macroArguments(context.macro.name, wordAt(snapshot.text, offset));
    case 'tag-name':
      return collect.tags(context.span, context.section?.kind === 'package');
    case 'tag-qualifier':
      return collect.words(context.span, findTag(context.tagName)?.qualifiers ?? [], 'value');
    case 'tag-value':
      return collect.tagValues(context.tag.name, snapshot.text, offset, context.tag.valueSpan);
    case 'section-header':
      return collect.sectionArguments(context.prefix, context.span);
    case 'condition':
      return /^%?(?:el)?ifn?arch\b/.test(lineBefore(snapshot.text, offset).trimStart()) ? collect.words(wordAt(snapshot.text, offset), architectureNames, 'architecture') : undefined;
    case 'files':
      return undefined;
  }
}

/** What a completion says when it is looked at; undefined where there is no more than its label and detail. */
export function describeCompletion(snapshot: Snapshot, { label, kind }: { readonly label: string; readonly kind: string }): string | undefined {
  const entry: ReferenceEntry | undefined =
    kind === 'tag' ? findTag(label) : kind === 'section' ? sectionReference.find(({ name }) => name === label) : kind === 'directive' ? [...filesReference, ...conditionalReference, ...builtinReference].find(({ name }) => name === label) : undefined;
  if (entry !== undefined) return describeEntry(entry);
  if (kind !== 'macro' && kind !== 'function') return undefined;
  const name = label.replace(/^%/, '');
  const definition = snapshot.evaluation.lookup(name);
  if (definition === undefined || definition.site.kind === 'builtin') {
    const builtin = builtinReference.find((candidate) => candidate.name === `%${name}`);
    return builtin === undefined ? undefined : describeEntry(builtin);
  }
  const parts = [`**%${name}${definition.options === undefined ? '' : `(${definition.options})`}** is ${describeSite(snapshot, definition)}.`];
  if (definition.body !== '') parts.push(codeBlock(shortened(definition.body, 1000)));
  if (definition.options === undefined) parts.push(`Value at the end of the spec: ${code(shortened(snapshot.evaluation.expand(`%{${name}}`), 400))}`);
  return parts.join('\n\n');
}

class Collector {
  readonly #snapshot: Snapshot;
  readonly #options: CompletionOptions;

  constructor(snapshot: Snapshot, options: CompletionOptions) {
    this.#snapshot = snapshot;
    this.#options = options;
  }

  tags(span: Span, isSubpackage: boolean): Completions {
    const { text, evaluation } = this.#snapshot;
    // A colon that is there already is not typed twice.
    const hasColon = /^\s*(\([^)]*\))?\s*:/.test(text.slice(span.end, span.end + 60));
    const column = valueColumn(this.#snapshot);
    const present = new Set(evaluation.tags.filter((tag) => tag.package === 0).map(({ name }) => name));
    const highest = (kind: 'source' | 'patch'): number => Math.max(-1, ...(kind === 'source' ? evaluation.sources : evaluation.patches).map(({ number }) => number));
    const items: Completion[] = tagReference
      .filter(({ isOnce, name }) => !(isOnce && isSubpackage) || name === 'Version')
      .map((entry) => {
        const name = entry.isNumbered ? `${entry.name}${highest(entry.name === 'Patch' ? 'patch' : 'source') + 1}` : entry.name;
        const insert = hasColon ? name : `${name}:${' '.repeat(Math.max(1, column - name.length - 1))}`;
        const isUsed = entry.isOnce && present.has(entry.name);
        return { label: name, kind: 'tag', detail: undefined, insert, isSnippet: false, rank: isUsed ? 5 : commonTags.has(entry.name) ? 0 : 2 };
      });
    return { span, items: [...items, ...this.#lineStarts('%').items] };
  }

  /** Sections, conditionals, definitions: what may stand at the start of a line. `lead` is what is inserted before their name. */
  #lineStarts(lead: string): { readonly items: Completion[] } {
    const items: Completion[] = [];
    for (const { name, usage } of sectionReference) items.push({ label: name, kind: 'section', detail: usage === '' ? undefined : usage, insert: lead + name.slice(1), isSnippet: false, rank: 1 });
    for (const { name, usage } of conditionalReference) {
      const word = name.slice(1);
      const isBlock = this.#options.snippets && /^%if/.test(name);
      items.push({ label: name, kind: 'directive', detail: usage === '' ? undefined : usage, insert: isBlock ? `${lead}${word} \${1:condition}\n$0\n%endif` : usage === '' ? lead + word : `${lead}${word} `, isSnippet: isBlock, rank: 1 });
    }
    return { items };
  }

  macros(context: Extract<SyntaxContext, { kind: 'macro-name' }>, offset: number): Completions {
    const { evaluation, text, tree } = this.#snapshot;
    const { span, form, atLineStart, section } = context;
    const items = new Map<string, Completion>();
    const isClosed = form === 'braced' && text.charCodeAt(span.end) === 0x7d;
    const close = form === 'braced' && !isClosed && !/^[\s:]/.test(text.slice(span.end, span.end + 1) || ' ') ? '' : form === 'braced' && !isClosed ? '}' : '';
    const spec = new Set(tree.views.definitions.map(({ name }) => name));
    const inSection = section?.kind === 'files';
    for (const name of evaluation.macroNames()) {
      if (!/^\w+$/.test(name)) continue;
      const definition = evaluation.lookup(name);
      if (definition === undefined) continue;
      const isFunction = definition.options !== undefined;
      const value = isFunction ? `(${definition.options ?? ''})` : definition.site.kind === 'builtin' ? undefined : definition.body;
      const rank = spec.has(name) ? 1 : name.startsWith('__') ? hiddenRank : name.startsWith('_') ? 3 : 2;
      items.set(name, { label: name, kind: isFunction ? 'function' : 'macro', detail: value === undefined ? undefined : shortened(value.replace(/\s+/g, ' '), detailLimit), insert: name + close, isSnippet: false, rank });
    }
    for (const { name, isUse } of definedHere(this.#snapshot, offset)) {
      if (isUse && !items.has(name)) items.set(name, { label: name, kind: 'macro', detail: undefined, insert: name + close, isSnippet: false, rank: 1 });
    }
    for (const { name, usage } of builtinReference) {
      const word = name.slice(1);
      const known = items.get(word);
      const takesText = usage === '' && /:/.test(builtinReference.find((one) => one.name === name)!.text.slice(0, 20));
      const insert = form === 'braced' && takesText && !isClosed ? (this.#options.snippets ? `${word}:\${1}}` : `${word}:`) : word + close;
      items.set(word, { label: word, kind: 'function', detail: usage === '' ? known?.detail : usage, insert, isSnippet: this.#options.snippets && insert.includes('$'), rank: 4 });
    }
    const collected = [...items.values()];
    if (form === 'plain' && inSection) for (const { name, usage } of filesReference) collected.push({ label: name, kind: 'directive', detail: usage === '' ? undefined : usage, insert: name.slice(1), isSnippet: false, rank: 0 });
    if (atLineStart) collected.push(...this.#lineStarts('').items);
    return { span, items: collected };
  }

  macroArguments(name: string, span: Span): Completions | undefined {
    if (name === 'with' || name === 'without') {
      const conditionals = this.#snapshot.evaluation.definitions.filter(({ by }) => by === 'bcond').map(({ definition }) => definition.name.replace(/^(with|without|_with|_without)_/, ''));
      const used = [...this.#snapshot.text.matchAll(/^%bcond(?:_with|_without)?\s+(\w+)/gm)].map(([, declared]) => declared!);
      return this.words(span, [...new Set([...conditionals, ...used])], 'value');
    }
    if (name === 'patch' && /-P\s*$/.test(this.#snapshot.text.slice(span.start - 4, span.start))) {
      return { span, items: this.#snapshot.evaluation.patches.map(({ number, fileName }) => ({ label: String(number), kind: 'value', detail: fileName, insert: String(number), isSnippet: false, rank: number })) };
    }
    return undefined;
  }

  tagValues(written: string, text: string, offset: number, valueSpan: Span): Completions | undefined {
    const entry = findTag(written);
    if (entry === undefined) return undefined;
    const word = wordAt(text, offset);
    const span = { start: Math.max(word.start, Math.min(valueSpan.start, offset)), end: word.end };
    if (entry.name === 'Source' || entry.name === 'Patch') return this.fileNames(span, entry.name === 'Patch' ? 'patch' : 'source');
    if (entry.name === 'License') return this.words(licenseWord(text, offset, valueSpan.start), [...spdxLicenses, 'AND', 'OR', 'WITH'], 'value');
    if (/Arch$/.test(entry.name)) return this.words(span, architectureNames, 'architecture');
    if (entry.isDependency) {
      const own = this.#snapshot.evaluation.packages.map(({ name }) => name);
      const seen = new Set(this.#snapshot.evaluation.packages.flatMap(({ dependencies }) => dependencies.filter(({ name }) => /^[\w.+:()/-]+$/.test(name)).map(({ name }) => name)));
      const items: Completion[] = [...new Set(own)].map((name) => ({ label: name, kind: 'package', detail: 'built from this spec', insert: name, isSnippet: false, rank: 0 }));
      for (const name of seen) if (!own.includes(name)) items.push({ label: name, kind: 'package', detail: undefined, insert: name, isSnippet: false, rank: 1 });
      return { span, items };
    }
    return entry.values.length > 0 ? this.words(span, entry.values, 'value') : undefined;
  }

  sectionArguments(prefix: string, span: Span): Completions | undefined {
    if (prefix.startsWith('-')) return undefined;
    const { packages } = this.#snapshot.evaluation;
    const main = packages[0]?.name;
    if (main === undefined) return undefined;
    const isFull = /-n\s+$/.test(this.#snapshot.text.slice(Math.max(0, span.start - 8), span.start));
    const names = packages.slice(isFull ? 0 : 1).flatMap(({ name }) => (isFull ? [name] : name.startsWith(`${main}-`) ? [name.slice(main.length + 1)] : []));
    return this.words(span, names, 'package');
  }

  fileNames(span: Span, kind: 'source' | 'patch'): Completions | undefined {
    const { files } = this.#snapshot.facts;
    if (files === undefined) return undefined;
    const declared = new Set([...this.#snapshot.evaluation.patches, ...this.#snapshot.evaluation.sources].map(({ fileName }) => fileName));
    const isPatch = (name: string): boolean => /\.(patch|diff)(\.\w+)?$/.test(name);
    const items: Completion[] = [];
    for (const name of files) {
      if (name.startsWith('.') || /\.(spec|src\.rpm)$/.test(name) || name === 'SOURCES' || (kind === 'patch' && !isPatch(name))) continue;
      items.push({ label: name, kind: 'file', detail: declared.has(name) ? 'declared already' : undefined, insert: name, isSnippet: false, rank: declared.has(name) ? 2 : kind === 'source' && isPatch(name) ? 1 : 0 });
    }
    return { span, items };
  }

  words(span: Span, words: readonly string[], kind: CompletionKind): Completions {
    return { span, items: words.map((label) => ({ label, kind, detail: undefined, insert: label, isSnippet: false, rank: 0 })) };
  }
}

const commonTags = new Set(['Name', 'Version', 'Release', 'Summary', 'License', 'URL', 'Source', 'Patch', 'BuildRequires', 'Requires', 'BuildArch', 'Provides', 'Obsoletes', 'Conflicts', 'Epoch']);

/** Macros that the text defines, wherever they are read: `%define`, `%global`, `%bcond`. */
function definedHere(snapshot: Snapshot, offset: number): readonly { readonly name: string; readonly isUse: boolean }[] {
  return snapshot.tree.views.definitions.filter(({ keyword, name, span }) => keyword !== 'undefine' && name !== '' && (offset < span.start || offset > span.end)).map(({ name }) => ({ name, isUse: true }));
}

/** The column in which this spec lets values begin, so that a new tag stands in line with the others. */
function valueColumn({ tree, lines }: Snapshot): number {
  const counts = new Map<number, number>();
  for (const { nameSpan, valueSpan, inMacro } of tree.views.tags) {
    if (inMacro || valueSpan.start === valueSpan.end) continue;
    const column = valueSpan.start - lines.lineStart(lines.lineAt(nameSpan.start));
    counts.set(column, (counts.get(column) ?? 0) + 1);
  }
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || a[0] - b[0]);
  return best !== undefined && best[1] > 1 ? best[0] : 16;
}

/** The word around the place: what is not white space, a comma or a parenthesis. */
function wordAt(text: string, offset: number): Span {
  let start = offset;
  let end = offset;
  while (start > 0 && !/[\s,()]/.test(text[start - 1]!)) start--;
  while (end < text.length && !/[\s,()]/.test(text[end]!)) end++;
  return { start, end };
}

function licenseWord(text: string, offset: number, from: number): Span {
  const word = wordAt(text, offset);
  return { start: Math.max(word.start, Math.min(from, offset)), end: word.end };
}

function lineBefore(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
}
