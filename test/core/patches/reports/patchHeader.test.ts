import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ChangeVerdict, type CommitFact, type Decision, type HeaderStyle, parsePatch, readClaims, writeHeader } from '#server/core/patches/index.js';
import { temporaryFolder } from '../../../support/folder.js';

const folder = temporaryFolder('headers');
const id = '0123456789abcdef0123456789abcdef01234567';
const other = 'fedcba9876543210fedcba9876543210fedcba98';
const commit = (sha: string, tag: string | undefined, location: string): CommitFact => ({ place: { source: 'upstream', location }, id: sha, subject: 'Fix it', author: 'A', date: 0, firstTag: tag, reachedBy: 'main' });

interface Found {
  readonly relation?: ChangeVerdict['relation'];
  readonly commits?: readonly string[];
  /** Null for a commit that is in no release. */
  readonly tag?: string | null;
  readonly location?: string;
}

function verdict({ relation = 'same-change', commits = [id], tag = 'v1.1' as string | null, location = 'https://github.com/quillet/quillet' }: Found = {}): ChangeVerdict {
  const facts = relation === 'none' ? [] : commits.map((sha) => commit(sha, tag ?? undefined, location));
  return { subject: undefined, relation, commit: facts[0], commits: facts, equivalent: [], claim: 'absent', claims: [], evidence: undefined, confidence: 1 };
}

const ours: Decision = { kind: 'ours', reason: 'x', owner: 'B', date: '2026-11-25', until: undefined, about: undefined };
const diff = `diff --git a/a.c b/a.c
--- a/a.c
+++ b/a.c
@@ -1,3 +1,3 @@
 one
-two
+zwei
 three
`;
const mail = (message: string, fields = ''): string => `From ${'9'.repeat(39)}8 Mon Sep 17 00:00:00 2001\nFrom: A <a@example.org>\nDate: Mon, 2 Mar 2026 10:00:00 +0000\nSubject: [PATCH] Fix it\n${fields}\n${message}---\n a.c | 2 +-\n 1 file changed, 1 insertion(+), 1 deletion(-)\n\n${diff}-- \n2.43.0\n\n`;
const url = `https://github.com/quillet/quillet/commit/${id}`;

/** Writing turns one text into the other, and writing again changes nothing. Equal texts: there is nothing to write. */
function check(name: string, style: HeaderStyle, before: string, after: string, found: Found = {}, decision?: Decision): void {
  test(`${style}: ${name}`, () => {
    const options = { style, today: '2026-11-25', decisions: [decision] };
    const latin = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0));
    const { bytes, problems } = writeHeader(latin(before), [verdict(found)], options);
    assert.deepEqual(problems, []);
    const text = bytes === undefined ? before : String.fromCharCode(...bytes);
    assert.equal(text, after);
    assert.equal(writeHeader(latin(text), [verdict(found)], options).bytes, undefined, 'once is enough');
  });
}

