import { isTelling, lineFingerprint } from '../fingerprint.js';
import { isBenignPath } from '../compare.js';
import type { FileDiff, Hunk, ParsedPatch, PatchChange } from '../patch.js';

/** The content of a file in some version: its lines. Undefined: there is no such file; `unreadable`: nobody can say. */
export type VersionFile = Uint8Array | 'unreadable' | undefined;

/** How much of a change a version has already, in hunks. */
export interface Containment {
  readonly answer: 'contained' | 'partly' | 'lacking' | 'unknown';
  readonly there: number;
  readonly absent: number;
  /** Neither what the hunk makes nor what it begins from is there: another form of the code. */
  readonly unknown: number;
}

/** What other patches of the package make: whoever builds on it is not in the version. */
export interface MadeByPatches {
  /** Whether one adds the line (as {@link lineFingerprint} of an added one) to a file of this path. */
  adds(line: number, path: string): boolean;
  /** Whether one makes the file. */
  makes(path: string): boolean;
}

/**
 * Whether a version has a change already, by content: each hunk is looked for as it is behind the change, and as it was
 * before. News and tests count only where there is nothing else.
 */
export function containmentOf(patch: ParsedPatch, change: PatchChange, fileOf: (path: string) => VersionFile, made?: MadeByPatches): Containment {
  const telling = change.files.filter(({ path }) => !isBenignPath(path));
  let there = 0;
  let absent = 0;
  let unknown = 0;
  for (const file of telling.length > 0 ? telling : change.files) {
    const content = fileOf(file.path) ?? (file.renamedFrom === undefined ? undefined : fileOf(file.renamedFrom));
    for (const answer of answersOf(patch, file, content, made)) {
      if (answer === 'there') there++;
      else if (answer === 'absent') absent++;
      else unknown++;
    }
  }
  const answer = there > 0 && absent === 0 && unknown === 0 ? 'contained' : there > 0 ? 'partly' : absent > 0 ? 'lacking' : 'unknown';
  return { answer, there, absent, unknown };
}

type HunkAnswer = 'there' | 'absent' | 'unknown';

function answersOf(patch: ParsedPatch, file: FileDiff, content: VersionFile, made: MadeByPatches | undefined): HunkAnswer[] {
  if (content === 'unreadable' || file.isBinary) return ['unknown'];
  if (file.action === 'delete') return [content === undefined ? 'there' : 'absent'];
  if (content === undefined) {
    if (file.action === 'add') return ['absent'];
    const isMade = made?.makes(file.path) === true || (file.renamedFrom !== undefined && made?.makes(file.renamedFrom) === true);
    return isMade ? file.hunks.map(() => 'absent') : ['unknown'];
  }
  const text = `\n${latin1(content)}`.replaceAll('\r\n', '\n');
  const whole = text.endsWith('\n') ? text : `${text}\n`;
  if (file.action === 'add') {
    const added = file.hunks.flatMap(({ content: lines }) => lines.filter(({ op }) => op === '+').map((line) => textOf(patch, line)));
    return [added.length > 0 && whole === `\n${added.join('\n')}\n` ? 'there' : 'unknown'];
  }
  // A pure rename or a change of mode has no lines to go by.
  return file.hunks.map((hunk) => {
    const answer = answerOf(patch, hunk, whole);
    return answer === 'unknown' && made !== undefined && buildsOn(made, patch, hunk, file.path, whole) ? 'absent' : answer;
  });
}

function answerOf(patch: ParsedPatch, hunk: Hunk, text: string): HunkAnswer {
  const lines = hunk.content;
  const first = lines.findIndex(({ op }) => op !== ' ');
  if (first < 0) return 'there';
  const last = lines.findLastIndex(({ op }) => op !== ' ');
  const hasTellingAddition = lines.some((line) => line.op === '+' && isTelling(lineFingerprint(patch.bytes, line.start, line.end, true)));
  // With all of its context, then with less of it: other changes may stand beside this one.
  for (const context of [Infinity, 1]) {
    const shown = lines.slice(Math.max(0, first - context), last + 1 + Math.min(context, lines.length - last - 1));
    const block = (drop: '+' | '-'): string => shown.filter(({ op }) => op !== drop).map((line) => `${textOf(patch, line)}\n`).join('');
    const before = block('+');
    const after = block('-');
    const has = (lines: string): boolean => lines !== '' && text.includes(`\n${lines}`);
    const [isBefore, isAfter] = [has(before), has(after)];
    if (isAfter && !isBefore) {
      // A deletion leaves only what stood around it, which must stand on both sides and say something.
      if (hasTellingAddition) return 'there';
      if (context === Infinity && first > 0 && last < lines.length - 1) return 'there';
      return 'unknown';
    }
    if (isAfter && isBefore) {
      // What was added at the edge of a hunk leaves what was there before whole; elsewhere both forms stand in the file.
      if (hasTellingAddition && after.includes(before)) return 'there';
      return 'absent';
    }
    if (isBefore) return 'absent';
  }
  return 'unknown';
}

/** Whether a hunk begins from lines that the version has not and another patch adds, and the version has nothing of what it makes. */
function buildsOn(made: MadeByPatches, patch: ParsedPatch, hunk: Hunk, path: string, text: string): boolean {
  let isBuilt = false;
  for (const line of hunk.content) {
    const print = lineFingerprint(patch.bytes, line.start, line.end, true);
    if (!isTelling(print)) continue;
    const isThere = text.includes(`\n${textOf(patch, line)}\n`);
    if (line.op === '+' && isThere) return false;
    if (line.op !== '+' && !isThere && made.adds(print, path)) isBuilt = true;
  }
  return isBuilt;
}

function textOf(patch: ParsedPatch, line: { readonly start: number; readonly end: number }): string {
  return latin1(patch.bytes.subarray(line.start, line.end)).replace(/\r$/, '');
}

/** Bytes as text of the same length: for comparing, whatever the encoding. */
function latin1(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
