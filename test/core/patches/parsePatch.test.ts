import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type ParsePatchOptions, type ParsedPatch, lineText, parsePatch } from '#server/core/patches/index.js';

/** A patch as an outline: what a person would say is in it. Lines of hunks are given with their zero-based place. */
function outline(patch: ParsedPatch): string {
  const out: string[] = [];
  for (const change of patch.changes) {
    const words = [change.style, change.commitId?.slice(0, 8), change.subject === undefined ? undefined : `'${change.subject}'`, change.author && `by ${change.author}`, change.date === undefined ? undefined : `at ${change.date}`];
    out.push(words.filter((word) => word !== undefined).join(' '));
    for (const trailer of change.trailers) out.push(`  ${trailer.key} = ${trailer.value} (${trailer.line})`);
    for (const file of change.files) {
      const from = file.renamedFrom === undefined ? '' : ` from ${file.renamedFrom}`;
      const mode = file.oldMode === file.newMode ? '' : ` ${file.oldMode ?? ''}->${file.newMode ?? ''}`;
      out.push(`  ${file.style} ${file.action} ${file.path}${from}${mode}${file.isBinary ? ' binary' : ''}`);
      for (const hunk of file.hunks) {
        out.push(`    ${hunk.oldStart},${hunk.oldCount} ${hunk.newStart},${hunk.newCount}${hunk.heading === '' ? '' : ` ${hunk.heading}`}`);
        for (const line of hunk.content) out.push(`      ${line.line}: ${line.op}${lineText(patch, line)}${line.noNewline ? ' (no newline)' : ''}`);
      }
    }
  }
  for (const problem of patch.problems) out.push(`! ${problem.line}: ${problem.code}`);
  return out.join('\n');
}

function check(name: string, text: string | Uint8Array, expected: string, options: ParsePatchOptions = {}): void {
  test(name, () => {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text;
    assert.equal(outline(parsePatch(bytes, options)), expected.replace(/^\n/, '').replace(/\n *$/, ''));
  });
}

const sha = '3193170470732 4af4b4edb24cc877829f7e9949e'.replace(' ', '');

check(
  'a mail of git format-patch, with folded and encoded subject and a signature',
  `From ${sha} Mon Sep 17 00:00:00 2001
From: =?UTF-8?q?J=C3=BCrgen?= <j@example.org>
Date: Mon, 19 Apr 2021 10:46:11 +0200
Subject: [PATCH 1/2] http2: fix =?utf-8?B?w6Q=?=
 =?utf-8?Q?_leak?= in
 set()

Body text.

Closes #6986
Signed-off-by: A <a@b>
Reviewed-by: C <c@d>
---
 lib/http2.c | 2 +-
 1 file changed

diff --git a/lib/http2.c b/lib/http2.c
index ce9a0d3..d5ba89b 100644
--- a/lib/http2.c
+++ b/lib/http2.c
@@ -515,2 +515,2 @@ static int set(void)
   same
-  old
+  new
-- 
2.31.1

`,
  `
mail 31931704 'http2: fix ä leak in set()' by Jürgen <j@example.org> at 1618821971
  git modify lib/http2.c
    515,2 515,2 static int set(void)
      21:    same
      22: -  old
      23: +  new
`,
);

check(
  'trailers are read from the last paragraphs, a cherry-pick note between them is none',
  `From ${sha} Mon Sep 17 00:00:00 2001
Subject: [PATCH] x

Text: is no trailer here
because of this line.

(cherry picked from commit ${sha})
Signed-off-by: A <a@b>

Resolves: #1234
---
diff --git a/x b/x
--- a/x
+++ b/x
@@ -1 +1 @@
-a
+b
`,
  `
mail 31931704 'x'
  Signed-off-by = A <a@b> (7)
  Resolves = #1234 (9)
  git modify x
    1,1 1,1
      15: -a
      16: +b
`,
);

check(
  'several mails in one file, and a diff behind the last signature',
  `From ${sha} Mon Sep 17 00:00:00 2001
Subject: [PATCH] one

diff --git a/x b/x
--- a/x
+++ b/x
@@ -1 +1 @@
-a
+b
-- 
2.1

From ${'b'.repeat(40)} Mon Sep 17 00:00:00 2001
Subject: [PATCH] two

---
diff --git a/y b/y
--- a/y
+++ b/y
@@ -1 +1 @@
-a
+b
-- 
2.1

diff --git a/z b/z
--- a/z
+++ b/z
@@ -1 +1 @@
-a
+b
`,
  `
mail 31931704 'one'
  git modify x
    1,1 1,1
      7: -a
      8: +b
mail bbbbbbbb 'two'
  git modify y
    1,1 1,1
      20: -a
      21: +b
  git modify z
    1,1 1,1
      29: -a
      30: +b
`,
);

