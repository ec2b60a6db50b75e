import { type Span, type TextEdit, contains } from '../text/index.js';
import type { Snapshot } from '../workspace/index.js';
import { definitionAt, macroAt } from './place.js';

export interface Reference {
  /** The name alone. */
  readonly span: Span;
  readonly kind: 'definition' | 'use';
}

/** A macro that the place names: by a use or a definition. */
interface NamedMacro {
  readonly name: string;
  readonly span: Span;
}

/** Every place of the text that names the macro at the place, in order; empty where no macro stands there. */
export function references(snapshot: Snapshot, offset: number): readonly Reference[] {
  const macro = macroNamedAt(snapshot, offset);
  return macro === undefined ? [] : placesOf(snapshot, macro.name);
}

/** Why a name cannot be changed, as a sentence, or what would be changed. */
export type Renaming = { readonly refusal: string } | { readonly span: Span; readonly name: string };

/** Whether the macro at the place can be given another name: only one that this spec itself defines. */
export function prepareRename(snapshot: Snapshot, offset: number): Renaming {
  const macro = macroNamedAt(snapshot, offset);
  if (macro === undefined) return { refusal: 'Only macros can be renamed.' };
  const { name, span } = macro;
  const defined = snapshot.tree.views.definitions.some((one) => one.name === name && one.keyword !== 'undefine');
  if (!defined) return { refusal: `The macro ${name} is not defined in this spec, so it cannot be renamed here.` };
  const elsewhere = snapshot.evaluation.lookup(name)?.site.kind;
  if (elsewhere === 'builtin') return { refusal: `${name} is built into rpm and cannot be renamed.` };
  return { span, name };
}

/** rpm wants three characters at least, the first a letter or an underscore (macro.c, doDefine). */
const macroName = /^[A-Za-z_]\w{2,}$/;

/** The edits that give the macro at the place another name. */
export function rename(snapshot: Snapshot, offset: number, newName: string): { readonly refusal: string } | { readonly edits: readonly TextEdit[] } {
  const prepared = prepareRename(snapshot, offset);
  if ('refusal' in prepared) return prepared;
  if (!macroName.test(newName)) return { refusal: `${newName === '' ? 'An empty text' : newName} is no macro name: rpm wants at least three letters, digits or underscores, and no digit first.` };
  if (newName !== prepared.name && placesOf(snapshot, newName).some(({ kind }) => kind === 'definition')) return { refusal: `This spec already defines a macro ${newName}.` };
  return { edits: placesOf(snapshot, prepared.name).map(({ span }) => ({ span, text: newName })) };
}

/** What is to be lit up at the place: uses of one macro, or the lines of one conditional. */
export function highlights(snapshot: Snapshot, offset: number): readonly Reference[] {
  const found = references(snapshot, offset);
  if (found.length > 0) return found;
  for (const { opener, branches, closer } of snapshot.tree.conditionals.conditionals) {
    const lines = [opener, ...branches, ...(closer === undefined ? [] : [closer])];
    if (lines.some(({ keywordSpan }) => contains(keywordSpan, offset))) return lines.map(({ keywordSpan }) => ({ span: keywordSpan, kind: 'use' }));
  }
  return [];
}

function macroNamedAt(snapshot: Snapshot, offset: number): NamedMacro | undefined {
  const definition = definitionAt(snapshot, offset);
  if (definition !== undefined) return { name: definition.name, span: definition.nameSpan };
  const use = macroAt(snapshot, offset);
  // What looks like a macro at the start of a line may be a section's name or a directive.
  return use === undefined || use.name === '' ? undefined : { name: use.name, span: use.nameSpan };
}

function placesOf({ tree, text }: Snapshot, name: string): Reference[] {
  const places: Reference[] = [];
  for (const { name: defined, nameSpan } of tree.views.definitions) if (defined === name) places.push({ span: nameSpan, kind: 'definition' });
  for (const { name: used, nameSpan } of tree.views.macroUses) if (used === name) places.push({ span: nameSpan, kind: 'use' });
  // A condition may ask for a macro by name without a percent sign, as %{defined:x} and rpm's Lua do; those are left alone,
  // but a name given to %{with} and its kin is that of a build conditional, which is no macro.
  const seen = new Set<number>();
  return places.sort((a, b) => a.span.start - b.span.start).filter(({ span }) => text.slice(span.start, span.end) === name && !seen.has(span.start) && seen.add(span.start));
}
