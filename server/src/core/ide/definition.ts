import type { MacroDefinition } from '../macros/index.js';
import { type Span, contains } from '../text/index.js';
import { type Snapshot, packageFile } from '../workspace/index.js';
import { definitionAt, definitionSpan, evaluatedUse, macroAt, sourceAt, tagAt } from './place.js';

/** A place to go to: in this spec, or in a file. */
export type DefinitionPlace =
  | { readonly kind: 'here'; /** All of it. */ readonly span: Span; /** What to select: the name. */ readonly nameSpan: Span }
  /** Path absolute; the line zero-based. */
  | { readonly kind: 'file'; readonly path: string; readonly line: number };

export interface Definitions {
  /** The word that the question was about. */
  readonly origin: Span;
  readonly places: readonly DefinitionPlace[];
}

/** Where what stands at the place is defined; undefined where nothing there has a definition. */
export function definitions(snapshot: Snapshot, offset: number): Definitions | undefined {
  return ofDefinition(snapshot, offset) ?? ofMacro(snapshot, offset) ?? ofConditional(snapshot, offset) ?? ofSource(snapshot, offset) ?? ofSubpackage(snapshot, offset);
}

/** From a later definition to the ones of the same macro: all of them, so that one sees that there are several. */
function ofDefinition(snapshot: Snapshot, offset: number): Definitions | undefined {
  const at = definitionAt(snapshot, offset);
  if (at === undefined) return undefined;
  const places = snapshot.tree.views.definitions.filter(({ name, keyword }) => name === at.name && keyword !== 'undefine').map(({ span, nameSpan }): DefinitionPlace => ({ kind: 'here', span, nameSpan }));
  return { origin: at.nameSpan, places };
}

function ofMacro(snapshot: Snapshot, offset: number): Definitions | undefined {
  const use = macroAt(snapshot, offset);
  if (use === undefined) {
    return ofPatchNumber(snapshot, offset);
  }
  const origin = use.form === 'plain' ? { start: use.span.start, end: use.nameSpan.end } : use.span;
  const { name } = use;
  const numbered = /^(SOURCE|PATCH|S:|P:)(\d*)$/i.exec(name);
  if (numbered !== null && (/^(SOURCE|PATCH)\d*$/.test(name) || name.endsWith(':'))) {
    const found = entryOf(snapshot, numbered[1]!.toUpperCase().startsWith('S') ? 'source' : 'patch', numbered[2] === '' ? 0 : Number(numbered[2]));
    if (found !== undefined) return { origin, places: [found] };
  }
  // %patch1, and %patch -P 1 with the cursor on the macro itself.
  const patch = /^patch(\d*)$/.exec(name);
  if (patch !== null) {
    const argument = use.argumentsSpan === undefined ? '' : snapshot.text.slice(use.argumentsSpan.start, use.argumentsSpan.end);
    const number = patch[1] !== '' ? patch[1] : (/(?:^|\s)-P\s*(\d+)/.exec(argument)?.[1] ?? /(?:^|\s)(\d+)(?:\s|$)/.exec(argument)?.[1]);
    const found = number === undefined ? undefined : entryOf(snapshot, 'patch', Number(number));
    if (found !== undefined) return { origin, places: [found] };
  }
  const evaluated = evaluatedUse(snapshot, use)?.definition;
  const written = snapshot.tree.views.definitions.filter((one) => one.name === name && one.keyword !== 'undefine');
  const definition = evaluated ?? snapshot.evaluation.lookup(name);
  const place = definition === undefined ? undefined : placeOf(snapshot, definition);
  if (place !== undefined) return { origin, places: [place] };
  // rpm never came by (a branch that is left out, a text that breaks off): what is written with that name.
  const places = written.map(({ span, nameSpan }): DefinitionPlace => ({ kind: 'here', span, nameSpan }));
  const bcond = places.length > 0 ? undefined : bcondOf(snapshot, name, use.argumentsSpan);
  if (bcond !== undefined) return { origin, places: [bcond] };
  return places.length > 0 ? { origin, places } : undefined;
}

/** Where a definition stands, if that is a place one can go to. */
function placeOf(snapshot: Snapshot, definition: MacroDefinition): DefinitionPlace | undefined {
  const { site } = definition;
  if (site.kind === 'spec') {
    const nameSpan = definitionSpan(snapshot, definition) ?? site.span;
    return { kind: 'here', span: site.span, nameSpan };
  }
  // A file inside a package of an imported set is no file of this machine.
  if (site.kind === 'file' && /^([/\\]|[A-Za-z]:[/\\])/.test(site.file)) return { kind: 'file', path: site.file, line: site.line };
  return undefined;
}

