import type { TagView } from '../syntax/index.js';
import { type Span, contains } from '../text/index.js';
import type { Snapshot } from '../workspace/index.js';
import { describeMacro } from './macroDescription.js';
import { code, codeBlock, shortened } from './markdown.js';
import { type PatchOrigin, type PatchSaying, describePatch, patchOrigins } from './patchOrigin.js';
import { definitionAt, evaluatedUse, macroAt, tagAt } from './place.js';
import { findDirective, findFilesDirective } from './reference/directives.js';
import { describeEntry } from './reference/entry.js';
import { findSection } from './reference/sections.js';
import { findTag } from './reference/tags.js';

export interface HoverOptions {
  /** What the patch of this line says of itself, where the caller has read it (see {@link patchAt}). */
  readonly says?: PatchSaying | undefined;
  /** Link that starts a trace of the patch of this line; undefined where the editor has none. */
  readonly traceCommand?: string | undefined;
}

export interface Hover {
  readonly span: Span;
  readonly markdown: string;
}

/** What there is to say about the place; undefined where there is nothing. */
export function hover(snapshot: Snapshot, offset: number, options: HoverOptions = {}): Hover | undefined {
  return hoverMacro(snapshot, offset) ?? hoverConditional(snapshot, offset) ?? hoverSection(snapshot, offset) ?? hoverFiles(snapshot, offset) ?? hoverPatch(snapshot, offset, options) ?? hoverTag(snapshot, offset);
}

/** The patch that a line of the spec declares: its tag, or its line in %patchlist. */
export function patchAt(snapshot: Snapshot, offset: number): PatchOrigin | undefined {
  const origins = patchOrigins(snapshot);
  return origins.find(({ patch: { span } }) => contains(span, offset) && snapshot.text.charCodeAt(span.start) !== 0x25);
}

function hoverMacro(snapshot: Snapshot, offset: number): Hover | undefined {
  const definition = definitionAt(snapshot, offset);
  if (definition !== undefined) {
    const { name, nameSpan } = definition;
    const event = snapshot.evaluation.definitions.find((candidate) => candidate.nameSpan.start === nameSpan.start && candidate.definition.name === name);
    const made = event?.definition;
    const value = made === undefined || made.options !== undefined ? undefined : made.body.includes('%') ? snapshot.evaluation.expand(made.body) : made.body;
    return { span: nameSpan, markdown: describeMacro(snapshot, { name, definition: made ?? snapshot.evaluation.lookup(name), value }) };
  }
  const use = macroAt(snapshot, offset);
  if (use === undefined) return undefined;
  // What looks like a macro at the start of a line may be a section, a conditional or a directive of %files.
  if (use.form === 'plain' && hoverFiles(snapshot, offset) !== undefined) return undefined;
  const evaluated = evaluatedUse(snapshot, use);
  const lookedUp = snapshot.evaluation.lookup(use.name);
  const found = evaluated?.definition ?? (evaluated === undefined ? lookedUp : undefined);
  return { span: use.form === 'plain' ? { start: use.span.start, end: use.nameSpan.end } : use.span, markdown: describeMacro(snapshot, { name: use.name, definition: found, value: evaluated?.value }) };
}

function hoverConditional(snapshot: Snapshot, offset: number): Hover | undefined {
  const line = snapshot.tree.views.conditionalLines.find(({ span }) => contains(span, offset));
  if (line === undefined) {
    const include = snapshot.tree.views.includes.find(({ span }) => contains(span, offset));
    const entry = include === undefined ? undefined : findDirective('include');
    return include === undefined || entry === undefined ? undefined : { span: include.span, markdown: describeEntry(entry) };
  }
  const entry = findDirective(line.keyword);
  const parts: string[] = [];
  const outcomes = snapshot.evaluations.map((evaluation) => {
    const read = evaluation.conditionals.find(({ keywordSpan }) => keywordSpan.start === line.keywordSpan.start);
    return { label: evaluation.target.label, words: line.role === 'endif' ? undefined : read === undefined ? 'not reached' : read.taken === true ? '**read**' : '**left out**' };
  });
  const known = outcomes.filter(({ words }) => words !== undefined);
  const what = line.role === 'else' ? 'What follows' : `${code(snapshot.text.slice(line.keywordSpan.start, line.conditionSpan?.end ?? line.keywordSpan.end))}: what follows`;
  if (known.length === 1) parts.push(`${what} is ${known[0]!.words!} for ${known[0]!.label}.`);
  else if (known.length > 1) parts.push(`| Target | ${line.role === 'else' ? 'What follows is' : 'What follows is'} |\n| --- | --- |\n${known.map(({ label, words }) => `| ${label} | ${words!} |`).join('\n')}`);
  if (line.conditionSpan !== undefined) {
    const written = snapshot.text.slice(line.conditionSpan.start, line.conditionSpan.end);
    const expanded = written.includes('%') ? snapshot.evaluation.expand(written) : written;
    if (expanded !== written) parts.push(`At the end of the spec it expands to ${code(shortened(expanded, 300))}.`);
  }
  if (line.role !== 'if') {
    const pair = snapshot.tree.conditionals.conditionals.find(({ closer, branches }) => closer === line || branches.includes(line));
    if (pair !== undefined) parts.push(`Belongs to line ${snapshot.lines.lineAt(pair.opener.span.start) + 1}:\n\n${codeBlock(shortened(snapshot.text.slice(pair.opener.span.start, pair.opener.span.end), 200))}`);
    else parts.push('It belongs to no `%if`.');
  }
  if (entry !== undefined) parts.push(entry.text, `[rpm's documentation](${entry.source})`);
  return { span: line.keywordSpan, markdown: parts.join('\n\n') };
}

