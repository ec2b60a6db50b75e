import type { Claim, Store, StoreChange } from '../../host.js';
import { IDENTITY_FORMAT } from '../identity.js';
import { blobId, fromHex, toHex } from '../sha1.js';
import { type CommitFacts, loadCommitFacts } from './commitFacts.js';
import { CommitList } from './commitList.js';
import { PackedReader, PackedWriter } from './packed.js';
import { type MutablePosting, PostingBuilder, type Token, type TokenEntry, bucketBits, bucketOf, lookInBucket, mergeEntries, packBuckets, patchIdToken, tokenOf, unpackBucket } from './postings.js';

/*
 * Posting lists in the store, for each repository whose whole history was indexed:
 *
 *     <repository>/manifest             which segments there are
 *     <repository>/<segment>/~<chunk>   its commits: ids and what is compared first
 *     <repository>/<segment>/<bucket>   its posting lists
 *
 * A segment's rows are written before the manifest names it, and taken out after it no longer does, so that whoever is
 * killed in between leaves an index that is right, and rows that the manifest calls dropped and the next writer removes.
 * One process writes at a time, having claimed the work. The manifest is only ever exchanged for the one it was made from,
 * so that even where claims do not hold (a network folder), one of two writers is stopped, and the index stays right.
 */

const TABLE = 'postings';

/** Raised when the form of rows changes; an older index is built anew, from the facts in the store. */
const FORM = 1;

/** Postings collected in memory before they become a segment, where nothing else is asked for. */
const SEGMENT = 1 << 21;

const COMMITS_OF_CHUNK = 64;

/** Rows written, and buckets read, at a time. */
const BATCH = 512;

interface Segment {
  readonly name: string;
  /** The number of its first commit, and how many it has. */
  readonly base: number;
  readonly commits: number;
  /** Postings, with those beyond what is kept of one token. */
  readonly postings: number;
  readonly bits: number;
}

interface Manifest {
  readonly form: number;
  readonly identity: number;
  /** Raised by every writer: names of its segments begin with it. */
  readonly generation: number;
  /** Another one when commits were numbered anew. */
  readonly epoch: number;
  readonly idLength: number;
  readonly segments: readonly Segment[];
  /** Segments being written, or no longer needed, whose rows may be there. */
  readonly dropped: readonly Segment[];
}

/** The name of a repository in the index, by its location. */
export function postingsOf(location: string): string {
  return blobId(encoder.encode(location)).slice(0, 16);
}

/** What is compared of a commit before its diff is read. */
export interface PostedCommit {
  readonly id: string;
  readonly patchId: string | undefined;
  readonly content: number | undefined;
  readonly lineCount: number;
}

/** The commits of a repository's posting lists, as their rows are: a tenth of what objects would take. */
export class PostedCommits {
  readonly list = new CommitList();
  readonly #idLength: number;
  readonly #rows: Uint8Array[] = [];
  /** Where the part behind each commit's id begins, rows counted as if they were one. */
  readonly #places: number[] = [];
  readonly #starts: number[] = [];
  #length = 0;

  constructor(idLength: number) {
    this.#idLength = idLength;
  }

