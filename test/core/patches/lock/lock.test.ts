import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse as parseToml } from 'smol-toml';
import { type Aftermath, type CurrentPatch, type Decision, type LockFile, type LockedChange, type PatchTrace, aftermathNews, compareWithLock, currentPatch, decisionError, emptyLock, followUpKinds, followUpStates, lockKnowledge, parseLock, recordDecision, renewLock, writeLock } from '#server/core/patches/index.js';
import { temporaryFolder } from '../../../support/folder.js';

const folder = temporaryFolder('lock');
const today = '2026-11-25';
const hex = (digit: string): string => digit.repeat(40);

/** A patch whose diff turns `word` into its upper case; the header and the context may differ without the change doing so. */
function patchText(word: string, { subject = `Raise ${word}`, from = hex('c'), context = 'context', line = 1, body = '' } = {}): string {
  return `From ${from} Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nDate: Mon, 2 Mar 2026 10:00:00 +0000\nSubject: [PATCH] ${subject}\n\n${body}---\n a.c | 2 +-\n\ndiff --git a/a.c b/a.c\n--- a/a.c\n+++ b/a.c\n@@ -${line},3 +${line},3 @@\n ${context}\n-the ${word} of it\n+the ${word.toUpperCase()} of it\n end\n--\n2.43.0\n\n`;
}

interface Found {
  readonly relation: PatchTrace['relation'];
  readonly claim?: PatchTrace['claim'];
  readonly commit?: string;
  readonly also?: string;
  readonly tag?: string;
  readonly aftermath?: Partial<Aftermath>;
}

/** A patch file of one or several mails, traced with these results; untraced where none are given. */
function patch(file: string, text: string, ...found: readonly Found[]): CurrentPatch {
  const changes = found.map(({ relation, claim = 'absent', commit, also, tag, aftermath }) => {
    const fact = (id: string) => ({ place: { source: 'upstream', location: '/src/upstream' }, id, subject: 'Raise it', author: 'A <a@example.org>', date: 1_772_445_600, firstTag: tag, reachedBy: 'main' });
    return {
      subject: undefined,
      relation,
      commit: commit === undefined ? undefined : fact(commit),
      commits: commit === undefined ? [] : [fact(commit)],
      equivalent: also === undefined ? [] : [fact(also)],
      claim,
      claims: [],
      evidence: commit === undefined ? undefined : { found: ['lines'], coverOfPatch: 0.999, coverOfCommit: 2 / 3, hunks: [{ path: 'a.c', hunk: 1, state: 'missing-here' as const }], benignlyDropped: ['NEWS'] },
      confidence: 1,
      ...(aftermath === undefined ? {} : { aftermath: { format: 2 as const, version: undefined, reverts: [], followUps: [], series: undefined, ...aftermath } }),
    };
  });
  const trace: PatchTrace | undefined =
    found.length === 0 ? undefined : { format: 1, fileName: file, number: 1, blob: hex('0'), relation: found[0]!.relation, claim: found[0]!.claim ?? 'absent', changes, carriers: [], coverage: { searched: [{ source: 'upstream', location: '/src/upstream', refs: [{ name: 'main', commit: hex('9') }], upTo: 1_780_000_000 }], failed: [] }, problems: [] };
  return currentPatch(file, new TextEncoder().encode(text), { trace });
}

const ours: Omit<Decision, 'about'> = { kind: 'ours', reason: 'Only this distribution builds it so.', owner: 'B <b@example.org>', date: today, until: undefined };
const adapted: Found = { relation: 'adapted', claim: 'confirmed', commit: hex('1'), tag: 'v1.1' };

function locked(...patches: readonly CurrentPatch[]): LockFile {
  return renewLock(emptyLock, patches, { today }).lock;
}

