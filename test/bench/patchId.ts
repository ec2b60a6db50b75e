/**
 * Holds our patch ids against git's own, and our parser and reading of claims against patches as they are: `npm run bench:patchid --
 * [--repositories FOLDER] [--corpus FOLDER] [--generated 10000] [--seed N] [--verbose]`. The patches are those of the
 * corpus's packages and of every distribution branch that packages.ts knows, whatever the package, each distinct file once;
 * the generated diffs are git's own output, in many of its forms, over a repository of wild changes. `git patch-id --stable` is the judge.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitPatchIds, identifyChange, parsePatch, readClaims } from '#server/core/patches/index.js';
import { nodeArchives } from '#server/node/archives.js';
import { gitOutput } from '../support/gitHistory.js';
import { buildRandomDiffs } from '../support/randomDiffs.js';
import { corpus as corpusFolder } from '../support/root.js';
import { carrierBranches } from './packages.js';

const args = process.argv.slice(2);
const option = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const corpus = option('--corpus') ?? corpusFolder;
const repositories = option('--repositories') ?? process.env['SPECTRAIL_REPOSITORIES'];
const generated = Number(option('--generated') ?? 10_000);
const isVerbose = args.includes('--verbose');

interface PatchFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** Forms that git writes diffs in; beside each whether our normal form must give the same id. */
const forms: readonly (readonly [readonly string[], boolean])[] = [
  [['-M', '--full-index'], true],
  [['--no-renames', '--full-index'], true],
  [['-M', '-C', '--find-copies-harder', '--full-index'], true],
  [['-M', '-B', '--full-index'], false],
  [['-M', '--binary'], false],
  [['-M', '--abbrev=7'], true],
  [['-M', '-U0', '--full-index'], true],
  [['-M', '-U12', '--full-index'], true],
  [['-M', '--no-prefix', '--full-index'], false],
  [['-M', '--src-prefix=old/', '--dst-prefix=new/'], false],
  [['-M', '-R', '--full-index'], false],
  [['-M', '--stat', '--summary', '--full-index'], true],
  [['-M', '--irreversible-delete', '--full-index'], false],
  [['-M', '--function-context', '--patience', '--full-index'], true],
];

let isWrong = false;
const seen = new Set<string>();
const total = { files: 0, printed: 0, equal: 0 };
const packages = corpus === undefined ? '' : join(corpus, 'packages');
if (existsSync(packages)) await measure('corpus packages', corpusPatches(packages));
if (repositories !== undefined && existsSync(repositories)) {
  for (const { name, gitDir, ref, folder } of places(repositories)) await measure(name, await patchesAt(gitDir, ref, folder));
}
console.log(`all: ${total.files} files; ${total.equal} of git's ${total.printed} patch ids equal`);
if (generated > 0) measureGenerated(generated);
process.exitCode = isWrong ? 1 : 0;

function corpusPatches(folder: string): PatchFile[] {
  return readdirSync(folder).flatMap((name) => {
    const sources = join(folder, name, 'SOURCES');
    if (!existsSync(sources)) return [];
    return readdirSync(sources).filter(isPatchName).map((file) => ({ name: `${name}/${file}`, bytes: readFileSync(join(sources, file)) }));
  });
}

function isPatchName(name: string): boolean {
  return /\.(?:patch|diff|dif)(?:\.(?:gz|bz2|xz|zst))?$/i.test(name);
}

function places(folder: string): { readonly name: string; readonly gitDir: string; readonly ref: string; readonly folder: string }[] {
  const found = [];
  for (const branch of carrierBranches) {
    // A repository for one package has its name in the place of a mark, one for all is the same for any.
    const pattern = branch.repository('\0').replace('/', '+');
    const [before, after] = pattern.split('\0');
    for (const name of readdirSync(folder).sort()) {
      if (after === undefined ? name !== pattern : !(name.startsWith(before!) && name.endsWith(after))) continue;
      found.push({ name: `${name.replace('+', '/')} ${branch.ref}`, gitDir: join(folder, name, 'repo'), ref: branch.ref, folder: branch.folders('')[0]!.replace(/\/$/, '').split('/')[0]! });
    }
  }
  return found;
}

