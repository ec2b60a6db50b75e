import type { Posting } from '../candidateIndex.js';
import type { Fingerprint } from '../identity.js';
import { PackedReader, PackedWriter } from './packed.js';

/**
 * Posting lists: for each fingerprint the commits that have it. All that a commit is found by (its lines, runs of lines,
 * content, patch id) is a *token* of 53 bits. A segment holds the tokens of a stretch of commits, sorted, cut by their
 * leading bits into buckets of about as many each: which bucket a token lies in is known without looking.
 */
export type Token = number;

export type TokenKind = 'line' | 'hunk' | 'content' | 'patch-id';

/** So that a line and a run of lines of the same hash are two tokens; 21 bits, laid over the upper ones. */
const salts: Readonly<Record<TokenKind, number>> = { line: 0, hunk: 0x0a5c3b, content: 0x1fe1b7, 'patch-id': 0x15396d };

export function tokenOf(kind: TokenKind, fingerprint: Fingerprint): Token {
  return ((Math.floor(fingerprint / 0x100000000) ^ salts[kind]) >>> 0) * 0x100000000 + (fingerprint % 0x100000000);
}

/** 52 of its bits; whoever finds a commit by it compares the whole id. */
export function patchIdToken(patchId: string): Token {
  return tokenOf('patch-id', parseInt(patchId.slice(0, 13), 16) * 2);
}

/** Tokens that a bucket has room for without spilling over the page of a B-tree. */
const TOKENS_OF_BUCKET = 112;

/** Commits kept of one token; of more, the first ones: what so many commits have finds none of them. */
export const COMMITS_OF_TOKEN = 256;

/** How many leading bits say which bucket of a segment of so many postings a token lies in. */
export function bucketBits(postings: number): number {
  return Math.max(0, Math.ceil(Math.log2(Math.max(postings, 1) / TOKENS_OF_BUCKET)));
}

export function bucketOf(token: Token, bits: number): number {
  return Math.floor(token / 2 ** (53 - bits));
}

/** Tokens in ascending order, each once, with the commits that have it. */
export interface TokenEntry {
  readonly token: Token;
  /** How many commits have it. */
  readonly count: number;
  /** The first of them, ascending, at most {@link COMMITS_OF_TOKEN}. */
  readonly commits: readonly number[];
}

