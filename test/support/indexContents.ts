import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Store } from '#server/core/host.js';
import { PostingReader, postingsOf, verifyPostings } from '#server/core/patches/upstream/postingStore.js';
import { COMMITS_OF_TOKEN, unpackBucket } from '#server/core/patches/upstream/postings.js';

interface Segment {
  readonly name: string;
  readonly base: number;
  readonly commits: number;
  readonly bits: number;
}

/**
 * All that an index says of one repository, whatever way it came about: facts of commits, and for each token the commits that
 * have it. Throws where anything in it is unsound, or rows lie about that nothing names.
 */
export async function indexContents(store: Store, location: string): Promise<{ readonly facts: number; readonly posted: number; readonly digest: string }> {
  const repository = postingsOf(location);
  assert.deepEqual(await store.check(), []);
  assert.deepEqual(await verifyPostings(store, repository), []);
  const facts = await store.scan('commit-facts', '');
  const hash = createHash('sha256');
  for (const { key, value } of facts) hash.update(key).update(value);
  const posted = (await (await PostingReader.open(store, repository))!.commits())!.list;
  const rows = new Map((await store.scan('postings', `${repository}/`)).map(({ key, value }) => [key.slice(repository.length + 1), value]));
  const manifest = JSON.parse(new TextDecoder().decode(rows.get('manifest'))) as { segments: Segment[]; dropped: unknown[] };
  assert.deepEqual(manifest.dropped, [], 'nothing is left to be taken out');
  rows.delete('manifest');
  const tokens = new Map<number, { count: number; commits: string[] }>();
  for (const { name, base, commits, bits } of manifest.segments) {
    for (const [key, value] of [...rows]) {
      if (!key.startsWith(`${name}/`)) continue;
      rows.delete(key);
      if (key.includes('~')) continue;
      for (const entry of unpackBucket(value, parseInt(key.slice(name.length + 1), 36), bits, base, commits)) {
        const known = tokens.get(entry.token) ?? { count: 0, commits: [] };
        known.count += entry.count;
        known.commits.push(...entry.commits.map((commit) => posted.id(commit)));
        tokens.set(entry.token, known);
      }
    }
  }
  assert.deepEqual([...rows.keys()], [], 'rows that belong to no segment');
  for (const [token, { count, commits }] of [...tokens].sort(([a], [b]) => a - b)) hash.update(`${token} ${count} ${count > COMMITS_OF_TOKEN ? '' : commits.sort().join(' ')}\n`);
  return { facts: facts.length, posted: posted.size, digest: hash.digest('hex') };
}