async function patchesAt(gitDir: string, ref: string, folder: string): Promise<PatchFile[]> {
  const list = await gitOutput(gitDir, ['ls-tree', '-r', '-z', ref, '--', folder, ...(folder === 'SPECS' ? ['SPECS-EXTENDED', 'SPECS-SIGNED'] : [])]);
  const wanted: { readonly name: string; readonly id: string }[] = [];
  for (const entry of list.output.toString('latin1').split('\0')) {
    const file = /^100\d+ blob ([0-9a-f]{40,64})\t(.*)$/s.exec(entry);
    if (!file || !isPatchName(file[2]!) || seen.has(file[1]!)) continue;
    seen.add(file[1]!);
    wanted.push({ name: file[2]!, id: file[1]! });
  }
  const { output } = await gitOutput(gitDir, ['cat-file', '--batch'], wanted.map(({ id }) => `${id}\n`).join(''));
  const files: PatchFile[] = [];
  let at = 0;
  for (const { name, id } of wanted) {
    const feed = output.indexOf(10, at);
    const [, kind, size] = output.subarray(at, feed).toString('latin1').split(' ');
    at = feed + 1;
    if (kind !== 'blob') {
      console.log(`  ${name}: ${id} is not there`);
      continue;
    }
    files.push({ name, bytes: output.subarray(at, at + Number(size)) });
    at += Number(size) + 1;
  }
  return files;
}

/** git's lines, `patch id` and `commit`, for one input. */
function askGit(input: Uint8Array): string[] {
  return spawnSync('git', ['patch-id', '--stable'], { input, maxBuffer: 1 << 28 }).stdout.toString('latin1').split('\n').filter(Boolean);
}

function askOurs(bytes: Uint8Array): string[] {
  return gitPatchIds(bytes).map(({ patchId, commit }) => `${patchId} ${commit}`);
}

