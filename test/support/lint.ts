/**
 * Tests of lint rules, as data. A fixture is a spec, or a part of one: tags and a %description that every spec needs are
 * filled in where they lack. A line of carets under a line says what is found there: `^^^^ The message.`. Further files
 * (`==> name <==`) lie beside the spec.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Finding, type LintInput, type Rule, applyFixes, lint, rules } from '#server/core/lint/index.js';
import type { Aftermath, Claim, CommitFact, Decision, PatchDecisions, PatchTrace } from '#server/core/patches/index.js';
import { defaultSettings } from '#server/core/settings.js';
import { evaluate } from '#server/core/spec/index.js';
import { findTarget } from '#server/core/targets/index.js';
import { LineIndex } from '#server/core/text/index.js';
import { parseFixture } from './fixture.js';

export interface LintTestOptions {
  readonly targets?: readonly string[];
  readonly encoding?: 'utf-8' | 'latin-1';
  readonly traces?: readonly PatchTrace[];
  readonly decisions?: readonly PatchDecisions[];
  /** Rules that run as well, and whose findings are not looked at. */
  readonly also?: readonly string[];
}

const seen = new Set<string>();

/** The findings of a rule are exactly those that the caret lines say: span, wording and number. */
export function check(rule: Rule, name: string, fixture: string, options: LintTestOptions = {}): void {
  const key = `${rule.id}\0${fixture}\0${JSON.stringify(options)}`;
  if (seen.has(key)) throw new Error(`${rule.id}: the case '${name}' is there twice`);
  seen.add(key);
  test(`${rule.id}: ${name}`, () => {
    const { text, expected, files } = readFixture(fixture);
    const input = lintInput(text, { ...options, files });
    const findings = findingsOf(rule, input, options);
    const actual = findings.map(({ span, message }) => `${place(input.lines, span.start)}..${place(input.lines, span.end)} ${message}`);
    assert.deepEqual(actual, expected.map(({ line, column, length, message }) => `${line + 1}:${column + 1}..${line + 1}:${column + 1 + length} ${message}`), `in\n${text}`);
    for (const finding of findings) checkFixOf(rule, input, finding, options);
  });
}

/** Fixing everything the rule finds turns one text into the other, safe and unsafe fixes alike. */
export function checkFix(rule: Rule, name: string, before: string, after: string, options: LintTestOptions = {}): void {
  test(`${rule.id}: fix: ${name}`, () => {
    const { text, files } = readFixture(before);
    const input = lintInput(text, { ...options, files });
    const findings = findingsOf(rule, input, options);
    assert.ok(findings.some(({ fix }) => fix !== undefined), 'there is something to fix');
    const { text: fixed } = applyFixes(text, findings, { unsafe: true });
    assert.equal(fixed, readFixture(after).text);
    for (const finding of findings) checkFixOf(rule, input, finding, options);
  });
}

/** A fixed text is read no worse than before, and the finding is gone. */
function checkFixOf(rule: Rule, input: LintInput, finding: Finding, options: LintTestOptions): void {
  if (finding.fix === undefined) return;
  const { text } = applyFixes(input.text, [finding], { unsafe: true });
  assert.notEqual(text, input.text, 'a fix changes the text');
  const fixed = { ...lintInput(text, options), facts: input.facts };
  const errors = ({ evaluation }: LintInput) => evaluation.problems.filter(({ severity }) => severity === 'error').length;
  assert.ok(errors(fixed) <= errors(input), `the fix '${finding.fix.title}' makes rpm refuse the spec`);
  assert.ok(findingsOf(rule, fixed, options).length < findingsOf(rule, input, options).length, `the fix '${finding.fix.title}' leaves the finding`);
}

function findingsOf(rule: Rule, input: LintInput, { also = [] }: LintTestOptions): readonly Finding[] {
  const crashes: string[] = [];
  const log = { error: (message: string) => void crashes.push(message), warn() {}, info() {}, debug() {} };
  const findings = lint(input, { rules: rules.filter(({ id }) => id === rule.id || also.includes(id)), log });
  assert.deepEqual(crashes, []);
  return findings.filter((finding) => finding.rule === rule.id);
}

/** A spec and what is around it, evaluated for each target (`fedora-43` where none is named). */
export function lintInput(text: string, { targets = ['fedora-43'], encoding = 'utf-8', traces = [], decisions = [], files = [] }: LintTestOptions & { readonly files?: readonly string[] } = {}): LintInput {
  const evaluations = targets.map((name) => {
    const found = findTarget(name);
    assert.ok('target' in found, `the target ${name} is known`);
    return evaluate(text, { target: found.target, specName: 'package.spec', folder: '/package' });
  });
  const names = ['package.spec', ...files];
  return {
    uri: 'file:///package/package.spec',
    path: '/package/package.spec',
    text,
    encoding,
    lines: new LineIndex(text),
    evaluations,
    evaluation: evaluations[0]!,
    facts: { files: files.length === 0 ? undefined : new Set(names), folders: new Map(names.map((name) => [name, '/package'])), traces: new Map(traces.map((trace) => [trace.fileName, trace])), decisions: new Map(decisions.map((decided) => [decided.file, decided])) },
    settings: defaultSettings,
  };
}

