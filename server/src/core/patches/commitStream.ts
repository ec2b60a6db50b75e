import { decodeText } from '../text/index.js';
import { ContentSum, isTelling, lineFingerprint, sequenceFingerprint } from './fingerprint.js';
import { GitPatchId, LineKind, startsWith } from './gitPatchId.js';
import type { Fingerprint } from './identity.js';
import { byteString, decodePath, unquotePath } from './unquotePath.js';

/** One commit of a history, reduced to what the index keeps. */
export interface CommitRecord {
  /** 40 (or 64) hex digits. */
  readonly id: string;
  readonly parents: readonly string[];
  readonly authorName: string;
  readonly authorEmail: string;
  /** Seconds since 1970-01-01 UTC. */
  readonly authorDate: number;
  readonly commitDate: number;
  readonly subject: string;
  /** The message without its subject. */
  readonly body: string;
  /** `git patch-id --stable` of the diff as git printed it; undefined without one. */
  readonly patchId: string | undefined;
  /** See ChangeIdentity; undefined without changed lines. */
  readonly content: Fingerprint | undefined;
  /** One a run of changed lines, in order. */
  readonly hunks: Float64Array;
  /** Distinct changed lines that say anything, sorted. */
  readonly lines: Float64Array;
  /** How many lines were added and removed in all. */
  readonly changedLines: number;
  /** Paths of the diff, new ones for renames, in order. */
  readonly paths: readonly string[];
  /** Whether git found a rename or copy, so that its patch id without rename detection is another. */
  readonly hasRenames: boolean;
  /** Bytes of the diff as git printed it. */
  readonly diffBytes: number;
  /** Whether a limit was met: then `lines` are a sample, `hunks` end early, and after a line too long there is no patch id. */
  readonly isTruncated: boolean;
  /** The diff as git printed it, where it was asked for. */
  readonly diff: Uint8Array | undefined;
}

export interface CommitStreamOptions {
  /** Line fingerprints kept of one commit; of more, the smallest, which is a fair sample. */
  readonly maxLines?: number;
  /** Bytes of one line; what is longer is cut. */
  readonly maxLineBytes?: number;
  /** Bytes of one commit's diff that are kept where diffs are asked for; 0, the default, keeps none. */
  readonly keepDiffBytes?: number;
}

/**
 * The format that {@link CommitStream} reads. A NUL begins a record and ends each field: no line of a diff begins with
 * one, and no message holds one.
 */
export const commitFormat = 'format:%x00%H%x00%P%x00%an%x00%ae%x00%at%x00%ct%x00%B%x00';
const fieldCount = 7;

/** Room for fingerprints while a commit is read; beyond it they are dropped, which only imports of whole trees meet. */
const collectedLines = 1 << 21;

/**
 * Reads the output of `git log -p` with {@link commitFormat}, piece by piece as it arrives. Memory is bounded by the
 * longest line and the limits of the options, whatever the history holds. Bytes that are no such output give no records.
 */
export class CommitStream {
  readonly #maxLines: number;
  readonly #maxLineBytes: number;
  readonly #keepDiffBytes: number;
  readonly #machine = new GitPatchId();
  readonly #sum = new ContentSum();
  #carry = new Uint8Array(0);
  #isLongLine = false;
  #records: CommitRecord[] = [];
  #header: { readonly fields: readonly string[] } | undefined;
  #isInHeader = false;
  #lines = new Float64Array(1024);
  #lineCount = 0;
  #hunks: number[] = [];
  #run: number[] = [];
  #paths: string[] = [];
  #changedLines = 0;
  #hasRenames = false;
  #diffBytes = 0;
  #isTruncated = false;
  /** A line was cut, so that no patch id can be had. */
  #isDamaged = false;
  #patchId: string | undefined;
  #diff: Uint8Array[] = [];
  #keptBytes = 0;

  constructor(options: CommitStreamOptions = {}) {
    this.#maxLines = options.maxLines ?? 20_000;
    this.#maxLineBytes = options.maxLineBytes ?? 8 << 20;
    this.#keepDiffBytes = options.keepDiffBytes ?? 0;
  }

