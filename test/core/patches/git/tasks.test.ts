import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { headTask, refsTask } from '#server/core/patches/git/refsTask.js';
import { messagesTask } from '#server/core/patches/git/messagesTask.js';
import { surveyTask } from '#server/core/patches/git/surveyTask.js';
import { blobStreamTask, blobsTask, tipTask, treeTask } from '#server/core/patches/git/treeTasks.js';

/** The text in pieces of the given lengths, the rest as one. */
async function* pieces(bytes: Uint8Array, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  let at = 0;
  for (const length of lengths) {
    if (at >= bytes.length) break;
    yield bytes.subarray(at, at + length);
    at += length;
  }
  if (at < bytes.length) yield bytes.subarray(at);
}

const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 60 });

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Parsing gives the same however the output is cut, and survives any other bytes. */
async function check<T>(parse: (output: AsyncIterable<Uint8Array>) => Promise<T>, output: string | Uint8Array, expected: T): Promise<void> {
  const bytes = typeof output === 'string' ? new TextEncoder().encode(output) : output;
  assert.deepEqual(await parse(pieces(bytes, [])), expected);
  await fc.assert(fc.asyncProperty(lengths, async (cuts) => assert.deepEqual(await parse(pieces(bytes, cuts)), expected)), { numRuns: 40 });
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), lengths, async (junk, cuts) => void (await parse(pieces(junk, cuts)))), { numRuns: 60 });
}

const a = 'a'.repeat(40);
const b = 'b'.repeat(40);

test('a survey: commits, their parents and the names they touch', async () => {
  const output = `|${a}|${b}|100|200|Zo\u00eb <z@x>|Fix \u2013 it|\n\nsrc/a.c\n"odd \\303\\251.c"\n|${b}||1|2|A <a@b>||\n`.replaceAll('|', '\0');
  await check((bytes) => collect(surveyTask({ names: true }).parse(bytes)), output, [
    { id: a, parents: [b], date: 100, commitDate: 200, author: 'Zo\u00eb <z@x>', subject: 'Fix \u2013 it', paths: ['src/a.c', 'odd \u00e9.c'] },
    { id: b, parents: [], date: 1, commitDate: 2, author: 'A <a@b>', subject: '', paths: [] },
  ]);
});

test('branches and tags, annotated or not; what is no commit and symbolic refs are left out', async () => {
  const line = (...fields: string[]): string => `${fields.join('\0')}\n`;
  await check(
    refsTask().parse,
    line('commit', a, '', '', '10', '', 'refs/heads/main') + line('tag', b, 'commit', a, '20', '', 'refs/tags/v1/x') + line('tag', b, 'tree', a, '20', '', 'refs/tags/odd') + line('commit', a, '', '', '10', 'refs/remotes/origin/main', 'refs/remotes/origin/HEAD') + line('commit', b, '', '', 'x', '', 'refs/remotes/origin/main'),
    [
      { kind: 'branch', name: 'main', commit: a, date: 10 },
      { kind: 'tag', name: 'v1/x', commit: a, date: 20 },
      { kind: 'remote', name: 'origin/main', commit: b, date: 0 },
    ],
  );
  await check(headTask().parse, 'refs/heads/work/x\n', 'work/x');
  await check(tipTask('x').parse, `${a} 42\n`, { commit: a, date: 42 });
});

test('a tree: its plain files', async () => {
  await check(treeTask('x').parse, `100644 blob ${a}\ta b.patch|100755 blob ${b}\tdir/x|120000 blob ${a}\tlink|160000 commit ${a}\tsub|`.replaceAll('|', '\0'), [
    { path: 'a b.patch', blob: a },
    { path: 'dir/x', blob: b },
  ]);
});

test('blobs: whatever bytes they hold, missing and large ones left out', async () => {
  const content = new Uint8Array([0, 10, 255, 10, 0]);
  const parts = [new TextEncoder().encode(`${a} blob 5\n`), content, new TextEncoder().encode(`\n${'c'.repeat(40)} missing\n${b} blob 9\n123456789\n${'d'.repeat(40)} blob 0\n\n`)];
  await check(blobsTask([], 8).parse, Buffer.concat(parts), new Map([[a, content], ['d'.repeat(40), new Uint8Array()]]));
});

test('blobs one by one: what came before the end is had, and what is missing is said to be', async () => {
  const output = `${a} blob 3\nabc\n${b} missing\n${'c'.repeat(40)} tree 2\nxy\n${'d'.repeat(40)} blob 9\n123456789\n${'e'.repeat(40)} blob 5\ncut`;
  await check((bytes) => collect(blobStreamTask([], 8).parse(bytes)), output, [{ id: a, bytes: new TextEncoder().encode('abc') }, { id: b, bytes: undefined }, { id: 'c'.repeat(40), bytes: undefined }, { id: 'd'.repeat(40), bytes: undefined }]);
});

test('messages: whole, whatever lines they hold', async () => {
  const message = `Subject\n\n${b}\n\ncommit ${a}\nZo\u00eb\n`;
  await check((bytes) => collect(messagesTask().parse(bytes)), `\0${a}\0${message}\0\n\0${b}\0\0\n`, [{ id: a, message }, { id: b, message: '' }]);
  assert.ok(messagesTask({ since: 12.7 }).args.includes('--since=@12'));
});

test('what comes from documents stands behind --end-of-options', () => {
  for (const task of [treeTask('--output=x'), tipTask('--output=x')]) assert.ok(task.args.indexOf('--end-of-options') < task.args.indexOf('--output=x') && task.args.includes('--end-of-options'));
  assert.deepEqual(blobsTask(['--x'], 1).args, ['cat-file', '--batch']);
});