check('fields stand at the end of a mail\'s header', 'dep3', mail('Why.\n'), mail('Why.\n', `Origin: upstream, ${url}\nApplied-Upstream: v1.1, ${url}\nLast-Update: 2026-11-25\n`));
check('a plain diff gets a block of its own', 'dep3', diff, `Origin: upstream, ${url}\nApplied-Upstream: v1.1, ${url}\nLast-Update: 2026-11-25\n\n${diff}`);
check('prose stays behind the block', 'dep3', `Mend the thing: it was broken.\n\n${diff}`, `Origin: backport, commit:${id}\nLast-Update: 2026-11-25\n\nMend the thing: it was broken.\n\n${diff}`, { relation: 'adapted', tag: null, location: '/src/quillet' });
check('a block that is there is filled up', 'dep3', `Description: Mend it\n with more words\nAuthor: A <a@example.org>\n\nMore.\n---\n${diff}`, `Description: Mend it\n with more words\nAuthor: A <a@example.org>\nOrigin: upstream, ${url}\nApplied-Upstream: v1.1, ${url}\nLast-Update: 2026-11-25\n\nMore.\n---\n${diff}`);
check('what says the same stays in its words', 'dep3', `Description: x\nOrigin: backport, http://git.example.org/?h=${id.slice(0, 12)}\nApplied-Upstream: v1.1\nLast-Update: 2020-01-01\n\n${diff}`, `Description: x\nOrigin: backport, http://git.example.org/?h=${id.slice(0, 12)}\nApplied-Upstream: v1.1\nLast-Update: 2020-01-01\n\n${diff}`);
check('what says otherwise is replaced, folded lines and all', 'dep3', `Origin: upstream,\n commit:${other}\nLast-Update: 2020-01-01\nDescription: x\n\n${diff}`, `Origin: upstream, ${url}\nLast-Update: 2026-11-25\nDescription: x\nApplied-Upstream: v1.1, ${url}\n\n${diff}`);
check('several commits are all named', 'dep3', diff, `Origin: backport, commit:${id}, commit:${other}\nLast-Update: 2026-11-25\n\n${diff}`, { relation: 'combined', commits: [id, other], tag: null, location: '/x' });
check('a patch that is ours on purpose says so', 'dep3', `# ours\n${diff}`, `Origin: vendor\nForwarded: not-needed\nLast-Update: 2026-11-25\n\n# ours\n${diff}`, { relation: 'none' }, ours);
check('of a patch without origin that nobody decided about nothing is said', 'dep3', diff, diff, { relation: 'none' });
check('what git show wrote stays what it is', 'dep3', `commit ${other}\nAuthor: A <a@example.org>\nDate:   Mon Mar 2 10:00:00 2026 +0000\n\n    Fix it\n\n${diff}`, `commit ${other}\nAuthor: A <a@example.org>\nDate:   Mon Mar 2 10:00:00 2026 +0000\nOrigin: upstream, ${url}\nApplied-Upstream: v1.1, ${url}\nLast-Update: 2026-11-25\n\n    Fix it\n\n${diff}`);
check('line ends of another system are kept', 'dep3', mail('Why.\n').replaceAll('\n', '\r\n'), mail('Why.\n', `Origin: upstream, ${url}\nApplied-Upstream: v1.1, ${url}\nLast-Update: 2026-11-25\n`).replaceAll('\n', '\r\n'));
check('bytes that are not UTF-8 are kept', 'dep3', mail('Gr\u00fc\u00dfe.\n', 'X-Who: J\u00f6rg\n'), mail('Gr\u00fc\u00dfe.\n', `X-Who: J\u00f6rg\nOrigin: upstream, ${url}\nApplied-Upstream: v1.1, ${url}\nLast-Update: 2026-11-25\n`));

check('a trailer stands behind the message', 'trailers', mail('Why.\n'), mail(`Why.\n\nUpstream-commit: ${id}\n`));
check('a trailer joins the others', 'trailers', mail('Why.\n\nSigned-off-by: A <a@example.org>\n'), mail(`Why.\n\nSigned-off-by: A <a@example.org>\nUpstream-commit: ${id}\n`));
check('a mail without a message gets one', 'trailers', mail(''), mail(`Upstream-commit: ${id}\n`));
check('a plain diff gets a header', 'trailers', diff, `Upstream-commit: ${id}\n\n${diff}`);
check('prose of a plain diff is its message', 'trailers', `Mend the thing.\n\n${diff}`, `Mend the thing.\n\nUpstream-commit: ${id}\n\n${diff}`);
check('git show indents its message', 'trailers', `commit ${other}\nAuthor: A <a@example.org>\nDate:   Mon Mar 2 10:00:00 2026 +0000\n\n    Fix it\n\n${diff}`, `commit ${other}\nAuthor: A <a@example.org>\nDate:   Mon Mar 2 10:00:00 2026 +0000\n\n    Fix it\n\n    Upstream-commit: ${id}\n\n${diff}`);
check('who names the commit already is left alone', 'trailers', mail(`Why.\n\n(cherry picked from commit ${id})\n`), mail(`Why.\n\n(cherry picked from commit ${id})\n`));
check('the mail of the commit itself needs no trailer', 'trailers', mail('Why.\n').replace(/^From \S+/, `From ${id}`), mail('Why.\n').replace(/^From \S+/, `From ${id}`));
check('a part is called a part', 'trailers', mail('Why.\n'), mail(`Why.\n\nUpstream-commit: ${id} (a part of it)\n`), { relation: 'partial' });
check('a patch that is ours on purpose says so', 'trailers', mail('Why.\n'), mail('Why.\n\nUpstream-Status: Inappropriate [ours on purpose]\n'), { relation: 'none' }, ours);
check('line ends of another system are kept', 'trailers', mail('Why.\n').replaceAll('\n', '\r\n'), mail(`Why.\n\nUpstream-commit: ${id}\n`).replaceAll('\n', '\r\n'));

