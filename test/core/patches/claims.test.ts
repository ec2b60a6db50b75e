import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ClaimContext, parsePatch, readClaims } from '#server/core/patches/index.js';

const sha = '31931704707324af4b4edb24cc877829f7e9949e';
const other = '5eabdb6a0123456789abcdef0123456789abcdef';
const diff = '\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n';

/** Claims as `kind value @where:line`, then references as `~kind commit @line`. */
function check(name: string, header: string, expected: readonly string[], context: ClaimContext = {}): void {
  test(name, () => {
    const patch = parsePatch(Buffer.from(header + diff));
    const { claims, references } = readClaims(patch, patch.changes[0]!, context);
    const found = [
      ...claims.map((claim) => `${claim.kind} ${claim.commit ?? claim.value} @${claim.where}${claim.line === undefined ? '' : `:${claim.line}`}`),
      ...references.map((reference) => `~${reference.kind} ${reference.commit} @${reference.line}`),
    ];
    assert.deepEqual(found, expected);
  });
}

const mail = (body: string, id = sha): string => `From ${id} Mon Sep 17 00:00:00 2001\nSubject: [PATCH] x\n\n${body}\n---\n`;

check('the id of a mail', mail('Text.'), [`mbox-from ${sha} @header:0`]);
check('a made-up id is none', mail('Text.', '0'.repeat(40)), []);
check('cherry picked', mail(`(cherry picked from commit ${other})`), [`mbox-from ${sha} @header:0`, `cherry-picked ${other} @header:3`]);
check('cherry picked with dash and short id, in words', mail('Cherry-picked from 15f51474c8'), [`mbox-from ${sha} @header:0`, 'cherry-picked 15f51474c8 @header:3']);
check('cherry picked over two lines', mail(`(cherry picked from commit\n${other})`), [`mbox-from ${sha} @header:0`, `cherry-picked ${other} @header:3`]);
check('a commit line in prose before a diff', `commit ${sha}\n\nAuthor text\n`, [`commit-line ${sha} @header:0`]);
check('git show', `commit ${sha}\nAuthor: A <a@b>\n\n    Subject\n`, [`commit-line ${sha} @header:0`]);
check('the kernel\'s stable form', mail(`commit ${other} upstream.`), [`mbox-from ${sha} @header:0`, `commit-line ${other} @header:3`]);
check('the same in brackets', mail(`[ Upstream commit ${other} ]`), [`mbox-from ${sha} @header:0`, `commit-line ${other} @header:3`]);
check('Upstream-commit', mail(`Upstream-commit: ${other}\nSigned-off-by: A <a@b>`), [`mbox-from ${sha} @header:0`, `upstream-commit ${other} @header:3`]);
check('SUSE\'s fields', `From: A <a@b>\nSubject: x\nGit-commit: ${other}\nPatch-mainline: v6.5-rc7\nReferences: bsc#1234567\n`, [`git-commit ${other} @header:2`, 'upstream-status v6.5-rc7 @header:3', 'bug #1234567 @header:4']);
check('Yocto\'s field with a URL', `Upstream-Status: Backport [https://github.com/a/b/commit/${other}]\nCVE: CVE-2021-22901\n`, ['upstream-status Backport [https://github.com/a/b/commit/5eabdb6a0123456789abcdef0123456789abcdef] @header:0', `url ${other} @header:0`, 'cve CVE-2021-22901 @header:1']);
check('DEP-3: an upstream origin', `Description: x\nOrigin: upstream, https://example.org/cgit/p/commit/?id=${other}\nBug: https://bugs.example.org/77\n`, [`dep3-origin ${other} @header:1`, 'bug https://bugs.example.org/77 @header:2']);
check('DEP-3: a vendor\'s own', 'Description: x\nOrigin: vendor\nForwarded: not-needed\n', ['downstream vendor @header:1', 'downstream not-needed @header:2']);
check('Debian: a category of its own', mail('Text.\n\nPatch-Category: debian-local'), [`mbox-from ${sha} @header:0`, 'downstream debian-local @header:5']);
check('Debian: another category', mail('Text.\n\nPatch-Category: upstream'), [`mbox-from ${sha} @header:0`]);
check('for one distribution only, in words', mail('This is Debian specific.'), [`mbox-from ${sha} @header:0`, 'downstream This is Debian specific. @header:3']);
check('any key with a commit URL', mail(`Upstream Patch Reference: https://github.com/a/b/commit/${other}.patch`), [`mbox-from ${sha} @header:0`, `upstream-commit ${other} @header:3`]);
check('a pull request', mail('Closes: https://github.com/a/b/pull/77'), [`mbox-from ${sha} @header:0`, 'pull-request https://github.com/a/b/pull/77 @header:3']);
check('gitlab, gitweb, googlesource', `Link: https://gitlab.com/g/p/-/commit/${other}\nLink: https://git.example.org/?p=x.git;a=commit;h=${sha}\n`, [`url ${other} @header:0`, `url ${sha} @header:1`]);
check('a bug\'s number is no commit', mail('https://bugzilla.redhat.com/show_bug.cgi?id=2137631'), [`mbox-from ${sha} @header:0`, 'bug https://bugzilla.redhat.com/show_bug.cgi?id=2137631 @header:3']);
check('Jira and Bugzilla', mail('Resolves: RHEL-12345\nRelated: #2138081'), [`mbox-from ${sha} @header:0`, 'bug RHEL-12345 @header:3', 'bug #2138081 @header:4']);
check('Fixes names another commit', mail(`Fixes: 5eabdb6a01 ("x")`), [`mbox-from ${sha} @header:0`, '~fixes 5eabdb6a01 @3']);
check('a revert', mail(`This reverts commit ${other}.`), [`mbox-from ${sha} @header:0`, `~reverts ${other} @3`]);
check('a revert over two lines', mail(`This reverts\ncommit ${other}.`), [`mbox-from ${sha} @header:0`, `~reverts ${other} @4`]);
check('a follow-up', mail('Follow-up to 5eabdb6a0123'), [`mbox-from ${sha} @header:0`, '~follow-up 5eabdb6a0123 @3']);
check('an id in passing', mail('As in 5eabdb6a0123 we do this.'), [`mbox-from ${sha} @header:0`, '~mentioned 5eabdb6a0123 @3']);
check('downstream only', mail('RHEL-only\n\nResolves: #2138081'), [`mbox-from ${sha} @header:0`, 'downstream RHEL-only @header:3', 'bug #2138081 @header:5']);
check('words and dates are no ids', mail('deadbeef facade 20210419 defaced'), [`mbox-from ${sha} @header:0`]);
check('what the file name says', mail('x'), [`mbox-from ${sha} @header:0`, 'cve CVE-2021-22901 @file-name'], { fileName: '0003-curl-7.76.1-CVE-2021-22901.patch' });
check('SourceForge', `Source link: https://sourceforge.net/p/libpng/code/ci/${other}/\n`, [`url ${other} @header:0`]);
check('Pagure and dist-git', `See https://src.fedoraproject.org/rpms/ruby/c/${other}?branch=rawhide\n`, [`url ${other} @header:0`]);
check('a change under review', mail('Reviewed-on: https://go-review.googlesource.com/c/net/+/709875\nDifferential Revision: https://phabricator.services.mozilla.com/D197807'), [
  `mbox-from ${sha} @header:0`,
  'pull-request https://go-review.googlesource.com/c/net/+/709875 @header:3',
  'pull-request https://phabricator.services.mozilla.com/D197807 @header:4',
]);
check('a link to the mail it was sent in', mail('Link: https://patch.msgid.link/20240710174043.754664-2-kuba@kernel.org\nLink: https://lkml.kernel.org/r/20230310162905.O57Pj7hh@linutronix.de'), [
  `mbox-from ${sha} @header:0`,
  'forwarded https://patch.msgid.link/20240710174043.754664-2-kuba@kernel.org @header:3',
  'forwarded https://lkml.kernel.org/r/20230310162905.O57Pj7hh@linutronix.de @header:4',
]);
check('the patch file of another package', 'Origin: https://src.fedoraproject.org/rpms/coreutils/raw/9325dbb/f/coreutils-i18n.patch\nTaken from https://downloads.isc.org/isc/dhcp/patches/CVE-2022-2929.4-4-3.diff.\n', [
  'url https://src.fedoraproject.org/rpms/coreutils/raw/9325dbb/f/coreutils-i18n.patch @header:0',
  'url https://downloads.isc.org/isc/dhcp/patches/CVE-2022-2929.4-4-3.diff @header:1',
  'cve CVE-2022-2929 @header:1',
]);
check('other trackers', mail('Refs: https://hackerone.com/reports/3405778\nFixes: https://savannah.gnu.org/bugs/?64376\nFixes: https://github.com/libuv/libuv/security/advisories/GHSA-f74f-cvh7-c6q6\nPR libc/12345\nhttps://trac.nginx.org/nginx/ticket/1897'), [
  `mbox-from ${sha} @header:0`,
  'bug https://hackerone.com/reports/3405778 @header:3',
  'bug https://savannah.gnu.org/bugs/?64376 @header:4',
  'bug https://github.com/libuv/libuv/security/advisories/GHSA-f74f-cvh7-c6q6 @header:5',
  'bug PR libc/12345 @header:6',
  'bug https://trac.nginx.org/nginx/ticket/1897 @header:7',
]);
check('upstream in brackets', mail(`[upstream ${other}]`), [`mbox-from ${sha} @header:0`, `upstream-commit ${other} @header:3`]);
check('a commit line with its refs', `commit ${sha} (origin/master, origin/HEAD)\n\nText\n`, [`commit-line ${sha} @header:0`]);
check('a commit upstream, in parentheses', mail(`(missing commit ${sha}\ncommit ${other} upstream.)`), [`mbox-from ${sha} @header:0`, `commit-line ${other} @header:4`]);
check('picked, on a line of its own', mail(`(cherry\npicked from commit ${other})`), [`mbox-from ${sha} @header:0`, `cherry-picked ${other} @header:4`]);
check('a mail whose date was lost', `From ${other}\nSubject: x\n`, [`mbox-from ${other} @header:0`]);
check('Mercurial', `# HG changeset patch\n# User A\n# Node ID ${other}\n# Parent  ${sha}\nSubject\n`, [`commit-line ${other} @header:2`, `~mentioned ${sha} @3`]);
check('a patch made from another', mail(`Modified patch ${other} to apply here.\nBased on ${other.replace('5', '6')}.`), [`mbox-from ${sha} @header:0`, `cherry-picked ${other} @header:3`, `cherry-picked ${other.replace('5', '6')} @header:4`]);
check('ids that are no commits', mail(`References: <${other}.1496667760.git.a@b.c>\n  #1 (/usr/lib/libglib.so.0+0xb93be) (BuildId: 0a2311dfbbc6c215dc36f4b6bdd2b4b6fbae55a2)`), [`mbox-from ${sha} @header:0`]);
check('a changelog entry with a commit and a Jira id', '', [`url ${other} @changelog`, 'bug RHEL-12345 @changelog'], { changelog: [`- Backport https://github.com/a/b/commit/${other} (RHEL-12345)`] });
check('the id of the mail, claimed in words as well', mail(`Upstream Patch Reference: https://github.com/a/b/commit/${sha}.patch`), [`mbox-from ${sha} @header:0`, `upstream-commit ${sha} @header:3`]);
check('a URL above the mail', `https://github.com/a/b/commit/${other}.patch\n${mail('Text.')}`, [`mbox-from ${sha} @header:1`, `url ${other} @header:0`]);
check('comments of specs', '', ['url 2111342 @spec-comment', 'forwarded https://lists.nongnu.org/archive/html/qemu-block/2025-01/msg00480.html @spec-comment', 'bug https://sourceforge.net/p/swatch/patches/14/ @spec-comment', 'bug https://gcc.gnu.org/PR118497 @spec-comment', 'pull-request https://sourceforge.net/p/clucene/code/merge-requests/3/ @spec-comment'], {
  specComment: ['https://github.com/e/e/commit/2111342', 'https://lists.nongnu.org/archive/html/qemu-block/2025-01/msg00480.html', 'See https://sourceforge.net/p/swatch/patches/14/', 'https://gcc.gnu.org/PR118497', 'at <https://sourceforge.net/p/clucene/code/merge-requests/3/>'],
});
check('what the spec says', '', ['upstream-commit 8dfc93e573ca @spec-comment', `url ${other} @spec-url`, 'bug #2138081 @changelog'], {
  specComment: ['upstream: 8dfc93e573ca'],
  specUrl: `https://github.com/a/b/commit/${other}.patch`,
  changelog: ['- fix it (rhbz#2138081)'],
});

