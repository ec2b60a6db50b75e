import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePatch, partWords, seriesParts } from '#server/core/patches/index.js';

interface Mail {
  readonly says: string;
  readonly by?: string;
  /** Day of January 2024. */
  readonly day?: number;
}

/** A patch file of one or several mails. */
function file(fileName: string, ...mails: readonly Mail[]): { readonly fileName: string; readonly changes: ReturnType<typeof parsePatch>['changes'] } {
  const text = mails.map(({ says, by = 'Ada', day = 1 }, i) => `From ${'0'.repeat(40)} Mon Sep 17 00:00:00 2001\nFrom: ${by} <${by.toLowerCase()}@example.org>\nDate: ${new Date(Date.UTC(2024, 0, day)).toUTCString()}\nSubject: ${says}\n\n---\n--- a/f${i}\n+++ b/f${i}\n@@ -1 +1 @@\n-a\n+b\n-- \n2.40.0\n\n`).join('');
  return { fileName, changes: parsePatch(new TextEncoder().encode(text)).changes };
}

/** A line for each change that says it is a part. */
function check(files: readonly ReturnType<typeof file>[], expected: readonly string[]): void {
  const lines = seriesParts(files).flatMap((changes, i) =>
    changes.flatMap((part) => (part === undefined ? [] : [`${files[i]!.fileName} ${part.number}/${part.of}: has ${part.has.map(({ number, fileName }) => `${number} in ${fileName}`).join(', ') || 'no other'}; lacks ${part.lacks.join(', ') || 'none'}`])),
  );
  assert.deepEqual(lines, expected);
}

test('parts of one file are one series, and what it lacks is counted', () => {
  check([file('a', { says: '[PATCH 1/3] One' }, { says: '[PATCH 3/3] Three', by: 'Bob', day: 31 })], ['a 1/3: has 3 in a; lacks 2', 'a 3/3: has 1 in a; lacks 2']);
});

test('a subject that counts nothing, or counts what cannot be, is no part', () => {
  check([file('a', { says: 'One' }), file('b', { says: '[PATCH] 1/3 of it' }), file('c', { says: '[PATCH 4/3] Four' }), file('d', { says: '[PATCH 1/1] All' }), file('e', { says: '[PATCH 0/2] Cover' }), file('f', { says: 'use [1/2] of it' }), file('g', { says: '[PATCH 1/99999999] Many' })], []);
});

test('however the bracket is written', () => {
  check([file('a', { says: '[RFC PATCH v2 02/12] Two' })], ['a 2/12: has no other; lacks 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12']);
  check([file('a', { says: 'Re: [meta-x][PATCH 1/2] One' })], ['a 1/2: has no other; lacks 2']);
});

test('parts of one author from one time are one series, wherever their files stand', () => {
  check([file('a', { says: '[PATCH 2/2] Two' }), file('b', { says: 'Other' }), file('c', { says: '[PATCH 1/2] One', day: 3 })], ['a 2/2: has 1 in c; lacks none', 'c 1/2: has 2 in a; lacks none']);
});

test('files that go on counting beside one another are one series, whoever wrote them', () => {
  check([file('a', { says: '[PATCH 1/3] One' }), file('b', { says: '[PATCH 2/3] Two', by: 'Bob' })], ['a 1/3: has 2 in b; lacks 3', 'b 2/3: has 1 in a; lacks 3']);
});

test('a part that an earlier file has ahead of its turn keeps nobody apart', () => {
  check([file('a', { says: '[PATCH 1/4] One' }, { says: '[PATCH 4/4] Four' }), file('b', { says: '[PATCH 2/4] Two', by: 'Bob' })], ['a 1/4: has 2 in b, 4 in a; lacks 3', 'a 4/4: has 1 in a, 2 in b; lacks 3', 'b 2/4: has 1 in a, 4 in a; lacks 3']);
});

test('strangers that happen to count as far are not', () => {
  check([file('a', { says: '[PATCH 1/2] One' }), file('b', { says: 'Other' }), file('c', { says: '[PATCH 2/2] Two', by: 'Bob' })], ['a 1/2: has no other; lacks 2', 'c 2/2: has no other; lacks 1']);
  check([file('a', { says: '[PATCH 1/2] One' }), file('b', { says: 'Other' }), file('c', { says: '[PATCH 2/2] Two', day: 300 })], ['a 1/2: has no other; lacks 2', 'c 2/2: has no other; lacks 1']);
  check([file('a', { says: '[PATCH v2 1/2] One' }), file('b', { says: '[PATCH v3 2/2] Two' })], ['a 1/2: has no other; lacks 2', 'b 2/2: has no other; lacks 1']);
});

test('of several series of one length each part finds its own, the nearest first', () => {
  check(
    [file('a', { says: '[PATCH 2/2] Two' }), file('b', { says: '[PATCH 1/2] One' }), file('c', { says: '[PATCH 1/2] One' }), file('d', { says: '[PATCH 2/2] Two' }), file('e', { says: '[PATCH 1/2] One' }, { says: '[PATCH 2/2] Two' })],
    ['a 2/2: has 1 in b; lacks none', 'b 1/2: has 2 in a; lacks none', 'c 1/2: has 2 in d; lacks none', 'd 2/2: has 1 in c; lacks none', 'e 1/2: has 2 in e; lacks none', 'e 2/2: has 1 in e; lacks none'],
  );
  check([file('a', { says: '[PATCH 1/2] One' }), file('b', { says: '[PATCH 1/2] One' }), file('c', { says: '[PATCH 2/2] Two' }), file('d', { says: '[PATCH 2/2] Two' })], ['a 1/2: has 2 in d; lacks none', 'b 1/2: has 2 in c; lacks none', 'c 2/2: has 1 in b; lacks none', 'd 2/2: has 1 in a; lacks none']);
});

test('in words', () => {
  const says = (of: number, has: readonly (readonly [number, string])[], lacks: readonly number[]): string => partWords({ number: 2, of, has: has.map(([number, fileName]) => ({ number, fileName })), lacks });
  assert.equal(says(3, [], [1, 3]), 'part 2 of 3 by its subject; the package lacks 1, 3');
  assert.equal(says(9, [[1, 'a'], [3, 'b'], [4, 'b']], [5, 6, 7, 8, 9]), 'part 2 of 9 by its subject; the package has 1 (a), 3, 4 (b), and lacks 5 to 9');
  assert.equal(says(7, [[1, 'a'], [3, 'b'], [4, 'c'], [5, 'd']], [6, 7]), 'part 2 of 7 by its subject; the package has 1, 3 to 5 in 4 files, and lacks 6, 7');
  assert.equal(says(2, [[1, 'a']], []), 'part 2 of 2 by its subject; the package has 1 (a)');
});