function hoverSection(snapshot: Snapshot, offset: number): Hover | undefined {
  const section = snapshot.tree.views.sections.find(({ nameSpan }) => nameSpan !== undefined && contains(nameSpan, offset));
  const entry = section === undefined ? undefined : findSection(section.name);
  if (section?.nameSpan === undefined || entry === undefined) return undefined;
  const usage = entry.usage === '' ? '' : `\n\n${code(`${entry.name} ${entry.usage}`)}`;
  const read = snapshot.evaluation.sections.find(({ headerSpan }) => headerSpan.start === section.nameSpan!.start);
  const owner = read?.package === undefined ? undefined : snapshot.evaluation.packages[read.package];
  const of = owner === undefined || entry.kind === 'build' || entry.kind === 'list' ? '' : `\n\nOf the package ${code(owner.name)}.`;
  return { span: section.nameSpan, markdown: `${describeEntry(entry)}${usage}${of}` };
}

function hoverFiles(snapshot: Snapshot, offset: number): Hover | undefined {
  const entry = snapshot.tree.views.filesEntries.find(({ span }) => contains(span, offset));
  const directive = entry?.directives.find(({ nameSpan }) => contains(nameSpan, offset));
  const found = directive === undefined ? undefined : findFilesDirective(directive.name);
  if (directive === undefined || found === undefined) return undefined;
  return { span: directive.nameSpan, markdown: `${describeEntry(found)}${found.usage === '' ? '' : `\n\n${code(`${found.name}${found.usage}`)}`}` };
}

function hoverPatch(snapshot: Snapshot, offset: number, options: HoverOptions): Hover | undefined {
  const found = patchAt(snapshot, offset);
  if (found === undefined) return undefined;
  const tag = tagAt(snapshot, offset);
  // On the tag's name one may want to know what a Patch tag is, too.
  const about = tag !== undefined && contains(tag.nameSpan, offset) ? findTag(tag.name) : undefined;
  const text = describePatch(found, options);
  return { span: tag !== undefined && about === undefined ? tag.valueSpan : (tag?.nameSpan ?? found.patch.span), markdown: about === undefined ? text : `${text}\n\n---\n\n${describeEntry(about)}` };
}

function hoverTag(snapshot: Snapshot, offset: number): Hover | undefined {
  const tag = tagAt(snapshot, offset);
  if (tag === undefined) return undefined;
  if (contains(tag.nameSpan, offset) || (tag.qualifierSpan !== undefined && contains(tag.qualifierSpan, offset))) {
    const entry = findTag(tag.name);
    if (entry === undefined) return undefined;
    const value = valueOf(snapshot, tag);
    return { span: { start: tag.nameSpan.start, end: (tag.qualifierSpan ?? tag.nameSpan).end }, markdown: `${describeEntry(entry)}${value === undefined ? '' : `\n\n${value}`}` };
  }
  const value = contains(tag.valueSpan, offset) ? valueOf(snapshot, tag) : undefined;
  return value === undefined ? undefined : { span: tag.valueSpan, markdown: value };
}

/** The value of a tag for each target, where it is another than what is written. */
function valueOf(snapshot: Snapshot, tag: TagView): string | undefined {
  const written = snapshot.text.slice(tag.valueSpan.start, tag.valueSpan.end);
  const values = snapshot.evaluations.map((evaluation) => ({ label: evaluation.target.label, value: evaluation.tags.find(({ nameSpan }) => nameSpan.start === tag.nameSpan.start)?.value }));
  if (values.every(({ value }) => value === undefined || value === written)) return undefined;
  if (values.every(({ value }) => value === values[0]!.value)) return `Value: ${code(shortened(values[0]!.value!, 400))}`;
  const rows = values.map(({ label, value }) => `| ${label} | ${value === undefined ? 'not read' : code(shortened(value, 120)).replaceAll('|', '\\|')} |`);
  return `| Target | Value |\n| --- | --- |\n${rows.join('\n')}`;
}
