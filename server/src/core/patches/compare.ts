import { isTelling, lineFingerprint, textFingerprint } from './fingerprint.js';
import type { ChangeIdentity, Fingerprint } from './identity.js';
import type { FileDiff, Hunk, ParsedPatch, PatchChange } from './patch.js';
import type { HunkEvidence, Relation } from './verdict.js';

/** A change made ready to be compared with many others. */
export interface PreparedChange {
  readonly files: readonly PreparedFile[];
  /** Changed lines that are not blank, in all. */
  readonly lineCount: number;
}

interface PreparedFile {
  readonly path: string;
  readonly renamedFrom: string | undefined;
  readonly hunks: readonly PreparedHunk[];
  /** Fingerprints of the changed lines that are not blank, in order; and for each the number of its hunk. */
  readonly lines: readonly Fingerprint[];
  readonly hunkOfLine: readonly number[];
  /** Where the content of each line stands, two numbers a line; empty for what is no line of text. */
  readonly ranges: readonly number[];
  readonly bytes: Uint8Array;
  /** Number of its first line among all of the change's. */
  readonly first: number;
}

interface PreparedHunk {
  /** As the patch has it, and the hunk's number within its file diff. */
  readonly path: string;
  readonly number: number;
  /** Changed and context lines in one sequence, to tell `equal` from `moved`. */
  readonly whole: readonly Fingerprint[];
  /** The context lines that say something, and the heading, as one set. */
  readonly surroundings: ReadonlySet<Fingerprint>;
  /** Its changed lines, as a range of the file's. */
  readonly start: number;
  readonly end: number;
}

export interface Comparison {
  /** Share of the patch's changed lines that the commit has, and the other way round, 0 to 1; blank lines do not count. */
  readonly coverOfPatch: number;
  readonly coverOfCommit: number;
  /** Of the commit's lines outside what is benign to leave out. */
  readonly coverOfCommitCore: number;
  readonly linesOfPatch: number;
  readonly linesOfCommit: number;
  readonly matchedLines: number;
  /** For each changed line of the patch that is not blank, 1 where the commit has it. */
  readonly matchedOfPatch: Uint8Array;
  /** For each of the commit's, 1 where the patch has it. */
  readonly matchedOfCommit: Uint8Array;
  /** For each line that the commit has not: how like the likest unmatched line of the same file it is, 0 to 1, by its words. */
  readonly likenessOfPatch: Float32Array;
  /** Share of the commit's lines outside what is benign to leave out that the patch has, lines that are alike by their likeness. */
  readonly resemblanceOfCommitCore: number;
  /** Share of the patch's lines, those outside news and tests where it has any, that the commit has, lines that are alike by their likeness. */
  readonly resemblanceOfPatchCore: number;
  /** Share of the matched lines that stand, on both sides, beside a line of context or under a heading that is the same. */
  readonly anchored: number;
  /** Of the hunks with lines that are matched or alike: the share of their surroundings that is the same, 0 to 1. */
  readonly sharedSurroundings: number;
  readonly hunks: readonly HunkEvidence[];
  readonly benignlyDropped: readonly string[];
  /** Files that stand elsewhere in the commit: path in the patch, path in the commit. */
  readonly moved: readonly { readonly path: string; readonly commitPath: string }[];
}

/** Files and lines that carry nothing of what a fix does. */
const benignPaths: readonly RegExp[] = [
  /(?:^|\/)(?:news|changes|changelog|release[-_]?notes|history|todo|thanks|authors|maintainers|credits|contributors|whats?new)(?:[-.]?\d[^/]*|\.(?:md|markdown|txt|rst|adoc|html?|xml|org|in|old))?$/i,
  /(?:^|\/)changelogs?\.d\/|(?:^|\/)(?:newsfragments?|changelog|release-?notes)\//i,
  /(?:^|\/)(?:tests?|testing|testsuite|t|unit_?tests?|fuzz|regress|check)\//i,
  /(?:^|\/)(?:test[-_][^/]*|[^/]*[-_.]tests?)\.[^/]+$/i,
  /(?:^|\/)\.(?:github|gitlab|circleci|travis|azure-pipelines|packit|mergify|semaphore|cirrus|lgtm|gitignore|mailmap|codespell)[^/]*(?:\/|$)/i,
  /(?:^|\/)(?:appveyor|azure-pipelines|jenkinsfile)[^/]*$/i,
  /(?:^|\/)po\/[^/]+\.pot?$/i,
];

