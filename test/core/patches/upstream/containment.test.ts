import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lineFingerprint, parsePatch } from '#server/core/patches/index.js';
import { type VersionFile, containmentOf } from '#server/core/patches/upstream/containment.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A diff, the files of the version, and `answer there/absent/unknown`; `others` is what other patches of the package make: lines of a file. */
function check(name: string, diff: string, files: Readonly<Record<string, string | 'unreadable'>>, expected: string, others: Readonly<Record<string, readonly string[]>> = {}): void {
  test(name, () => {
    const patch = parsePatch(bytes(diff));
    const file = (path: string): VersionFile => (files[path] === undefined ? undefined : files[path] === 'unreadable' ? 'unreadable' : bytes(files[path]));
    const made = { makes: (path: string) => others[path] !== undefined, adds: (line: number, path: string) => others[path]?.some((text) => lineFingerprint(bytes(text), 0, bytes(text).length, true) === line) === true };
    const { answer, there, absent, unknown } = containmentOf(patch, patch.changes[0]!, file, made);
    assert.equal(`${answer} ${there}/${absent}/${unknown}`, expected);
  });
}

const lines = (...each: string[]): string => each.map((line) => `${line}\n`).join('');
const change = `--- a/src/a.c
+++ b/src/a.c
@@ -1,5 +1,6 @@
 one ();
 two ();
-three ();
+three (3);
+three_and_a_half ();
 four ();
 five ();
`;
const before = lines('one ();', 'two ();', 'three ();', 'four ();', 'five ();');
const after = lines('one ();', 'two ();', 'three (3);', 'three_and_a_half ();', 'four ();', 'five ();');

check('it is there', change, { 'src/a.c': after }, 'contained 1/0/0');
check('it is not', change, { 'src/a.c': before }, 'lacking 0/1/0');
check('there, with CRLF', change, { 'src/a.c': after.replaceAll('\n', '\r\n') }, 'contained 1/0/0');
check('there, with another neighbour farther off', change, { 'src/a.c': after.replace('one', 'eins').replace('five', 'fuenf') }, 'contained 1/0/0');
check('not there, with another neighbour farther off', change, { 'src/a.c': before.replace('one', 'eins') }, 'lacking 0/1/0');
check('other code', change, { 'src/a.c': lines('void ();') }, 'unknown 0/0/1');
check('both forms are in the file: it still changes something', change, { 'src/a.c': after + before }, 'lacking 0/1/0');
check('no such file', change, {}, 'unknown 0/0/1');
check('a file whose content is not in this clone', change, { 'src/a.c': 'unreadable' }, 'unknown 0/0/1');

const older = lines('one ();', 'deux ();', 'drei ();', 'four ();', 'five ();');
check('what it begins from is made by another patch: the version has it not', change, { 'src/a.c': older }, 'lacking 0/1/0', { 'src/a.c': ['two ();', 'three ();'] });
check('made by another patch, but what it makes is there in part', change, { 'src/a.c': `${older}three_and_a_half ();\n` }, 'unknown 0/0/1', { 'src/a.c': ['two ();', 'three ();'] });
check('another patch makes other lines', change, { 'src/a.c': older }, 'unknown 0/0/1', { 'src/a.c': ['six ();'] });
check('a file that another patch makes', change, {}, 'lacking 0/1/0', { 'src/a.c': [] });
check('a file that another patch makes, and whose content is not in this clone', change, { 'src/a.c': 'unreadable' }, 'unknown 0/0/1', { 'src/a.c': [] });

const deletion = `--- a/src/a.c
+++ b/src/a.c
@@ -1,5 +1,3 @@
 one ();
-two ();
-three ();
 four ();
 five ();
`;
check('lines that were taken out already', deletion, { 'src/a.c': lines('one ();', 'four ();', 'five ();') }, 'contained 1/0/0');
check('lines that are still there', deletion, { 'src/a.c': before }, 'lacking 0/1/0');
check('of a deletion at the edge nobody can say', deletion.replace(' one ();\n', '').replace('-1,5 +1,3', '-2,4 +1,2'), { 'src/a.c': lines('four ();', 'five ();') }, 'unknown 0/0/1');

const appended = `--- a/src/a.c
+++ b/src/a.c
@@ -3,2 +3,3 @@
 four ();
 five ();
+six ();
`;
check('added at the end, there', appended, { 'src/a.c': `${before}six ();\n` }, 'contained 1/0/0');
check('added at the end, not there', appended, { 'src/a.c': before }, 'lacking 0/1/0');

const news = `${change}--- a/NEWS
+++ b/NEWS
@@ -1 +1,2 @@
 News
+* three has an argument
`;
check('news do not count beside code', news, { 'src/a.c': after, NEWS: 'News\n' }, 'contained 1/0/0');
check('but alone', news.slice(change.length), { NEWS: 'News\n' }, 'lacking 0/1/0');

const added = 'diff --git a/n.c b/n.c\nnew file mode 100644\n--- /dev/null\n+++ b/n.c\n@@ -0,0 +1,2 @@\n+int n;\n+int m;\n';
check('a new file that is there', added, { 'n.c': 'int n;\nint m;\n' }, 'contained 1/0/0');
check('a new file that is not', added, {}, 'lacking 0/1/0');
check('a new file that is there with other content', added, { 'n.c': 'int n;\nint m;\nint o;\n' }, 'unknown 0/0/1');
const removed = 'diff --git a/n.c b/n.c\ndeleted file mode 100644\n--- a/n.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-int n;\n';
check('a file that is gone', removed, {}, 'contained 1/0/0');
check('a file that is not gone', removed, { 'n.c': 'int n;\n' }, 'lacking 0/1/0');
check('some of it', change + added, { 'src/a.c': after }, 'partly 1/1/0');
check('binary content', 'diff --git a/x.bin b/x.bin\nindex 1111111..2222222 100644\nBinary files a/x.bin and b/x.bin differ\n', { 'x.bin': 'x' }, 'unknown 0/0/1');
