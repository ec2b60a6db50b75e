import { decodeText } from '../text/index.js';
import { readMessage } from './changeHeader.js';
import { decodeTransferEncodings } from './mailText.js';
import { isUnsafePath, normalPaths, readFileName, stripPrefix } from './normalPath.js';
import type { ChangeStyle, Compression, Decompressor, FileAction, FileDiff, Hunk, HunkLine, LineRange, ParsedPatch, PatchChange, PatchProblem } from './patch.js';
import { byteString, decodeByteString, decodePath, unquotePath } from './unquotePath.js';

export interface ParsePatchOptions {
  readonly decompressor?: Decompressor;
  /** Bytes read at most, decompressed; of more, only the first are read. */
  readonly maxBytes?: number;
  /** Lines read at most. */
  readonly maxLines?: number;
  /** Files read at most. */
  readonly maxFiles?: number;
}

/**
 * Reads a patch file, whatever it is. Never throws on its bytes: what could not be read is a problem with its line, and
 * the rest goes on.
 */
export function parsePatch(bytes: Uint8Array, options: ParsePatchOptions = {}): ParsedPatch {
  const maxBytes = options.maxBytes ?? 64 << 20;
  const problems: PatchProblem[] = [];
  const compression = compressionOf(bytes);
  let content = bytes;
  if (compression) {
    const unpacked = options.decompressor?.decompress(bytes, compression, maxBytes);
    if (!unpacked) {
      problems.push({ code: 'compressed', message: `The patch is compressed with ${compression} and could not be unpacked: it is damaged, or larger than ${maxBytes} bytes.`, line: 0 });
      return { bytes: new Uint8Array(0), compression, changes: [], problems };
    }
    content = unpacked;
  }
  if (content.length > maxBytes) {
    problems.push({ code: 'too-large', message: `The patch has ${content.length} bytes; only the first ${maxBytes} were read.`, line: 0 });
    content = content.subarray(0, maxBytes);
  }
  if (content.length === 0) {
    problems.push({ code: 'empty', message: 'The patch is empty.', line: 0 });
    return { bytes: content, compression, changes: [], problems };
  }
  const mails = decodeTransferEncodings(content);
  const reader = new PatchReader(mails?.bytes ?? content, mails?.lines, problems, options.maxLines ?? 2_000_000, options.maxFiles ?? 100_000);
  const changes = reader.read();
  if (changes.every((change) => change.files.length === 0)) {
    problems.push({ code: 'not-a-patch', message: 'No diff was found in the file.', line: 0 });
  }
  return { bytes: mails?.bytes ?? content, compression, changes, problems: problems.sort((a, b) => a.line - b.line) };
}

/** The content of a line as text: UTF-8, or byte by byte where it is not. */
export function lineText(patch: ParsedPatch, line: HunkLine): string {
  return decodeText(patch.bytes.subarray(line.start, line.end)).text;
}

function compressionOf(bytes: Uint8Array): Compression | undefined {
  const magic = byteString(bytes, 0, Math.min(6, bytes.length));
  if (magic.startsWith('\x1f\x8b')) return 'gzip';
  if (/^BZh[1-9]1A?/.test(magic)) return 'bzip2';
  if (magic === '\xfd7zXZ\0') return 'xz';
  if (magic.startsWith('\x28\xb5\x2f\xfd')) return 'zstd';
  return undefined;
}

interface OpenFile {
  readonly start: number;
  /** The line of `diff ...`, `Index: ...` or `--- ...`. */
  isFromIndex: boolean;
  style: FileDiff['style'];
  hasNames: boolean;
  oldPath: string | undefined;
  newPath: string | undefined;
  oldAbsent: boolean;
  newAbsent: boolean;
  gitPaths: string | undefined;
  renameFrom: string | undefined;
  renameTo: string | undefined;
  action: FileAction | undefined;
  similarity: string | undefined;
  oldMode: string | undefined;
  newMode: string | undefined;
  oldBlob: string | undefined;
  newBlob: string | undefined;
  isBinary: boolean;
  hunks: Hunk[];
  end: number;
}

interface OpenChange {
  readonly start: number;
  readonly style: ChangeStyle;
  files: FileDiff[];
}

const unifiedHunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))?(?: @@ ?(.*))?/;
const combinedHunk = /^(@@@+)((?: -\d+(?:,\d+)?)+) \+(\d+)(?:,(\d+))?(?: @@@+ ?(.*))?/;
const contextRange = /^(?:\*\*\*|---) (\d+)(?:,(\d+))? (?:\*\*\*\*|----)\s*$/;
const normalCommand = /^(\d+)(?:,(\d+))?([acd])(\d+)(?:,(\d+))?\s*$/;

/** Only the head of a line is made text to recognize it; no recognizer needs more. */
const headBytes = 1024;

/** Lines that may stand between `Index:` or `diff` and the names, before they count as prose. */
const maxHeaderLines = 30;

class PatchReader {
  readonly #bytes: Uint8Array;
  /** Where each line begins, and one more: the end of the file. */
  readonly #starts: Uint32Array;
  readonly #lineMap: Uint32Array | undefined;
  readonly #problems: PatchProblem[];
  readonly #changes: PatchChange[] = [];
  #count: number;
  readonly #maxFiles: number;
  #files = 0;
  #file: OpenFile | undefined;
  #change: OpenChange = { start: 0, style: 'plain', files: [] };
  #at = 0;

  constructor(bytes: Uint8Array, lineMap: Uint32Array | undefined, problems: PatchProblem[], maxLines: number, maxFiles: number) {
    this.#maxFiles = maxFiles;
    this.#bytes = bytes;
    this.#lineMap = lineMap;
    this.#problems = problems;
    const starts: number[] = [0];
    for (let at = bytes.indexOf(10); at !== -1 && at + 1 < bytes.length; at = bytes.indexOf(10, at + 1)) {
      if (starts.length >= maxLines) {
        problems.push({ code: 'too-large', message: `The patch has more than ${maxLines} lines; the rest was not read.`, line: maxLines });
        break;
      }
      starts.push(at + 1);
    }
    this.#count = starts.length;
    const isCut = starts.length >= maxLines;
    const last = starts[starts.length - 1]!;
    const feed = bytes.indexOf(10, last);
    starts.push(isCut && feed !== -1 ? feed + 1 : bytes.length);
    this.#starts = Uint32Array.from(starts);
  }

