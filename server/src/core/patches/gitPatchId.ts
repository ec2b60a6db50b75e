import { isGitSpace } from './fingerprint.js';
import { Sha1, toHex } from './sha1.js';

/** What {@link GitPatchId.feed} took a line for. */
export const enum LineKind {
  /** Before any diff, or nothing that counts. */
  Other,
  /** `diff --git ...`, `--- a/x`, `new file mode ...` */
  Header,
  /** `@@ -1,2 +3,4 @@` */
  HunkHeader,
  /** A line inside a hunk; its first byte says which. */
  HunkLine,
  /** The diff is over: the line ended it and belongs to nothing. */
  End,
  /** The line begins with a commit id: the next commit's diff follows. */
  Commit,
}

const noId = new Uint8Array(0);

/**
 * git's `patch-id --stable`, line by line. It follows builtin/patch-id.c state for state, with the odd ones: a hunk ends
 * where its counts say so, a line that begins with 40 hex digits begins another commit, a line is a C string.
 */
export class GitPatchId {
  readonly #sha = new Sha1();
  readonly #result = new Uint8Array(20);
  #length = 0;
  #before = -1;
  #after = -1;
  #isBinary = false;
  /** Between `--- ` and the first hunk, where git counts the name lines as if they were a hunk's. */
  #isInNames = false;
  /** Kept over files as in git, where a binary diff without an `index` line hashes the last one's. */
  #oldBlob: Uint8Array = noId;
  #newBlob: Uint8Array = noId;

  reset(): void {
    this.#sha.reset();
    this.#result.fill(0);
    this.#length = 0;
    this.#before = -1;
    this.#after = -1;
    this.#isBinary = false;
    this.#isInNames = false;
  }

  /** Whether the next line lies in a hunk whose counts are not used up. */
  get isInHunk(): boolean {
    return (this.#before > 0 || this.#after > 0) && !this.#isInNames;
  }

  /** The id of what was fed since the last call; undefined where git would print none. The machine is then as new. */
  take(): string | undefined {
    this.#flush();
    const id = this.#length > 0 ? toHex(this.#result) : undefined;
    this.reset();
    return id;
  }

  /**
   * Takes the line `bytes[start, end)`, its line feed included if it has one. After `End` and `Commit` the caller must
   * call {@link take}; the line itself is used up.
   */
  feed(bytes: Uint8Array, start: number, end: number): LineKind {
    const first = start < end ? bytes[start]! : 0;
    if (first === 92 /* \ */ && bytes[start + 1] === 32 && end - start > 12) return LineKind.Other;
    if (isCommitLine(bytes, start, end, first)) return LineKind.Commit;
    const isDiff = first === 100 && startsWith(bytes, start, end, 'diff ');
    if (this.#length === 0 && !isDiff) return LineKind.Other;
    let kind = LineKind.HunkLine;
    if (this.#before === -1) {
      kind = LineKind.Header;
      if (startsWith(bytes, start, end, 'GIT binary patch') || startsWith(bytes, start, end, 'Binary files')) {
        this.#isBinary = true;
        this.#before = 0;
        this.#sha.update(this.#oldBlob);
        this.#sha.update(this.#newBlob);
        this.#flush();
        return kind;
      }
      if (startsWith(bytes, start, end, 'index ')) {
        this.#readIndexLine(bytes, start, end);
        return kind;
      }
      if (startsWith(bytes, start, end, '--- ')) {
        this.#before = 1;
        this.#after = 1;
        this.#isInNames = true;
      } else if (!isAlpha(first)) return LineKind.End;
    }
    if (this.#isBinary) {
      if (isDiff) {
        this.#isBinary = false;
        this.#before = -1;
      }
      return LineKind.Header;
    }
    if (this.#before === 0 && this.#after === 0) {
      if (first === 64 && startsWith(bytes, start, end, '@@ -')) {
        this.#readHunkHeader(bytes, start, end);
        this.#isInNames = false;
        return LineKind.HunkHeader;
      }
      if (!isDiff) return LineKind.End;
      this.#flush();
      this.#before = -1;
      this.#after = -1;
      kind = LineKind.Header;
    }
    if (first === 45 || first === 32) this.#before--;
    if (first === 43 || first === 32) this.#after--;
    this.#hash(bytes, start, end);
    return kind;
  }

  /** Hashes the line without its white space. */
  #hash(bytes: Uint8Array, start: number, end: number): void {
    const sha = this.#sha;
    sha.reserve(end - start);
    const out = sha.buffer;
    let to = sha.length;
    for (let i = start; i < end; i++) {
      const byte = bytes[i]!;
      if (byte === 32 || byte === 9 || byte === 10 || byte === 13) continue;
      if (byte === 0) break;
      out[to++] = byte;
    }
    this.#length += to - sha.length;
    sha.length = to;
  }

  /** Adds the hash of what was fed to the result, as 20-byte numbers, low byte first: so the order of files is no matter. */
  #flush(): void {
    const digest = this.#sha.digest();
    let carry = 0;
    for (let i = 0; i < 20; i++) {
      carry += this.#result[i]! + digest[i]!;
      this.#result[i] = carry;
      carry >>= 8;
    }
  }