/** Where projects and their distributions say how they are built and tested by machines; copied from anywhere to anywhere. */
const automationPaths: readonly RegExp[] = [
  /(?:^|\/)\.(?:github|gitlab|circleci|travis|azure-pipelines|packit|mergify|semaphore|cirrus|lgtm|copr|fmf)[^/]*(?:\/|$)/i,
  /(?:^|\/)(?:appveyor|azure-pipelines|jenkinsfile|mkosi[^/]*|travis[-_]?ci|semaphore[^/]*|gitlab-ci[^/]*)(?:\/|[^/]*$)/i,
];

/** Whether a file only drives a project's automation. */
export function isAutomationPath(path: string): boolean {
  return automationPaths.some((pattern) => pattern.test(path));
}

/** Whether a patch that leaves this file of a commit out loses nothing: news, changelogs, tests, CI, translations. */
export function isBenignPath(path: string): boolean {
  return benignPaths.some((pattern) => pattern.test(path));
}

/** Makes a change ready; diffs of one file that stand apart in the patch are put together. */
export function prepareChange(patch: ParsedPatch, change: PatchChange): PreparedChange {
  const byPath = new Map<string, FileDiff[]>();
  for (const file of change.files) {
    const same = byPath.get(file.path);
    if (same) same.push(file);
    else byPath.set(file.path, [file]);
  }
  const files: PreparedFile[] = [];
  let first = 0;
  for (const [path, diffs] of byPath) {
    const hunks: PreparedHunk[] = [];
    const lines: Fingerprint[] = [];
    const hunkOfLine: number[] = [];
    const ranges: number[] = [];
    for (const diff of diffs) {
      for (const [number, hunk] of diff.hunks.entries()) {
        const start = lines.length;
        for (const line of hunk.content) {
          if (line.op === ' ') continue;
          const fingerprint = lineFingerprint(patch.bytes, line.start, line.end, line.op === '+');
          if (fingerprint === 0) continue;
          lines.push(fingerprint);
          hunkOfLine.push(hunks.length);
          ranges.push(line.start, line.end);
        }
        hunks.push({ path, number, whole: wholeHunk(patch, hunk), surroundings: surroundingsOf(patch, hunk), start, end: lines.length });
      }
      // What has no lines is still something that a commit has or has not.
      for (const mark of marksOf(diff)) {
        lines.push(textFingerprint(mark));
        hunkOfLine.push(-1);
        ranges.push(0, 0);
      }
    }
    files.push({ path, renamedFrom: diffs[0]!.renamedFrom, hunks, lines, hunkOfLine, ranges, bytes: patch.bytes, first });
    first += lines.length;
  }
  return { files, lineCount: first };
}

function wholeHunk(patch: ParsedPatch, hunk: Hunk): Fingerprint[] {
  const whole: Fingerprint[] = [];
  for (const line of hunk.content) {
    const fingerprint = lineFingerprint(patch.bytes, line.start, line.end, line.op === '+');
    // Context takes a number of its own, so that it never equals a changed line.
    whole.push(line.op === ' ' ? -Math.abs(fingerprint) - 0.5 : Math.abs(fingerprint));
  }
  return whole;
}

function surroundingsOf(patch: ParsedPatch, hunk: Hunk): Set<Fingerprint> {
  const found = new Set<Fingerprint>();
  for (const line of hunk.content) {
    if (line.op !== ' ') continue;
    const fingerprint = lineFingerprint(patch.bytes, line.start, line.end, false);
    if (isTelling(fingerprint)) found.add(fingerprint);
  }
  if (hunk.heading !== '') found.add(textFingerprint(hunk.heading));
  return found;
}

