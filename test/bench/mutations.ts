/**
 * Changes true patches in ways that leave what they are, or take a known part away, and counts how many keep their commit and get
 * the right relation: `npm run bench:mutations -- [--corpus FOLDER] [--tables FOLDER] --repositories FOLDER [--only REGEXP]
 * [--cache FOLDER] [--each N] [--verbose]`. Patches are those that the tables call identical to their commit, every Nth of them (3); all
 * that they say of themselves is masked. Packages held out are not used.
 */
import { neverCancelled } from '#server/core/host.js';
import { type ChangeVerdict, type CommitRecord, type MatchInput, isBenignPath, matchChanges, parsePatch } from '#server/core/patches/index.js';
import { fetchFrom, gitOutput } from '../support/gitHistory.js';
import { MemoryIndex } from '../support/memoryIndex.js';
import { dropFiles, mutations, pathOf, renameFiles, splitFiles, splitInTwo } from '../support/mutatePatch.js';
import { type KnownPackage, type KnownPatch, readArguments, readPackages, readRows, share } from './knownPatches.js';
import { upstreamPackages } from './packages.js';

interface Mutant {
  readonly kind: string;
  readonly text: string;
  /** Each commit that must be found: ids and subjects that are right for it. */
  readonly commits: readonly { readonly ids: ReadonlySet<string>; readonly subjects: ReadonlySet<string> }[];
  readonly relations: readonly string[];
  readonly name: string;
}

