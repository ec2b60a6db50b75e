/** Where evaluations of one text for several targets come to different things, and which lines make them differ. */
import { type Span, covers } from '../text/index.js';
import type { ConditionalLine, Evaluation } from './model.js';

export interface SpecDifference {
  readonly kind: 'verdict' | 'condition' | 'package' | 'tag' | 'dependency' | 'source' | 'patch' | 'application';
  /** What differs: `%if 0%{?rhel}`, `curl-devel`, `curl: Release`, `curl: BuildRequires`. */
  readonly subject: string;
  /** What each evaluation has, in their order; undefined for one that has nothing of it. */
  readonly values: readonly (string | undefined)[];
  /** Place in the text of the thing itself; undefined for what came from an included file, or from rpm. */
  readonly span: Span | undefined;
  /** Lines that make the difference: conditions around it that hold for some only, and macros in its line that differ. */
  readonly causes: readonly DifferenceCause[];
}

export interface DifferenceCause {
  readonly kind: 'condition' | 'macro';
  readonly span: Span;
  /** The line of the condition, or the use of the macro. */
  readonly text: string;
}

interface Fact {
  readonly kind: SpecDifference['kind'];
  readonly subject: string;
  readonly value: string;
  readonly span: Span | undefined;
  /** Other places that the value comes from. */
  readonly more?: readonly Span[];
  /** Name of the sub-package it is a part of. */
  readonly within?: string;
}

/** Differences in the order of their places in the text; none for fewer than two evaluations. All must be of `text`. */
export function differencesOf(text: string, evaluations: readonly Evaluation[]): readonly SpecDifference[] {
  const conditions = differingConditions(text, evaluations);
  const macros = differingMacros(text, evaluations);
  const tables = evaluations.map((evaluation) => new Map(factsOf(evaluation)));
  // Of an %if and its %else only the first is said: the other follows.
  const differences: SpecDifference[] = conditions.filter(({ line }) => !/^%?else$/.test(line.keyword)).map(({ line, values }) => ({
    kind: 'condition',
    subject: lineAt(text, line.span.start),
    values: values.map((taken) => (taken === undefined ? undefined : taken ? 'holds' : 'does not hold')),
    span: line.span,
    causes: macros.filter(({ span }) => covers(wholeLine(text, line.span), span)),
  }));
  for (const key of new Set(tables.flatMap((table) => [...table.keys()]))) {
    const facts = tables.map((table) => table.get(key));
    const values = facts.map((fact) => fact?.value);
    if (values.every((value) => value === values[0])) continue;
    const fact = facts.find((one) => one !== undefined)!;
    // What a sub-package is made of is no news where the package itself is not made.
    if (fact.within !== undefined && evaluations.some((evaluation, i) => facts[i] === undefined && !evaluation.packages.some(({ name }) => name === fact.within))) continue;
    const spans = facts.flatMap((one) => [one?.span, ...(one?.more ?? [])].filter((span) => span !== undefined));
    const places = [...new Map(spans.map((span) => [`${span.start}-${span.end}`, span])).values()];
    const around = conditions.flatMap(({ line, branch }) => (places.some((place) => covers(branch, place)) ? [{ kind: 'condition' as const, span: line.span, text: lineAt(text, line.span.start) }] : []));
    const within = macros.filter(({ span }) => places.some((place) => covers(wholeLine(text, place), span)));
    differences.push({ kind: fact.kind, subject: fact.subject, values, span: places[0], causes: [...around, ...within] });
  }
  return differences.sort((a, b) => (a.span?.start ?? -1) - (b.span?.start ?? -1));
}