check(
  'git show: commit, author, indented message',
  `commit ${sha}
Author: Ada <ada@x>
Date:   Mon Apr 19 10:46:11 2021 +0200

    Fix the thing
    over two lines

    Body.

diff --git a/x b/x
new file mode 100755
--- /dev/null
+++ b/x
@@ -0,0 +1 @@
+b
\\ No newline at end of file
`,
  `
git-show 31931704 'Fix the thing over two lines' by Ada <ada@x> at 1618821971
  git add x ->100755
    0,0 1,1
      14: +b (no newline)
`,
);

check(
  'quilt: Index, rule, names with .orig folder',
  `Description: do it
Author: Me <me@x>

Index: curl-7.76.1/lib/a.c
===================================================================
--- curl-7.76.1.orig/lib/a.c
+++ curl-7.76.1/lib/a.c
@@ -1,2 +1,2 @@
 x
-a
+b
Index: curl-7.76.1/lib/b.c
===================================================================
--- curl-7.76.1.orig/lib/b.c	2021-01-01 00:00:00.000000000 +0100
+++ curl-7.76.1/lib/b.c	2021-01-02 00:00:00.000000000 +0100
@@ -1 +1 @@
-a
+b
`,
  `
plain 'do it' by Me <me@x>
  Description = do it (0)
  Author = Me <me@x> (1)
  unified modify lib/a.c
    1,2 1,2
      8:  x
      9: -a
      10: +b
  unified modify lib/b.c
    1,1 1,1
      16: -a
      17: +b
`,
);

check(
  'diff -up with a backup suffix, a file made and a file removed',
  `diff -up openssl-3.0.0/a.c.fips openssl-3.0.0/a.c
--- openssl-3.0.0/a.c.fips	2021-01-01 00:00:00.000000000 +0100
+++ openssl-3.0.0/a.c	2021-01-02 00:00:00.000000000 +0100
@@ -1 +1 @@ int f(void)
-a
+b
diff -urN old/new.c new/new.c
--- old/new.c	1970-01-01 01:00:00.000000000 +0100
+++ new/new.c	2021-01-02 00:00:00.000000000 +0100
@@ -0,0 +1 @@
+b
--- a/gone.c
+++ /dev/null
@@ -1 +0,0 @@
-b
`,
  `
plain
  unified modify a.c
    1,1 1,1 int f(void)
      4: -a
      5: +b
  unified add new.c
    0,0 1,1
      10: +b
  unified delete gone.c
    1,1 0,0
      14: -b
`,
);

check(
  'a context diff',
  `*** XML/parser.c.orig	Mon Jan  1 10:00:00 2001
--- XML/parser.c	Mon Jan  1 11:00:00 2001
***************
*** 1,4 ****
  one
! two
  three
- four
--- 1,4 ----
  one
! zwei
+ more
  three
***************
*** 9 ****
--- 9,10 ----
  nine
+ ten
`,
  `
plain
  context modify XML/parser.c
    1,4 1,4
      4:  one
      5: -two
      10: +zwei
      11: +more
      6:  three
      7: -four
    9,1 9,2
      16:  nine
      17: +ten
`,
);

check(
  'CVS and Subversion',
  `Index: src/a.c
===================================================================
RCS file: /cvs/src/a.c,v
retrieving revision 1.1
diff -u -r1.1 -r1.2
--- src/a.c	1 Jan 2001 10:00:00 -0000	1.1
+++ src/a.c	2 Jan 2001 10:00:00 -0000	1.2
@@ -1 +1 @@
-a
+b
Index: b c.c
===================================================================
--- b c.c	(revision 12)
+++ b c.c	(working copy)
@@ -1 +1 @@
-a
+b

Property changes on: b c.c
___________________________________________________________________
Added: svn:executable
   + *
`,
  `
plain
  unified modify src/a.c
    1,1 1,1
      8: -a
      9: +b
  unified modify b c.c
    1,1 1,1
      15: -a
      16: +b
`,
);

check(
  'renames, copies, modes and binary files',
  `diff --git a/old name b/new name
similarity index 100%
rename from old name
rename to new name
diff --git a/x b/y
similarity index 90%
copy from x
copy to y
index 1234567..89abcde 100644
--- a/x
+++ b/y
@@ -1 +1 @@
-a
+b
diff --git a/run b/run
old mode 100644
new mode 100755
diff --git a/p.png b/p.png
index 1234567..89abcde 100644
GIT binary patch
literal 3
KcmZ

literal 3
KcmY

diff --git "a/gr\\303\\274n" "b/gr\\303\\274n"
index 1234567..89abcde 100644
Binary files "a/gr\\303\\274n" and "b/gr\\303\\274n" differ
`,
  `
plain
  git rename new name from old name
  git copy y from x
    1,1 1,1
      12: -a
      13: +b
  git mode run 100644->100755
  git modify p.png binary
  git modify grün binary
! 28: binary
`,
);