test('scripts, compressed patches and mails in base64 are left alone, and that is said', () => {
  const write = (bytes: Uint8Array) => writeHeader(bytes, parsePatch(bytes).changes.map(() => verdict()), { style: 'dep3', today: '2026-11-25' });
  const text = (from: string) => new TextEncoder().encode(from);
  assert.match(write(text(`#! /bin/sh /usr/share/dpatch/dpatch-run\n## DP: x\n@DPATCH@\n${diff}`)).problems.join(), /It is a script/);
  assert.match(write(text(mail('Why=3D.\n', 'Content-Transfer-Encoding: quoted-printable\n'))).problems.join(), /Its mail is encoded/);
  assert.match(write(Uint8Array.from([0x1f, 0x8b, 8, 0, 0, 0])).problems.join(), /It is compressed|could not be read/);
});

const words = fc.string({ unit: fc.constantFrom(...'abc XYZ:-#ü\t'), maxLength: 40 });
const message = fc.array(fc.oneof(words, fc.constantFrom('', 'Signed-off-by: A <a@b>', '---', 'Origin: other, x', `(cherry picked from commit ${other})`, `commit ${other}`, 'From: B <b@c>', 'Subject: y', ' folded')), { maxLength: 8 }).map((lines) => lines.map((line) => `${line}\n`).join(''));
const patchText = fc.oneof(
  message.map((text) => mail(text)),
  message.map((text) => `${text}${diff}`),
  fc.tuple(message, message).map(([one, two]) => mail(one) + mail(two).replaceAll('a.c', 'b.c')),
  message.map((text) => `commit ${other}\nAuthor: A <a@b>\nDate:   Mon Mar 2 10:00:00 2026 +0000\n\n${text.replace(/^(?=.)/gm, '    ')}\n${diff}`),
);

test('whatever the header, the diffs keep their patch ids and apply as before, the origin is read again, and once is enough', () => {
  const tree = join(folder, 'tree');
  mkdirSync(tree);
  for (const name of ['a.c', 'b.c']) writeFileSync(join(tree, name), 'one\ntwo\nthree\n');
  const git = (bytes: Uint8Array, ...args: string[]) => spawnSync('git', args, { cwd: tree, input: bytes, env: { ...process.env, GIT_CEILING_DIRECTORIES: folder } });
  let written = 0;
  fc.assert(
    fc.property(patchText, fc.constantFrom<HeaderStyle[]>('dep3', 'trailers'), fc.boolean(), (text, style, isCrLf) => {
      const before = new TextEncoder().encode(isCrLf ? text.replaceAll('\n', '\r\n') : text);
      const verdicts = parsePatch(before).changes.map(() => verdict());
      const { bytes } = writeHeader(before, verdicts, { style, today: '2026-11-25' });
      if (bytes === undefined) return;
      written++;
      assert.deepEqual(git(bytes, 'patch-id', '--stable').stdout.toString().replace(/ .*/g, ''), git(before, 'patch-id', '--stable').stdout.toString().replace(/ .*/g, ''));
      assert.equal(git(bytes, 'apply', '--numstat', '-').stdout.toString(), git(before, 'apply', '--numstat', '-').stdout.toString());
      const again = parsePatch(bytes);
      assert.deepEqual(again.changes.map((change) => readClaims(again, change).claims.some(({ commit: named }) => named !== undefined && id.startsWith(named))), verdicts.map((_, i) => again.changes[i]!.files.length > 0));
      assert.equal(writeHeader(bytes, verdicts, { style, today: '2026-11-26' }).bytes, undefined);
      if (isCrLf) assert.doesNotMatch(new TextDecoder().decode(bytes), /[^\r]\n/);
      // Nothing of the old bytes is lost, but for fields that said otherwise.
      if (style === 'trailers') assert.ok(isSubsequence(before, bytes));
    }),
    { numRuns: 150 },
  );
  assert.ok(written > 100);
});

function isSubsequence(part: Uint8Array, whole: Uint8Array): boolean {
  let at = 0;
  for (const byte of whole) if (at < part.length && byte === part[at]) at++;
  return at === part.length;
}

test('git am takes what was written, and its message has the trailer', () => {
  const bytes = writeHeader(new TextEncoder().encode(mail('Why.\n\nSigned-off-by: A <a@example.org>\n')), [verdict()], { style: 'trailers', today: '2026-11-25' }).bytes!;
  const [body, patch] = [join(folder, 'body'), join(folder, 'patch')];
  const info = execFileSync('git', ['mailinfo', body, patch], { input: bytes }).toString();
  assert.match(info, /^Subject: Fix it$/m);
  assert.equal(execFileSync('git', ['interpret-trailers', '--parse', body]).toString(), `Signed-off-by: A <a@example.org>\nUpstream-commit: ${id}\n`);
});