interface Expected {
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
}

/** Takes the caret lines out of a fixture and makes a whole spec of the rest. */
export function readFixture(fixture: string): { readonly text: string; readonly expected: readonly Expected[]; readonly files: readonly string[] } {
  const { main, files } = parseFixture(fixture.replace(/^\n/, ''));
  const lines: string[] = [];
  const expected: Expected[] = [];
  for (const line of main.text.split('\n')) {
    const carets = /^( *)(\^+) (\S.*)$/.exec(line);
    if (carets === null) lines.push(line);
    else expected.push({ line: lines.length - 1, column: carets[1]!.length, length: carets[2]!.length, message: carets[3]! });
  }
  const { text, placeOf } = completeSpec(lines);
  const placed = expected.map((one) => ({ ...one, line: placeOf(one.line) }));
  placed.sort((a, b) => a.line - b.line || a.column - b.column);
  return { text, expected: placed, files: files.filter((file) => file !== main).map(({ name }) => name) };
}

const requiredTags = [['Name', 'example'], ['Version', '1'], ['Release', '1%{?dist}'], ['Summary', 'Example'], ['License', 'MIT']] as const;
const sectionHeader = /^%(?:package|description|prep|build|install|check|clean|files|changelog|pre|post|preun|postun|generate_buildrequires|sourcelist|patchlist)\b/;

/** Adds the tags and the %description that rpm wants of every spec, where the lines have none. */
export function completeSpec(lines: readonly string[]): { readonly text: string; placeOf(line: number): number } {
  const firstSection = lines.findIndex((line) => sectionHeader.test(line));
  const preamble = firstSection < 0 ? lines : lines.slice(0, firstSection);
  const missing: string[] = requiredTags.filter(([tag]) => !preamble.some((line) => line.toLowerCase().startsWith(`${tag.toLowerCase()}:`))).map(([tag, value]) => `${tag}: ${value}`);
  // %setup wants something to unpack.
  if (lines.some((line) => /^%(auto)?setup\b/.test(line)) && !preamble.some((line) => /^Source0?:/i.test(line))) missing.push('Source0: example.tar.gz');
  const hasDescription = lines.some((line) => /^%description\s*$/.test(line));
  const rest = firstSection < 0 ? [] : lines.slice(firstSection);
  const description = hasDescription ? [] : [...(preamble.at(-1) === '' || preamble.length === 0 ? [] : ['']), '%description', 'Example.', ''];
  const whole = [...missing, ...preamble, ...description, ...rest];
  return {
    text: `${whole.join('\n').trimEnd()}\n`,
    placeOf: (line) => line + missing.length + (firstSection >= 0 && line >= firstSection ? description.length : 0),
  };
}

/** A decision on the only change of a patch, made with this verdict at hand. */
export function decisionOn(file: string, kind: Decision['kind'], about?: Decision['about']): PatchDecisions {
  return { file, changes: [{ kind, reason: 'Because.', owner: 'B <b@example.org>', date: '2026-11-25', until: kind === 'waived' ? '2027-01-01' : undefined, about }], expired: [] };
}

/** A trace of a patch with one change, of which a rule looks at what is given. */
export function traceOf(
  fileName: string,
  given: { readonly relation: PatchTrace['relation']; readonly claim?: PatchTrace['claim']; readonly claims?: readonly Claim[]; readonly commit?: { readonly id: string; readonly subject: string }; readonly searched?: readonly string[]; readonly failed?: readonly string[]; readonly aftermath?: Aftermath },
): PatchTrace {
  const { relation, claim = 'absent', claims = [], commit, searched = [], failed = [], aftermath } = given;
  const found: CommitFact | undefined = commit && { place: { source: 'upstream', location: '../upstream' }, ...commit, author: 'A', date: 0, firstTag: undefined, reachedBy: undefined };
  return {
    format: 1,
    fileName,
    number: undefined,
    blob: undefined,
    relation,
    claim,
    changes: [{ subject: undefined, relation, commit: found, commits: [], equivalent: [], claim, claims, evidence: undefined, confidence: 1, ...(aftermath === undefined ? {} : { aftermath }) }],
    carriers: [],
    coverage: { searched: searched.map((source) => ({ source, location: source, refs: [], upTo: undefined })), failed: failed.map((source) => ({ source, location: source, reason: 'gone' })) },
    problems: [],
  };
}

function place(lines: LineIndex, offset: number): string {
  const { line, column } = lines.positionAt(offset);
  return `${line + 1}:${column + 1}`;
}
