/**
 * A plain judge of which hunks of two changes differ, written apart from core's comparison: the changed lines of both, without
 * white space and file by file, are written to two files, and `git diff` says which of them the other has not.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FileDiff, ParsedPatch, PatchChange } from '#server/core/patches/index.js';

export interface ParsedChange {
  readonly patch: ParsedPatch;
  readonly change: PatchChange;
}

export interface JudgedHunks {
  /** `path#number` of each hunk of the patch that changes a line, and whether the commit has it otherwise or not at all. */
  readonly ofPatch: ReadonlyMap<string, boolean>;
  /** Hunks of the commit of which the patch has no line. */
  readonly onlyInCommit: ReadonlySet<string>;
}

interface Line {
  readonly hunk: string;
  readonly text: string;
}

/** Undefined where one file has several diffs, whose hunks have no names of their own. */
export function judgeHunks(mine: ParsedChange, theirs: ParsedChange): JudgedHunks | undefined {
  if (hasTwins(mine.change) || hasTwins(theirs.change)) return undefined;
  const names = pairNames(mine, theirs);
  const a = linesOf(mine, (file) => names.mine.get(file)!);
  const b = linesOf(theirs, (file) => names.theirs.get(file)!);
  const { onlyA, onlyB, pairs } = diffLines(a, b);
  const restOf = new Set([...onlyB].map((line) => b[line]!.hunk));
  const differs = new Map(a.map(({ hunk }) => [hunk, false]));
  for (const line of onlyA) differs.set(a[line]!.hunk, true);
  for (const [line, other] of pairs) if (restOf.has(b[other]!.hunk)) differs.set(a[line]!.hunk, true);
  const met = new Set(pairs.map(([, other]) => b[other]!.hunk));
  return { ofPatch: differs, onlyInCommit: new Set(b.map(({ hunk }) => hunk).filter((hunk) => !met.has(hunk))) };
}

/** Share of the changed lines, files and order aside, that both have: a plain Jaccard index. */
export function sharedLines(mine: ParsedChange, theirs: ParsedChange): number {
  const count = ({ patch, change }: ParsedChange): Map<string, number> => {
    const lines = new Map<string, number>();
    for (const { text } of linesOf({ patch, change }, () => '')) lines.set(text, (lines.get(text) ?? 0) + 1);
    return lines;
  };
  const a = count(mine);
  const b = count(theirs);
  let both = 0;
  let either = 0;
  for (const text of new Set([...a.keys(), ...b.keys()])) {
    both += Math.min(a.get(text) ?? 0, b.get(text) ?? 0);
    either += Math.max(a.get(text) ?? 0, b.get(text) ?? 0);
  }
  return either === 0 ? 0 : both / either;
}

/** Share of a commit's changed lines, files and order aside and files left out that a test names, that a patch has. */
export function sharePresent(commit: ParsedChange, patch: ParsedChange, isLeftOut: (path: string) => boolean): number {
  const left = new Map<string, number>();
  for (const { text } of linesOf(patch, () => '')) left.set(text, (left.get(text) ?? 0) + 1);
  const files = commit.change.files.filter(({ path }) => !isLeftOut(path));
  const lines = linesOf({ ...commit, change: { ...commit.change, files } }, () => '');
  let there = 0;
  for (const { text } of lines) {
    const count = left.get(text) ?? 0;
    if (count > 0) there++;
    left.set(text, count - 1);
  }
  return lines.length === 0 ? 0 : there / lines.length;
}

function hasTwins({ files }: PatchChange): boolean {
  return new Set(files.map(({ path }) => path)).size < files.length;
}

/**
 * Gives paired files one name: by path, by the renames that the diffs tell of, by their last name where there is one on each side, and,
 * as git finds renames, by half of the lines being the same.
 */
