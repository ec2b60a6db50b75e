import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeChange, patchTitle } from '#server/core/ide/patchOrigin.js';
import { traced } from '../../support/traces.js';
import { patchFileHints, patchFileHover, patchFileLenses, patchFileOutline, patchFileProblems, readPatchFile } from '#server/core/ide/index.js';
import { type ChangeVerdict, type CommitFact, type Decision, type HunkEvidence, type PatchDecisions, type PatchTrace, VERDICT_FORMAT, blobId } from '#server/core/patches/index.js';

const place = { source: 'upstream', location: '/up' };
const commit: CommitFact = { place, id: '1234567890abcdef1234567890abcdef12345678', subject: 'wrap: keep tabs', author: 'A', date: 86400 * 365, firstTag: 'v1.1', reachedBy: 'main' };
const claimed = 'fedcba9876543210fedcba9876543210fedcba98';

const one = `From 0000000000000000000000000000000000000001 Mon Sep 17 00:00:00 2001
From: A <a@example.org>
Subject: [PATCH] wrap: keep tabs

(cherry picked from commit ${claimed})
---
diff --git a/src/wrap.c b/src/wrap.c
--- a/src/wrap.c
+++ b/src/wrap.c
@@ -1,2 +1,2 @@ void wrap()
-old
+new
 rest
@@ -9,2 +9,2 @@ int main()
-four
+five
 end
`;
const two = one.replace('wrap: keep tabs', 'quote: second').replace('0001 Mon', '0002 Mon');

interface Known {
  readonly verdicts?: readonly Partial<ChangeVerdict>[];
  readonly hunks?: readonly HunkEvidence[];
  /** The text that was traced, where it is not the one shown. */
  readonly traced?: string;
}

function verdict(given: Partial<ChangeVerdict>, hunks: readonly HunkEvidence[]): ChangeVerdict {
  const evidence = { found: ['lines'], coverOfPatch: 1, coverOfCommit: 1, hunks, benignlyDropped: [] };
  return { subject: 'wrap: keep tabs', relation: 'same-change', commit, commits: [commit], equivalent: [], claim: 'confirmed', claims: [], confidence: 1, evidence, ...given };
}

function fileOf(text: string, { verdicts, hunks = [], traced = text }: Known = {}) {
  const changes = verdicts?.map((given) => verdict(given, hunks));
  const trace: PatchTrace | undefined =
    changes === undefined
      ? undefined
      : { format: VERDICT_FORMAT, fileName: 'a.patch', number: 1, blob: blobId(new TextEncoder().encode(traced)), relation: changes[0]!.relation, claim: changes[0]!.claim, changes, carriers: [], coverage: { searched: [{ ...place, refs: [], upTo: undefined }], failed: [] }, problems: [] };
  return readPatchFile(text, 'a.patch', trace);
}

/** Lenses as `line: title`, with an asterisk where there is a commit to open. */
function checkLenses(text: string, known: Known | undefined, expected: readonly string[]): void {
  assert.deepEqual(patchFileLenses(fileOf(text, known)).map(({ line, title, hasCommit }) => `${line}: ${title}${hasCommit ? ' *' : ''}`), expected);
}

test('each change of a patch says above itself where it comes from', () => {
  checkLenses(one, { verdicts: [{}] }, ['0: The same change as 1234567890ab (v1.1) · claim confirmed *']);
  checkLenses(one + two, { verdicts: [{}, { relation: 'none', commit: undefined, claim: 'absent' }] }, ['0: The same change as 1234567890ab (v1.1) · claim confirmed *', '17: No upstream commit found in what was searched']);
  checkLenses(one, {}, ['0: Not traced yet']);
  checkLenses('no diff\n', {}, []);
});

test('a text that was edited since keeps nothing of what was said of the one before', () => {
  const known = { verdicts: [{}], hunks: [{ path: 'src/wrap.c', hunk: 0, state: 'different' }] as const, traced: `${one}\n` };
  checkLenses(one, known, ['0: Edited since it was traced']);
  assert.equal(patchFileHover(fileOf(one, known), 2), undefined);
  assert.deepEqual(patchFileHints(fileOf(one, known), { start: 0, end: 99 }), []);
  // A file that is no UTF-8 never has the bytes that the editor shows.
  checkLenses(one.replace('old', 'o\uFFFDd'), { verdicts: [{}], traced: 'x' }, ['0: The same change as 1234567890ab (v1.1) · claim confirmed *']);
  checkLenses(one, { verdicts: [{}, {}] }, ['0: Edited since it was traced']);
});