  /** Takes the next bytes; returns the commits that are complete with them. The chunk may be reused afterwards. */
  push(chunk: Uint8Array): CommitRecord[] {
    let bytes = chunk;
    if (this.#carry.length > 0) {
      bytes = new Uint8Array(this.#carry.length + chunk.length);
      bytes.set(this.#carry);
      bytes.set(chunk, this.#carry.length);
    }
    const used = this.#read(bytes);
    this.#carry = bytes.slice(used);
    if (this.#carry.length > this.#maxLineBytes && !this.#isInHeader) this.#cutLongLine();
    return this.#takeRecords();
  }

  /** Ends the input; returns what was left. */
  end(): CommitRecord[] {
    if (this.#carry.length > 0) {
      const rest = new Uint8Array(this.#carry.length + 1);
      rest.set(this.#carry);
      rest[this.#carry.length] = 10;
      this.#carry = new Uint8Array(0);
      this.#read(rest);
    }
    this.#finish();
    return this.#takeRecords();
  }

  #takeRecords(): CommitRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  /** Reads whole lines (and whole headers); returns how many bytes it used. */
  #read(bytes: Uint8Array): number {
    let start = 0;
    const length = bytes.length;
    while (start < length) {
      if (this.#isLongLine) {
        const feed = bytes.indexOf(10, start);
        if (feed === -1) return length;
        this.#isLongLine = false;
        start = feed + 1;
        continue;
      }
      if (bytes[start] === 0) {
        const next = this.#readHeader(bytes, start);
        this.#isInHeader = next === undefined;
        if (next === undefined) return start;
        start = next;
        continue;
      }
      const feed = bytes.indexOf(10, start);
      if (feed === -1) return start;
      if (this.#header) this.#readDiffLine(bytes, start, feed + 1);
      start = feed + 1;
    }
    return start;
  }

  /** Reads a record's header; undefined where it is not there as a whole yet. */
  #readHeader(bytes: Uint8Array, start: number): number | undefined {
    const fields: string[] = [];
    let at = start + 1;
    for (let i = 0; i < fieldCount; i++) {
      const end = bytes.indexOf(0, at);
      if (end === -1) return undefined;
      fields.push(decodeText(bytes.subarray(at, end)).text);
      at = end + 1;
    }
    this.#finish();
    this.#header = { fields };
    return at;
  }

  #readDiffLine(bytes: Uint8Array, start: number, end: number): void {
    this.#diffBytes += end - start;
    if (this.#keepDiffBytes > 0) this.#keep(bytes, start, end);
    const machine = this.#machine;
    const isInHunk = machine.isInHunk;
    const kind = machine.feed(bytes, start, end);
    if (kind === LineKind.HunkLine && isInHunk) {
      const first = bytes[start]!;
      if (first === 43 || first === 45) this.#addLine(lineFingerprint(bytes, start + 1, end, first === 43));
      else this.#endRun();
    } else if (kind === LineKind.HunkHeader) this.#endRun();
    else if (kind === LineKind.Header || kind === LineKind.HunkLine) {
      this.#endRun();
      this.#readFileHeader(bytes, start, end);
    } else if (kind === LineKind.End || kind === LineKind.Commit) {
      // git's log ends a diff only where the next commit begins; anything else is damage, and the first id stands.
      this.#patchId ??= machine.take();
    }
  }

  #addLine(fingerprint: Fingerprint): void {
    this.#changedLines++;
    if (fingerprint === 0) return;
    this.#sum.add(fingerprint);
    if (this.#run.length < collectedLines) this.#run.push(fingerprint);
    if (!isTelling(fingerprint)) return;
    if (this.#lineCount === this.#lines.length) {
      if (this.#lineCount >= collectedLines) {
        this.#isTruncated = true;
        return;
      }
      const larger = new Float64Array(this.#lines.length * 2);
      larger.set(this.#lines);
      this.#lines = larger;
    }
    this.#lines[this.#lineCount++] = fingerprint;
  }

  #endRun(): void {
    if (this.#run.length === 0) return;
    if (this.#hunks.length < this.#maxLines) this.#hunks.push(sequenceFingerprint(this.#run));
    else this.#isTruncated = true;
    this.#run = [];
  }

  #readFileHeader(bytes: Uint8Array, start: number, end: number): void {
    const first = bytes[start];
    if (first === 100 && startsWith(bytes, start, end, 'diff --git ')) {
      this.#paths.push(pathOfDiffLine(byteString(bytes, start + 11, end)));
    } else if (first === 43 && startsWith(bytes, start, end, '+++ ') && this.#paths.length > 0) {
      const path = pathOfFileLine(byteString(bytes, start + 4, end));
      if (path !== undefined) this.#paths[this.#paths.length - 1] = path;
    } else if (first === 114 && startsWith(bytes, start, end, 'rename to ')) this.#takeRenamed(bytes, start + 10, end);
    else if (first === 99 && startsWith(bytes, start, end, 'copy to ')) this.#takeRenamed(bytes, start + 8, end);
  }

  #takeRenamed(bytes: Uint8Array, start: number, end: number): void {
    this.#hasRenames = true;
    const text = byteString(bytes, start, end).replace(/\r?\n$/, '');
    if (this.#paths.length > 0) this.#paths[this.#paths.length - 1] = decodePath(unquotePath(text)?.path ?? text);
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    if (this.#keptBytes + end - start > this.#keepDiffBytes) {
      this.#isTruncated = true;
      return;
    }
    this.#diff.push(bytes.slice(start, end));
    this.#keptBytes += end - start;
  }

  /** A line without end is dropped, and the commit has no patch id: part of a line would give a wrong one. */
  #cutLongLine(): void {
    this.#carry = new Uint8Array(0);
    this.#isLongLine = true;
    this.#isTruncated = true;
    this.#isDamaged = true;
  }

  #finish(): void {
    const header = this.#header;
    this.#endRun();
    const patchId = this.#machine.take();
    if (header) {
      const [id, parents, authorName, authorEmail, authorDate, commitDate, message] = header.fields as [string, string, string, string, string, string, string];
      const { subject, body } = splitMessage(message);
      const lines = distinct(this.#lines.subarray(0, this.#lineCount).sort());
      if (lines.length > this.#maxLines) this.#isTruncated = true;
      this.#records.push({
        id,
        parents: parents === '' ? [] : parents.split(' '),
        authorName,
        authorEmail,
        authorDate: Number(authorDate) || 0,
        commitDate: Number(commitDate) || 0,
        subject,
        body,
        patchId: this.#isDamaged ? undefined : (this.#patchId ?? patchId),
        content: this.#sum.value(),
        hunks: Float64Array.from(this.#hunks),
        lines: lines.slice(0, this.#maxLines),
        changedLines: this.#changedLines,
        paths: this.#paths,
        hasRenames: this.#hasRenames,
        diffBytes: this.#diffBytes,
        isTruncated: this.#isTruncated,
        diff: this.#keepDiffBytes > 0 ? joined(this.#diff, this.#keptBytes) : undefined,
      });
    }
    this.#header = undefined;
    this.#lineCount = 0;
    if (this.#lines.length > 1 << 16) this.#lines = new Float64Array(1024);
    this.#hunks = [];
    this.#paths = [];
    this.#changedLines = 0;
    this.#hasRenames = false;
    this.#diffBytes = 0;
    this.#isTruncated = false;
    this.#isDamaged = false;
    this.#patchId = undefined;
    this.#diff = [];
    this.#keptBytes = 0;
    this.#sum.reset();
  }
}

/** Commits as they come out of {@link CommitStream}, a batch a chunk; batches are never empty. */
export async function* readCommits(chunks: AsyncIterable<Uint8Array>, options: CommitStreamOptions = {}): AsyncGenerator<CommitRecord[]> {
  const stream = new CommitStream(options);
  for await (const chunk of chunks) {
    const records = stream.push(chunk);
    if (records.length > 0) yield records;
  }
  const rest = stream.end();
  if (rest.length > 0) yield rest;
}

/** The subject as git has it: the lines up to the first blank one, joined; the body is what follows. */
export function splitMessage(message: string): { readonly subject: string; readonly body: string } {
  const text = message.replace(/\r\n/g, '\n').replace(/^\s*\n/, '');
  const gap = /\n[ \t]*\n/.exec(text);
  const head = gap ? text.slice(0, gap.index) : text;
  return {
    subject: head.trim().replace(/\s*\n\s*/g, ' '),
    body: gap ? text.slice(gap.index + gap[0].length).replace(/^\s*\n/, '').trimEnd() : '',
  };
}

/** `a/x b/x`: where both are the same behind their first folder; a guess otherwise, which later lines correct. */
export function pathOfDiffLine(line: string): string {
  const text = line.replace(/\r?\n$/, '');
  const quoted = unquotePath(text);
  if (quoted) return decodePath(quoted.path.replace(/^[^/]*\//, ''));
  const half = (text.length - 1) / 2;
  if (Number.isInteger(half) && text[half] === ' ') {
    const old = text.slice(0, half).replace(/^[^/]*\//, '');
    if (old === text.slice(half + 1).replace(/^[^/]*\//, '')) return decodePath(old);
  }
  const second = text.lastIndexOf(' b/');
  return decodePath(second === -1 ? text.replace(/^[^/]*\//, '') : text.slice(second + 3));
}

/** The path of a `+++ b/x` line without its prefix; undefined for `/dev/null`. */
function pathOfFileLine(line: string): string | undefined {
  let text = line.replace(/\r?\n$/, '');
  text = unquotePath(text)?.path ?? text.replace(/\t$/, '');
  if (text === '/dev/null') return undefined;
  return decodePath(text.replace(/^[^/]*\//, ''));
}

function distinct(sorted: Float64Array): Float64Array {
  let count = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[count++] = sorted[i]!;
  }
  return sorted.subarray(0, count);
}

function joined(parts: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