function pairNames(mine: ParsedChange, theirs: ParsedChange): { readonly mine: Map<FileDiff, string>; readonly theirs: Map<FileDiff, string> } {
  const names = { mine: new Map<FileDiff, string>(), theirs: new Map<FileDiff, string>() };
  const take = (a: FileDiff, b: FileDiff): void => {
    const name = String(names.mine.size);
    names.mine.set(a, name);
    names.theirs.set(b, name);
  };
  const rest = (): { readonly a: FileDiff; readonly b: FileDiff }[] =>
    mine.change.files.filter((a) => !names.mine.has(a)).flatMap((a) => theirs.change.files.filter((b) => !names.theirs.has(b)).map((b) => ({ a, b })));
  const last = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  const rules: readonly ((a: FileDiff, b: FileDiff) => boolean)[] = [(a, b) => a.path === b.path, (a, b) => a.path === b.renamedFrom || a.renamedFrom === b.path, (a, b) => last(a.path) === last(b.path)];
  for (const same of rules) {
    const fits = rest().filter(({ a, b }) => same(a, b));
    for (const { a, b } of fits) if (fits.filter((each) => each.a === a || each.b === b).length === 1) take(a, b);
  }
  const alike = rest()
    .map(({ a, b }) => ({ a, b, share: sharedLines({ ...mine, change: { ...mine.change, files: [a] } }, { ...theirs, change: { ...theirs.change, files: [b] } }) }))
    .filter(({ share }) => share >= 0.5)
    .sort((x, y) => y.share - x.share);
  for (const { a, b } of alike) if (!names.mine.has(a) && !names.theirs.has(b)) take(a, b);
  for (const a of mine.change.files) if (!names.mine.has(a)) names.mine.set(a, `mine ${a.path}`);
  for (const b of theirs.change.files) if (!names.theirs.has(b)) names.theirs.set(b, `theirs ${b.path}`);
  return names;
}

/** Files in the order of their names, so that another order of files is no difference. */
function linesOf({ patch, change }: ParsedChange, nameOf: (file: FileDiff) => string): Line[] {
  const lines: Line[] = [];
  for (const file of [...change.files].sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))) {
    for (const [number, hunk] of file.hunks.entries()) {
      for (const { op, start, end } of hunk.content) {
        const text = Buffer.from(patch.bytes.subarray(start, end)).toString('latin1').replace(/[ \t\r\n]/g, '');
        if (op !== ' ' && text !== '') lines.push({ hunk: `${file.path}#${number}`, text: `${nameOf(file)} ${op}${text}` });
      }
    }
  }
  return lines;
}

const folder = mkdtempSync(join(tmpdir(), 'spectrail-judge-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

function diffLines(a: readonly Line[], b: readonly Line[]): { readonly onlyA: Set<number>; readonly onlyB: Set<number>; readonly pairs: [number, number][] } {
  writeFileSync(join(folder, 'a'), a.map(({ text }) => `${text}\n`).join(''), 'latin1');
  writeFileSync(join(folder, 'b'), b.map(({ text }) => `${text}\n`).join(''), 'latin1');
  let output = '';
  try {
    output = execFileSync('git', ['diff', '--no-index', '--text', '--no-color', '--no-ext-diff', '--unified=0', 'a', 'b'], { cwd: folder, encoding: 'latin1', maxBuffer: 1 << 28 });
  } catch (error) {
    // It ends with 1 where the files differ.
    output = (error as { readonly stdout: string }).stdout;
  }
  const onlyA = new Set<number>();
  const onlyB = new Set<number>();
  for (const match of output.matchAll(/^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/gm)) {
    for (let i = 0; i < Number(match[2] ?? 1); i++) onlyA.add(Number(match[1]) - 1 + i);
    for (let i = 0; i < Number(match[4] ?? 1); i++) onlyB.add(Number(match[3]) - 1 + i);
  }
  const restA = a.map((_, i) => i).filter((i) => !onlyA.has(i));
  const restB = b.map((_, i) => i).filter((i) => !onlyB.has(i));
  return { onlyA, onlyB, pairs: restA.map((line, i) => [line, restB[i]!]) };
}