const maps = new WeakMap<readonly CommitRecord[], Map<string, CommitRecord>>();
const args = readArguments();
const each = Number(args.option('--each') ?? 3);
const rows = readRows(args).filter((row) => row.relation === 'identical' && upstreamPackages[row.package]?.isHeldOut !== true);
const results: { readonly mutant: Mutant; readonly verdict: ChangeVerdict }[] = [];
for await (const known of readPackages(rows, args)) {
  const mutants = await mutantsOf(known);
  const index = new MemoryIndex(known.records, known.name);
  const inputs = mutants.flatMap((mutant): { mutant: Mutant; input: MatchInput }[] => {
    const patch = parsePatch(Buffer.from(mutant.text, 'latin1'));
    const change = patch.changes[0];
    return change === undefined ? [] : [{ mutant, input: { patch, change: { ...change, commitId: undefined, subject: undefined }, claims: { claims: [], references: [] } } }];
  });
  const started = performance.now();
  const verdicts = await matchChanges(inputs.map(({ input }) => input), index, fetchFrom(known.gitDir), neverCancelled);
  console.log(`${known.name}: ${inputs.length} mutants matched in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  for (const [i, verdict] of verdicts.entries()) results.push({ mutant: inputs[i]!.mutant, verdict });
}

console.log(`\n${'mutation'.padEnd(26)}${'patches'.padStart(9)}${'keep their commit'.padStart(20)}${'right relation'.padStart(17)}`);
for (const kind of [...new Set(results.map(({ mutant }) => mutant.kind))]) report(kind, results.filter(({ mutant }) => mutant.kind === kind));
report('all', results);

async function mutantsOf(known: KnownPackage): Promise<Mutant[]> {
  const mutants: Mutant[] = [];
  const patches = known.patches.filter((_, i) => i % each === 0);
  for (const patch of patches) {
    const diff = diffOf(patch);
    if (diff === undefined) continue;
    const commits = [{ ids: patch.row.accepted, subjects: patch.row.subjects }];
    const add = (kind: string, text: string, relations: readonly string[]): void => void mutants.push({ kind, text, commits, relations, name: `${patch.row.package}/${patch.row.branch} ${patch.row.path} ${patch.row.part}` });
    for (const [kind, mutate] of Object.entries(mutations)) add(kind, mutate(diff), kind === 'white space' ? ['same-change', 'rebased'] : ['same-change']);
    for (const context of [0, 1, 5]) {
      const { output, code } = await gitOutput(known.gitDir, ['show', '--format=', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', `--unified=${context}`, '--end-of-options', patch.row.best]);
      if (code === 0) add(`context ${context}`, output.toString('latin1').trimStart(), ['rebased', 'same-change']);
    }
    const files = splitFiles(diff);
    if (files.some((file) => isBenignPath(pathOf(file))) && files.some((file) => !isBenignPath(pathOf(file)))) add('NEWS and tests dropped', dropFiles(diff, isBenignPath), ['partial']);
    add('folder renamed', renameFiles(diff, (path) => `other/place/${path.slice(path.indexOf('/') + 1)}`), ['rebased', 'same-change']);
    add('file renamed', renameFiles(diff, (path) => path.replace(/([^/.]+)(\.[^/]*)?$/, 'new-$1-name$2')), ['rebased', 'same-change']);
    if ((diff.match(/^@@ /gm) ?? []).length >= 2) for (const [n, half] of splitInTwo(diff).entries()) if (hasLines(half)) add(`split in two, part ${n + 1}`, half, ['partial']);
  }
  for (const [i, patch] of patches.entries()) {
    const folded = await foldBehind(known, patch, 2 + (i % 4));
    if (folded) mutants.push(folded);
  }
  return mutants;
}

/** The change as git wrote it; undefined where something else did, or it holds what is no text. */
function diffOf({ patch, change }: KnownPatch): string | undefined {
  if (change.files.length === 0 || change.files.some((file) => file.style !== 'git' || file.isBinary || file.renamedFrom !== undefined || file.hunks.length === 0)) return undefined;
  const { start, end } = change.bytes;
  const text = Buffer.from(patch.bytes.subarray(start, end)).toString('latin1').replace(/\n-- \n[^\n]*\n*$/, '\n');
  const at = /^diff --git /m.exec(text)?.index;
  return at === undefined || splitFiles(text.slice(at)).length !== change.files.length ? undefined : text.slice(at);
}

/** Whether something is left that can be told: a half of brackets and blank lines comes from everywhere. */
function hasLines(text: string): boolean {
  return (text.match(/^[+-](?![+-]{2} ).*\w{3}.*$/gm) ?? []).length >= 2;
}

/** The commits up to a patch's one, folded into one diff; undefined where a merge or something too small is among them. */
async function foldBehind({ gitDir, records, name }: KnownPackage, patch: KnownPatch, count: number): Promise<Mutant | undefined> {
  const byId = recordsById(records);
  const chain: CommitRecord[] = [];
  for (let id: string | undefined = patch.row.best; chain.length < count; id = chain.at(-1)!.parents[0]) {
    const record: CommitRecord | undefined = id === undefined ? undefined : byId.get(id);
    if (!record || record.parents.length !== 1 || record.lines.length < 4 || record.isTruncated || record.diffBytes > 200_000) return undefined;
    chain.push(record);
  }
  const { output, code } = await gitOutput(gitDir, ['diff', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--end-of-options', chain.at(-1)!.parents[0]!, chain[0]!.id]);
  if (code !== 0) return undefined;
  return {
    kind: `${count} folded into one`,
    text: output.toString('latin1'),
    commits: chain.map(({ id, subject }) => ({ ids: new Set([id]), subjects: new Set([subject]) })),
    relations: ['combined'],
    name: `${name} ${chain.map(({ id }) => id.slice(0, 10)).join('+')}`,
  };
}

function recordsById(records: readonly CommitRecord[]): Map<string, CommitRecord> {
  let map = maps.get(records);
  if (!map) maps.set(records, (map = new Map(records.map((record) => [record.id, record]))));
  return map;
}

function report(kind: string, of: readonly { readonly mutant: Mutant; readonly verdict: ChangeVerdict }[]): void {
  const keeps = ({ mutant, verdict }: (typeof of)[number]): boolean => {
    const named = [...verdict.commits, ...verdict.equivalent];
    return mutant.commits.every(({ ids, subjects }) => named.some((commit) => ids.has(commit.id) || subjects.has(commit.subject)));
  };
  const isRight = ({ mutant, verdict }: (typeof of)[number]): boolean => mutant.relations.includes(verdict.relation);
  const kept = of.filter(keeps);
  const right = of.filter(isRight);
  console.log(`${kind.padEnd(26)}${String(of.length).padStart(9)}${share(kept.length, of.length).padStart(20)}${share(right.length, of.length).padStart(17)}`);
  if (!args.has('--verbose') || kind === 'all') return;
  for (const result of of.filter((each) => !keeps(each) || !isRight(each))) {
    const { mutant, verdict } = result;
    console.log(`    ${keeps(result) ? 'relation' : 'lost'} ${mutant.name.slice(-100)}: ${verdict.relation} ${verdict.commits.map(({ id }) => id.slice(0, 10)).join('+')} ${verdict.evidence?.coverOfPatch.toFixed(2) ?? ''}/${verdict.evidence?.coverOfCommit.toFixed(2) ?? ''}`);
  }
}