/** Collects postings of commits in memory and hands them over sorted. Commits come in ascending order. */
export class PostingBuilder {
  #tokens = new Float64Array(1 << 12);
  #commits = new Uint32Array(1 << 12);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(token: Token, commit: number): void {
    if (this.#size === this.#tokens.length) {
      const tokens = new Float64Array(this.#size * 2);
      tokens.set(this.#tokens);
      this.#tokens = tokens;
      const commits = new Uint32Array(this.#size * 2);
      commits.set(this.#commits);
      this.#commits = commits;
    }
    this.#tokens[this.#size] = token;
    this.#commits[this.#size++] = commit;
  }

  /** By counting the leading bits, then by moving neighbours, which are few and nearly in order: fingerprints are even. */
  *entries(): Generator<TokenEntry> {
    const size = this.#size;
    const bits = Math.max(0, Math.ceil(Math.log2(Math.max(size, 1) / 4)));
    const scale = 2 ** (53 - bits);
    const starts = new Int32Array(2 ** bits + 1);
    for (let i = 0; i < size; i++) starts[Math.floor(this.#tokens[i]! / scale) + 1]!++;
    for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
    const tokens = new Float64Array(size);
    const commits = new Uint32Array(size);
    for (let i = 0; i < size; i++) {
      const at = starts[Math.floor(this.#tokens[i]! / scale)]!++;
      tokens[at] = this.#tokens[i]!;
      commits[at] = this.#commits[i]!;
    }
    for (let i = 1; i < size; i++) {
      const token = tokens[i]!;
      if (tokens[i - 1]! <= token) continue;
      const commit = commits[i]!;
      let at = i;
      for (; at > 0 && tokens[at - 1]! > token; at--) {
        tokens[at] = tokens[at - 1]!;
        commits[at] = commits[at - 1]!;
      }
      tokens[at] = token;
      commits[at] = commit;
    }
    for (let i = 0; i < size; ) {
      const token = tokens[i]!;
      let end = i + 1;
      while (end < size && tokens[end] === token) end++;
      yield { token, count: end - i, commits: end === i + 1 ? [commits[i]!] : Array.from(commits.subarray(i, Math.min(end, i + COMMITS_OF_TOKEN))) };
      i = end;
    }
  }
}

/**
 * Cuts sorted entries into buckets. A bucket is a sequence of entries: the token's distance from the one before (from the
 * bucket's begin for the first), then `2 * commit`, or `2 * count + 1` and the commits, each as its distance from the
 * one before. Commits are counted from `base`. Buckets without entries are left out.
 */
export function* packBuckets(entries: Iterable<TokenEntry>, bits: number, base: number): Generator<{ readonly bucket: number; readonly bytes: Uint8Array }> {
  const packed = new PackedWriter(1 << 12);
  let bucket = -1;
  let last = 0;
  for (const { token, count, commits } of entries) {
    const its = bucketOf(token, bits);
    if (its !== bucket) {
      if (packed.length > 0) yield { bucket, bytes: packed.take() };
      bucket = its;
      last = bucket * 2 ** (53 - bits);
    }
    packed.integer(token - last);
    last = token;
    if (count === 1) {
      packed.integer(2 * (commits[0]! - base));
      continue;
    }
    packed.integer(2 * count + 1);
    let before = base;
    for (const commit of commits) {
      packed.integer(commit - before);
      before = commit;
    }
  }
  if (packed.length > 0) yield { bucket, bytes: packed.take() };
}

/** The entries of one bucket; throws RangeError for bytes that are none. `size` is how many commits the segment has. */
export function* unpackBucket(bytes: Uint8Array, bucket: number, bits: number, base: number, size: number): Generator<TokenEntry> {
  const packed = new PackedReader(bytes);
  let token = bucket * 2 ** (53 - bits);
  const end = (bucket + 1) * 2 ** (53 - bits);
  let isFirst = true;
  while (packed.left > 0) {
    const step = packed.integer();
    token += step;
    const head = packed.integer();
    if (!(token < end) || (step === 0 && !isFirst) || !(head >= 0)) throw new RangeError('a bucket of postings is damaged');
    isFirst = false;
    if (head % 2 === 0) {
      if (head / 2 >= size) throw new RangeError('a bucket of postings names a commit that is not there');
      yield { token, count: 1, commits: [base + head / 2] };
      continue;
    }
    const count = (head - 1) / 2;
    const commits: number[] = [];
    let commit = base;
    for (let i = Math.min(count, COMMITS_OF_TOKEN); i > 0; i--) {
      commit += packed.integer();
      if (!(commit < base + size)) throw new RangeError('a bucket of postings names a commit that is not there');
      commits.push(commit);
    }
    yield { token, count, commits };
  }
  if (packed.left < 0) throw new RangeError('a bucket of postings is cut off');
}

/** Adds what a bucket says of these tokens, ascending, to the postings at `found`. Damaged bytes say nothing. */
export function lookInBucket(bytes: Uint8Array, bucket: number, bits: number, base: number, size: number, tokens: readonly Token[], found: readonly MutablePosting[], limit: number): void {
  const packed = new PackedReader(bytes);
  let token = bucket * 2 ** (53 - bits);
  let at = 0;
  while (packed.left > 0 && at < tokens.length) {
    token += packed.integer();
    if (!(token >= 0)) return;
    while (at < tokens.length && tokens[at]! < token) at++;
    const posting = at < tokens.length && tokens[at] === token ? found[at]! : undefined;
    const head = packed.integer();
    if (!(head >= 0)) return;
    if (head % 2 === 0) {
      if (posting === undefined || head / 2 >= size) continue;
      posting.count++;
      if (posting.commits.length < limit) posting.commits.push(base + head / 2);
      continue;
    }
    const count = (head - 1) / 2;
    if (posting !== undefined) posting.count += count;
    let commit = base;
    for (let i = Math.min(count, COMMITS_OF_TOKEN); i > 0; i--) {
      commit += packed.integer();
      if (posting !== undefined && commit < base + size && posting.commits.length < limit) posting.commits.push(commit);
    }
  }
}

export interface MutablePosting extends Posting {
  commits: number[];
  count: number;
}

/** Several sorted sequences as one: the counts of a token are added, its commits joined in the order of the sequences. */
export function* mergeEntries(sequences: readonly Iterable<TokenEntry>[]): Generator<TokenEntry> {
  const heads = sequences.map((sequence) => {
    const iterator = sequence[Symbol.iterator]();
    return { iterator, next: iterator.next() };
  });
  for (;;) {
    let token = Infinity;
    for (const { next } of heads) if (next.done !== true && next.value.token < token) token = next.value.token;
    if (token === Infinity) return;
    let count = 0;
    let commits: readonly number[] = [];
    for (const head of heads) {
      if (head.next.done === true || head.next.value.token !== token) continue;
      count += head.next.value.count;
      commits = commits.length === 0 ? head.next.value.commits : [...commits, ...head.next.value.commits].slice(0, COMMITS_OF_TOKEN);
      head.next = head.iterator.next();
    }
    yield { token, count, commits };
  }
}