/** The hover on a line: the lines it covers and a pattern of what it says. */
function checkHover(known: Known, line: number, expected: readonly [start: number, end: number, says: RegExp] | undefined): void {
  const found = patchFileHover(fileOf(one, known), line);
  assert.deepEqual(found === undefined ? undefined : [found.lines.start, found.lines.end], expected?.slice(0, 2));
  if (expected !== undefined) assert.match(found!.markdown, expected[2]);
}

test('a hover tells of the change on its header, and of a hunk on its head', () => {
  const known: Known = { verdicts: [{ relation: 'adapted' }], hunks: [{ path: 'src/wrap.c', hunk: 0, state: 'equal' }, { path: 'src/wrap.c', hunk: 1, state: 'different' }] };
  checkHover(known, 2, [0, 6, /^Adapted from `1234567890ab` \*wrap: keep tabs\*.*first in `v1\.1`.*\n\n.*hunk 2 is another/s]);
  checkHover(known, 9, [9, 10, /^This hunk is the same, against `1234567890ab`\.$/]);
  checkHover(known, 13, [13, 14, /^This hunk is another/]);
  checkHover(known, 10, undefined);
});

test('a hunk that is not the commit\'s has a hint behind its head', () => {
  const file = fileOf(one, { verdicts: [{ relation: 'adapted' }], hunks: [{ path: 'src/wrap.c', hunk: 0, state: 'equal' }, { path: 'src/wrap.c', hunk: 1, state: 'missing-upstream' }, { path: 'src/wrap.c', hunk: 0, state: 'missing-here' }] });
  assert.deepEqual(patchFileHints(file, { start: 0, end: 99 }), [{ line: 13, text: 'is not in the commit' }]);
  assert.deepEqual(patchFileHints(file, { start: 0, end: 13 }), []);
});

/** Problems as `line severity code: message`. */
function checkProblems(text: string, known: Known | undefined, expected: readonly string[]): void {
  assert.deepEqual(patchFileProblems(fileOf(text, known)).map(({ line, severity, code, message }) => `${line} ${severity} ${code}: ${message}`), expected);
}

test('a claim that is contradicted is marked where it stands', () => {
  checkProblems(one, { verdicts: [{}] }, []);
  checkProblems(one, { verdicts: [{ claim: 'contradicted' }] }, ['4 warning patch-claim-contradicted: Says that it is fedcba987654, but its content is that of 1234567890ab "wrap: keep tabs".']);
  checkProblems(one, { verdicts: [{ claim: 'contradicted', relation: 'none', commit: undefined }] }, ['4 warning patch-claim-contradicted: Says that it is fedcba987654, but none of its lines are in that commit.']);
});

test('what patch would stumble over is marked, traced or not', () => {
  const [problem, ...others] = patchFileProblems(fileOf(one.replace('@@ -9,2 +9,2 @@', '@@ -9,4 +9,5 @@')));
  assert.deepEqual([problem?.line, problem?.severity, others.length], [13, 'warning', 0]);
  assert.match(problem!.code, /^patch-hunk-/);
});

test('the outline has files and hunks, and changes where there are several', () => {
  const names = (text: string) => patchFileOutline(fileOf(text)).map(({ name, children }) => [name, children.map((child) => child.name)]);
  assert.deepEqual(names(one), [['src/wrap.c', ['@@ 1', '@@ 9']]]);
  assert.deepEqual(names(one + two), [['wrap: keep tabs', ['src/wrap.c']], ['quote: second', ['src/wrap.c']]]);
});

const ours: Decision = { kind: 'ours', reason: 'only this distribution has it', owner: 'Ada <a@b>', date: '2026-01-02', until: undefined, about: undefined };
const waived: Decision = { ...ours, kind: 'waived', until: '2026-12-31' };
const decided = (...changes: PatchDecisions['changes']): PatchDecisions => ({ file: 'fix.patch', changes, expired: [] });

