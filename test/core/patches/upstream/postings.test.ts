import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MemoryStore } from '#server/core/patches/index.js';
import { type CommitFacts, commitFactsChange } from '#server/core/patches/upstream/commitFacts.js';
import { CommitList } from '#server/core/patches/upstream/commitList.js';
import { PostingReader, PostingWriter, verifyPostings } from '#server/core/patches/upstream/postingStore.js';
import { COMMITS_OF_TOKEN, PostingBuilder, type TokenEntry, bucketBits, mergeEntries, packBuckets, patchIdToken, tokenOf, unpackBucket } from '#server/core/patches/upstream/postings.js';

const token = fc.oneof(fc.maxSafeNat(), fc.nat(20).map((n) => n * 2 ** 40));
const postings = fc.array(fc.tuple(token, fc.nat(300)), { maxLength: 400 });

/** What a plain map says. */
function plainly(all: readonly (readonly [number, number])[]): TokenEntry[] {
  const map = new Map<number, number[]>();
  for (const [each, commit] of [...all].sort((a, b) => a[0] - b[0] || a[1] - b[1])) map.set(each, [...(map.get(each) ?? []), commit]);
  return [...map].map(([each, commits]) => ({ token: each, count: commits.length, commits: commits.slice(0, COMMITS_OF_TOKEN) }));
}

function built(all: readonly (readonly [number, number])[]): PostingBuilder {
  const builder = new PostingBuilder();
  for (const [each, commit] of [...all].sort((a, b) => a[1] - b[1])) builder.add(each, commit);
  return builder;
}

test('postings come out of their buckets as they went in, whatever they are', () => {
  fc.assert(
    fc.property(postings, fc.nat(12), fc.nat(50), (all, bits, base) => {
      const entries = plainly(all);
      assert.deepEqual([...built(all).entries()], entries);
      const moved = entries.map((entry) => ({ ...entry, commits: entry.commits.map((commit) => commit + base) }));
      const read = [...packBuckets(moved, bits, base)].flatMap(({ bucket, bytes }) => [...unpackBucket(bytes, bucket, bits, base, 301)]);
      assert.deepEqual(read, moved);
    }),
  );
});

test('sequences joined are the sequence of all', () => {
  fc.assert(fc.property(postings, postings, (a, b) => assert.deepEqual([...mergeEntries([built(a).entries(), built(b.map(([each, commit]) => [each, commit + 301] as const)).entries()])], plainly([...a, ...b.map(([each, commit]) => [each, commit + 301] as const)]))));
});

test('bytes that are no bucket are refused', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      try {
        assert.ok([...unpackBucket(bytes, 0, 0, 0, 10)].every(({ commits }) => commits.every((commit) => commit < 10)));
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
      }
    }),
  );
});

test('a list of commits numbers each id once', () => {
  const list = new CommitList();
  const ids = Array.from({ length: 3000 }, (_, i) => ((i * 2654435761) >>> 0).toString(16).padStart(8, '0').repeat(5));
  for (const [i, id] of ids.entries()) assert.equal(list.add(id), i);
  for (const [i, id] of ids.entries()) assert.deepEqual([list.add(id), list.find(id), list.id(i)], [i, i, id]);
  assert.equal(list.find('f'.repeat(40)), undefined);
  assert.equal(list.size, ids.length);
});

const idOf = (n: number): string => n.toString(16).padStart(40, '0');
/** Made up: some lines of its own, some that its neighbours have, and one that all have. */
function factsOf(n: number): CommitFacts {
  const line = (seed: number): number => ((Math.imul(seed + 1, 0x9e3779b1) >>> 0) % 0x1fffff) * 0x100000000 + (Math.imul(seed + 7, 0x85ebca6b) >>> 0);
  const lines = [...new Set([line(-1), line(-2 - (n % 50)), ...Array.from({ length: 20 }, (_, i) => line(n * 20 + i))])].sort((a, b) => a - b);
  return { patchId: n % 7 === 0 ? undefined : idOf(n * 104729).split('').reverse().join(''), content: line(n + 1e6), hunks: [line(n + 2e6), line(n + 2e6)], lines };
}