async function measure(name: string, files: readonly PatchFile[]): Promise<void> {
  if (files.length === 0) return;
  const problems = new Map<string, number>();
  const wrong: string[] = [];
  let changes = 0;
  let printed = 0;
  let equal = 0;
  let carried = 0;
  let normal = 0;
  let withNormal = 0;
  let slowest = 0;
  let naming = 0;
  let read = 0;
  const kinds = new Map<string, number>();
  const styles = new Map<string, number>();
  for (const file of files) {
    const started = performance.now();
    const patch = parsePatch(file.bytes, { decompressor: nodeArchives });
    slowest = Math.max(slowest, performance.now() - started);
    for (const problem of patch.problems) problems.set(problem.code, (problems.get(problem.code) ?? 0) + 1);
    const lines = patch.bytes.length === 0 ? 1 : countLines(patch.compression ? patch.bytes : file.bytes);
    for (const problem of patch.problems) if (problem.line < 0 || problem.line >= lines + 1) wrong.push(`${file.name}: the problem ${problem.code} is on line ${problem.line} of ${lines}`);
    // What git would see of it: the file as it is, unpacked.
    const bytes = patch.compression ? patch.bytes : file.bytes;
    const theirs = askGit(bytes);
    const ours = askOurs(bytes);
    printed += theirs.length;
    equal += theirs.filter((line, i) => ours[i] === line).length;
    if (theirs.join() !== ours.join()) wrong.push(`${file.name}: git ${theirs.join(' ') || 'nothing'}, we ${ours.join(' ') || 'nothing'}`);
    changes += patch.changes.length;
    for (const change of patch.changes) for (const diff of change.files) styles.set(diff.style, (styles.get(diff.style) ?? 0) + 1);
    const claims = patch.changes.flatMap((change) => readClaims(patch, change, { fileName: file.name.replace(/.*\//, '') }).claims);
    for (const kind of new Set(claims.map((claim) => claim.kind))) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (namesCommit(bytes)) {
      naming++;
      if (claims.some((claim) => claim.commit !== undefined && claim.kind !== 'mbox-from')) read++;
      else if (isVerbose) console.log(`  ${file.name}: names a commit, and no claim was read`);
    }
    const identities = patch.changes.map((change) => identifyChange(patch, change));
    const own = new Set(identities.map(({ patchId }) => patchId));
    const missing = theirs.filter((line) => !own.has(line.split(' ')[0]));
    carried += theirs.length - missing.length;
    if (missing.length > 0 && isVerbose) console.log(`  ${file.name}: ${missing.length} of git's ${theirs.length} ids is no change's (${patch.changes.length} changes)`);
    for (const { patchId, normalPatchId } of identities) {
      if (patchId === undefined) {
        if (normalPatchId !== undefined) normal++;
        continue;
      }
      if (normalPatchId === patchId) withNormal++;
    }
  }
  const list = (counts: ReadonlyMap<string, number>): string => [...counts].sort((a, b) => b[1] - a[1]).map(([key, count]) => `${key} ${count}`).join(', ');
  console.log(`${name}: ${files.length} files, ${changes} changes; ${equal} of git's ${printed} patch ids equal, ${carried} of them one change's; written as git would, ${withNormal} keep theirs and ${normal} get one where git prints none`);
  console.log(`  diffs: ${list(styles)}; problems: ${list(problems) || 'none'}; slowest ${slowest.toFixed(0)} ms`);
  console.log(`  claims, in files: ${list(kinds) || 'none'}; a plain look sees a commit named in ${naming} headers, and it is read in ${read}`);
  for (const line of wrong) console.log(`  WRONG ${line}`);
  isWrong ||= wrong.length > 0;
  total.files += files.length;
  total.printed += printed;
  total.equal += equal;
}

/** Whether a line outside the diffs names a commit as people do, by a plain look. */
function namesCommit(bytes: Uint8Array): boolean {
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  const end = lines.findIndex((line) => /^(?:diff -|--- \S|\*\*\* \S|Index: )/.test(line));
  return lines.slice(0, end === -1 ? 0 : end).some((line) => /https?:\/\/\S*\/commit\/[0-9a-f]{7,40}|cherry.picked from commit|upstream.{0,20}[0-9a-f]{40}/i.test(line) && !/revert|fixes|introduced|regress|caused/i.test(line));
}

function countLines(bytes: Uint8Array): number {
  let count = 1;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count++;
  return count;
}

function measureGenerated(count: number): void {
  const folder = mkdtempSync(join(tmpdir(), 'spectrail-diffs-'));
  try {
    const { gitDir, ids } = buildRandomDiffs(folder, count, Number(option('--seed') ?? 1));
    let printed = 0;
    let equal = 0;
    let parsed = 0;
    let isChange = 0;
    let normalWanted = 0;
    let normal = 0;
    const wrong: string[] = [];
    const size = Math.ceil(ids.length / forms.length);
    for (const [n, [form, isNormal]] of forms.entries()) {
      const part = ids.slice(n * size, (n + 1) * size);
      if (part.length === 0) continue;
      for (const way of ['log', 'mail'] as const) {
        const head = way === 'log' ? [] : ['--pretty=email'];
        const output = execFileSync('git', [`--git-dir=${gitDir}`, 'log', '--no-walk=unsorted', '--stdin', '-p', '--no-color', '--no-ext-diff', '--no-textconv', ...head, ...form], { input: `${part.join('\n')}\n`, maxBuffer: 1 << 30 });
        const theirs = askGit(output);
        const ours = askOurs(output);
        printed += theirs.length;
        equal += theirs.filter((line, i) => ours[i] === line).length;
        for (const [i, line] of theirs.entries()) if (ours[i] !== line && wrong.length < 20) wrong.push(`${form.join(' ')}: git ${line}, we ${ours[i]}`);
        const patch = parsePatch(output);
        const byCommit = new Map(patch.changes.map((change) => [change.commitId, identifyChange(patch, change)]));
        const asNamed = new Set(patch.changes.filter((change) => change.files.every((file) => [file.oldPath, file.newPath].every((path) => path === undefined || [`a/${file.path}`, `b/${file.path}`, `a/${file.renamedFrom}`].includes(path)))).map((change) => change.commitId));
        for (const line of theirs) {
          const [patchId, commit] = line.split(' ') as [string, string];
          parsed++;
          const identity = byCommit.get(commit);
          if (identity?.patchId === patchId) isChange++;
          else if (wrong.length < 40) wrong.push(`${way} ${form.join(' ')}: the change ${commit} has ${identity?.patchId ?? 'none'}, git ${patchId}`);
          // A file x.orig or in a folder pkg-1.2.3 is written anew without: that is what the normal form is for.
          if (!isNormal || !asNamed.has(commit)) continue;
          normalWanted++;
          if (identity?.normalPatchId === patchId) normal++;
          else if (wrong.length < 20) wrong.push(`${way} ${form.join(' ')}: the change ${commit} written anew has ${identity?.normalPatchId ?? 'none'}, git ${patchId}`);
        }
      }
    }
    console.log(`generated: ${ids.length} diffs in ${forms.length} forms, as log and as mails; ${equal} of git's ${printed} patch ids equal, ${isChange} of ${parsed} as a parsed change, ${normal} of ${normalWanted} written anew`);
    for (const line of wrong) console.log(`  WRONG ${line}`);
    isWrong ||= equal < printed || isChange < parsed || normal < normalWanted;
  } finally {
    if (!args.includes('--keep')) rmSync(folder, { recursive: true, force: true });
    else console.log(`kept in ${folder}`);
  }
}