test('what a person decided comes before what was found', () => {
  const check = (trace: PatchTrace | undefined, decisions: PatchDecisions | undefined, expected: string) => assert.equal(patchTitle(trace, decisions), expected);
  check(undefined, decided(ours), 'Ours on purpose: only this distribution has it');
  check({ ...traced, relation: 'none' }, decided(ours), 'Ours on purpose: only this distribution has it');
  check({ ...traced, carriers: [] }, decided(waived), 'Waived until 2026-12-31: only this distribution has it · The same change as 1a2b3c4d5e6f (curl-8_0_0) · claim confirmed');
  check(undefined, decided(ours, undefined), 'Not traced yet');
  check(undefined, { ...decided(undefined), expired: [waived] }, 'A waiver has ended · Not traced yet');
});

test('a contradiction that somebody looked at is marked no more', () => {
  const about = (claim: 'contradicted' | 'absent'): PatchDecisions => decided({ ...ours, about: { relation: 'same-change', claim } });
  const problems = (decisions: PatchDecisions) => patchFileProblems({ ...fileOf(one, { verdicts: [{ claim: 'contradicted' }] }), decided: decisions }).length;
  assert.deepEqual([problems(about('contradicted')), problems(about('absent'))], [0, 1]);
});

test('a hover tells what became of the origin, where it asks for attention', () => {
  const version = { tag: 'v1.0', reached: false, content: 'lacking', hunks: { there: 0, absent: 1, unknown: 0 } } as const;
  const later: CommitFact = { ...commit, id: 'abcdef1234567890abcdef1234567890abcdef12', subject: 'wrap: keep spaces too' };
  const says = (aftermath: Partial<NonNullable<ChangeVerdict['aftermath']>>): string[] =>
    describeChange(verdict({ aftermath: { format: 2, version, reverts: [], followUps: [], series: undefined, ...aftermath } }, [])).split('\n\n').slice(1, -1).map((line) => line.replace(/`abcdef123456`.*$/, 'THAT'));
  assert.deepEqual(says({}), []);
  assert.deepEqual(says({ version: { ...version, content: 'contained' } }), ['The packaged version has it already: `v1.0`.']);
  assert.deepEqual(says({ reverts: [{ commit: later, quote: 'This reverts', partial: false }] }), ['Reverted upstream by THAT']);
  assert.deepEqual(says({ reverts: [{ commit: later, quote: 'This reverts', partial: true }] }), []);
  assert.deepEqual(says({ followUps: [{ commit: later, kind: 'fixes', quote: 'Fixes', state: 'missing' }] }), ['The package lacks what upstream added later: THAT']);
  assert.deepEqual(says({ followUps: [{ commit: later, kind: 'fixes', quote: 'Fixes', state: 'carried', carriedBy: 'b.patch' }] }), []);
  const series = (carriedBy?: string) => says({ series: { counted: { number: 1, of: 2 }, commits: [{ commit: later, number: 2, inVersion: false, ...(carriedBy === undefined ? {} : { carriedBy }) }] } });
  assert.deepEqual([series(), series('b.patch')], [['It came upstream with another commit; not in the package: THAT'], []]);
});

test('a hover names the commit of the same subject and author, where nothing of it is in the patch', () => {
  const namesake: CommitFact = { ...commit, subject: 'wrap: keep *spaces*' };
  const [, said] = describeChange(verdict({ relation: 'none', commit: undefined, commits: [], aftermath: { format: 2, version: undefined, reverts: [], followUps: [], series: undefined, namesake } }, [])).split('\n\n');
  assert.match(said!, /^Of the same subject and author, with other lines: `[0-9a-f]{12}` \*wrap: keep \\\*spaces\\\*\* by /);
});

test('a hover tells which parts of a series the package lacks', () => {
  const says = (lacks: readonly number[]): string[] => describeChange(verdict({ part: { number: 2, of: 5, has: [{ number: 1, fileName: 'a_1.patch' }], lacks } }, [])).split('\n\n').slice(1, -1);
  assert.deepEqual(says([3, 4, 5]), ['Part 2 of 5 by its subject; the package has 1 \\(a\\_1.patch\\), and lacks 3 to 5.']);
  assert.deepEqual(says([]), []);
});
