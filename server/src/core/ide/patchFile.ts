import { type ChangeVerdict, type HunkEvidence, type ParsedPatch, type PatchChange, type PatchDecisions, type PatchTrace, blobId, parsePatch, readClaims } from '../patches/index.js';
import type { Severity } from '../text/index.js';
import { code, shortened } from './markdown.js';
import { describeChange, hunkWords, patchTitle, titleOfChange } from './patchOrigin.js';

/**
 * A patch that stands in an editor, with the spec's facts about it. Places are zero-based lines: a patch is a file of lines,
 * and its hunks, claims and problems each begin one.
 */
export interface PatchFile {
  readonly fileName: string;
  readonly patch: ParsedPatch;
  /** What is known of its origin; undefined where it was not traced. */
  readonly trace: PatchTrace | undefined;
  /** What people decided about its changes. */
  readonly decided: PatchDecisions | undefined;
  /** It was edited since it was traced, so that nothing that the trace says of its hunks can be relied on. */
  readonly isEdited: boolean;
}

/** Reads a patch as it stands in an editor. A trace whose changes are not the text's is that of an earlier text. */
export function readPatchFile(text: string, fileName: string, trace: PatchTrace | undefined, decided?: PatchDecisions): PatchFile {
  const bytes = new TextEncoder().encode(text);
  const patch = parsePatch(bytes);
  // Of a file that is not UTF-8 the editor shows other bytes than the file has: there the shape must do.
  const isOther = trace?.blob !== undefined && trace.blob !== blobId(bytes) && !text.includes('\uFFFD');
  return { fileName, patch, trace, decided, isEdited: trace !== undefined && (isOther || trace.changes.length !== patch.changes.length) };
}

export interface PatchFileLens {
  readonly line: number;
  /** Which change of the patch it is about. */
  readonly change: number;
  readonly title: string;
  /** Whether there is a commit to compare with and to open. */
  readonly hasCommit: boolean;
}

/** Above each change: where it comes from. */
export function patchFileLenses(file: PatchFile): readonly PatchFileLens[] {
  const { patch, trace, decided, isEdited } = file;
  return patch.changes.flatMap((change, i) => {
    if (change.files.length === 0) return [];
    const verdict = verdictOf(file, i);
    if (trace === undefined) return i > 0 ? [] : [{ line: change.lines.start, change: i, title: patchTitle(undefined, decided), hasCommit: false }];
    if (isEdited || verdict === undefined) return i > 0 ? [] : [{ line: change.lines.start, change: i, title: 'Edited since it was traced', hasCommit: false }];
    return [{ line: change.lines.start, change: i, title: patch.changes.length === 1 ? patchTitle(trace, decided) : titleOfChange(verdict, decided?.changes[i]), hasCommit: verdict.relation !== 'none' && verdict.commit !== undefined }];
  });
}

export interface PatchFileHover {
  readonly lines: { readonly start: number; readonly end: number };
  readonly markdown: string;
}

/** On the header of a change: all that is known of its origin. On the head of a hunk: how it stands in the commit. */
export function patchFileHover(file: PatchFile, line: number): PatchFileHover | undefined {
  const i = file.patch.changes.findIndex(({ lines }) => line >= lines.start && line < lines.end);
  const change = file.patch.changes[i];
  const verdict = verdictOf(file, i);
  if (change === undefined || verdict === undefined) return undefined;
  if (line < change.header.end) return { lines: { start: change.header.start, end: change.header.end }, markdown: describeChange(verdict) };
  const at = hunksOf(change).find(({ start }) => start === line);
  const evidence = at === undefined ? undefined : evidenceOf(verdict, at.path, at.hunk);
  if (at === undefined || evidence === undefined) return undefined;
  const commit = evidence.commit ?? verdict.commit?.id;
  return { lines: { start: line, end: line + 1 }, markdown: `This hunk ${hunkWords[evidence.state]}${evidence.state === 'missing-upstream' || commit === undefined ? '' : `, against ${code(commit.slice(0, 12))}`}.` };
}

export interface PatchFileHint {
  readonly line: number;
  readonly text: string;
}