test('a lock is TOML with one fact a line, in the order of file names', () => {
  let lock = locked(patch('b.patch', patchText('beta'), { relation: 'none' }), patch('a.patch', patchText('alpha'), adapted));
  lock = recordDecision(lock, patch('b.patch', patchText('beta'), { relation: 'none' }), ours, { today });
  const [a, b] = lock.changes.map(({ identity }) => identity).reverse();
  assert.notEqual(a, undefined);
  const byFile = new Map(lock.changes.map((change) => [change.file, change.identity]));
  const id = (file: string) => byFile.get(file)!;
  assert.deepEqual(
    writeLock(lock).split('\n').slice(3),
    `format = 1

[[patch."a.patch"]]
subject = "Raise alpha"
diff = "${id('a.patch').diff}"
patch-id = "${id('a.patch').patchId}"
content = "${id('a.patch').content}"
relation = "adapted"
claim = "confirmed"
commit = "${hex('1')}"
commit-subject = "Raise it"
commit-author = "A <a@example.org>"
commit-date = 2026-03-02
first-release = "v1.1"
from = "upstream"
location = "/src/upstream"
ref = "main"
cover-of-patch = 0.99
cover-of-commit = 0.67
differs = [
  "a.c hunk 2 is left out",
]
left-out = [
  "NEWS",
]
judged = 2026-11-25

[[patch."b.patch"]]
subject = "Raise beta"
diff = "${id('b.patch').diff}"
patch-id = "${id('b.patch').patchId}"
content = "${id('b.patch').content}"
decides = "${id('b.patch').diff.slice(0, 12)}"
decision = "ours"
reason = "Only this distribution builds it so."
owner = "B <b@example.org>"
decided = 2026-11-25
decided-on = "none, absent"
relation = "none"
claim = "absent"
searched = [
  "upstream, /src/upstream, main, up to 2026-05-28",
]
judged = 2026-11-25
`.split('\n'),
  );
  assert.notDeepEqual(a, b);
});

/** A later commit upstream. */
const later = (digit: string, subject: string) => ({ place: { source: 'upstream', location: '/src/upstream' }, id: hex(digit), subject, author: 'A <a@example.org>', date: 1_772_445_600, firstTag: undefined, reachedBy: 'main' });
const contained: Aftermath['version'] = { tag: 'v1.0', reached: true, content: 'contained', hunks: { there: 1, absent: 0, unknown: 0 } };
const alpha = (aftermath?: Partial<Aftermath>): CurrentPatch => patch('a.patch', patchText('alpha'), { ...adapted, ...(aftermath === undefined ? {} : { aftermath }) });
/** The lines that the lock has of what became of the origin. */
const kept = (lock: LockFile): string[] => writeLock(lock).split('\n').filter((row, i, rows) => /^(?:in-version|reverted-by|followed-by)/.test(row) || /^(?:reverted-by|followed-by)/.test(rows.slice(0, i).findLast((each) => !each.startsWith(' ')) ?? ''));
const story: Partial<Aftermath> = {
  version: contained,
  reverts: [{ commit: later('2', 'Revert "Raise it"'), quote: 'q', partial: false }, { commit: later('3', 'Take half back'), quote: 'q', partial: true }, { commit: later('4', 'Revert it'), quote: 'q', partial: false, undoneBy: later('5', 'Again') }],
  followUps: [{ commit: later('6', 'Mend it'), kind: 'fixes', quote: 'q', state: 'missing' }, { commit: later('7', 'Go on'), kind: 'follow-up', quote: 'q', state: 'carried', carriedBy: 'b.patch' }],
};

test('what became of an origin is kept, one later commit a line', () => {
  assert.deepEqual(kept(locked(alpha(story))), [
    'in-version = "v1.0"',
    'reverted-by = [',
    `  "holds ${hex('2')} 2026-03-02 Revert \\"Raise it\\"",`,
    `  "partly ${hex('3')} 2026-03-02 Take half back",`,
    `  "made-good ${hex('4')} 2026-03-02 Revert it",`,
    ']',
    'followed-by = [',
    `  "missing fixes ${hex('6')} 2026-03-02 Mend it",`,
    `  "carried follow-up ${hex('7')} 2026-03-02 Go on",`,
    ']',
  ]);
  assert.deepEqual(kept(locked(alpha({ version: { ...contained, undoneBy: 'b.patch' } }))), []);
});

test('renewing takes down what has become of it since, without a new date; where nobody looked, what was known stays', () => {
  const before = locked(alpha({ version: contained }));
  const renewed = (current: CurrentPatch): LockFile => renewLock(before, [current], { today: '2027-01-01' }).lock;
  assert.deepEqual(kept(renewed(alpha(story))), kept(locked(alpha(story))));
  assert.deepEqual(kept(renewed(alpha({}))), []);
  assert.deepEqual(kept(renewed(alpha())), ['in-version = "v1.0"']);
  assert.deepEqual(kept(renewed(patch('a.patch', patchText('alpha')))), ['in-version = "v1.0"']);
  assert.equal(renewed(alpha(story)).changes[0]!.verdict!.judged, today);
});