test('claims of any text are read without a throw, each on a line of the header', () => {
  const word = fc.constantFrom('commit', sha, 'cherry picked from', '(', ')', ':', '\n', 'Fixes', 'https://x/commit/', 'Origin', 'upstream', '5eabdb6', 'revert', ' ', '[', 'CVE-2021-1', '#', 'id=');
  fc.assert(
    fc.property(fc.array(fc.oneof(word, fc.string()), { maxLength: 30 }), (words) => {
      const patch = parsePatch(Buffer.from(words.join('') + diff));
      for (const [i, change] of patch.changes.entries()) {
        for (const claim of readClaims(patch, change, { fileName: words[0] ?? '', specComment: words }).claims) {
          assert.ok(claim.line === undefined || (claim.line >= (i === 0 ? 0 : change.header.start) && claim.line < Math.max(change.header.end, 1)));
        }
      }
    }),
  );
});

test('a line of a megabyte does not stop the reading', () => {
  for (const piece of ['a', 'https://x', 'commit ', '5eabdb6 ', '(', 'x:']) {
    const patch = parsePatch(Buffer.from(piece.repeat(1_000_000 / piece.length) + diff));
    const started = performance.now();
    readClaims(patch, patch.changes[0]!);
    assert.ok(performance.now() - started < 2000, piece);
  }
});