function marksOf(diff: FileDiff): string[] {
  const name = diff.path.slice(diff.path.lastIndexOf('/') + 1);
  const marks: string[] = [];
  if (diff.isBinary) marks.push(`binary content of ${name}`);
  if (diff.hunks.length > 0) return marks;
  if (diff.renamedFrom !== undefined) marks.push(`file ${diff.action} from ${diff.renamedFrom} to ${diff.path}`);
  else if (diff.action === 'mode') marks.push(`file mode ${diff.newMode ?? ''} of ${name}`);
  else if (!diff.isBinary && (diff.action === 'add' || diff.action === 'delete')) marks.push(`file ${diff.action} ${name}`);
  return marks;
}

/** Compares a patch's change with a commit's. */
export function compareChanges(patch: PreparedChange, commit: PreparedChange): Comparison {
  const pairs = pairFiles(patch.files, commit.files);
  const matchedOfPatch = new Uint8Array(patch.lineCount);
  const matchedOfCommit = new Uint8Array(commit.lineCount);
  /** For each line of the patch the line of the commit that it stands for, where order kept them together. */
  const counterpart = new Int32Array(patch.lineCount).fill(-1);
  for (const [mine, theirs] of pairs) alignLines(mine, theirs, matchedOfPatch, matchedOfCommit, counterpart);
  matchMovedLines(patch, commit, matchedOfPatch, matchedOfCommit, counterpart);
  const matchedLines = sum(matchedOfPatch);
  const matchedCommitLines = sum(matchedOfCommit);
  const { likenessOfPatch, likenessOfCommit, likest } = likenesses(patch, commit, pairs, matchedOfPatch, matchedOfCommit);
  let coreLines = 0;
  let coreMatched = 0;
  let coreAlike = 0;
  // What only changes tests has lost something where it lacks a test.
  const hasCore = patch.files.some((file) => !isBenignPath(file.path));
  const benignlyDropped: string[] = [];
  for (const file of commit.files) {
    let matched = 0;
    let alike = 0;
    for (let i = file.first; i < file.first + file.lines.length; i++) {
      matched += matchedOfCommit[i]!;
      alike += likenessOfCommit[i]!;
    }
    if (isBenignPath(file.path) && matched === 0 && alike === 0) {
      benignlyDropped.push(file.path);
      if (hasCore) continue;
    }
    coreLines += file.lines.length;
    coreMatched += matched;
    coreAlike += matched + alike;
  }
  const { hunks, anchored } = hunkEvidence(patch, commit, pairs, matchedOfPatch, matchedOfCommit, counterpart);
  return {
    coverOfPatch: patch.lineCount === 0 ? 0 : matchedLines / patch.lineCount,
    coverOfCommit: commit.lineCount === 0 ? 0 : matchedCommitLines / commit.lineCount,
    coverOfCommitCore: coreLines === 0 ? 0 : coreMatched / coreLines,
    linesOfPatch: patch.lineCount,
    linesOfCommit: commit.lineCount,
    matchedLines,
    matchedOfPatch,
    matchedOfCommit,
    likenessOfPatch,
    resemblanceOfCommitCore: coreLines === 0 ? 0 : Math.min(coreAlike / coreLines, 1),
    resemblanceOfPatchCore: resemblanceOfCore(patch, matchedOfPatch, likenessOfPatch),
    sharedSurroundings: surroundingsShared(patch, commit, matchedOfPatch, likenessOfPatch, counterpart, likest),
    anchored: matchedLines === 0 ? 0 : anchored / matchedLines,
    hunks,
    benignlyDropped,
    moved: pairs.filter(([mine, theirs]) => mine.path !== theirs.path && theirs.renamedFrom !== mine.path).map(([mine, theirs]) => ({ path: mine.path, commitPath: theirs.path })),
  };
}

/** Below this share of lines that the commit lacks, they are slips (a changed word), and the patch is still a part of it. */
const partialCover = 0.98;