test('--frozen remarks on what is new of it, and does not fail; what is ours or waived is left in peace', () => {
  const old = locked(alpha());
  const [a, b, c] = [`later a.patch: The packaged version has it already: v1.0. (note)`, `later a.patch: Upstream reverted its commit by ${'2'.repeat(12)} (Revert "Raise it"), which the lock does not know of. (note)`, `later a.patch: Upstream went on with its commit by ${'6'.repeat(12)} (Mend it), which the package lacks and the lock does not know of. (note)`];
  assert.deepEqual(differences(old, [alpha(story)]), [a, b, c]);
  assert.deepEqual(differences(locked(alpha({ version: contained, reverts: story.reverts! })), [alpha(story)]), [c]);
  assert.deepEqual(differences(locked(alpha(story)), [alpha(story)]), []);
  const decided = (change: Partial<Decision>): string[] => differences(recordDecision(old, alpha(), { ...ours, ...change }, { today }), [alpha(story)]);
  assert.deepEqual(decided({}), []);
  assert.deepEqual(decided({ kind: 'waived', until: '2026-12-31' }), []);
  assert.deepEqual(decided({ kind: 'accepted' }), [a, b, c]);
  // What was missing when it was locked, was taken then, and is missing again, is new.
  const carried = locked(alpha({ followUps: [{ ...story.followUps![0]!, state: 'carried', carriedBy: 'b.patch' }] }));
  assert.deepEqual(differences(carried, [alpha({ followUps: story.followUps! })]), [c]);
});

test('whoever has no clone learns from the lock what became of an origin, but for what a patch has meanwhile', () => {
  const lock = locked(alpha(story));
  const news = (...patches: readonly CurrentPatch[]) => {
    const [trace] = lockKnowledge(lock, patches, today).traces;
    const { containedIn, reverts, followUps } = aftermathNews(trace!);
    return [containedIn, reverts.map(({ commit }) => commit.id), followUps.map(({ commit, kind }) => `${kind} ${commit.id} ${commit.subject}`)];
  };
  const untraced = patch('a.patch', patchText('alpha'));
  assert.deepEqual(news(untraced), ['v1.0', [hex('2')], [`fixes ${hex('6')} Mend it`]]);
  assert.deepEqual(news(untraced, patch('b.patch', patchText('beta', { subject: 'Mend it' }))), ['v1.0', [hex('2')], []]);
  assert.deepEqual(news(untraced, patch('b.patch', patchText('beta', { body: `(cherry picked from commit ${hex('2').slice(0, 12)})\n` }))), ['v1.0', [], [`fixes ${hex('6')} Mend it`]]);
});

test('a lock from before these facts were kept holds', () => {
  const text = writeLock(locked(alpha()));
  assert.doesNotMatch(text, /in-version|reverted-by|followed-by/);
  assert.deepEqual(parseLock(text).problems, []);
});

test('the patch id of a locked change is the one that git prints', () => {
  const text = patchText('alpha');
  const printed = execFileSync('git', ['patch-id', '--stable'], { input: text }).toString().slice(0, 40);
  assert.equal(locked(patch('a.patch', text)).changes[0]!.identity.patchId, printed);
});

const wording = fc.string({ unit: 'binary', maxLength: 30 });
const line = fc.string({ unit: 'grapheme-composite', maxLength: 20 }).map((text) => text.replace(/[\r\n\t]/g, ' '));
const day = fc.date({ min: new Date('1990-01-01'), max: new Date('2090-01-01'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10));
const digest = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 40, maxLength: 40 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const relation = fc.constantFrom<PatchTrace['relation'][]>('same-file', 'same-change', 'rebased', 'adapted', 'partial', 'combined', 'none');
const claim = fc.constantFrom<PatchTrace['claim'][]>('confirmed', 'contradicted', 'unverifiable', 'absent');
const share = fc.integer({ min: 0, max: 100 }).map((percent) => percent / 100);
const decision: fc.Arbitrary<Decision> = fc
  .record({ kind: fc.constantFrom<Decision['kind'][]>('ours', 'accepted', 'waived'), reason: wording, owner: wording, date: day, until: day, about: maybe(fc.record({ relation, claim })) })
  .map(({ until, ...rest }) => ({ ...rest, until: rest.kind === 'waived' ? until : undefined }));
const change: fc.Arbitrary<LockedChange> = fc.record({
  file: fc.oneof(fc.constantFrom('0001-a.patch', '0002-b.patch', 'c "d".diff'), wording),
  subject: maybe(wording),
  identity: fc.record({ diff: digest, patchId: maybe(digest), content: maybe(digest) }),
  verdict: maybe(
    fc.record({
      relation,
      claim,
      commits: fc.array(fc.record({ id: digest, subject: wording, author: line, date: day }), { maxLength: 3 }),
      from: maybe(fc.record({ source: wording, location: wording, ref: maybe(wording), path: maybe(wording) })),
      firstRelease: maybe(wording),
      coverOfPatch: maybe(share),
      coverOfCommit: maybe(share),
      differs: fc.array(wording, { maxLength: 3 }),
      leftOut: fc.array(wording, { maxLength: 3 }),
      searched: fc.array(wording, { maxLength: 2 }),
      aftermath: fc.record({
        inVersion: maybe(wording),
        reverts: fc.array(fc.record({ state: fc.constantFrom('holds' as const, 'partly' as const, 'made-good' as const, 'carried' as const), id: digest, date: day, subject: wording }), { maxLength: 2 }),
        followUps: fc.array(fc.record({ state: fc.constantFrom(...followUpStates), kind: fc.constantFrom(...followUpKinds), id: digest, date: day, subject: wording }), { maxLength: 3 }),
      }),
      judged: day,
    }),
  ),
  decision: maybe(decision),
  notes: fc.array(line.map((text) => text.trim()), { maxLength: 2 }),
});
/** Files of different changes, as a package has them: the same diff twice in one file is another test's business. */
const lockFile = fc.uniqueArray(change, { maxLength: 6, selector: ({ file, identity }) => `${file}\0${identity.diff}` }).map((changes): LockFile => ({ changes: structuredClone(changes).sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)) }));