function* factsOf(evaluation: Evaluation): Generator<readonly [key: string, Fact]> {
  const fact = (kind: Fact['kind'], subject: string, value: string, span: Span | undefined, key = subject) => [`${kind} ${key}`, { kind, subject, value, span }] as const;
  const refusal = evaluation.problems.find(({ severity }) => severity === 'error');
  yield fact('verdict', 'what rpm says', evaluation.accepted ? 'accepted' : `refused: ${refusal?.message ?? 'for an unknown reason'}`, refusal?.span);
  const { packages, tags } = evaluation;
  for (const [index, one] of packages.entries()) {
    if (index > 0) yield fact('package', one.name, 'made', one.span);
    const place = (name: string) => tags.findLast((tag) => tag.name === name && tag.package === index)?.span;
    const values: Readonly<Record<string, string | undefined>> = { Epoch: one.epoch, Version: one.version, Release: one.release, BuildArch: one.arch, Summary: one.summary, License: one.license, URL: one.url };
    // A sub-package takes over most of the main one's.
    const main = packages[0]!;
    const inherited: Readonly<Record<string, string | undefined>> = index === 0 ? {} : { Epoch: main.epoch, Version: main.version, Release: main.release, BuildArch: main.arch, License: main.license, URL: main.url };
    for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== inherited[name]) {
      const [key, made] = fact('tag', `${one.name}: ${name}`, value, place(name));
      yield [key, index === 0 ? made : { ...made, within: one.name }];
    }
    const counts = new Map<string, number>();
    for (const { kind, name, comparison, version, qualifiers, tag } of one.dependencies) {
      // What rpm adds by itself follows from name and version, which are said.
      if (tag === undefined) continue;
      const words = `${name}${comparison === undefined ? '' : ` ${comparison} ${version}`}`;
      const subject = `${one.name}: ${kind}${qualifiers.length > 0 ? `(${qualifiers.join(',')})` : ''}`;
      const span = tags[tag]?.span;
      // The same tag with another text is one difference and not two.
      const position = `${subject} ${span?.start ?? words}`;
      const count = counts.get(position) ?? 0;
      counts.set(position, count + 1);
      const [key, made] = fact('dependency', subject, words, span, `${position} ${count}`);
      yield [key, index === 0 ? made : { ...made, within: one.name }];
    }
  }
  for (const { kind, number, location, span } of [...evaluation.sources, ...evaluation.patches]) yield fact(kind, `${kind === 'source' ? 'Source' : 'Patch'}${number}`, location, span);
  const applied = evaluation.applications.map(({ number, strip, reverse }) => `${number}${strip === undefined ? '' : ` -p${strip}`}${reverse ? ' -R' : ''}`);
  if (evaluation.patches.length > 0) {
    const [key, made] = fact('application', 'patches applied', applied.length === 0 ? 'none' : applied.join(', '), evaluation.applications[0]?.span);
    yield [key, { ...made, more: evaluation.applications.map(({ span }) => span) }];
  }
}

/** Conditional lines that are read differently, each with the lines that depend on it. */
function differingConditions(text: string, evaluations: readonly Evaluation[]): { readonly line: ConditionalLine; readonly branch: Span; readonly values: readonly (boolean | undefined)[] }[] {
  const found = new Map<number, { readonly line: ConditionalLine; readonly branch: Span }>();
  for (const { conditionals } of evaluations) {
    for (const [index, line] of conditionals.entries()) {
      if (line.taken === undefined || found.has(line.span.start)) continue;
      found.set(line.span.start, { line, branch: branchOf(conditionals, index, text.length) });
    }
  }
  const unread = evaluations.map(({ conditionals }) => conditionals.flatMap((line, index) => (line.taken === false ? [branchOf(conditionals, index, text.length)] : [])));
  return [...found.values()]
    .map((one) => ({ ...one, values: evaluations.map(({ conditionals }, i) => (unread[i]!.some((branch) => covers(branch, one.line.span)) ? undefined : conditionals.find(({ span }) => span.start === one.line.span.start)?.taken)) }))
    // One that some do not come by at all depends on what is around it, which is said.
    .filter(({ values }) => new Set(values.filter((value) => value !== undefined)).size > 1);
}

/** From a conditional line to the next one of the same conditional. */
function branchOf(conditionals: readonly ConditionalLine[], index: number, end: number): Span {
  const { opener, span } = conditionals[index]!;
  return { start: span.end, end: conditionals.slice(index + 1).find((line) => line.opener === opener)?.span.start ?? end };
}

/** Uses of macros that give different values. */
function differingMacros(text: string, evaluations: readonly Evaluation[]): DifferenceCause[] {
  const values = evaluations.map(({ macroUses }) => new Map(macroUses.map(({ span, value }) => [`${span.start}-${span.end}`, { span, value }])));
  const causes: DifferenceCause[] = [];
  for (const key of new Set(values.flatMap((one) => [...one.keys()]))) {
    const uses = values.flatMap((one) => one.get(key) ?? []).filter(({ value }) => value !== undefined);
    if (uses.length < 2 || uses.every(({ value }) => value === uses[0]!.value)) continue;
    const { span } = uses[0]!;
    causes.push({ kind: 'macro', span, text: text.slice(span.start, span.end) });
  }
  return causes.sort((a, b) => a.span.start - b.span.start);
}

function wholeLine(text: string, { start, end }: Span): Span {
  const last = text.indexOf('\n', Math.max(start, end - 1));
  return { start: text.lastIndexOf('\n', start - 1) + 1, end: last < 0 ? text.length : last };
}

function lineAt(text: string, offset: number): string {
  const end = text.indexOf('\n', offset);
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end < 0 ? undefined : end).trim();
}