/**
 * The relation that a comparison shows, for a commit that is known to be where the change comes from; whether it is, is
 * another question, see `match.ts`.
 */
export function relationOf(comparison: Comparison, patch: ChangeIdentity, commit: { readonly patchId: string | undefined; readonly normalPatchId?: string | undefined }): Relation {
  if (haveSameId(patch, commit)) return 'same-change';
  const { coverOfPatch, coverOfCommit } = comparison;
  if (coverOfPatch === 1 && coverOfCommit === 1) return 'rebased';
  if (coverOfPatch >= partialCover && coverOfCommit < partialCover) return 'partial';
  return coverOfPatch > 0 ? 'adapted' : 'none';
}

/** Whether one of the patch's two ids is one of the commit's. */
export function haveSameId(patch: ChangeIdentity, commit: { readonly patchId: string | undefined; readonly normalPatchId?: string | undefined }): boolean {
  const theirs = [commit.patchId, commit.normalPatchId].filter((id) => id !== undefined);
  return theirs.some((id) => id === patch.patchId || id === patch.normalPatchId);
}

function sum(flags: Uint8Array): number {
  let total = 0;
  for (const flag of flags) total += flag;
  return total;
}

type Pair = readonly [PreparedFile, PreparedFile];

/** Pairs files: same path, then renames that git tells of, then what shares a name or most lines. */
function pairFiles(mine: readonly PreparedFile[], theirs: readonly PreparedFile[]): Pair[] {
  const pairs: Pair[] = [];
  const left = new Set(mine);
  const right = new Set(theirs);
  const take = (a: PreparedFile, b: PreparedFile): void => {
    pairs.push([a, b]);
    left.delete(a);
    right.delete(b);
  };
  const byPath = new Map(theirs.map((file) => [file.path, file]));
  for (const file of mine) {
    const same = byPath.get(file.path);
    if (same && right.has(same)) take(file, same);
  }
  const byOldPath = new Map([...right].filter((file) => file.renamedFrom !== undefined).map((file) => [file.renamedFrom!, file]));
  for (const file of [...left]) {
    const same = byOldPath.get(file.path) ?? (file.renamedFrom === undefined ? undefined : byPath.get(file.renamedFrom));
    if (same && right.has(same)) take(file, same);
  }
  if (left.size === 0 || right.size === 0) return pairs;
  const scored: { readonly a: PreparedFile; readonly b: PreparedFile; readonly score: number }[] = [];
  const postings = new Map<Fingerprint, Map<PreparedFile, number>>();
  for (const b of right) {
    for (const line of b.lines) {
      if (!isTelling(line)) continue;
      const files = postings.get(line) ?? new Map<PreparedFile, number>();
      files.set(b, (files.get(b) ?? 0) + 1);
      postings.set(line, files);
    }
  }
  for (const a of left) {
    const shared = new Map<PreparedFile, number>();
    for (const line of new Set(a.lines)) for (const b of postings.get(line)?.keys() ?? []) shared.set(b, (shared.get(b) ?? 0) + 1);
    const name = baseName(a.path);
    for (const b of right) if (baseName(b.path) === name && !shared.has(b)) shared.set(b, 0);
    for (const [b, count] of shared) {
      const hasSameName = baseName(b.path) === name;
      const share = count / Math.max(Math.min(a.lines.length, b.lines.length), 1);
      if (hasSameName ? true : share >= 0.3) scored.push({ a, b, score: share + (hasSameName ? 1 : 0) + count / 1e6 });
    }
  }
  scored.sort((x, y) => y.score - x.score || (x.a.path < y.a.path ? -1 : x.a.path > y.a.path ? 1 : x.b.path < y.b.path ? -1 : 1));
  for (const { a, b } of scored) if (left.has(a) && right.has(b)) take(a, b);
  return pairs;
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** How far two sequences may differ before their order is given up; the work grows with its square. */
const maxEdits = 600;

/** Marks the lines that both files have in the same order: a longest common subsequence, by Myers' algorithm. */
function alignLines(mine: PreparedFile, theirs: PreparedFile, matchedOfPatch: Uint8Array, matchedOfCommit: Uint8Array, counterpart: Int32Array): void {
  const a = mine.lines;
  const b = theirs.lines;
  const mark = (i: number, j: number): void => {
    matchedOfPatch[mine.first + i] = 1;
    matchedOfCommit[theirs.first + j] = 1;
    counterpart[mine.first + i] = theirs.first + j;
  };
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) {
    mark(start, start);
    start++;
  }
  let endA = a.length;
  let endB = b.length;
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) mark(--endA, --endB);
  const n = endA - start;
  const m = endB - start;
  if (n === 0 || m === 0) return;
  const limit = Math.min(n + m, maxEdits);
  const offset = limit + 1;
  const reach = new Int32Array(2 * limit + 3);
  const trace: Int32Array[] = [];
  for (let d = 0; d <= limit; d++) {
    trace.push(reach.slice(offset - d - 1, offset + d + 2));
    for (let k = -d; k <= d; k += 2) {
      let x = k === -d || (k !== d && reach[offset + k - 1]! < reach[offset + k + 1]!) ? reach[offset + k + 1]! : reach[offset + k - 1]! + 1;
      let y = x - k;
      while (x < n && y < m && a[start + x] === b[start + y]) {
        x++;
        y++;
      }
      reach[offset + k] = x;
      if (x >= n && y >= m) {
        backtrack(trace, d, n, m, (x, y) => mark(start + x, start + y));
        return;
      }
    }
  }
  // Too different to be aligned: what is left is matched without regard to order.
}