  #readIndexLine(bytes: Uint8Array, start: number, end: number): void {
    let dots = start;
    while (dots + 1 < end && !(bytes[dots] === 46 && bytes[dots + 1] === 46)) dots++;
    if (dots + 1 >= end) return;
    let stop = dots;
    while (stop < end && bytes[stop] !== 32) stop++;
    // Without a mode behind the ids, git takes all but the last byte, which is the line feed.
    if (stop === end) stop = end - 1;
    this.#oldBlob = bytes.slice(start + 6, Math.min(dots, start + 6 + 64));
    this.#newBlob = bytes.slice(dots + 2, Math.min(stop, dots + 2 + 64));
  }

  /** The counts alone; a count that cannot be read leaves the one before it as it was read so far, as in git. */
  #readHunkHeader(bytes: Uint8Array, start: number, end: number): void {
    let i = start + 4;
    let digits = i;
    while (i < end && isDigit(bytes[i]!)) i++;
    let count = i - digits;
    if (bytes[i] === 44) {
      digits = ++i;
      this.#before = readNumber(bytes, i, end);
      while (i < end && isDigit(bytes[i]!)) i++;
      count = i - digits;
    } else this.#before = 1;
    if (count === 0 || bytes[i] !== 32 || bytes[i + 1] !== 43) return;
    i += 2;
    digits = i;
    while (i < end && isDigit(bytes[i]!)) i++;
    if (bytes[i] === 44) this.#after = readNumber(bytes, i + 1, end);
    else this.#after = 1;
  }
}

/**
 * What `git patch-id --stable` prints for a file: one id a diff, with the commit that a line before it names. The commit
 * is 40 zeros where none is named, as git has it.
 */
export function gitPatchIds(bytes: Uint8Array): { readonly patchId: string; readonly commit: string }[] {
  const machine = new GitPatchId();
  const found: { patchId: string; commit: string }[] = [];
  const zeros = '0'.repeat(40);
  let commit = zeros;
  let start = 0;
  while (start < bytes.length) {
    const feed = bytes.indexOf(10, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    const kind = machine.feed(bytes, start, end);
    if (kind === LineKind.End || kind === LineKind.Commit) {
      const patchId = machine.take();
      if (patchId !== undefined) found.push({ patchId, commit });
      commit = kind === LineKind.Commit ? commitOfLine(bytes, start, end)! : zeros;
    }
    start = end;
  }
  const patchId = machine.take();
  if (patchId !== undefined) found.push({ patchId, commit });
  return found;
}

function isCommitLine(bytes: Uint8Array, start: number, end: number, first: number): boolean {
  // Nearly every line of a diff begins with one of these, and none of them begins an id.
  if (first === 32 || first === 43 || first === 45 || first === 64) return false;
  let at = start;
  if (startsWith(bytes, start, end, 'commit ')) at += 7;
  else if (startsWith(bytes, start, end, 'From ')) at += 5;
  return hasId(bytes, at, end);
}

/** The commit id of a line `From <id> ...`, `commit <id>` or `<id>`; undefined where it has none. Lower case. */
export function commitOfLine(bytes: Uint8Array, start: number, end: number): string | undefined {
  let at = start;
  if (startsWith(bytes, start, end, 'commit ')) at += 7;
  else if (startsWith(bytes, start, end, 'From ')) at += 5;
  if (!hasId(bytes, at, end)) return undefined;
  let id = '';
  for (let i = at; i < at + 40; i++) id += String.fromCharCode(bytes[i]!);
  return id.toLowerCase();
}

function hasId(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 40) return false;
  for (let i = start; i < start + 40; i++) if (!isHex(bytes[i]!)) return false;
  return true;
}

export function startsWith(bytes: Uint8Array, start: number, end: number, text: string): boolean {
  if (end - start < text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}

function readNumber(bytes: Uint8Array, start: number, end: number): number {
  let i = start;
  while (i < end && isGitSpace(bytes[i]!)) i++;
  let value = 0;
  for (; i < end && isDigit(bytes[i]!); i++) value = Math.min(value * 10 + bytes[i]! - 48, 0x7fffffff);
  return value;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isHex(byte: number): boolean {
  return isDigit(byte) || (byte >= 97 && byte <= 102) || (byte >= 65 && byte <= 70);
}

function isAlpha(byte: number): boolean {
  return (byte >= 97 && byte <= 122) || (byte >= 65 && byte <= 90);
}

