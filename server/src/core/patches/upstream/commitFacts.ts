import type { Store, StoreChange } from '../../host.js';
import type { CommitRecord } from '../commitStream.js';
import { type Fingerprint, IDENTITY_FORMAT } from '../identity.js';

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
  const bytes: number[] = [(patchId === undefined ? 0 : 1) | (content === undefined ? 0 : 2)];
  const fixed = (value: number): void => {
    let rest = value;
    for (let i = 0; i < 7; i++) {
      bytes.push(rest % 256);
      rest = Math.floor(rest / 256);
    }
  };
  const variable = (value: number): void => {
    let rest = value;
    while (rest >= 128) {
      bytes.push((rest % 128) + 128);
      rest = Math.floor(rest / 128);
    }
    bytes.push(rest);
  };
  if (patchId !== undefined) for (let i = 0; i < 40; i += 2) bytes.push(parseInt(patchId.slice(i, i + 2), 16));
  if (content !== undefined) fixed(content);
  variable(hunks.length);
  for (const hunk of hunks) fixed(hunk);
  const sorted = Float64Array.from(lines).sort();
  variable(sorted.length);
  let last = 0;
  for (const line of sorted) {
    variable(line - last);
    last = line;
  }
  return Uint8Array.from(bytes);
}

/** Undefined for bytes that are no facts: a damaged entry is read from git again. */
export function decodeCommitFacts(bytes: Uint8Array): CommitFacts | undefined {
  let at = 1;
  const fixed = (): number => {
    let value = 0;
    for (let i = 6; i >= 0; i--) value = value * 256 + bytes[at + i]!;
    at += 7;
    return value;
  };
  const variable = (): number => {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = bytes[at++];
      if (byte === undefined) return NaN;
      value += (byte % 128) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  const flags = bytes[0];
  if (flags === undefined || flags > 3) return undefined;
  let patchId: string | undefined;
  if ((flags & 1) !== 0) {
    patchId = Array.from(bytes.subarray(at, at + 20), (byte) => byte.toString(16).padStart(2, '0')).join('');
    at += 20;
  }
  const content = (flags & 2) !== 0 ? fixed() : undefined;
  const hunkCount = variable();
  if (!(hunkCount * 7 <= bytes.length - at)) return undefined;
  const hunks = new Float64Array(hunkCount);
  for (let i = 0; i < hunkCount; i++) hunks[i] = fixed();
  const lineCount = variable();
  if (!(lineCount <= bytes.length - at)) return undefined;
  const lines = new Float64Array(lineCount);
  let last = 0;
  for (let i = 0; i < lineCount; i++) lines[i] = last += variable();
  return at === bytes.length && !Number.isNaN(last) ? { patchId, content, hunks, lines } : undefined;
}