test('what is written is read again, to the last fact, and a reader of TOML reads the same', () => {
  fc.assert(
    fc.property(lockFile, (lock) => {
      const text = writeLock(lock);
      const { lock: read, problems, needsPerson } = parseLock(text);
      assert.deepEqual(problems, []);
      assert.equal(needsPerson, false);
      assert.deepEqual(read, lock);
      assert.equal(writeLock(read), text);
      const toml = parseToml(text) as unknown as { format: number; patch?: Record<string, { diff: string; subject?: string; reason?: string; 'more-commits'?: string[] }[]> };
      assert.equal(toml.format, 1);
      assert.deepEqual(
        lock.changes.map(({ file }) => file).filter((file, i, all) => all.indexOf(file) === i).flatMap((file) => toml.patch![file]!.map(({ diff, subject, reason }) => [file, diff, subject, reason])),
        lock.changes.map(({ file, identity, subject, decision: decided }) => [file, identity.diff, subject, decided?.reason]),
      );
      assert.deepEqual(parseLock(text.replaceAll('\n', '\r\n')).lock, lock, 'line ends of another system change nothing');
    }),
  );
});

test('whatever stands in the file, reading it comes to an end, and every problem has a line of the file', () => {
  const lines = fc.array(fc.oneof(line, fc.constantFrom('<<<<<<< ours', '=======', '||||||| base', '>>>>>>> theirs', 'differs = [', '  "x",', ']', '[[patch."a"]]', `diff = "${hex('a')}"`, 'format = 1', 'decision = "ours"', 'x = "\\ud800"', '"')), { maxLength: 30 });
  fc.assert(
    fc.property(lines, (rows) => {
      const { problems } = parseLock(rows.join('\n'));
      for (const problem of problems) assert.ok(problem.line >= 0 && problem.line < Math.max(rows.length, 1), JSON.stringify(problem));
    }),
  );
});

test('one line lost takes at most its own section along', () => {
  const lock = locked(...['a', 'b', 'c'].map((name) => patch(`${name}.patch`, patchText(name), adapted)));
  const rows = writeLock(lock).split('\n');
  for (const [at, row] of rows.entries()) {
    if (row.startsWith('[[')) continue;
    const { lock: read } = parseLock([...rows.slice(0, at), ...rows.slice(at + 1)].join('\n'));
    assert.ok(read.changes.length >= 2, `without '${row}'`);
    const whole = read.changes.filter((each) => lock.changes.some((one) => JSON.stringify(one) === JSON.stringify(each)));
    assert.ok(whole.length >= 2, `without '${row}'`);
  }
});

/** The problems of a text that is right up to one section, each as `line: message`. */
function problemsOf(section: string): string[] {
  const start = 'format = 1\n';
  return parseLock(start + section).problems.map(({ line: at, message }) => `${at + 1}: ${message}`);
}

const section = `[[patch."a.patch"]]\ndiff = "${hex('a')}"\n`;

