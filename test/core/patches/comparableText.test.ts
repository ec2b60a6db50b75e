import assert from 'node:assert/strict';
import { test } from 'node:test';
import { commitText, commitUrl, comparableText, parsePatch } from '#server/core/patches/index.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

function comparable(text: string, order: readonly string[] = []): string {
  const patch = parsePatch(bytes(text));
  return comparableText(patch, patch.changes, order);
}

const a = 'diff --git a/a.c b/a.c\nindex 1..2 100644\n--- a/a.c\n+++ b/a.c\n@@ -1,2 +1,2 @@ int f()\n-x\n+y\n z\n';
const b = 'diff --git a/b.c b/b.c\nnew file mode 100644\n--- /dev/null\n+++ b/b.c\n@@ -0,0 +1 @@\n+b\n\\ No newline at end of file\n';

test('what differs in every copy of a change is left out', () => {
  assert.equal(comparable(a), '=== a.c\n@@ int f()\n-x\n+y\n z\n');
  const quilt = 'Index: pkg-1.2/a.c\n===================================================================\n--- pkg-1.2.orig/a.c\t2020-01-01\n+++ pkg-1.2/a.c\t2021-01-01\n@@ -7,2 +9,2 @@ int f()\r\n-x\r\n+y\r\n z\r\n';
  assert.equal(comparable(quilt), comparable(a));
});

test('files come in the order asked for', () => {
  const both = '=== b.c (new file)\n@@\n+b\n\\ No newline at end of file\n\n=== a.c\n@@ int f()\n-x\n+y\n z\n';
  assert.equal(comparable(a + b, ['b.c', 'a.c']), both);
  assert.equal(comparable(b + a, ['b.c', 'a.c']), both);
  assert.equal(comparable(a + b, ['b.c']), both);
});

test('a commit is printed as git show prints it', () => {
  const text = commitText({ id: 'ab12', authorName: 'A', authorEmail: 'a@x', authorDate: 0, subject: 's', body: '\nbody\n\nend\n', diff: bytes(a) });
  assert.equal(text, `commit ab12\nAuthor: A <a@x>\nDate:   1970-01-01T00:00:00.000Z\n\n    s\n\n    body\n\n    end\n\n${a}`);
});

const commits: Readonly<Record<string, string | undefined>> = {
  'https://github.com/curl/curl.git': 'https://github.com/curl/curl/commit/ID',
  'git@github.com:curl/curl.git': 'https://github.com/curl/curl/commit/ID',
  'ssh://git@gitlab.freedesktop.org:22/mesa/mesa.git/': 'https://gitlab.freedesktop.org/mesa/mesa/-/commit/ID',
  'https://src.fedoraproject.org/rpms/curl.git': 'https://src.fedoraproject.org/rpms/curl/c/ID',
  'https://git.kernel.org/pub/scm/git/git.git': 'https://git.kernel.org/pub/scm/git/git.git/commit/?id=ID',
  'https://example.org/x.git': undefined,
  '/home/me/curl': undefined,
  'C:\\curl': undefined,
  '../curl': undefined,
};

for (const [location, expected] of Object.entries(commits)) {
  test(`a commit of ${location} is shown at ${expected ?? 'no address'}`, () => assert.equal(commitUrl(location, 'ID'), expected));
}