/** Walks Myers' furthest-reaching paths back from the end and reports the pairs of equal lines on the way. */
function backtrack(trace: readonly Int32Array[], depth: number, n: number, m: number, report: (x: number, y: number) => void): void {
  let x = n;
  let y = m;
  for (let d = depth; d >= 0; d--) {
    const reach = trace[d]!;
    const at = (k: number): number => reach[k + d + 1]!;
    const k = x - y;
    const previous = k === -d || (k !== d && at(k - 1) < at(k + 1)) ? k + 1 : k - 1;
    const fromX = d === 0 ? 0 : at(previous);
    const fromY = d === 0 ? 0 : fromX - previous;
    while (x > fromX && y > fromY) report(--x, --y);
    x = fromX;
    y = fromY;
  }
}

/** Lines that moved, within their file first and then anywhere; only those that tell something. */
function matchMovedLines(patch: PreparedChange, commit: PreparedChange, matchedOfPatch: Uint8Array, matchedOfCommit: Uint8Array, counterpart: Int32Array): void {
  const free = new Map<Fingerprint, number[]>();
  for (const file of commit.files) {
    for (const [i, line] of file.lines.entries()) {
      if (matchedOfCommit[file.first + i] || !isTelling(line)) continue;
      const places = free.get(line);
      if (places) places.push(file.first + i);
      else free.set(line, [file.first + i]);
    }
  }
  if (free.size === 0) return;
  for (const file of patch.files) {
    for (const [i, line] of file.lines.entries()) {
      if (matchedOfPatch[file.first + i]) continue;
      const place = free.get(line)?.shift();
      if (place === undefined) continue;
      matchedOfPatch[file.first + i] = 1;
      matchedOfCommit[place] = 1;
      counterpart[file.first + i] = place;
    }
  }
}