test('what a hand has written wrong is named with its line, and what to write', () => {
  assert.deepEqual(problemsOf(`${section}decision = "mine"\n`), ['4: \'decision\' must be one of "ours", "accepted", "waived".']);
  assert.deepEqual(problemsOf(`${section}decision = "ours"\nreason = "x"\n`), ["4: This decision lacks 'owner' and 'decided', and does not count."]);
  assert.deepEqual(problemsOf(`${section}decision = "waived"\nreason = "x"\nowner = "B"\ndecided = 2026-11-25\n`), ["4: This decision lacks 'until', and does not count."]);
  assert.deepEqual(problemsOf(`${section}decision = "waived"\nreason = "x"\nowner = "B"\ndecided = 2026-11-25\nuntil = 2026-02-30\n`), ["8: 'until' must be a date, as 2026-11-25.", "4: This decision lacks 'until', and does not count."].sort());
  assert.deepEqual(problemsOf(`${section}decides = "${'b'.repeat(12)}"\ndecision = "ours"\nreason = "x"\nowner = "B"\ndecided = 2026-11-25\n`), ['5: This decision is about another change (bbbbbbbbbbbb), and a merge or a hand has put it here. It does not count; decide again where it is meant.']);
  assert.deepEqual(problemsOf(`${section}reson = "x"\n`), ["4: There is no fact 'reson' of a change; it is passed over."]);
  assert.deepEqual(problemsOf(`${section}subject = no quotes\n`), ['4: A value is a text in quotes, a number, a date, or a list of texts. This line is passed over.']);
  assert.deepEqual(problemsOf('[[patch."a.patch"]]\nsubject = "x"\n'), ["2: This section has no 'diff', and so does not say of which change of a.patch it speaks. It is passed over."]);
  assert.deepEqual(problemsOf(`${section}differs = [\n  "one",\nsubject = "x"\n`), ["4: The list of 'differs' has no ']' at its end. This line is passed over."]);
  const judged = `${section}relation = "none"\nclaim = "absent"\njudged = 2026-11-25\n`;
  assert.deepEqual(problemsOf(`${judged}followed-by = [\n  "missing ${hex('a')} 2026-11-25 x",\n]\n`), [`7: 'followed-by' has an item that is none: "missing ${hex('a').slice(0, 32)}".`]);
  assert.deepEqual(problemsOf(`${judged}reverted-by = [\n  "sideways aaaaaaa 2026-11-25 x",\n]\n`), [`7: 'reverted-by' has an item that is none: "sideways aaaaaaa 2026-11-25 x".`]);
  assert.deepEqual(problemsOf('[package]\nname = "x"\n'), ['2: [package] is no section of a lock; sections are [[patch."NAME"]]. It is passed over.']);
});

test('a lock of a newer Spectrail is left alone', () => {
  const { lock, problems, needsPerson } = parseLock(`format = 2\n${section}`);
  assert.deepEqual([lock.changes.length, needsPerson, problems.map(({ message }) => message)], [0, true, ['This lock has format 2; this Spectrail reads format 1. Update Spectrail.']]);
});

/** Merges two forms of a lock with git, as two branches would be; the text, and whether git found a conflict. */
function merge(base: LockFile, mine: LockFile, theirs: LockFile): { readonly text: string; readonly isConflict: boolean } {
  const files = Object.entries({ mine, base, theirs }).map(([name, lock]) => {
    const path = join(folder, name);
    writeFileSync(path, writeLock(lock));
    return path;
  });
  const { stdout, status } = spawnSync('git', ['merge-file', '-p', ...files], { encoding: 'utf8' });
  assert.ok(status !== null && status >= 0 && status < 20, 'git merged');
  return { text: stdout, isConflict: status > 0 };
}

const names = ['a', 'b', 'c', 'd', 'e'];
const all = names.map((name) => patch(`${name}.patch`, patchText(name), { relation: 'none' }));

test('decisions about different patches merge without a conflict', () => {
  const base = locked(...all);
  const mine = recordDecision(base, all[1]!, ours, { today });
  const theirs = recordDecision(recordDecision(base, all[3]!, ours, { today }), all[0]!, { ...ours, reason: 'Another.' }, { today });
  const { text, isConflict } = merge(base, mine, theirs);
  assert.equal(isConflict, false);
  assert.deepEqual(parseLock(text).lock.changes.map(({ file, decision: decided }) => [file, decided?.reason]), [['a.patch', 'Another.'], ['b.patch', ours.reason], ['c.patch', undefined], ['d.patch', ours.reason], ['e.patch', undefined]]);
});

test('where git finds a conflict, renewing settles it and keeps the decisions of both sides', () => {
  const base = locked(all[0]!, all[4]!);
  const mine = recordDecision(locked(all[0]!, all[1]!, all[4]!), all[1]!, ours, { today });
  const theirs = recordDecision(locked(all[0]!, all[2]!, all[4]!), all[2]!, { ...ours, reason: 'Theirs.' }, { today });
  const { text, isConflict } = merge(base, mine, theirs);
  assert.equal(isConflict, true, text);
  const read = parseLock(text);
  const start = text.split('\n').findIndex((row) => row.startsWith('<<<<<<<'));
  assert.deepEqual(read.problems.filter(({ code }) => code === 'conflict').map(({ line: at }) => at)[0], start);
  assert.match(read.problems[0]!.message, /^A merge conflict is left here, up to line \d+\. Renew the lock/);
  assert.equal(read.needsPerson, false);
  const { lock, dropped } = renewLock(read.lock, [all[0]!, all[1]!, all[2]!, all[4]!], { today });
  assert.deepEqual(lock.changes.map(({ file, decision: decided }) => [file, decided?.reason]), [['a.patch', undefined], ['b.patch', ours.reason], ['c.patch', 'Theirs.'], ['e.patch', undefined]]);
  assert.deepEqual(dropped, []);
  assert.deepEqual(parseLock(writeLock(lock)).problems, []);
});