  add(row: Uint8Array): void {
    for (const { id, bytes } of readCommits(row, this.#idLength)) {
      if (this.list.add(id) < this.#places.length) continue;
      this.#places.push(this.#length + bytes.byteOffset - row.byteOffset);
    }
    this.#rows.push(row.slice());
    this.#starts.push(this.#length);
    this.#length += row.length;
  }

  /** Undefined for a number that no commit has. */
  describe(number: number): PostedCommit | undefined {
    const place = this.#places[number];
    if (place === undefined) return undefined;
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if (this.#starts[middle]! <= place) low = middle;
      else high = middle - 1;
    }
    for (const { id, patchId, content, lineCount } of readCommits(this.#rows[low]!.subarray(place - this.#starts[low]!), this.#idLength)) return { id: toHex(id), patchId: patchId === undefined ? undefined : toHex(patchId), content, lineCount };
    return undefined;
  }
}

/** Looks up in the posting lists of one repository. Commits are numbered as they came in. */
export class PostingReader {
  readonly #store: Store;
  readonly #repository: string;
  #manifest: Manifest;
  #manifestBytes: Uint8Array;

  private constructor(store: Store, repository: string, manifest: Manifest, bytes: Uint8Array) {
    this.#store = store;
    this.#repository = repository;
    this.#manifest = manifest;
    this.#manifestBytes = bytes;
  }

  /** Undefined where the repository has no posting lists, or such as this release does not read. */
  static async open(store: Store, repository: string): Promise<PostingReader | undefined> {
    const [bytes] = await store.get(TABLE, [`${repository}/manifest`]);
    const manifest = decodeManifest(bytes);
    return manifest === undefined ? undefined : new PostingReader(store, repository, manifest, bytes!);
  }

  /** How many commits are posted. */
  get size(): number {
    return sizeOf(this.#manifest);
  }

  /** Bytes of a commit's id. */
  get idLength(): number {
    return this.#manifest.idLength;
  }

  get segments(): number {
    return this.#manifest.segments.length;
  }

  get postings(): number {
    return this.#manifest.segments.reduce((sum, { postings }) => sum + postings, 0);
  }

  /** All commits, by number. Undefined where rows are damaged or missing. */
  async commits(): Promise<PostedCommits | undefined> {
    for (;;) {
      const found = new PostedCommits(this.#manifest.idLength);
      let isSame = true;
      for (const { name, chunk, count } of chunksOf(this.#manifest)) {
        const rows: readonly (Uint8Array | undefined)[] | undefined = await this.#read(range(chunk, chunk + count).map((each) => `${this.#repository}/${name}/~${each}`));
        isSame = rows !== undefined;
        if (rows === undefined) break;
        for (const row of rows) if (row !== undefined) found.add(row);
      }
      if (isSame) return found.list.size === this.size ? found : undefined;
    }
  }

  /** In the order of the tokens, all in one read. */
  async look(tokens: readonly Token[], limit: number): Promise<MutablePosting[]> {
    for (;;) {
      const answer = tokens.map((): MutablePosting => ({ commits: [], count: 0 }));
      const order = tokens.map((_, i) => i).sort((a, b) => tokens[a]! - tokens[b]!);
      const places: { readonly segment: Segment; readonly bucket: number; readonly wanted: number[] }[] = [];
      for (const segment of this.#manifest.segments) {
        for (const i of order) {
          const bucket = bucketOf(tokens[i]!, segment.bits);
          const last = places.at(-1);
          if (last?.segment === segment && last.bucket === bucket) last.wanted.push(i);
          else places.push({ segment, bucket, wanted: [i] });
        }
      }
      const rows = await this.#read(places.map(({ segment, bucket }) => `${this.#repository}/${segment.name}/${bucket.toString(36)}`));
      // Another process has merged segments: those asked for may be gone.
      if (rows === undefined) continue;
      for (const [i, { segment, bucket, wanted }] of places.entries()) {
        const row = rows[i];
        if (row === undefined) continue;
        lookInBucket(row, bucket, segment.bits, segment.base, segment.commits, wanted.map((each) => tokens[each]!), wanted.map((each) => answer[each]!), limit);
      }
      return answer;
    }
  }

  /** Rows and manifest of one moment. Undefined where other segments have come, which are then known. */
  async #read(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[] | undefined> {
    const [bytes = nothing, ...rows] = await this.#store.get(TABLE, [`${this.#repository}/manifest`, ...keys]);
    if (sameBytes(bytes, this.#manifestBytes)) return rows;
    const manifest = decodeManifest(bytes);
    const before = this.#manifest;
    this.#manifestBytes = bytes;
    // Numbered anew: what the caller knows of numbers is of no use any more, and nothing is found.
    this.#manifest = manifest?.epoch === before.epoch ? manifest : { ...before, segments: [] };
    return sameSegments(before, this.#manifest) ? rows : undefined;
  }
}

/** Adds commits to the posting lists of one repository. */
export class PostingWriter {
  readonly #store: Store;
  readonly #repository: string;
  readonly #claim: Claim;
  readonly #segment: number;
  #manifest: Manifest;
  #manifestBytes: Uint8Array | undefined;
  #segmentCount = 0;
  #isLost = false;
  #builder = new PostingBuilder();
  /** Commits that are added, and were not flushed yet. */
  #pending: { readonly id: Uint8Array; readonly facts: Pick<CommitFacts, 'patchId' | 'content'>; readonly lineCount: number }[] = [];
  #next: number;

  private constructor(store: Store, repository: string, claim: Claim, segment: number, manifest: Manifest, manifestBytes: Uint8Array | undefined) {
    this.#store = store;
    this.#repository = repository;
    this.#claim = claim;
    this.#segment = segment;
    this.#manifest = manifest;
    this.#manifestBytes = manifestBytes;
    this.#next = sizeOf(manifest);
  }

  /** Undefined while another process writes. What a killed one has left is taken out. */
  static async acquire(store: Store, repository: string, idLength: number, segment = SEGMENT): Promise<PostingWriter | undefined> {
    const claim = await store.claim(repository);
    if (claim === undefined) return undefined;
    try {
      const [bytes] = await store.get(TABLE, [`${repository}/manifest`]);
      const found = decodeManifest(bytes);
      const isUsable = found !== undefined && (found.idLength === idLength || found.segments.length === 0);
      // Of another form, or of a repository that stood there before: what its rows are is not known, so all are taken out.
      if (!isUsable) await removeRows(store, repository);
      const generation = (isUsable ? found.generation : (generationOf(bytes) ?? 0)) + 1;
      const writer = new PostingWriter(store, repository, claim, segment, isUsable ? { ...found, idLength } : emptyManifest(idLength, generation), isUsable ? bytes : undefined);
      await writer.#swap({ ...writer.#manifest, generation });
      await writer.#removeDropped();
      return writer;
    } catch (error) {
      await claim.release();
      throw error;
    }
  }

  /** Whether another process has taken over; what is added then is not written. */
  get isLost(): boolean {
    return this.#isLost;
  }

  /** Whether enough is collected for a segment. */
  get isFull(): boolean {
    return this.#builder.size >= this.#segment;
  }

  /** The commits that are posted. Where rows of theirs are damaged, all is begun anew, and none are. */
  async posted(): Promise<CommitList> {
    const reader = await PostingReader.open(this.#store, this.#repository);
    const list = reader === undefined ? new CommitList() : (await reader.commits())?.list;
    if (list !== undefined) return list;
    await this.#beginAnew();
    return new CommitList();
  }

  /** Takes a commit that is not posted yet, whose facts are in the store. */
  add(id: string, facts: CommitFacts): void {
    const number = this.#next++;
    this.#pending.push({ id: fromHex(id), facts: { patchId: facts.patchId, content: facts.content }, lineCount: facts.lines.length });
    eachToken(facts, (token) => this.#builder.add(token, number));
  }

  /** Writes what was collected, and joins segments that have become too many. */
  async flush(): Promise<void> {
    const builder = this.#builder;
    const pending = this.#pending;
    this.#builder = new PostingBuilder();
    this.#pending = [];
    if (pending.length === 0 || this.#isLost) return;
    const segment: Segment = { name: this.#newName(), base: sizeOf(this.#manifest), commits: pending.length, postings: builder.size, bits: bucketBits(builder.size) };
    await this.#swap({ ...this.#manifest, dropped: [...this.#manifest.dropped, segment] });
    const rows = new RowWriter(this.#store, this.#repository, segment);
    for (let at = 0; at < pending.length; at += COMMITS_OF_CHUNK) await rows.put(`~${at / COMMITS_OF_CHUNK}`, packCommits(pending.slice(at, at + COMMITS_OF_CHUNK)));
    for (const { bucket, bytes } of packBuckets(builder.entries(), segment.bits, segment.base)) await rows.put(bucket.toString(36), bytes);
    await rows.end();
    await this.#swap({ ...this.#manifest, segments: [...this.#manifest.segments, segment], dropped: this.#manifest.dropped.filter((each) => each.name !== segment.name) });
    while (!this.#isLost) {
      const [before, last] = this.#manifest.segments.slice(-2);
      if (last === undefined || before!.postings >= 3 * last.postings) break;
      await this.#merge(this.#manifest.segments.length - 2);
    }
  }

  /** Joins all segments into one. */
  async compact(): Promise<void> {
    if (this.#manifest.segments.length > 1) await this.#merge(0);
  }

  /** Lets others write; what was not flushed is posted by the next one, from the facts in the store. */
  async release(): Promise<void> {
    this.#isLost = true;
    await this.#claim.release();
  }

  async #merge(from: number): Promise<void> {
    const sources = this.#manifest.segments.slice(from);
    const postings = sources.reduce((sum, each) => sum + each.postings, 0);
    const merged: Segment = { name: this.#newName(), base: sources[0]!.base, commits: sources.reduce((sum, each) => sum + each.commits, 0), postings, bits: Math.max(bucketBits(postings), ...sources.map(({ bits }) => bits)) };
    await this.#swap({ ...this.#manifest, dropped: [...this.#manifest.dropped, merged] });
    const rows = new RowWriter(this.#store, this.#repository, merged);
    let pending: Uint8Array[] = [];
    let chunk = 0;
    const putChunk = async (): Promise<void> => {
      await rows.put(`~${chunk++}`, joined(pending));
      pending = [];
    };
    for (const { name, chunk: at, count } of chunksOf({ segments: sources })) {
      for (const row of await this.#store.get(TABLE, range(at, at + count).map((each) => `${this.#repository}/${name}/~${each}`))) {
        for (const { bytes } of readCommits(row ?? nothing, this.#manifest.idLength)) {
          pending.push(bytes);
          if (pending.length === COMMITS_OF_CHUNK) await putChunk();
        }
      }
    }
    if (pending.length > 0) await putChunk();
    // Piece by piece through the space of tokens, so that little is in memory at a time.
    const rangeBits = Math.max(0, Math.max(...sources.map(({ bits }) => bits)) - 8);
    const kept = new Map<Segment, { bucket: number; bytes: Uint8Array | undefined }>();
    for (let piece = 0; piece < 2 ** rangeBits; piece++) {
      const sequences: Iterable<TokenEntry>[] = [];
      for (const segment of sources) sequences.push(await this.#entriesOf(segment, piece, rangeBits, kept));
      for (const { bucket, bytes } of packBuckets(mergeEntries(sequences), merged.bits, merged.base)) await rows.put(bucket.toString(36), bytes);
      if (this.#isLost) return;
    }
    await rows.end();
    await this.#swap({ ...this.#manifest, segments: [...this.#manifest.segments.slice(0, from), merged], dropped: [...this.#manifest.dropped.filter(({ name }) => name !== merged.name), ...sources] });
    await this.#removeDropped();
  }

  /** A segment's entries whose tokens begin with these bits. */
  async #entriesOf(segment: Segment, piece: number, bits: number, kept: Map<Segment, { bucket: number; bytes: Uint8Array | undefined }>): Promise<Iterable<TokenEntry>> {
    const { base, commits } = segment;
    if (segment.bits >= bits) {
      const per = 2 ** (segment.bits - bits);
      const buckets = range(piece * per, (piece + 1) * per);
      const rows = await this.#store.get(TABLE, buckets.map((bucket) => `${this.#repository}/${segment.name}/${bucket.toString(36)}`));
      return chained(buckets.map((bucket, i) => (rows[i] === undefined ? [] : unpackBucket(rows[i], bucket, segment.bits, base, commits))));
    }
    const bucket = Math.floor(piece / 2 ** (bits - segment.bits));
    let held = kept.get(segment);
    if (held?.bucket !== bucket) {
      held = { bucket, bytes: (await this.#store.get(TABLE, [`${this.#repository}/${segment.name}/${bucket.toString(36)}`]))[0] };
      kept.set(segment, held);
    }
    return held.bytes === undefined ? [] : within(unpackBucket(held.bytes, bucket, segment.bits, base, commits), piece * 2 ** (53 - bits), (piece + 1) * 2 ** (53 - bits));
  }

  async #beginAnew(): Promise<void> {
    await removeRows(this.#store, this.#repository);
    this.#manifestBytes = undefined;
    this.#next = 0;
    await this.#swap(emptyManifest(this.#manifest.idLength, this.#manifest.generation + 1));
  }

  async #removeDropped(): Promise<void> {
    if (this.#manifest.dropped.length === 0) return;
    for (const segment of this.#manifest.dropped) {
      for (const prefix of ['~', '']) {
        const count = prefix === '~' ? Math.ceil(segment.commits / COMMITS_OF_CHUNK) : 2 ** segment.bits;
        for (let at = 0; at < count; at += BATCH) {
          const keys = range(at, Math.min(at + BATCH, count)).map((each) => `${this.#repository}/${segment.name}/${prefix === '~' ? `~${each}` : each.toString(36)}`);
          await this.#store.write(keys.map((key) => ({ table: TABLE, key, value: undefined })));
        }
      }
    }
    await this.#swap({ ...this.#manifest, dropped: [] });
  }

  /** Unique for ever: generations are, and nobody else has this one. */
  #newName(): string {
    return `${this.#manifest.generation.toString(36)}.${(this.#segmentCount++).toString(36)}`;
  }

  async #swap(manifest: Manifest): Promise<void> {
    if (this.#isLost) return;
    const key = `${this.#repository}/manifest`;
    const value = encoder.encode(JSON.stringify(manifest));
    if (await this.#store.write([{ table: TABLE, key, value }], [{ table: TABLE, key, value: this.#manifestBytes }])) {
      this.#manifest = manifest;
      this.#manifestBytes = value;
    } else this.#isLost = true;
  }
}

class RowWriter {
  readonly #store: Store;
  readonly #prefix: string;
  #changes: StoreChange[] = [];

  constructor(store: Store, repository: string, { name }: Segment) {
    this.#store = store;
    this.#prefix = `${repository}/${name}/`;
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    this.#changes.push({ table: TABLE, key: this.#prefix + key, value });
    if (this.#changes.length >= BATCH) await this.end();
  }

  async end(): Promise<void> {
    const changes = this.#changes;
    this.#changes = [];
    if (changes.length > 0) await this.#store.write(changes);
  }
}

/**
 * Holds the posting lists of a repository against the facts of its commits: every row must be there and sound, and the
 * tokens of each segment, with their counts, must be those of its commits. Returns sentences about what is wrong.
 */
export async function verifyPostings(store: Store, repository: string, progress: (done: number, total: number) => void = () => {}): Promise<string[]> {
  const [manifestBytes] = await store.get(TABLE, [`${repository}/manifest`]);
  if (manifestBytes === undefined) return [];
  const manifest = decodeManifest(manifestBytes);
  if (manifest === undefined) return ['its list of segments cannot be read'];
  const reader = await PostingReader.open(store, repository);
  const list = (await reader?.commits())?.list;
  if (list === undefined) return ['its list of commits is damaged'];
  const problems: string[] = [];
  const total = sizeOf(manifest);
  for (const segment of manifest.segments) {
    const expected = new TokenSum();
    let isWhole = true;
    const numbers = range(segment.base, segment.base + segment.commits);
    for (let at = 0; at < numbers.length; at += 4 * BATCH) {
      const ids = numbers.slice(at, at + 4 * BATCH).map((number) => list.id(number));
      const missing = await loadCommitFacts(store, ids, (_, facts) => eachToken(facts, (token) => expected.add(token, 1)));
      if (missing.length > 0 && isWhole) {
        problems.push(`what is known of commit ${missing[0]} is damaged or missing`);
        isWhole = false;
      }
      progress(segment.base + at, total);
    }
    const found = new TokenSum();
    let isSound = true;
    for (let at = 0; at < 2 ** segment.bits && isSound; at += BATCH) {
      const buckets = range(at, Math.min(at + BATCH, 2 ** segment.bits));
      const rows = await store.get(TABLE, buckets.map((bucket) => `${repository}/${segment.name}/${bucket.toString(36)}`));
      try {
        for (const [i, row] of rows.entries()) if (row !== undefined) for (const { token, count } of unpackBucket(row, buckets[i]!, segment.bits, segment.base, segment.commits)) found.add(token, count);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        isSound = false;
      }
    }
    if (!isSound || found.count !== segment.postings || (isWhole && !found.equals(expected))) problems.push(`posting lists of ${segment.commits} commits are damaged`);
  }
  return problems;
}

/** Forgets the posting lists of a repository; what is known of its commits stays. */
export async function dropPostings(store: Store, repository: string): Promise<void> {
  await removeRows(store, repository);
}

/** Sums that do not depend on order. */
class TokenSum {
  count = 0;
  #low = 0;
  #high = 0;

  add(token: Token, count: number): void {
    this.count += count;
    const low = token % 0x100000000 | 0;
    const high = Math.floor(token / 0x100000000);
    this.#low = (this.#low + Math.imul(Math.imul(low ^ (low >>> 15), 0x85ebca6b) ^ high, count)) | 0;
    this.#high = (this.#high + Math.imul(Math.imul(high ^ (low >>> 7), 0xc2b2ae35), count)) | 0;
  }

  equals(other: TokenSum): boolean {
    return this.count === other.count && this.#low === other.#low && this.#high === other.#high;
  }
}

function eachToken({ patchId, content, hunks, lines }: CommitFacts, take: (token: Token) => void): void {
  if (patchId !== undefined) take(patchIdToken(patchId));
  if (content !== undefined) take(tokenOf('content', content));
  for (const hunk of hunks.length > 1 ? new Set(hunks) : hunks) take(tokenOf('hunk', hunk));
  for (const line of lines) take(tokenOf('line', line));
}

/** One commit: its id, a byte of flags, patch id and content where it has them, the number of its lines. */
function packCommits(commits: readonly { readonly id: Uint8Array; readonly facts: Pick<CommitFacts, 'patchId' | 'content'>; readonly lineCount: number }[]): Uint8Array {
  const packed = new PackedWriter();
  for (const { id, facts, lineCount } of commits) {
    packed.bytes(id);
    packed.byte((facts.patchId === undefined ? 0 : 1) | (facts.content === undefined ? 0 : 2));
    if (facts.patchId !== undefined) packed.bytes(fromHex(facts.patchId));
    if (facts.content !== undefined) packed.fingerprint(facts.content);
    packed.integer(lineCount);
  }
  return packed.take();
}

function* readCommits(row: Uint8Array, idLength: number): Generator<{ readonly id: Uint8Array; readonly patchId: Uint8Array | undefined; readonly content: number | undefined; readonly lineCount: number; readonly bytes: Uint8Array }> {
  const packed = new PackedReader(row);
  while (packed.left > 0) {
    const from = row.length - packed.left;
    const id = packed.bytes(idLength);
    const flags = packed.byte();
    const patchId = (flags & 1) !== 0 ? packed.bytes(20) : undefined;
    const content = (flags & 2) !== 0 ? packed.fingerprint() : undefined;
    const lineCount = packed.integer();
    if (packed.left < 0 || Number.isNaN(lineCount)) return;
    yield { id, patchId, content, lineCount, bytes: row.subarray(from, row.length - packed.left) };
  }
}

async function removeRows(store: Store, repository: string): Promise<void> {
  // The manifest first: without it nobody looks for the rest.
  await store.write([{ table: TABLE, key: `${repository}/manifest`, value: undefined }]);
  for (;;) {
    const rows = await store.scan(TABLE, `${repository}/`, { limit: BATCH });
    if (rows.length === 0) return;
    await store.write(rows.map(({ key }) => ({ table: TABLE, key, value: undefined })));
  }
}

function decodeManifest(bytes: Uint8Array | undefined): Manifest | undefined {
  if (bytes === undefined) return undefined;
  try {
    const manifest = JSON.parse(new TextDecoder().decode(bytes)) as Manifest;
    return manifest.form === FORM && manifest.identity === IDENTITY_FORMAT && Array.isArray(manifest.segments) && Array.isArray(manifest.dropped) ? manifest : undefined;
  } catch {
    return undefined;
  }
}

/** Of a manifest of any form. */
function generationOf(bytes: Uint8Array | undefined): number | undefined {
  try {
    const { generation } = JSON.parse(new TextDecoder().decode(bytes)) as { generation?: unknown };
    return typeof generation === 'number' ? generation : undefined;
  } catch {
    return undefined;
  }
}

function emptyManifest(idLength: number, generation: number): Manifest {
  return { form: FORM, identity: IDENTITY_FORMAT, generation, epoch: generation, idLength, segments: [], dropped: [] };
}

const encoder = new TextEncoder();

const nothing = new Uint8Array();

function sizeOf({ segments }: Manifest): number {
  const last = segments.at(-1);
  return last === undefined ? 0 : last.base + last.commits;
}

/** The rows of commits of all segments, a batch at a time. */
function* chunksOf({ segments }: Pick<Manifest, 'segments'>): Generator<{ readonly name: string; readonly chunk: number; readonly count: number }> {
  for (const { name, commits } of segments) {
    const chunks = Math.ceil(commits / COMMITS_OF_CHUNK);
    for (let chunk = 0; chunk < chunks; chunk += BATCH) yield { name, chunk, count: Math.min(BATCH, chunks - chunk) };
  }
}

function sameSegments(a: Manifest, b: Manifest): boolean {
  return a.segments.length === b.segments.length && a.segments.every(({ name }, i) => name === b.segments[i]!.name);
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, i) => from + i);
}

function* chained<T>(parts: readonly Iterable<T>[]): Generator<T> {
  for (const part of parts) yield* part;
}

function* within(entries: Iterable<TokenEntry>, from: Token, to: Token): Generator<TokenEntry> {
  for (const entry of entries) if (entry.token >= from && entry.token < to) yield entry;
}