/** `%{with foo}` to the line that declares the build conditional. */
function bcondOf(snapshot: Snapshot, name: string, argument: Span | undefined): DefinitionPlace | undefined {
  if ((name !== 'with' && name !== 'without') || argument === undefined) return undefined;
  const wanted = snapshot.text.slice(argument.start, argument.end).trim();
  const declared = snapshot.tree.views.macroUses.find((use) => /^bcond(_with|_without)?$/.test(use.name) && use.argumentsSpan !== undefined && snapshot.text.slice(use.argumentsSpan.start, use.argumentsSpan.end).trim().split(/\s+/)[0] === wanted);
  return declared === undefined ? undefined : { kind: 'here', span: declared.span, nameSpan: declared.argumentsSpan! };
}

/** On the number of `%patch -P 1`. */
function ofPatchNumber(snapshot: Snapshot, offset: number): Definitions | undefined {
  const use = snapshot.tree.views.macroUses.find(({ name, argumentsSpan }) => (name === 'patch' || name === 'autopatch') && argumentsSpan !== undefined && contains(argumentsSpan, offset));
  if (use?.argumentsSpan === undefined) return undefined;
  const { text } = snapshot;
  let start = offset;
  let end = offset;
  while (start > use.argumentsSpan.start && /\d/.test(text[start - 1]!)) start--;
  while (end < use.argumentsSpan.end && /\d/.test(text[end]!)) end++;
  const isNumber = start < end && (/(^|\s)(-P\s*|)$/.test(text.slice(use.argumentsSpan.start, start)) || /-P$/.test(text.slice(use.argumentsSpan.start, start)));
  const found = isNumber ? entryOf(snapshot, 'patch', Number(text.slice(start, end))) : undefined;
  return found === undefined ? undefined : { origin: { start, end }, places: [found] };
}

/** The line that declares a source or patch of that number. */
function entryOf({ evaluation, tree }: Snapshot, kind: 'source' | 'patch', number: number): DefinitionPlace | undefined {
  const found = (kind === 'source' ? evaluation.sources : evaluation.patches).find((entry) => entry.number === number);
  if (found !== undefined) return { kind: 'here', span: found.span, nameSpan: found.nameSpan };
  const written = tree.views.tags.find(({ name }) => name.toLowerCase() === `${kind}${number}` || (number === 0 && name.toLowerCase() === kind));
  return written === undefined ? undefined : { kind: 'here', span: written.span, nameSpan: written.nameSpan };
}

/** From `%else`, `%elif` and `%endif` to their `%if`; from an `%if` to its `%endif`. */
function ofConditional({ tree }: Snapshot, offset: number): Definitions | undefined {
  for (const { opener, branches, closer } of tree.conditionals.conditionals) {
    const line = [opener, ...branches, ...(closer === undefined ? [] : [closer])].find(({ keywordSpan }) => contains(keywordSpan, offset));
    if (line === undefined) continue;
    const other = line === opener ? (branches[0] ?? closer) : opener;
    return other === undefined ? undefined : { origin: line.keywordSpan, places: [{ kind: 'here', span: other.span, nameSpan: other.keywordSpan }] };
  }
  return undefined;
}

/** From the value of a Source or Patch to its file. */
function ofSource(snapshot: Snapshot, offset: number): Definitions | undefined {
  const entry = sourceAt(snapshot, offset);
  if (entry === undefined) return undefined;
  const path = packageFile(snapshot.facts, entry.fileName);
  const tag = tagAt(snapshot, offset);
  const origin = tag !== undefined && contains(tag.nameSpan, offset) ? tag.nameSpan : entry.valueSpan;
  return path === undefined ? undefined : { origin, places: [{ kind: 'file', path, line: 0 }] };
}

/** From the package named in the header of a section to its `%package` line. */
function ofSubpackage({ tree, evaluation }: Snapshot, offset: number): Definitions | undefined {
  const section = tree.views.sections.find(({ arguments: given }) => given.some(({ span, isOption }) => !isOption && contains(span, offset)));
  const argument = section?.arguments.find(({ span, isOption }) => !isOption && contains(span, offset));
  if (section === undefined || argument === undefined) return undefined;
  const read = evaluation.sections.find(({ headerSpan }) => headerSpan.start === section.headerSpan?.start);
  const owner = read?.package === undefined ? undefined : evaluation.packages[read.package];
  return owner?.span === undefined ? undefined : { origin: argument.span, places: [{ kind: 'here', span: owner.span, nameSpan: owner.span }] };
}