test('two sides that decided otherwise about the same change are a matter for a person', () => {
  const base = locked(all[0]!);
  const mine = recordDecision(base, all[0]!, ours, { today });
  const theirs = recordDecision(base, all[0]!, { ...ours, kind: 'accepted', reason: 'Theirs.' }, { today });
  const { text, isConflict } = merge(base, mine, theirs);
  assert.equal(isConflict, true);
  const { problems, needsPerson } = parseLock(text);
  assert.equal(needsPerson, true);
  assert.match(problems.find(({ code }) => code === 'two-decisions')!.message, /^The same change of a\.patch is decided otherwise at line \d+\. Keep the decision that is meant\.$/);
});

test('renewing changes nothing as long as the same is found, whenever and in whatever order', () => {
  const before = locked(...names.map((name) => patch(`${name}.patch`, patchText(name), adapted)));
  const again = renewLock(before, [...names].reverse().map((name) => patch(`${name}.patch`, patchText(name), { ...adapted, tag: 'v1.1', also: hex('7') })), { today: '2027-01-01' }).lock;
  assert.equal(writeLock(again), writeLock(before));
});

test('a release that comes later is the only fact that is filled in without a new date', () => {
  const before = locked(patch('a.patch', patchText('alpha'), { relation: 'same-change', commit: hex('1') }));
  const { lock } = renewLock(before, [patch('a.patch', patchText('alpha'), { relation: 'same-change', commit: hex('1'), tag: 'v2' })], { today: '2027-01-01' });
  assert.deepEqual([lock.changes[0]!.verdict!.firstRelease, lock.changes[0]!.verdict!.judged], ['v2', today]);
});

test('a decision stays with its change: a renamed file, another header, another context keep it; other lines do not', () => {
  const origin = recordDecision(emptyLock, patch('a.patch', patchText('alpha'), { relation: 'none' }), ours, { today });
  const kept = (file: string, text: string): string | undefined => {
    const { lock, dropped } = renewLock(origin, [patch(file, text, { relation: 'none' })], { today: '2027-01-01' });
    assert.equal(dropped.length, lock.changes[0]!.decision === undefined ? 1 : 0);
    return lock.changes[0]!.decision?.reason;
  };
  assert.equal(kept('a.patch', patchText('alpha')), ours.reason);
  assert.equal(kept('renamed.patch', patchText('alpha')), ours.reason);
  assert.equal(kept('renamed.patch', patchText('alpha', { subject: 'Say it otherwise', from: hex('d') })), ours.reason);
  assert.equal(kept('a.patch', patchText('alpha', { line: 40 })), ours.reason);
  assert.equal(kept('a.patch', patchText('alpha', { context: 'another context' })), ours.reason);
  assert.equal(kept('a.patch', patchText('beta')), undefined);
});

test('a decision can be about one mail of several, and be taken back', () => {
  const two = patch('two.patch', patchText('alpha') + patchText('beta'), { relation: 'none' }, adapted);
  const one = recordDecision(emptyLock, two, ours, { today, change: 1 });
  assert.deepEqual(one.changes.map(({ decision: decided }) => decided?.about), [undefined, { relation: 'adapted', claim: 'confirmed' }]);
  assert.deepEqual(recordDecision(one, two, undefined, { today }).changes.map(({ decision: decided }) => decided), [undefined, undefined]);
});

test('a decision wants a reason, an owner, and dates that are', () => {
  assert.equal(decisionError(ours), undefined);
  assert.match(decisionError({ ...ours, reason: ' ' })!, /wants a reason/);
  assert.match(decisionError({ ...ours, owner: '' })!, /wants an owner/);
  assert.match(decisionError({ ...ours, kind: 'waived' })!, /wants the date/);
  assert.match(decisionError({ ...ours, kind: 'waived', until: '2026-13-01' })!, /is no date/);
  assert.match(decisionError({ ...ours, kind: 'waived', until: '2026-11-24' })!, /would have ended/);
  assert.equal(decisionError({ ...ours, kind: 'waived', until: today }), undefined);
});