/** Behind the head of each hunk that is not the commit's: what is the matter with it. */
export function patchFileHints(file: PatchFile, within: { readonly start: number; readonly end: number }): readonly PatchFileHint[] {
  return file.patch.changes.flatMap((change, i) => {
    const verdict = verdictOf(file, i);
    if (verdict === undefined || verdict.relation === 'none') return [];
    return hunksOf(change).flatMap(({ path, hunk, start }) => {
      const state = start < within.start || start >= within.end ? undefined : evidenceOf(verdict, path, hunk)?.state;
      return state === undefined || state === 'equal' ? [] : [{ line: start, text: hunkWords[state] }];
    });
  });
}

export interface PatchFileProblem {
  readonly line: number;
  readonly severity: Severity;
  readonly code: string;
  readonly message: string;
}

const problemSeverity: Readonly<Record<string, Severity>> = { 'hunk-count': 'warning', 'bad-hunk-header': 'warning', 'hunk-cut-short': 'warning', 'unsafe-path': 'warning', 'missing-name': 'warning' };

/** What is wrong with the patch as a patch, and where it claims an origin that the comparison contradicts. */
export function patchFileProblems(file: PatchFile): readonly PatchFileProblem[] {
  const { patch, fileName, decided } = file;
  const found: PatchFileProblem[] = patch.problems.flatMap(({ code: id, message, line }) => {
    const severity = problemSeverity[id];
    return severity === undefined ? [] : [{ line, severity, code: `patch-${id}`, message }];
  });
  for (const [i, change] of patch.changes.entries()) {
    const verdict = verdictOf(file, i);
    if (verdict?.claim !== 'contradicted' || decided?.changes[i]?.about?.claim === 'contradicted') continue;
    const commit = verdict.commit;
    const instead = commit === undefined || verdict.relation === 'none' ? 'none of its lines are in that commit' : `its content is that of ${commit.id.slice(0, 12)} "${shortened(commit.subject, 100)}"`;
    const named = readClaims(patch, change, { fileName }).claims.filter((claim) => claim.commit !== undefined && claim.line !== undefined && claim.kind !== 'mbox-from');
    const lines = named.length > 0 ? named.map((claim) => ({ line: claim.line!, says: `Says that it is ${claim.commit!.slice(0, 12)}, but ${instead}.` })) : [{ line: change.lines.start, says: `What this patch says of its origin is contradicted: ${instead}.` }];
    for (const { line, says } of lines) found.push({ line, severity: 'warning', code: 'patch-claim-contradicted', message: says });
  }
  return found.sort((a, b) => a.line - b.line);
}

export interface PatchFileSymbol {
  readonly name: string;
  readonly detail: string | undefined;
  readonly kind: 'change' | 'file' | 'hunk';
  readonly lines: { readonly start: number; readonly end: number };
  readonly children: readonly PatchFileSymbol[];
}

/** The outline: changes with their files and hunks; the changes are left out where there is only one. */
export function patchFileOutline({ patch, fileName }: PatchFile): readonly PatchFileSymbol[] {
  const changes = patch.changes.map((change): PatchFileSymbol => ({
    name: change.subject ?? fileName,
    detail: change.author,
    kind: 'change',
    lines: change.lines,
    children: change.files.map((file) => ({
      name: file.path,
      detail: file.action === 'modify' ? undefined : file.action,
      kind: 'file',
      lines: file.lines,
      children: file.hunks.map((hunk) => ({ name: `@@ ${hunk.newStart}`, detail: hunk.heading === '' ? undefined : hunk.heading, kind: 'hunk', lines: hunk.lines, children: [] })),
    })),
  }));
  return changes.length === 1 ? changes[0]!.children : changes;
}

function verdictOf({ trace, isEdited }: PatchFile, change: number): ChangeVerdict | undefined {
  return isEdited ? undefined : trace?.changes[change];
}

function hunksOf(change: PatchChange): { readonly path: string; readonly hunk: number; readonly start: number }[] {
  return change.files.flatMap((file) => file.hunks.map((hunk, number) => ({ path: file.path, hunk: number, start: hunk.lines.start })));
}

function evidenceOf(verdict: ChangeVerdict, path: string, hunk: number): HunkEvidence | undefined {
  return verdict.evidence?.hunks.find((evidence) => evidence.state !== 'missing-here' && evidence.path === path && evidence.hunk === hunk);
}