  read(): PatchChange[] {
    while (this.#at < this.#count) {
      this.#readLine();
      if (this.#files <= this.#maxFiles) continue;
      this.#problems.push({ code: 'too-large', message: `The patch changes more than ${this.#maxFiles} files; the rest was not read.`, line: this.#file?.start ?? this.#at });
      this.#count = Math.min(this.#count, this.#file?.start ?? this.#at);
      this.#file = undefined;
    }
    this.#endChange(this.#count);
    return this.#changes;
  }

  #readLine(): void {
    const line = this.#at;
    switch (this.#first(line)) {
      case 70: // F
        if (this.#isMailStart(line)) return this.#beginChange(line, 'mail');
        if (this.#isBareMailStart(line)) return this.#beginChange(line, 'mail');
        break;
      case 99: // c
        if (this.#isShowStart(line)) return this.#beginChange(line, 'git-show');
        break;
      case 35: // #
        if (this.#hasDiffs() && this.#begins(line, '# HG changeset patch')) return this.#beginChange(line, 'plain');
        break;
      case 100: // d
        if (this.#readDiffLine(line)) return;
        break;
      case 73: // I
        if (this.#begins(line, 'Index: ')) return this.#beginFile(line, 'unified', true);
        break;
      case 45: // -
        if (this.#isNamePair(line)) return this.#readNames(line, 'unified');
        break;
      case 42: // *
        if (this.#isContextNames(line)) return this.#readNames(line, 'context');
        if (this.#file && this.#isContextHunk(line)) return this.#readContextHunk(line);
        break;
      case 64: // @
        if (this.#readHunkStart(line)) return;
        break;
      case 66: // B
      case 71: // G
        if (this.#readBinary(line)) return;
        break;
      default:
        break;
    }
    if (this.#file && !this.#isComplete(this.#file)) this.#readExtendedHeader(line);
    this.#at = line + 1;
  }

  // ---- lines ----

  #first(line: number): number {
    const start = this.#starts[line]!;
    return start < this.#bytes.length ? this.#bytes[start]! : 0;
  }

  /** The end of a line's content: without `\n` or `\r\n`. */
  #end(line: number): number {
    let end = this.#starts[line + 1]!;
    const start = this.#starts[line]!;
    if (end > start && this.#bytes[end - 1] === 10) end--;
    if (end > start && this.#bytes[end - 1] === 13) end--;
    return end;
  }

  #head(line: number, from = 0): string {
    if (line >= this.#count) return '';
    const start = Math.min(this.#starts[line]! + from, this.#end(line));
    return byteString(this.#bytes, start, Math.min(start + headBytes, this.#end(line)));
  }

  #begins(line: number, text: string): boolean {
    if (line >= this.#count) return false;
    const start = this.#starts[line]!;
    if (this.#starts[line + 1]! - start < text.length) return false;
    for (let i = 0; i < text.length; i++) if (this.#bytes[start + i] !== text.charCodeAt(i)) return false;
    return true;
  }

  #fileLine(line: number): number {
    return this.#lineMap ? (this.#lineMap[Math.min(line, this.#lineMap.length - 1)] ?? 0) : line;
  }

  #range(start: number, end: number): LineRange {
    if (!this.#lineMap) return { start, end };
    return { start: this.#fileLine(start), end: end > start ? this.#fileLine(end - 1) + 1 : this.#fileLine(start) };
  }

  #report(code: PatchProblem['code'], line: number, message: string): void {
    // A file of nothing but damage has one problem a kind that is worth reading, not a million.
    if (this.#problems.length < 200) this.#problems.push({ code, message, line: this.#fileLine(line) });
  }

  // ---- changes ----

  #hasDiffs(): boolean {
    return this.#change.files.length > 0 || this.#file !== undefined;
  }

  /** `From 3193170... Mon Sep 17 00:00:00 2001`, or an mbox line of another program with a mail header behind it. */
  #isMailStart(line: number): boolean {
    if (!this.#begins(line, 'From ')) return false;
    const text = this.#head(line);
    if (/^From [0-9a-f]{40}(?:[0-9a-f]{24})? (?:Mon Sep 17 00:00:00 2001|[A-Z][a-z]{2} )/.test(text)) return true;
    return /^From \S+.* \d{2}:\d{2}(?::\d{2})? .*\d{4}/.test(text) && /^[A-Z][\w-]*: /.test(this.#head(line + 1));
  }

  /** `From: ` and `Subject: ` after a diff: mails that were put together without mbox lines. */
  #isBareMailStart(line: number): boolean {
    if (!this.#hasDiffs() || !this.#begins(line, 'From: ')) return false;
    for (let next = line + 1; next < Math.min(line + 12, this.#count); next++) {
      if (this.#begins(next, 'Subject: ')) return true;
      if (!/^(?:[A-Za-z][\w-]*:|[ \t])/.test(this.#head(next))) return false;
    }
    return false;
  }

  #isShowStart(line: number): boolean {
    if (!/^commit [0-9a-f]{40}(?:[0-9a-f]{24})?\b/.test(this.#head(line))) return false;
    // In the prose of a change that has no diff yet it is a quotation, and belongs to that change; but git indents messages, and an empty commit has none.
    if (!this.#hasDiffs() && !this.#isBlankBefore(line) && this.#change.style !== 'git-show') return false;
    for (let next = line + 1; next < Math.min(line + 5, this.#count); next++) {
      if (/^(?:Author|AuthorDate|Date|Merge|Commit): /.test(this.#head(next))) return true;
    }
    return false;
  }

  #isBlankBefore(line: number): boolean {
    for (let i = this.#change.start; i < line; i++) if (this.#end(i) > this.#starts[i]!) return false;
    return true;
  }

  #beginChange(line: number, style: ChangeStyle): void {
    if (this.#hasDiffs() || !this.#isBlankBefore(line)) this.#endChange(line);
    this.#change = { start: line, style, files: [] };
    this.#at = line + 1;
  }

  #endChange(end: number): void {
    this.#endFile();
    const { start, style, files } = this.#change;
    if (end <= start) return;
    // Prose alone before the first mail, or behind the last diff, is no change.
    if (files.length === 0 && style === 'plain' && (this.#changes.length > 0 || end < this.#count)) return;
    const headerEnd = files.length > 0 ? this.#headerEnd : end;
    const lines: { text: string; line: number }[] = [];
    for (let line = start; line < Math.min(headerEnd, start + 20_000); line++) {
      lines.push({ text: decodeText(this.#bytes.subarray(this.#starts[line]!, this.#end(line))).text, line: this.#fileLine(line) });
    }
    this.#changes.push({
      lines: this.#range(start, end),
      bytes: { start: this.#starts[start]!, end: this.#starts[end]! },
      header: this.#range(start, headerEnd),
      ...readMessage(lines, style),
      files,
    });
  }

  /** Line of the change's first file diff. */
  #headerEnd = 0;

  // ---- files ----

  #readDiffLine(line: number): boolean {
    if (!this.#begins(line, 'diff ')) return false;
    const text = this.#head(line);
    if (text.startsWith('diff --git ')) {
      this.#beginFile(line, 'git');
      this.#file!.gitPaths = text.slice(11);
    } else if (/^diff --(?:cc|combined) /.test(text)) {
      this.#beginFile(line, 'combined');
      const path = text.replace(/^diff --\S+ /, '');
      this.#file!.newPath = decodePath(unquotePath(path)?.path ?? path);
      this.#report('combined-diff', line, 'This is the diff of a merge against several parents; it is read as one against all of them.');
    } else if (/^diff (?:-|[^ ]+ [^ ]+$)/.test(text) && this.#isDiffCommand(line)) this.#beginFile(line, 'unified');
    else return false;
    return true;
  }

  /** Whether names or hunks follow a `diff ...` line: prose begins with that word, too. */
  #isDiffCommand(line: number): boolean {
    for (let next = line + 1; next < Math.min(line + 4, this.#count); next++) {
      if (this.#isNamePair(next) || this.#isContextNames(next) || normalCommand.test(this.#head(next)) || this.#begins(next, 'Binary files ')) return true;
    }
    return false;
  }

  #beginFile(line: number, style: FileDiff['style'], isFromIndex = false): void {
    const open = this.#file;
    this.#at = line + 1;
    // `Index:` and `diff` stand before the names of one file.
    if (open && open.isFromIndex && !isFromIndex && !this.#isComplete(open) && line - open.start < maxHeaderLines) {
      open.isFromIndex = false;
      open.style = style;
      return;
    }
    this.#endFile();
    if (this.#change.files.length === 0) this.#headerEnd = line;
    this.#files++;
    this.#file = {
      start: line,
      isFromIndex,
      style,
      hasNames: false,
      oldPath: isFromIndex ? decodePath(this.#head(line, 7).trimEnd()) : undefined,
      newPath: isFromIndex ? decodePath(this.#head(line, 7).trimEnd()) : undefined,
      oldAbsent: false,
      newAbsent: false,
      gitPaths: undefined,
      renameFrom: undefined,
      renameTo: undefined,
      action: undefined,
      similarity: undefined,
      oldMode: undefined,
      newMode: undefined,
      oldBlob: undefined,
      newBlob: undefined,
      isBinary: false,
      hunks: [],
      end: line + 1,
    };
  }

  /** Whether a file diff has its content, so that what follows belongs to another. */
  #isComplete(file: OpenFile): boolean {
    return file.hasNames || file.hunks.length > 0 || file.isBinary;
  }

  #endFile(): void {
    const file = this.#file;
    this.#file = undefined;
    if (!file) return;
    let { oldPath, newPath } = file;
    const isGit = file.style === 'git' || file.style === 'combined';
    const isNamed = file.hasNames || file.renameTo !== undefined || file.gitPaths !== undefined || file.style === 'combined';
    // `Index:` alone, with neither names nor hunks, is prose.
    if (!isNamed && file.hunks.length === 0 && !file.isBinary) return;
    if (!file.hasNames && file.gitPaths !== undefined) {
      const names = splitGitPaths(file.gitPaths);
      oldPath ??= file.action === 'add' ? undefined : names?.old;
      newPath ??= file.action === 'delete' ? undefined : names?.new;
    }
    const first = file.hunks[0];
    const action = file.action ?? this.#actionOf(file, oldPath, newPath, first);
    let path: string;
    let renamedFrom: string | undefined;
    if (file.renameTo !== undefined) {
      path = file.renameTo;
      renamedFrom = file.renameFrom;
    } else if (isGit && file.gitPaths !== undefined && hasGitPrefixes(file.gitPaths)) {
      const raw = action === 'delete' ? (oldPath ?? newPath) : (newPath ?? oldPath);
      const both = normalPaths(`a/${stripPrefix(oldPath ?? raw ?? '')}`, `b/${stripPrefix(raw ?? '')}`);
      path = both.new;
    } else {
      const both = normalPaths(oldPath, newPath);
      path = action === 'delete' ? both.old : both.new;
    }
    if (path === '') this.#report('missing-name', file.start, 'This diff does not say which file it changes.');
    for (const name of [oldPath, newPath]) {
      if (name !== undefined && isUnsafePath(name)) {
        this.#report('unsafe-path', file.start, `The path ${name} leads out of the folder that the patch is applied in.`);
        break;
      }
    }
    this.#change.files.push({
      lines: this.#range(file.start, file.end),
      style: file.style,
      action,
      oldPath: action === 'add' && file.oldAbsent ? undefined : oldPath,
      newPath: action === 'delete' && file.newAbsent ? undefined : newPath,
      path,
      renamedFrom,
      similarity: file.similarity,
      oldMode: file.oldMode,
      newMode: file.newMode,
      oldBlob: file.oldBlob,
      newBlob: file.newBlob,
      isBinary: file.isBinary,
      hunks: file.hunks,
    });
  }

  #actionOf(file: OpenFile, oldPath: string | undefined, newPath: string | undefined, first: Hunk | undefined): FileAction {
    if (file.hasNames || file.hunks.length > 0) {
      const hasOnlyOne = file.hunks.length === 1 && first !== undefined;
      if (oldPath === undefined && newPath !== undefined) return 'add';
      if (newPath === undefined && oldPath !== undefined) return 'delete';
      // git says so in a line of its own, and otherwise means an empty file that gets content.
      if (hasOnlyOne && first.oldCount === 0 && first.oldStart === 0 && first.newCount > 0 && (file.oldAbsent || file.style !== 'git')) return 'add';
      if (hasOnlyOne && first.newCount === 0 && first.newStart === 0 && first.oldCount > 0 && (file.newAbsent || file.style !== 'git')) return 'delete';
      return 'modify';
    }
    if (file.oldMode !== undefined && file.newMode !== undefined && !file.isBinary) return 'mode';
    return 'modify';
  }

  #readExtendedHeader(line: number): void {
    const file = this.#file!;
    const text = this.#head(line);
    const field = /^(old mode|new mode|deleted file mode|new file mode|copy from|copy to|rename from|rename to|rename old|rename new|index|similarity index|dissimilarity index|mode|RCS file:|retrieving revision|={3,}|Property changes)(?: (.*))?/.exec(text);
    if (!field) return;
    const value = field[2] ?? '';
    file.end = line + 1;
    switch (field[1]) {
      case 'old mode':
        file.oldMode = value;
        break;
      case 'new mode':
        file.newMode = value;
        break;
      case 'deleted file mode':
        file.oldMode = value;
        file.action = 'delete';
        break;
      case 'new file mode':
        file.newMode = value;
        file.action = 'add';
        break;
      case 'rename from':
      case 'rename old':
      case 'copy from':
        file.renameFrom = decodePath(unquotePath(value)?.path ?? value);
        break;
      case 'rename to':
      case 'rename new':
        file.renameTo = decodePath(unquotePath(value)?.path ?? value);
        file.action = 'rename';
        break;
      case 'copy to':
        file.renameTo = decodePath(unquotePath(value)?.path ?? value);
        file.action = 'copy';
        break;
      case 'similarity index':
        file.similarity = value;
        break;
      case 'index': {
        const ids = /^([0-9a-f]{4,64})(?:,[0-9a-f,]+)?\.\.([0-9a-f]{4,64})(?: (\d{6}))?/.exec(value);
        if (ids) {
          file.oldBlob = ids[1];
          file.newBlob = ids[2];
          if (ids[3] !== undefined) file.oldMode = file.newMode = ids[3];
        }
        break;
      }
      default:
        break;
    }
  }

  /** `--- x` and directly behind it `+++ y`. */
  #isNamePair(line: number): boolean {
    return this.#begins(line, '--- ') && this.#begins(line + 1, '+++ ');
  }

  #isContextNames(line: number): boolean {
    return this.#begins(line, '*** ') && this.#begins(line + 1, '--- ') && this.#begins(line + 2, '***************');
  }

  #isContextHunk(line: number): boolean {
    return this.#begins(line, '***************') && this.#begins(line + 1, '*** ');
  }

  #readNames(line: number, style: 'unified' | 'context'): void {
    if (!this.#file || this.#isComplete(this.#file)) this.#beginFile(line, style);
    const file = this.#file!;
    if (style === 'context') file.style = 'context';
    const old = readFileName(this.#head(line, 4));
    const now = readFileName(this.#head(line + 1, 4));
    file.hasNames = true;
    file.oldPath = old.path;
    file.newPath = now.path;
    file.oldAbsent = old.isAbsent;
    file.newAbsent = now.isAbsent;
    file.end = line + 2;
    this.#at = line + 2;
  }

  #readBinary(line: number): boolean {
    const file = this.#file;
    if (this.#begins(line, 'GIT binary patch')) {
      if (!file || this.#isComplete(file)) return false;
      file.isBinary = true;
      let at = line + 1;
      for (let block = 0; block < 2 && /^(?:literal|delta) \d+/.test(this.#head(at)); block++) {
        at++;
        while (at < this.#count && this.#end(at) > this.#starts[at]!) at++;
        at++;
      }
      at = Math.min(at, this.#count);
      file.end = at;
      this.#at = at;
      return true;
    }
    const names = /^(?:Binary files|Files) (.*) and (.*) differ/.exec(this.#head(line));
    if (!names) return false;
    if (!file || this.#isComplete(file)) {
      this.#beginFile(line, 'unified');
      this.#file!.oldPath = readFileName(names[1]!).path;
      this.#file!.newPath = readFileName(names[2]!).path;
    }
    this.#file!.isBinary = true;
    this.#file!.end = line + 1;
    this.#at = line + 1;
    this.#report('binary', line, 'A binary file changes here, and the patch does not hold its content.');
    return true;
  }

  // ---- hunks ----

  #readHunkStart(line: number): boolean {
    const text = this.#head(line);
    if (text.startsWith('@@@')) return this.#readCombinedHunk(line, text);
    if (!text.startsWith('@@ ')) return false;
    const header = unifiedHunk.exec(text);
    const next = this.#first(line + 1 < this.#count ? line + 1 : line);
    if (!header && next !== 32 && next !== 43 && next !== 45) return false;
    if (!this.#file) {
      if (!header) return false;
      this.#beginFile(line, 'unified');
    }
    if (!header) this.#report('bad-hunk-header', line, 'This hunk does not say which lines it is about.');
    this.#readUnifiedHunk(line, header);
    return true;
  }

  #readUnifiedHunk(line: number, header: RegExpExecArray | null): void {
    const oldCount = header ? count(header[2]) : Number.POSITIVE_INFINITY;
    const newCount = header ? count(header[4]) : Number.POSITIVE_INFINITY;
    let before = oldCount;
    let after = newCount;
    const content: HunkLine[] = [];
    let at = line + 1;
    while (at < this.#count && (before > 0 || after > 0)) {
      const mark = this.#markOf(at);
      if (mark === 0 || this.#isEndOfHunk(at, mark)) break;
      if (mark !== 92) {
        if (mark !== 43) before--;
        if (mark !== 45) after--;
      }
      this.#addHunkLine(content, at, mark);
      at++;
    }
    if (header && (before !== 0 || after !== 0)) {
      const isCut = at >= this.#count;
      this.#report(
        isCut ? 'hunk-cut-short' : 'hunk-count',
        line,
        `The hunk's header promises ${oldCount} old and ${newCount} new lines; ${oldCount - before} and ${newCount - after} are there.`,
      );
    } else if (header) {
      const surplus = this.#surplus(at);
      if (surplus > at) {
        this.#report('hunk-count', line, `The hunk has more lines than the ${oldCount} old and ${newCount} new ones that its header promises.`);
        for (; at < surplus; at++) this.#addHunkLine(content, at, this.#markOf(at));
      }
    }
    if (at < this.#count && this.#first(at) === 92) {
      this.#addHunkLine(content, at, 92);
      at++;
    }
    this.#endHunk(line, at, header ? Number(header[1]) : 0, header ? oldCount : 0, header ? Number(header[3]) : 0, header ? newCount : 0, header?.[5] ?? '', content);
  }

  /** The mark of a line of a hunk: blank, `+`, `-` or `\`; 0 where it can be none. A line without anything is context. */
  #markOf(line: number): number {
    const start = this.#starts[line]!;
    if (this.#end(line) === start) return 32;
    const first = this.#bytes[start]!;
    if (first === 32 || first === 43 || first === 45) return first;
    if (first === 92) return this.#bytes[start + 1] === 32 ? 92 : 0;
    // Mail programs and editors turn blanks into tabs; patch(1) takes such lines for context as well.
    return first === 9 ? 32 : 0;
  }

  /** Whether a line that could belong to a hunk by its mark begins something else, although the counts want more. */
  #isEndOfHunk(line: number, mark: number): boolean {
    // Both a signature and a name begin with two.
    if (mark !== 45 || this.#bytes[this.#starts[line]! + 1] !== 45) return false;
    if (this.#isSignature(line)) return true;
    return this.#isNamePair(line) && this.#begins(line + 2, '@@ -');
  }

  /** `-- ` with the version of git under it. */
  #isSignature(line: number): boolean {
    return /^-- ?$/.test(this.#head(line)) && line + 1 < this.#count && /^\d+\.\d/.test(this.#head(line + 1));
  }

  /** Where changed lines end that follow a hunk whose counts are used up; `line` itself where there are none. */
  #surplus(line: number): number {
    let end = line;
    for (let at = line; at < Math.min(this.#count, line + 10_000); at++) {
      const first = this.#first(at);
      if (first === 43 || first === 45) {
        if (this.#isNamePair(at) || this.#isSignature(at) || /^--+\s*$/.test(this.#head(at)) || this.#begins(at, '+++ ')) break;
        end = at + 1;
      } else if (first !== 32 || this.#end(at) === this.#starts[at]!) break;
    }
    return end;
  }

  #addHunkLine(content: HunkLine[], line: number, mark: number): void {
    if (mark === 92) {
      const last = content.pop();
      if (last) content.push({ ...last, noNewline: true });
      return;
    }
    const start = this.#starts[line]!;
    const end = this.#end(line);
    const isMarked = start < end && this.#bytes[start] !== 9;
    content.push({
      op: mark === 43 ? '+' : mark === 45 ? '-' : ' ',
      line: this.#fileLine(line),
      start: isMarked ? start + 1 : start,
      end,
      noNewline: false,
    });
  }

  #endHunk(line: number, end: number, oldStart: number, oldCount: number, newStart: number, newCount: number, heading: string, content: HunkLine[]): void {
    const file = this.#file!;
    file.hunks.push({ lines: this.#range(line, end), oldStart, oldCount, newStart, newCount, heading: decodeByteString(heading), content });
    file.end = end;
    this.#at = end;
  }

  #readCombinedHunk(line: number, text: string): boolean {
    const header = combinedHunk.exec(text);
    if (!header || !this.#file) return false;
    const parents = header[1]!.length - 1;
    const content: HunkLine[] = [];
    let at = line + 1;
    for (; at < this.#count; at++) {
      const start = this.#starts[at]!;
      const end = this.#end(at);
      if (this.#first(at) === 92) {
        this.#addHunkLine(content, at, 92);
        continue;
      }
      if (end - start < parents) break;
      let op: HunkLine['op'] = ' ';
      let isMarked = true;
      for (let i = 0; i < parents; i++) {
        const byte = this.#bytes[start + i]!;
        if (byte === 45) op = '-';
        else if (byte === 43 && op === ' ') op = '+';
        else if (byte !== 32 && byte !== 43) isMarked = false;
      }
      if (!isMarked) break;
      content.push({ op, line: this.#fileLine(at), start: start + parents, end, noNewline: false });
    }
    const old = /-(\d+)(?:,(\d+))?/.exec(header[2]!)!;
    this.#endHunk(line, at, Number(old[1]), count(old[2]), Number(header[3]), count(header[4]), header[5] ?? '', content);
    return true;
  }

  /** A hunk of `diff -c`: the old lines, then the new ones; either half is left out where nothing changes in it. */
  #readContextHunk(line: number): void {
    const heading = this.#head(line, 15).trim();
    const old = contextRange.exec(this.#head(line + 1));
    if (!old) {
      this.#report('bad-hunk-header', line, 'This hunk does not say which lines it is about.');
      this.#at = line + 1;
      return;
    }
    const oldLines: number[] = [];
    const newLines: number[] = [];
    const oldCount = contextCount(old);
    let at = this.#readContextHalf(line + 2, oldCount, oldLines);
    const now = contextRange.exec(this.#head(at));
    let newCount = 0;
    if (now) {
      newCount = contextCount(now);
      at = this.#readContextHalf(at + 1, newCount, newLines);
    } else this.#report('hunk-cut-short', line, 'The new half of this hunk is missing.');
    const content: HunkLine[] = [];
    let i = 0;
    let j = 0;
    const isContext = (at: number): boolean => this.#first(at) === 32 || this.#end(at) === this.#starts[at]!;
    while (i < oldLines.length || j < newLines.length) {
      while (i < oldLines.length && !isContext(oldLines[i]!)) this.#addContextLine(content, oldLines[i++]!, '-');
      while (j < newLines.length && !isContext(newLines[j]!)) this.#addContextLine(content, newLines[j++]!, '+');
      if (i < oldLines.length) {
        this.#addContextLine(content, oldLines[i++]!, ' ');
        if (j < newLines.length) j++;
      } else if (j < newLines.length) this.#addContextLine(content, newLines[j++]!, ' ');
    }
    this.#endHunk(line, at, Number(old[1]), oldCount, now ? Number(now[1]) : 0, newCount, heading, content);
  }

  #readContextHalf(start: number, expected: number, lines: number[]): number {
    let at = start;
    while (at < this.#count && lines.length < expected) {
      const text = this.#head(at);
      if (text.startsWith('\\ ')) {
        at++;
        continue;
      }
      if (!/^(?:[-+! ] |[-+! ]?$|[-+! ]\t)/.test(text) || contextRange.test(text)) break;
      lines.push(at++);
    }
    if (at < this.#count && this.#first(at) === 92) at++;
    return at;
  }

  #addContextLine(content: HunkLine[], line: number, op: HunkLine['op']): void {
    const start = this.#starts[line]!;
    const end = this.#end(line);
    const isUnterminated = line + 1 < this.#count && this.#begins(line + 1, '\\ ');
    content.push({ op, line: this.#fileLine(line), start: Math.min(start + 2, end), end, noNewline: isUnterminated });
  }
}

function count(text: string | undefined): number {
  return text === undefined ? 1 : Math.min(Number(text), 0x7fffffff);
}

function contextCount(range: RegExpExecArray): number {
  const first = Number(range[1]);
  if (range[2] === undefined) return first === 0 ? 0 : 1;
  return Math.max(Math.min(Number(range[2]) - first + 1, 0x7fffffff), 0);
}

/** The two names of `a/x b/x`, which git does not separate clearly where names have blanks; undefined where they differ so. */
function splitGitPaths(text: string): { readonly old: string; readonly new: string } | undefined {
  const quoted = unquotePath(text);
  if (quoted) {
    const rest = text.slice(quoted.length).trimStart();
    return { old: decodePath(quoted.path), new: decodePath(unquotePath(rest)?.path ?? rest) };
  }
  for (let at = text.indexOf(' '); at !== -1; at = text.indexOf(' ', at + 1)) {
    const old = text.slice(0, at);
    const rest = text.slice(at + 1);
    const now = unquotePath(rest)?.path ?? rest;
    if (stripPrefix(old) === stripPrefix(now) || old === now) return { old: decodePath(old), new: decodePath(now) };
  }
  const parts = text.split(' ');
  return parts.length === 2 ? { old: decodePath(parts[0]!), new: decodePath(parts[1]!) } : undefined;
}

/** Whether the names of a `diff --git` line carry prefixes: without (`--no-prefix`) both are the same. */
function hasGitPrefixes(text: string): boolean {
  const names = splitGitPaths(text);
  return names === undefined ? true : names.old !== names.new;
}