/** Differences between a lock and patches, as `kind file: message`, with `(note)` behind those that do not fail. */
function differences(lock: LockFile, patches: readonly CurrentPatch[], on = today): string[] {
  return compareWithLock(lock, patches, on).map(({ kind, file, change: number, message, fails }) => `${kind} ${file}${number === undefined ? '' : ` ${number + 1}`}: ${message}${fails ? '' : ' (note)'}`);
}

test('patches are held against the lock', () => {
  const a = patch('a.patch', patchText('alpha'), adapted);
  const lock = locked(a);
  assert.deepEqual(differences(lock, [a]), []);
  assert.deepEqual(differences(lock, [patch('a.patch', patchText('alpha'))]), [], 'what was not traced is compared by content alone');
  assert.deepEqual(differences(lock, [patch('a.patch', patchText('alpha', { body: 'More words.\n' }), adapted)]), [], 'a header is no change');
  assert.deepEqual(differences(lock, [a, patch('b.patch', patchText('beta'), adapted)]), ['new b.patch: It is not in the lock.']);
  assert.deepEqual(differences(lock, []), ['gone a.patch: The lock has it, and the package does not.']);
  assert.deepEqual(differences(lock, [currentPatch('a.patch', undefined)]), ['missing a.patch: The file is missing.']);
  assert.deepEqual(differences(lock, [patch('a.patch', patchText('beta', { subject: 'Raise alpha' }), adapted)]), ['changed a.patch: It is not the change that was locked.']);
  assert.deepEqual(differences(lock, [patch('a.patch', patchText('alpha', { line: 9 }), adapted)]), ['changed a.patch: Its diff was written anew: the patch id is the same, white space, line numbers or what stands around the diff are not.']);
  assert.deepEqual(differences(lock, [patch('a.patch', patchText('alpha').replace('+the ALPHA', '+the  ALPHA'), adapted)]), ['changed a.patch: Its diff was written anew: the patch id is the same, white space, line numbers or what stands around the diff are not.'], 'white space can be code');
  assert.deepEqual(differences(lock, [patch('other.patch', patchText('alpha'), adapted)]), ['renamed other.patch: It was locked as a.patch. (note)']);
  assert.deepEqual(differences(lock, [patch('a.patch', patchText('alpha'), { ...adapted, relation: 'partial' })]), [`judged a.patch: It was locked as 'adapted' (111111111111) and is found 'partial' (111111111111 Raise it).`]);
  assert.deepEqual(differences(lock, [patch('a.patch', patchText('alpha'), { ...adapted, claim: 'contradicted' })]), ['judged a.patch: Its claim was locked as confirmed and is found contradicted.']);
  assert.deepEqual(differences(lock, [patch('a.patch', patchText('alpha'), { ...adapted, commit: hex('2') })]), ['judged a.patch: It was locked as commit 111111111111 (Raise it) and is found to be 222222222222 (Raise it).']);
  assert.deepEqual(differences(lock, [patch('a.patch', patchText('alpha'), { ...adapted, commit: hex('2'), also: hex('1') })]), [], 'a commit with the same content is the same origin');
});

test('patches of several mails are told apart', () => {
  const lock = locked(patch('two.patch', patchText('alpha') + patchText('beta'), adapted, adapted));
  assert.deepEqual(differences(lock, [patch('two.patch', patchText('alpha') + patchText('gamma'), adapted, adapted)]), ["changed two.patch 2: It is not the change that was locked ('Raise beta')."]);
  assert.deepEqual(differences(lock, [patch('two.patch', patchText('alpha'), adapted)]), ['gone two.patch: A change of it that the lock has is gone.']);
  assert.deepEqual(differences(lock, [patch('two.patch', patchText('beta') + patchText('alpha'), adapted, adapted)]), []);
});

test('a waiver ends; the day it ends on still counts', () => {
  const a = patch('a.patch', patchText('alpha'), { relation: 'none', claim: 'contradicted' });
  const lock = recordDecision(locked(a), a, { ...ours, kind: 'waived', until: '2026-12-24' }, { today });
  assert.deepEqual(differences(lock, [a], '2026-12-24'), []);
  assert.deepEqual(differences(lock, [a], '2026-12-25'), ['expired a.patch: The waiver of B <b@example.org> ended on 2026-12-24: Only this distribution builds it so.']);
});