async function post(store: MemoryStore, from: number, to: number, each: number): Promise<void> {
  for (let n = from; n < to; n++) await store.write([commitFactsChange({ id: idOf(n), ...factsOf(n) } as never)]);
  const writer = await PostingWriter.acquire(store, 'r', 20);
  assert.ok(writer);
  assert.equal((await writer.posted()).size, from);
  for (let n = from; n < to; n++) {
    writer.add(idOf(n), factsOf(n));
    if ((n + 1) % each === 0) await writer.flush();
  }
  await writer.flush();
  await writer.release();
}

async function findsAll(store: MemoryStore, size: number): Promise<void> {
  const reader = await PostingReader.open(store, 'r');
  assert.ok(reader);
  assert.equal(reader.size, size);
  for (const n of [0, 1, Math.floor(size / 2), size - 1]) {
    const { lines, content, hunks, patchId } = factsOf(n);
    const tokens = [...[...lines].map((line) => tokenOf('line', line)), tokenOf('content', content!), tokenOf('hunk', hunks[0]!), ...(patchId === undefined ? [] : [patchIdToken(patchId)])];
    for (const { commits, count } of await reader.look(tokens, COMMITS_OF_TOKEN)) assert.ok(commits.includes(n) || count > COMMITS_OF_TOKEN);
    assert.deepEqual((await reader.commits())!.describe(n), { id: idOf(n), patchId, content, lineCount: lines.length });
  }
  const [common] = await reader.look([tokenOf('line', [...factsOf(0).lines].find((line) => factsOf(1).lines.includes(line as never))!)], 5);
  assert.deepEqual([common!.count, common!.commits], [size, [0, 1, 2, 3, 4]]);
  assert.deepEqual(await reader.look([tokenOf('hunk', [...factsOf(3).lines][0]!)], 5), [{ commits: [], count: 0 }], 'a run of lines is no line');
  assert.deepEqual(await verifyPostings(store, 'r'), []);
}

test('posting lists grow by segments, which are joined, and find what was added', async () => {
  const store = new MemoryStore();
  await post(store, 0, 1500, 200);
  await findsAll(store, 1500);
  await post(store, 1500, 1501, 1000);
  await findsAll(store, 1501);
  const writer = await PostingWriter.acquire(store, 'r', 20);
  assert.equal(await PostingWriter.acquire(store, 'r', 20), undefined, 'one at a time');
  const reader = await PostingReader.open(store, 'r');
  const before = await reader!.look([...factsOf(7).lines].map((line) => tokenOf('line', line)), 64);
  await writer!.compact();
  await writer!.release();
  assert.deepEqual(await reader!.look([...factsOf(7).lines].map((line) => tokenOf('line', line)), 64), before, 'who has it open goes on');
  assert.equal((await PostingReader.open(store, 'r'))!.segments, 1);
  await findsAll(store, 1501);
});

test('damage is found, and mended by beginning anew', async () => {
  const store = new MemoryStore();
  await post(store, 0, 300, 1000);
  const rows = await store.scan('postings', 'r/');
  for (const { key, value } of rows.filter(({ key }) => !key.endsWith('manifest')).filter((_, i) => i % 9 === 0)) {
    await store.write([{ table: 'postings', key, value: undefined }]);
    assert.notDeepEqual(await verifyPostings(store, 'r'), [], `${key} is gone`);
    await store.write([{ table: 'postings', key, value: value.slice(0, -1) }]);
    assert.notDeepEqual(await verifyPostings(store, 'r'), [], `${key} is cut off`);
    await store.write([{ table: 'postings', key, value }]);
  }
  assert.deepEqual(await verifyPostings(store, 'r'), []);
  const [chunk] = rows.filter(({ key }) => key.includes('~'));
  await store.write([{ table: 'postings', key: chunk!.key, value: undefined }]);
  const writer = await PostingWriter.acquire(store, 'r', 20);
  assert.equal((await writer!.posted()).size, 0);
  for (let n = 0; n < 300; n++) writer!.add(idOf(n), factsOf(n));
  await writer!.flush();
  await writer!.release();
  await findsAll(store, 300);
});

test('buckets are small', () => {
  assert.equal(bucketBits(0), 0);
  for (const size of [1, 1000, 123456, 5e7]) assert.ok(size / 2 ** bucketBits(size) <= 112);
});
