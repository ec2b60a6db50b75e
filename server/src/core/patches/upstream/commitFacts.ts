import type { Store, StoreChange } from '../../host.js';
import type { CommitRecord } from '../commitStream.js';
import { type Fingerprint, IDENTITY_FORMAT } from '../identity.js';
import { fromHex, toHex } from '../sha1.js';
import { PackedReader, PackedWriter } from './packed.js';

/**
 * What the index keeps of a commit's diff. A commit's id stands for its content, so that facts are true for ever, in every
 * clone and fork; nothing needs to be taken back when a branch moves or is rewritten.
 */
export interface CommitFacts {
  readonly patchId: string | undefined;
  readonly content: Fingerprint | undefined;
  readonly hunks: readonly Fingerprint[] | Float64Array;
  readonly lines: readonly Fingerprint[] | Float64Array;
}

const TABLE = 'commit-facts';

/** Line fingerprints kept of one commit. Of an import of a whole tree a sample is enough: no patch is made from it. */
export const LINES_OF_COMMIT = 4000;

/** Commits asked of the store at a time. */
const BATCH = 1000;

function keyOf(id: string): string {
  return `${IDENTITY_FORMAT}/${id}`;
}

/** Hands over the facts that the store has of these commits; returns the ids it has none of, in their order. */
export async function loadCommitFacts(store: Store, ids: readonly string[], take: (id: string, facts: CommitFacts) => void): Promise<string[]> {
  const missing: string[] = [];
  for (let at = 0; at < ids.length; at += BATCH) {
    const batch = ids.slice(at, at + BATCH);
    const values = await store.get(TABLE, batch.map(keyOf));
    for (const [i, value] of values.entries()) {
      const facts = value === undefined ? undefined : decodeCommitFacts(value);
      if (facts === undefined) missing.push(batch[i]!);
      else take(batch[i]!, facts);
    }
  }
  return missing;
}

export function commitFactsChange(record: CommitRecord): StoreChange {
  return { table: TABLE, key: keyOf(record.id), value: encodeCommitFacts(record) };
}

/**
 * Form 1: a byte of flags (1: has a patch id, 2: has a content fingerprint), the patch id (20 bytes), the content (7 bytes),
 * the hunks (a count, then 7 bytes each, in order), the lines (a count, then the differences of the sorted fingerprints as
 * variable-length integers of seven bits a byte, low bits first).
 */
export function encodeCommitFacts({ patchId, content, hunks, lines }: CommitFacts): Uint8Array {
  const packed = new PackedWriter(64 + 7 * (hunks.length + lines.length));
  packed.byte((patchId === undefined ? 0 : 1) | (content === undefined ? 0 : 2));
  if (patchId !== undefined) packed.bytes(fromHex(patchId));
  if (content !== undefined) packed.fingerprint(content);
  packed.integer(hunks.length);
  for (const hunk of hunks) packed.fingerprint(hunk);
  const sorted = Float64Array.from(lines).sort();
  packed.integer(sorted.length);
  let last = 0;
  for (const line of sorted) {
    packed.integer(line - last);
    last = line;
  }
  return packed.take();
}

/** Undefined for bytes that are no facts: a damaged entry is read from git again. */
export function decodeCommitFacts(bytes: Uint8Array): CommitFacts | undefined {
  const packed = new PackedReader(bytes);
  const flags = packed.byte();
  if (!(flags <= 3)) return undefined;
  const patchId = (flags & 1) !== 0 ? toHex(packed.bytes(20)) : undefined;
  const content = (flags & 2) !== 0 ? packed.fingerprint() : undefined;
  const hunkCount = packed.integer();
  if (!(hunkCount * 7 <= packed.left)) return undefined;
  const hunks = new Float64Array(hunkCount);
  for (let i = 0; i < hunkCount; i++) hunks[i] = packed.fingerprint();
  const lineCount = packed.integer();
  if (!(lineCount <= packed.left)) return undefined;
  const lines = new Float64Array(lineCount);
  let last = 0;
  for (let i = 0; i < lineCount; i++) lines[i] = last += packed.integer();
  return packed.left === 0 && !Number.isNaN(last) ? { patchId, content, hunks, lines } : undefined;
}