test('who has not traced takes the verdict from the lock, as long as the patch is what was locked', () => {
  const traced = patch('a.patch', patchText('alpha'), adapted);
  const lock = recordDecision(locked(traced), traced, { ...ours, kind: 'waived', until: '2026-12-24' }, { today });
  const untraced = patch('a.patch', patchText('alpha', { from: 'ab'.repeat(20) }));
  const known = lockKnowledge(lock, [untraced], today);
  assert.deepEqual(known.traces.map(({ fileName, relation: found, claim: said, changes, coverage }) => [fileName, found, said, changes[0]!.commit!.id, changes[0]!.claims.map(({ value }) => value), coverage.searched.map(({ source }) => source)]), [['a.patch', 'adapted', 'confirmed', hex('1'), ['ab'.repeat(20)], ['upstream']]]);
  assert.deepEqual(known.decisions, [{ file: 'a.patch', changes: [{ ...ours, kind: 'waived', until: '2026-12-24', about: { relation: 'adapted', claim: 'confirmed' } }], expired: [] }]);
  assert.deepEqual(lockKnowledge(lock, [untraced], '2027-01-01').decisions.map(({ changes, expired }) => [changes, expired.length]), [[[undefined], 1]]);
  assert.deepEqual(lockKnowledge(lock, [patch('a.patch', patchText('beta'))], today), { decisions: [], traces: [] });
  assert.deepEqual(lockKnowledge(lock, [traced], today).traces, [], 'a trace at hand is better');
});

test('comments that somebody wrote stay with their section', () => {
  const text = writeLock(locked(all[0]!, all[1]!)).replace('[[patch."b.patch"]]', '# ask upstream again\n[[patch."b.patch"]]');
  const { lock } = parseLock(text);
  assert.deepEqual(lock.changes.map(({ notes }) => notes), [[], ['ask upstream again']]);
  assert.equal(writeLock(renewLock(lock, [all[0]!, all[1]!], { today }).lock), text);
});

interface Deed {
  readonly at: number;
  readonly what: 'decide' | 'undo' | 'add' | 'remove';
}

const deeds = fc.array(fc.record({ at: fc.integer({ min: 0, max: 7 }), what: fc.constantFrom<Deed['what'][]>('decide', 'decide', 'undo', 'add', 'remove') }), { maxLength: 4 });
const many = [...'abcdefgh'].map((name) => patch(`${name}.patch`, patchText(`word ${name}`), { relation: 'none' }));

/** A branch's work on a package whose first patches are there: the patches it ends with, and its lock. */
function work(base: LockFile, present: readonly number[], branch: string, done: readonly Deed[]): { readonly lock: LockFile; readonly present: readonly number[] } {
  let lock = base;
  let mine = present;
  for (const { at, what } of done) {
    if (what === 'add') mine = [...new Set([...mine, at])];
    else if (what === 'remove') mine = mine.filter((each) => each !== at);
    if (what === 'add' || what === 'remove') lock = renewLock(lock, mine.map((each) => many[each]!), { today }).lock;
    else if (mine.includes(at)) lock = recordDecision(lock, many[at]!, what === 'undo' ? undefined : { ...ours, reason: `${branch} ${at}` }, { today });
  }
  return { lock, present: mine };
}

test('whatever two branches did to their locks, merging loses no decision that one of them made, or says that both did', () => {
  let conflicts = 0;
  fc.assert(
    fc.property(deeds, deeds, (one, other) => {
      const start = [0, 2, 4, 6];
      const base = locked(...start.map((each) => many[each]!));
      const [mine, theirs] = [work(base, start, 'mine', one), work(base, start, 'theirs', other)];
      const { text, isConflict } = merge(base, mine.lock, theirs.lock);
      if (isConflict) conflicts++;
      const { lock, needsPerson, problems } = parseLock(text);
      const reasons = (from: LockFile): Map<string, string> => new Map(from.changes.flatMap(({ file, decision: decided }) => (decided === undefined ? [] : [[file, decided.reason] as const])));
      const [ofMine, ofTheirs, merged] = [reasons(mine.lock), reasons(theirs.lock), reasons(lock)];
      const bothDecided = [...ofMine.keys()].filter((file) => ofTheirs.has(file));
      assert.equal(needsPerson, bothDecided.length > 0);
      if (!needsPerson) {
        assert.equal(problems.every(({ code }) => code === 'conflict'), true, JSON.stringify(problems));
        const there = [...new Set([...mine.present, ...theirs.present])].map((each) => many[each]!);
        const settled = renewLock(lock, there, { today }).lock;
        assert.deepEqual([...reasons(settled)].sort(), [...ofMine, ...ofTheirs].sort());
        assert.deepEqual(parseLock(writeLock(settled)).problems, []);
        assert.equal(merged.size, ofMine.size + ofTheirs.size);
      }
    }),
    { numRuns: 100 },
  );
  assert.ok(conflicts > 5, `${conflicts} conflicts`);
});
