/**
 * What makes two changes the same, as data. From strict to loose: the blob id of the file, git's stable patch id, the
 * multiset of changed lines, one fingerprint per hunk, one per changed line.
 */

import { ContentSum, isTelling, lineFingerprint, sequenceFingerprint } from './fingerprint.js';
import { GitPatchId, gitPatchIds } from './gitPatchId.js';
import { quotePath } from './unquotePath.js';
import type { FileDiff, ParsedPatch, PatchChange } from './patch.js';

/** Raised whenever the normal form or a hash changes; an index that was built with another one is built anew. */
export const IDENTITY_FORMAT = 1;

/**
 * 53 bits of a hash, as a non-negative integer: what a JavaScript number (and SQLite's INTEGER) holds exactly,
 * so that fingerprints can be keys of maps and columns without any conversion.
 */
export type Fingerprint = number;

export interface ChangeIdentity {
  readonly format: typeof IDENTITY_FORMAT;
  /** What `git patch-id --stable` prints for the change as it is written, 40 hex digits; undefined where git prints nothing, or several ids. */
  readonly patchId: string | undefined;
  /** The same, of the change written as git would write it, in normal form: equals a commit's where only the format differs. */
  readonly normalPatchId: string | undefined;
  /** The added and removed lines of the whole change, whatever their order, place, file and white space; undefined without any. */
  readonly content: Fingerprint | undefined;
  /** One a run of changed lines (a hunk at context 0, so that the context of a diff is no matter), in order. */
  readonly hunks: Float64Array;
  /** One a distinct changed line that says anything (blank ones and lone brackets do not), sorted. */
  readonly lines: Float64Array;
  /** How many lines are added and removed. */
  readonly changedLines: number;
  /** Paths in normal form, in order. */
  readonly paths: readonly string[];
}

/** Tells what a change of a patch is. Pure, and the same for the same bytes wherever it runs. */
export function identifyChange(patch: ParsedPatch, change: PatchChange): ChangeIdentity {
  const sum = new ContentSum();
  const hunks: number[] = [];
  const lines = new Set<number>();
  let changedLines = 0;
  for (const file of change.files) {
    for (const hunk of file.hunks) {
      let run: number[] = [];
      for (const line of hunk.content) {
        if (line.op === ' ') {
          if (run.length > 0) hunks.push(sequenceFingerprint(run));
          run = [];
          continue;
        }
        changedLines++;
        const fingerprint = lineFingerprint(patch.bytes, line.start, line.end, line.op === '+');
        if (fingerprint === 0) continue;
        sum.add(fingerprint);
        run.push(fingerprint);
        if (isTelling(fingerprint)) lines.add(fingerprint);
      }
      if (run.length > 0) hunks.push(sequenceFingerprint(run));
    }
  }
  return {
    format: IDENTITY_FORMAT,
    patchId: patchIdAsWritten(patch, change),
    normalPatchId: normalPatchId(patch, change),
    content: sum.value(),
    hunks: Float64Array.from(hunks),
    lines: Float64Array.from(lines).sort(),
    changedLines,
    paths: change.files.map((file) => file.path),
  };
}

/** git's own reading of the lines of the change. Where prose between diffs makes git print several ids, none of them is the whole change's. */
function patchIdAsWritten(patch: ParsedPatch, change: PatchChange): string | undefined {
  const { start, end } = change.bytes;
  const ids = gitPatchIds(patch.bytes.subarray(start, end));
  return ids.length === 1 ? ids[0]!.patchId : undefined;
}

const encoder = new TextEncoder();

/**
 * The patch id of the change as `git diff` would have written it: its paths in normal form behind `a/` and `b/`, its hunks
 * with counts that are right. Undefined where nothing changes that can be written so.
 */
export function normalPatchId(patch: ParsedPatch, change: PatchChange): string | undefined {
  const machine = new GitPatchId();
  const feed = (text: string): void => {
    const bytes = encoder.encode(`${text}\n`);
    machine.feed(bytes, 0, bytes.length);
  };
  let line = new Uint8Array(256);
  for (const file of change.files) {
    feedHeader(file, feed);
    for (const hunk of file.hunks) {
      let before = 0;
      let after = 0;
      for (const each of hunk.content) {
        if (each.op !== '+') before++;
        if (each.op !== '-') after++;
      }
      if (before + after === 0) continue;
      feed(`@@ -1,${before} +1,${after} @@`);
      for (const each of hunk.content) {
        const length = each.end - each.start + 2;
        if (line.length < length) line = new Uint8Array(length * 2);
        line[0] = each.op.charCodeAt(0);
        line.set(patch.bytes.subarray(each.start, each.end), 1);
        line[length - 1] = 10;
        machine.feed(line, 0, length);
      }
    }
  }
  return machine.take();
}

function feedHeader(file: FileDiff, feed: (line: string) => void): void {
  const from = file.renamedFrom ?? file.path;
  const old = quotePath(`a/${from}`);
  const now = quotePath(`b/${file.path}`);
  const mode = (given: string | undefined): string => (given !== undefined && /^\d{6}$/.test(given) ? given : '100644');
  feed(`diff --git ${old} ${now}`);
  if (file.action === 'add') feed(`new file mode ${mode(file.newMode)}`);
  else if (file.action === 'delete') feed(`deleted file mode ${mode(file.oldMode)}`);
  else if (file.oldMode !== undefined && file.newMode !== undefined && file.oldMode !== file.newMode) {
    feed(`old mode ${file.oldMode}`);
    feed(`new mode ${file.newMode}`);
  }
  if (file.renamedFrom !== undefined) {
    const verb = file.action === 'copy' ? 'copy' : 'rename';
    if (file.similarity !== undefined) feed(`similarity index ${file.similarity}`);
    feed(`${verb} from ${quotePath(file.renamedFrom)}`);
    feed(`${verb} to ${quotePath(file.path)}`);
  }
  if (file.oldBlob !== undefined && file.newBlob !== undefined) feed(`index ${file.oldBlob}..${file.newBlob}`);
  if (file.isBinary) feed(`Binary files ${old} and ${now} differ`);
  if (file.hunks.length === 0) return;
  feed(file.action === 'add' ? '--- /dev/null' : `--- ${old}`);
  feed(file.action === 'delete' ? '+++ /dev/null' : `+++ ${now}`);
}
