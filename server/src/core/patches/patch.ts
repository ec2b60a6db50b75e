/**
 * The shape of a patch file once it is read: changes, their file diffs, hunks and lines. Nothing is copied out of the
 * file: lines are ranges of bytes of it, so that what is not UTF-8 stays what it is. All line numbers are zero-based and
 * count the lines of the (decompressed) file.
 */

/** A half-open range of lines. */
export interface LineRange {
  readonly start: number;
  readonly end: number;
}

/** Something in a patch that could not be read as it should, with the line it stands on. */
export interface PatchProblem {
  readonly code:
    | 'not-a-patch'
    | 'empty'
    | 'compressed'
    | 'too-large'
    | 'bad-hunk-header'
    | 'hunk-count'
    | 'hunk-cut-short'
    | 'missing-name'
    | 'binary'
    | 'combined-diff'
    | 'not-utf8'
    | 'unsafe-path';
  readonly message: string;
  readonly line: number;
}

export type Compression = 'gzip' | 'bzip2' | 'xz' | 'zstd';

/** Unpacks a compressed patch; whoever has the world passes it in. */
export interface Decompressor {
  /** The bytes, or undefined where they cannot be read, end early, or grow beyond `limit` bytes. */
  decompress(bytes: Uint8Array, kind: Compression, limit: number): Uint8Array | undefined;
}

export interface ParsedPatch {
  /** The bytes that all ranges speak of: the file, decompressed. */
  readonly bytes: Uint8Array;
  readonly compression: Compression | undefined;
  /** One a mail or commit; a plain diff is one change with whatever prose stands before it. */
  readonly changes: readonly PatchChange[];
  readonly problems: readonly PatchProblem[];
}

/** One `Key: value` line of a header or a message, unfolded. */
export interface HeaderField {
  readonly key: string;
  readonly value: string;
  readonly line: number;
}

export type ChangeStyle = 'mail' | 'git-show' | 'plain';

export interface PatchChange {
  readonly lines: LineRange;
  /** The same as a range of the patch's bytes. */
  readonly bytes: { readonly start: number; readonly end: number };
  /** Everything of the change before its first diff: mail header, message, prose. */
  readonly header: LineRange;
  readonly style: ChangeStyle;
  /** The commit id of `From <sha> Mon Sep 17 00:00:00 2001` or of a first line `commit <sha>`; hex, full. */
  readonly commitId: string | undefined;
  /** `Name <address>`, decoded; undefined where none is given. */
  readonly author: string | undefined;
  /** Seconds since 1970-01-01 UTC; undefined where none is given or it cannot be read. */
  readonly date: number | undefined;
  /** Decoded and unfolded, without `[PATCH 1/2]`; undefined where there is none. */
  readonly subject: string | undefined;
  /** The message without its subject, decoded, lines ended by `\n`; for a plain diff the prose before it. */
  readonly body: string;
  /** Mail header fields, and DEP-3 or quilt style fields at the head of a plain diff. */
  readonly fields: readonly HeaderField[];
  /** `Signed-off-by:` and the like, from the last paragraphs of the message. */
  readonly trailers: readonly HeaderField[];
  readonly files: readonly FileDiff[];
}

export type FileAction = 'modify' | 'add' | 'delete' | 'rename' | 'copy' | 'mode';

export interface FileDiff {
  readonly lines: LineRange;
  /** How the diff was written. */
  readonly style: 'git' | 'unified' | 'context' | 'combined' | 'normal';
  readonly action: FileAction;
  /** Paths as written, without timestamps and quotes; undefined for `/dev/null` or where none is given. */
  readonly oldPath: string | undefined;
  readonly newPath: string | undefined;
  /**
   * The path in normal form: leading folders that are no part of the project (`a/`, `curl-7.76.1/`), backup suffixes and
   * `./` taken out. Of the new file, for a deletion of the old.
   */
  readonly path: string;
  /** The old path in normal form, where it differs (rename, copy). */
  readonly renamedFrom: string | undefined;
  /** Of a rename or copy, as git writes it: `97%`. */
  readonly similarity: string | undefined;
  readonly oldMode: string | undefined;
  readonly newMode: string | undefined;
  /** Blob ids of the `index` line, as written (possibly short). */
  readonly oldBlob: string | undefined;
  readonly newBlob: string | undefined;
  readonly isBinary: boolean;
  readonly hunks: readonly Hunk[];
}

export interface Hunk {
  readonly lines: LineRange;
  /** As the hunk's header says; 1-based as in diffs. For a hunk whose header cannot be read, 0. */
  readonly oldStart: number;
  readonly oldCount: number;
  readonly newStart: number;
  readonly newCount: number;
  /** What follows the second `@@`: usually the function. */
  readonly heading: string;
  readonly content: readonly HunkLine[];
}

export interface HunkLine {
  readonly op: ' ' | '+' | '-';
  /** Zero-based line in the patch file. */
  readonly line: number;
  /** Byte range of the content in the patch's bytes: without the mark before it, without its line break. */
  readonly start: number;
  readonly end: number;
  /** Whether `\ No newline at end of file` follows. */
  readonly noNewline: boolean;
}