function hunkEvidence(
  patch: PreparedChange,
  commit: PreparedChange,
  pairs: readonly Pair[],
  matchedOfPatch: Uint8Array,
  matchedOfCommit: Uint8Array,
  counterpart: Int32Array,
): { readonly hunks: HunkEvidence[]; readonly anchored: number } {
  const evidence: HunkEvidence[] = [];
  let anchored = 0;
  /** For each line of the commit its file and hunk. */
  const fileOf: PreparedFile[] = [];
  const hunkOf: number[] = [];
  for (const file of commit.files) {
    for (const hunk of file.hunkOfLine) {
      fileOf.push(file);
      hunkOf.push(hunk);
    }
  }
  const partner = new Map(pairs);
  for (const file of patch.files) {
    for (const hunk of file.hunks) {
      let matched = 0;
      const opposite = new Set<PreparedHunk>();
      let hasRest = false;
      for (let line = file.first + hunk.start; line < file.first + hunk.end; line++) {
        if (!matchedOfPatch[line]) continue;
        matched++;
        const place = counterpart[line]!;
        const other = fileOf[place]!;
        const theirs = other.hunks[hunkOf[place]!];
        if (!theirs || haveSameSurroundings(hunk, theirs)) anchored++;
        if (!theirs || opposite.has(theirs)) continue;
        opposite.add(theirs);
        for (let i = theirs.start; i < theirs.end && !hasRest; i++) hasRest = matchedOfCommit[other.first + i] === 0;
      }
      const lines = hunk.end - hunk.start;
      let state: HunkEvidence['state'];
      // A hunk of blank lines alone goes with its file.
      if (lines === 0) state = partner.has(file) ? 'moved' : 'missing-upstream';
      else if (matched === 0) state = 'missing-upstream';
      else if (matched < lines || hasRest) state = 'different';
      else state = opposite.size === 1 && isSame(hunk.whole, [...opposite][0]!.whole) ? 'equal' : 'moved';
      evidence.push({ path: hunk.path, hunk: hunk.number, state });
    }
  }
  for (const file of commit.files) {
    for (const hunk of file.hunks) {
      const lines = matchedOfCommit.subarray(file.first + hunk.start, file.first + hunk.end);
      if (lines.length > 0 && !lines.includes(1)) evidence.push({ path: hunk.path, hunk: hunk.number, state: 'missing-here' });
    }
  }
  return { hunks: evidence, anchored };
}

/** Unmatched lines of one file that are held against each other; of more, the first. */
const maxUnmatched = 150;

/** Below this, two lines share no more words than any two lines of one file. */
const leastLikeness = 0.5;

interface Likenesses {
  /** For each line, how like its partner it is; 0 for lines that are matched or have none. */
  readonly likenessOfPatch: Float32Array;
  readonly likenessOfCommit: Float32Array;
  /** For each line of the patch its partner in the commit, -1 without. */
  readonly likest: Int32Array;
}

/** Pairs the lines that are not matched with those of the same file that share most words with them. */
function likenesses(patch: PreparedChange, commit: PreparedChange, pairs: readonly Pair[], matchedOfPatch: Uint8Array, matchedOfCommit: Uint8Array): Likenesses {
  const likenessOfPatch = new Float32Array(patch.lineCount);
  const likenessOfCommit = new Float32Array(commit.lineCount);
  const likest = new Int32Array(patch.lineCount).fill(-1);
  for (const [mine, theirs] of pairs) {
    const left = unmatchedLines(mine, matchedOfPatch);
    if (left.length === 0) continue;
    const right = unmatchedLines(theirs, matchedOfCommit);
    const taken = new Set<number>();
    for (const a of left) {
      let best = 0;
      let bestAt = -1;
      for (const [at, b] of right.entries()) {
        if (taken.has(at) || a.isAdded !== b.isAdded) continue;
        const likeness = likenessOf(a.words, b.words);
        if (likeness > best) {
          best = likeness;
          bestAt = at;
        }
      }
      if (best < leastLikeness) continue;
      taken.add(bestAt);
      const place = theirs.first + right[bestAt]!.line;
      likenessOfPatch[mine.first + a.line] = best;
      likenessOfCommit[place] = best;
      likest[mine.first + a.line] = place;
    }
  }
  return { likenessOfPatch, likenessOfCommit, likest };
}

/** Of the files that are neither news nor tests; of all where there are no others. */
function resemblanceOfCore(patch: PreparedChange, matchedOfPatch: Uint8Array, likenessOfPatch: Float32Array): number {
  const core = patch.files.filter((file) => !isBenignPath(file.path));
  let lines = 0;
  let alike = 0;
  for (const file of core.length > 0 ? core : patch.files) {
    lines += file.lines.length;
    for (let i = file.first; i < file.first + file.lines.length; i++) alike += matchedOfPatch[i]! + likenessOfPatch[i]!;
  }
  return lines === 0 ? 0 : alike / lines;
}

