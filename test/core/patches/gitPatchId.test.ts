import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { CommitStream, type CommitRecord, blobId, gitPatchIds, identifyChange, logPatchTask, parsePatch } from '#server/core/patches/index.js';
import { skipWithoutNewPatchIds } from '../../support/commands.js';
import { buildRandomDiffs } from '../../support/randomDiffs.js';
import { buildRandomHistory } from '../../support/randomHistory.js';
import { gitEnvironment } from '../../support/repo.js';

const folder = mkdtempSync(join(tmpdir(), 'spectrail-patch-id-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function askGit(input: Uint8Array): string[] {
  return execFileSync('git', ['patch-id', '--stable'], { cwd: folder, env: gitEnvironment, input, maxBuffer: 1 << 28 }).toString().trim().split('\n').filter(Boolean);
}

/** Our reading of the same bytes, in git's form. */
function askOurs(input: Uint8Array): string[] {
  return gitPatchIds(input).map(({ patchId, commit }) => `${patchId} ${commit}`);
}

function check(name: string, text: string): void {
  test(`git and we give the same ids: ${name}`, { skip: skipWithoutNewPatchIds }, () => {
    const bytes = Buffer.from(text, 'latin1');
    assert.deepEqual(askOurs(bytes), askGit(bytes));
  });
}

const hunk = '--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@\n keep\n-old line\n+new line\n';

check('nothing', '');
check('prose', 'no diff here\n');
check('one file', `diff --git a/x b/x\nindex 1..2 100644\n${hunk}`);
check('without git header', hunk);
check('a diff command before it', `diff -up x.orig x\n${hunk}`);
check('two mails', `From ${'a'.repeat(40)} Mon Sep 17 00:00:00 2001\nSubject: x\n\ndiff --git a/x b/x\n${hunk}-- \n2.31.1\n\nFrom ${'b'.repeat(40)} Mon Sep 17 00:00:00 2001\n\ndiff --git a/y b/y\n${hunk}`);
check('signature inside counts', 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,9 +1,9 @@\n a\n-- \n2.3\n');
check('a binary file', 'diff --git a/x b/x\nindex 1234567..89abcde 100644\nGIT binary patch\nliteral 3\nKcmZ\n\ndiff --git a/y b/y\n' + hunk);
check('binary files differ', `diff --git a/x b/x\nindex 1234567..89abcde\nBinary files a/x and b/x differ\ndiff --git a/y b/y\n${hunk}`);
check('pure rename, then a change', `diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\ndiff --git a/z b/z\n${hunk}`);
check('CRLF', `diff --git a/x b/x\n${hunk}`.replaceAll('\n', '\r\n'));
check('no newline at end', `diff --git a/x b/x\n${hunk}\\ No newline at end of file\n`);
check('counts of one', 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n');
check('broken hunk header', 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,1 @@\n-a\n+b\n+c\n');
check('a NUL in a line', 'diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\0b\n+a\0c\n');

test('git and we give the same ids for any text made of pieces of diffs', { skip: skipWithoutNewPatchIds }, () => {
  const piece = fc.constantFrom(
    'diff --git a/x b/x\n', 'diff -u x y\n', 'index 12345..67890 100644\n', 'index 12345..67890\n', '--- a/x\n', '+++ b/x\n', '@@ -1,2 +1,2 @@\n', '@@ -1 +1 @@ f()\n', '@@ -0,0 +1,3 @@\n',
    ' context\n', '-old\n', '+new\n', '+\tta b\v\n', '\n', '-- \n', '2.31.1\n', '\\ No newline at end of file\n', 'From 0123456789012345678901234567890123456789 Mon\n', 'commit 0123456789abcdef0123456789abcdef01234567\n', 'Binary files a/x and b/x differ\n', 'GIT binary patch\n', 'rename to y\n', 'text',
  );
  // One process for all the texts: a line with an id of its own stands between them, and ends the one before.
  const texts: string[] = [];
  fc.assert(fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => void texts.push(pieces.join(''))), { numRuns: 2000 });
  const bytes = Buffer.from(texts.map((text, i) => `${text}\nFrom ${i.toString(16).padStart(40, '0')} Mon Sep 17 00:00:00 2001\n`).join(''));
  assert.deepEqual(askOurs(bytes), askGit(bytes));
});

test('a change of which git prints several ids, for the prose between its diffs, has none of them', () => {
  const bytes = Buffer.from(`diff --git a/x b/x\n${hunk}\nAnd the other:\n\ndiff --git a/y b/y\n${hunk.replaceAll('/x', '/y')}`);
  assert.equal(askGit(bytes).length, 2);
  const patch = parsePatch(bytes);
  const { patchId, normalPatchId } = identifyChange(patch, patch.changes[0]!);
  assert.equal(patchId, undefined);
  assert.equal(`${normalPatchId} ${'0'.repeat(40)}`, askGit(Buffer.from(`diff --git a/x b/x\n${hunk}diff --git a/y b/y\n${hunk.replaceAll('/x', '/y')}`))[0]);
});

function readLog(git: (...args: string[]) => Buffer, pieces: (size: number) => number): CommitRecord[] {
  const task = logPatchTask({ revisions: ['main'] });
  const output = execFileSync('git', ['-C', git('rev-parse', '--absolute-git-dir').toString().trim(), ...task.args], { env: gitEnvironment, input: task.input, maxBuffer: 1 << 30 });
  const stream = new CommitStream();
  const records: CommitRecord[] = [];
  for (let at = 0; at < output.length; ) {
    const size = pieces(output.length);
    records.push(...stream.push(output.subarray(at, at + size)));
    at += size;
  }
  records.push(...stream.end());
  return records;
}

test('the stream of a wild history has git\'s patch id for every commit, and so has each commit written as a mail', { skip: skipWithoutNewPatchIds }, () => {
  const git = buildRandomHistory(join(folder, 'wild'), { commits: 400, seed: 7, isWild: true });
  const expected = new Map<string, string>();
  const log = git('log', '-p', '-M', '--full-index', '--end-of-options', 'main');
  for (const line of askGit(log)) expected.set(line.split(' ')[1]!, line.split(' ')[0]!);
  const records = readLog(git, (size) => size);
  assert.equal(records.length, 400);
  assert.ok(expected.size > 380);
  for (const record of records) assert.equal(record.patchId, expected.get(record.id), record.id);
  const mails = git('format-patch', '--stdout', '-M', '--full-index', '--root', 'main');
  const patch = parsePatch(mails);
  assert.equal(patch.changes.length, 400);
  const byId = new Map(records.map((record) => [record.id, record]));
  for (const change of patch.changes) {
    const identity = identifyChange(patch, change);
    const record = byId.get(change.commitId!)!;
    // A binary file's content stands in the mail and not in the log, and git's ids for the two differ.
    if (change.files.some((file) => file.isBinary)) continue;
    assert.equal(identity.patchId, record.patchId, record.subject);
    assert.equal(identity.content, record.content);
    assert.deepEqual(identity.lines, record.lines);
    assert.deepEqual(identity.hunks, record.hunks);
    assert.equal(change.subject, record.subject);
    assert.equal(identity.normalPatchId, record.patchId, record.subject);
  }
});

test('names, modes, links, submodules, copies, bytes: each form that git writes diffs in has the same ids, read as a file and as changes', { skip: skipWithoutNewPatchIds }, () => {
  const { gitDir, ids } = buildRandomDiffs(join(folder, 'diffs'), 150, 5);
  for (const form of [['-M'], ['--no-renames', '--full-index'], ['-C', '--find-copies-harder', '--binary'], ['-U0', '--no-prefix'], ['--pretty=email', '--stat', '-M']]) {
    const output = execFileSync('git', [`--git-dir=${gitDir}`, 'log', '--no-walk=unsorted', '--stdin', '-p', ...form], { env: gitEnvironment, input: `${ids.join('\n')}\n`, maxBuffer: 1 << 28 });
    const expected = askGit(output);
    assert.ok(expected.length > 130);
    assert.deepEqual(askOurs(output), expected);
    const patch = parsePatch(output);
    const changes = patch.changes.filter((change) => change.files.length > 0).map((change) => [identifyChange(patch, change).patchId, change.commitId].join(' '));
    assert.deepEqual(changes, expected);
  }
});

test('the stream gives the same records however its bytes are cut', () => {
  const git = buildRandomHistory(join(folder, 'cut'), { commits: 40, seed: 3, isWild: true });
  const whole = readLog(git, (size) => size);
  for (const size of [1, 7, 1000]) assert.deepEqual(readLog(git, () => size), whole);
});

test('a stream of anything gives records or none, and never throws', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), fc.boolean(), (chunks, isMarked) => {
      const stream = new CommitStream({ maxLineBytes: 50, maxLines: 3, keepDiffBytes: 60 });
      for (const chunk of chunks) stream.push(isMarked ? Buffer.concat([Buffer.from('\n\0id\0\0n\0e\x001\x002\0subject\0\ndiff --git a/x b/x\n'), chunk]) : chunk);
      for (const record of stream.end()) assert.ok(record.lines.length <= 3);
    }),
  );
});

test('a blob id is git\'s, whatever the length', () => {
  for (const length of [0, 1, 55, 56, 63, 64, 65, 4095, 4096, 4097, 100_000]) {
    const bytes = Buffer.alloc(length, 'spectrail');
    assert.equal(blobId(bytes), createHash('sha1').update(`blob ${length}\0`).update(bytes).digest('hex'));
  }
});