check(
  'a combined diff',
  `diff --cc lib/a.c
index 1111111,2222222..3333333
--- a/lib/a.c
+++ b/lib/a.c
@@@ -1,2 -1,2 +1,3 @@@
  both
- one
 -two
++three
`,
  `
plain
  combined modify lib/a.c
    1,2 1,3
      5:  both
      6: -one
      7: -two
      8: +three
! 0: combined-diff
`,
);

check(
  'CRLF throughout: the line breaks are no content',
  'Index: a.c\r\n===\r\n--- a.c\r\n+++ a.c\r\n@@ -1 +1 @@\r\n-a\r\n+b\r\n',
  `
plain
  unified modify a.c
    1,1 1,1
      5: -a
      6: +b
`,
);

check(
  'wrong counts: too few lines, too many, and cut off',
  `--- a/x
+++ b/x
@@ -1,5 +1,5 @@
 one
-a
+b
--- a/y
+++ b/y
@@ -1 +1 @@
-a
+b
+c
 d
--- a/z
+++ b/z
@@ -1,3 +1,3 @@
 one
`,
  `
plain
  unified modify x
    1,5 1,5
      3:  one
      4: -a
      5: +b
  unified modify y
    1,1 1,1
      9: -a
      10: +b
      11: +c
  unified modify z
    1,3 1,3
      16:  one
! 2: hunk-count
! 8: hunk-count
! 15: hunk-cut-short
`,
);

check(
  'a context line whose blank was lost, and one whose blank became a tab',
  '--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n\n-a\n+b\n\tc\n',
  `
plain
  unified modify x
    1,3 1,3
      3:  ${''}
      4: -a
      5: +b
      6:  \tc
`,
);

check(
  'bytes that are no UTF-8 stay as they are',
  Buffer.from('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-\xe4\n+\xc3\xa4\n', 'latin1'),
  `
plain
  unified modify x
    1,1 1,1
      3: -ä
      4: +ä
`,
);

check(
  'a quoted-printable mail: lines are counted in the file',
  `From ${sha} Mon Sep 17 00:00:00 2001
Subject: [PATCH] x
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: quoted-printable

Text =C3=A4 that is long=
 and goes on
---
diff --git a/x b/x
--- a/x
+++ b/x
@@ -1 +1 @@
-a =3D 1
+b =3D =
2
`,
  `
mail 31931704 'x'
  git modify x
    1,1 1,1
      12: -a = 1
      13: +b = 2
`,
);

check(
  'paths that climb out are told of',
  '--- a/../../etc/passwd\n+++ b/../../etc/passwd\n@@ -1 +1 @@\n-a\n+b\n',
  `
plain
  unified modify etc/passwd
    1,1 1,1
      3: -a
      4: +b
! 0: unsafe-path
`,
);

check('one side climbs out, the other says which file it is', 'diff --git a/./vendor/x.go b/../project/vendor/x.go\n--- a/./vendor/x.go\n+++ b/../project/vendor/x.go\n@@ -1 +1 @@\n-a\n+b\n', 'plain\n  git modify vendor/x.go\n    1,1 1,1\n      4: -a\n      5: +b\n! 0: unsafe-path');
check('one side is absolute', '--- p-2.1/./src/x.y\n+++ /home/me/p-2.1/src/x.y\n@@ -1 +1 @@\n-a\n+b\n', 'plain\n  unified modify src/x.y\n    1,1 1,1\n      3: -a\n      4: +b\n! 0: unsafe-path');
check(
  'git show of a commit without a diff, before another',
  `commit ${sha}\nAuthor: A <a@b>\n\n    Empty\n\ncommit ${sha.replace('3', '4')}\nAuthor: A <a@b>\n\n    Full\n\ndiff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n`,
  "git-show 31931704 'Empty' by A <a@b>\ngit-show 41931704 'Full' by A <a@b>\n  git modify x\n    1,1 1,1\n      14: -a\n      15: +b",
);
check('an empty file that gets content is not added', 'diff --git a/x b/x\nindex e69de29..7898192 100644\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\n', 'plain\n  git modify x\n    0,0 1,1\n      5: +a');
check('a diff -N that adds, with a name on both sides', '--- x.orig\t1970-01-01 00:00:00 +0000\n+++ x\t2021-03-04 00:00:00 +0000\n@@ -0,0 +1 @@\n+a\n', 'plain\n  unified add x\n    0,0 1,1\n      3: +a');
check('a name of bytes that are no text is spelled as git does', 'diff --git "a/\\377\\376" "b/\\303\\274"\nsimilarity index 100%\nrename from "\\377\\376"\nrename to "\\303\\274"\n', 'plain\n  git rename ü from \\377\\376');
check('no patch', 'Just some text.\n', 'plain\n! 0: not-a-patch');
check('an empty file', '', '! 0: empty');
check('a hunk without file', '@@ -1 +1 @@\n-a\n+b\n', 'plain\n  unified modify \n    1,1 1,1\n      1: -a\n      2: +b\n! 0: missing-name');
check('compressed, and nobody to unpack it', gzipSync('x'), '! 0: compressed');
check('compressed', gzipSync('--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n'), 'plain\n  unified modify x\n    1,1 1,1\n      3: -a\n      4: +b', {
  decompressor: { decompress: (bytes, kind) => (kind === 'gzip' ? gunzipSync(bytes) : undefined) },
});
check('too large: the first part is read', '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n', 'plain\n  unified modify x\n    1,1 1,1\n      3: -a\n! 0: too-large\n! 2: hunk-cut-short', { maxBytes: 30 });
check('too many lines: the first are read', '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n', 'plain\n  unified modify x\n    1,1 1,1\n      3: -a\n! 2: hunk-cut-short\n! 4: too-large', { maxLines: 4 });