/** Hunk by hunk, weighted by the lines that are matched or alike. New files have no surroundings: there the path is what is around. */
function surroundingsShared(patch: PreparedChange, commit: PreparedChange, matchedOfPatch: Uint8Array, likenessOfPatch: Float32Array, counterpart: Int32Array, likest: Int32Array): number {
  const hunkAt: (PreparedHunk | undefined)[] = commit.files.flatMap((file) => file.hunkOfLine.map((number) => file.hunks[number]));
  let weight = 0;
  let shared = 0;
  const known = new Map<PreparedHunk, Map<PreparedHunk, number>>();
  for (const file of patch.files) {
    for (const [i, number] of file.hunkOfLine.entries()) {
      const line = file.first + i;
      const place = matchedOfPatch[line] ? counterpart[line]! : likest[line]!;
      const mine = file.hunks[number];
      const theirs = place === -1 ? undefined : hunkAt[place];
      if (!mine || !theirs) continue;
      const ofMine = known.get(mine) ?? new Map<PreparedHunk, number>();
      known.set(mine, ofMine);
      let share = ofMine.get(theirs);
      if (share === undefined) {
        let same = 0;
        for (const each of mine.surroundings) if (theirs.surroundings.has(each)) same++;
        const fewer = Math.min(mine.surroundings.size, theirs.surroundings.size);
        share = fewer > 0 ? same / fewer : mine.path === theirs.path ? 1 : 0.5;
        ofMine.set(theirs, share);
      }
      const importance = matchedOfPatch[line] ? 1 : likenessOfPatch[line]!;
      weight += importance;
      shared += importance * share;
    }
  }
  return weight === 0 ? 0 : shared / weight;
}

interface UnmatchedLine {
  readonly line: number;
  readonly isAdded: boolean;
  /** Hashes of its words, sorted. */
  readonly words: readonly number[];
}

function unmatchedLines(file: PreparedFile, matched: Uint8Array): UnmatchedLine[] {
  const found: UnmatchedLine[] = [];
  for (let line = 0; line < file.lines.length && found.length < maxUnmatched; line++) {
    if (matched[file.first + line] || !isTelling(file.lines[line]!)) continue;
    found.push({ line, isAdded: file.lines[line]! % 2 === 1, words: wordsOf(file.bytes, file.ranges[2 * line]!, file.ranges[2 * line + 1]!) });
  }
  return found;
}

/** At most so many bytes of a line are split into words. */
const maxLineBytes = 1000;

function wordsOf(bytes: Uint8Array, start: number, end: number): number[] {
  const words: number[] = [];
  let hash = 0;
  for (let i = start; i < Math.min(end, start + maxLineBytes); i++) {
    const byte = bytes[i]!;
    const isWord = (byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte >= 128;
    if (isWord) hash = (Math.imul(hash ^ byte, 0x01000193) + 1) | 0;
    else if (hash !== 0) {
      words.push(hash);
      hash = 0;
    }
  }
  if (hash !== 0) words.push(hash);
  return words.sort((a, b) => a - b);
}

/** Dice's coefficient of two sorted lists. */
function likenessOf(a: readonly number[], b: readonly number[]): number {
  if (a.length === 0 || b.length === 0) return 0;
  let shared = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    if (a[i] === b[j]) {
      shared++;
      i++;
      j++;
    } else if (a[i]! < b[j]!) i++;
    else j++;
  }
  return (2 * shared) / (a.length + b.length);
}

function haveSameSurroundings(mine: PreparedHunk, theirs: PreparedHunk): boolean {
  // New files and diffs without context have nothing to be told by.
  if (mine.surroundings.size === 0 || theirs.surroundings.size === 0) return true;
  for (const line of mine.surroundings) if (theirs.surroundings.has(line)) return true;
  return false;
}

function isSame(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