check('too many files: the first are read', ['x', 'y', 'z'].map((name) => `--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-a\n+b\n`).join(''), 'plain\n  unified modify x\n    1,1 1,1\n      3: -a\n      4: +b\n  unified modify y\n    1,1 1,1\n      8: -a\n      9: +b\n! 10: too-large', { maxFiles: 2 });

const pieces = ['diff --git a/x b/x\n', '--- a/x\n', '+++ b/x\n', '@@ -1,2 +1,2 @@\n', '@@@ -1 -1 +1 @@@\n', '*** a/x\n', '***************\n', '*** 1,2 ****\n', '--- 1,2 ----\n', 'Index: x\n', ' a\n', '-a\n', '+b\n', '! c\n', '\\ No newline\n', '\n', '-- \n', '2.1\n', 'From: x\n', 'Subject: y\n', `From ${sha} Mon Sep 17 00:00:00 2001\n`, `commit ${sha}\n`, 'Author: z\n', 'GIT binary patch\n', 'literal 5\n', 'rename from q\n', 'rename to r\n', 'new file mode 100644\n', 'Content-Transfer-Encoding: quoted-printable\n', '=\n', 'Binary files a and b differ\n', 'diff --cc x\n', '# HG changeset patch\n', 'text \xff\n'];

test('anything is read without a throw, and every range lies in the file', () => {
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.array(fc.constantFrom(...pieces), { maxLength: 40 }).map((parts) => Buffer.from(parts.join(''), 'latin1')),
  );
  fc.assert(
    fc.property(anything, (bytes) => {
      const patch = parsePatch(bytes);
      let last = 0;
      for (const change of patch.changes) {
        assert.ok(change.lines.start >= last && change.lines.end >= change.lines.start);
        last = change.lines.end;
        for (const file of change.files) {
          for (const hunk of file.hunks) {
            for (const line of hunk.content) assert.ok(line.start <= line.end && line.end <= patch.bytes.length);
          }
        }
      }
    }),
    { numRuns: 3000 },
  );
});

test('a megabyte of nothing but marks is read in time that grows with its size, not its square', () => {
  for (const piece of ['-- \n', '--- a\n+++ b\n', '@@ -1,9 +1,9 @@\n', 'Index: x\n', `commit ${sha}\n`, 'From: x\n', '***************\n*** 1 ****\n']) {
    const bytes = Buffer.from(piece.repeat(Math.ceil(1_000_000 / piece.length)));
    const started = performance.now();
    parsePatch(bytes);
    // Squared, any of them would take minutes; a second is what a loaded machine takes.
    assert.ok(performance.now() - started < 5000, `${JSON.stringify(piece)} took ${Math.round(performance.now() - started)} ms`);
  }
});

test('a patch of a million files costs no more than its first hundred thousand', () => {
  const bytes = Buffer.from(Array.from({ length: 1_000_000 }, (_, i) => `--- a/f${i}\n+++ b/f${i}\n@@ -0,0 +1 @@\n+int v${i};\n`).join(''));
  const before = process.memoryUsage().heapUsed;
  const patch = parsePatch(bytes);
  assert.equal(patch.changes[0]!.files.length, 100_000);
  assert.ok(patch.problems.some(({ code, message }) => code === 'too-large' && message.includes('more than 100000 files')));
  assert.ok(process.memoryUsage().heapUsed - before < 400 << 20);
});

test('a compressed gigabyte is not unpacked', () => {
  const limits: number[] = [];
  const patch = parsePatch(gzipSync(''), { decompressor: { decompress: (_, __, limit) => (limits.push(limit), undefined) } });
  assert.deepEqual(limits, [64 << 20]);
  assert.match(patch.problems[0]!.message, /damaged, or larger than 67108864 bytes/);
});
