/**
 * Holds matching against tables of patches whose commits are known: `npm run bench:match -- [--corpus FOLDER] [--tables FOLDER]
 * --repositories FOLDER [--only REGEXP] [--cache FOLDER] [--headers] [--verbose]`. Header, file name and everything else that a patch says of itself
 * is masked unless `--headers` is given; with it, what became of claims is held against the table as well. The tables are the corpus's groundtruth.tsv and every .tsv of `--tables`, as
 * `bench:truth` writes them. The repositories are bare ones, FOLDER/OWNER+NAME/repo; what is missing is left
 * out by name. Packages held out (packages.ts) are reported apart, and their failures are not listed.
 */
import { appendFileSync } from 'node:fs';
import { neverCancelled } from '#server/core/host.js';
import { type ChangeVerdict, type FetchedChange, type MatchInput, type ObservedCandidate, isBenignPath, matchChanges, readClaims } from '#server/core/patches/index.js';
import { fetchFrom } from '../support/gitHistory.js';
import { MemoryIndex } from '../support/memoryIndex.js';
import { judgeHunks, sharePresent, sharedLines } from './hunkJudge.js';
import { type KnownPatch, type Row, readArguments, readPackages, readRows, share } from './knownPatches.js';
import { upstreamPackages } from './packages.js';

const args = readArguments();
const withHeaders = args.has('--headers');
/** A file that gets every comparison as a line of JSON, to fit thresholds on. */
const observed = args.option('--observe');
const isVerbose = args.has('--verbose');
const rows = readRows(args);

interface Outcome {
  readonly row: Row;
  readonly verdict: ChangeVerdict;
  /** Of the hunks, how many core and the plain judge name alike; undefined where there is no one commit to hold it against. */
  readonly hunks: { readonly alike: number; readonly all: number; readonly apart: readonly string[] } | undefined;
  /** For `adapted` rows that are found `combined`: whether, by a plain comparison of lines, all of every further commit is in the patch. */
  readonly holdsParts: boolean;
  /** For `rewritten` rows: share of the lines that patch and commit have in common, files aside. */
  readonly plainShare: number | undefined;
}

const outcomes: Outcome[] = [];
for await (const { name, gitDir, records, patches } of readPackages(rows, args)) {
  const index = new MemoryIndex(records, name);
  const kept = patches.map(({ row }) => row);
  const inputs = patches.map(({ row, patch, change }): MatchInput =>
    withHeaders
      ? { patch, change, claims: readClaims(patch, change, { fileName: row.path }) }
      : { patch, change: { ...change, commitId: undefined, subject: undefined }, claims: { claims: [], references: [] } },
  );
  const started = performance.now();
  const observations: string[] = [];
  const verdicts = await matchChanges(inputs, index, fetchFrom(gitDir), neverCancelled, {
    ...(observed === undefined ? {} : { observe: (input, candidates) => void observations.push(JSON.stringify(observation(kept[inputs.indexOf(input)]!, candidates))) }),
  });
  if (observed !== undefined) appendFileSync(observed, observations.map((line) => `${line}\n`).join(''));
  console.log(`${name}: ${inputs.length} changes matched in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  const fetch = fetchFrom(gitDir);
  const fetchOne = async (id: string): Promise<FetchedChange | undefined> => (await fetch(await index.commits((await index.byId([id])).flat()), neverCancelled))[0];
  for (const [i, verdict] of verdicts.entries()) {
    const patch = patches[i]!;
    const hunks = await heldAgainstJudge(patch, verdict, fetchOne);
    const best = patch.row.relation === 'rewritten' ? await fetchOne(patch.row.best) : undefined;
    outcomes.push({ row: patch.row, verdict, hunks, holdsParts: await holdsParts(patch, verdict, fetchOne), plainShare: best && sharedLines(patch, best) });
  }
}

/** The tables know one commit a patch, and cannot tell one that was adapted from one that another was folded into. */
async function holdsParts(patch: KnownPatch, verdict: ChangeVerdict, fetchOne: (id: string) => Promise<FetchedChange | undefined>): Promise<boolean> {
  if (patch.row.relation !== 'adapted' || verdict.relation !== 'combined') return false;
  const hasCore = patch.change.files.some(({ path }) => !isBenignPath(path));
  for (const { id } of verdict.commits.filter((commit) => !patch.row.accepted.has(commit.id))) {
    const commit = await fetchOne(id);
    if (!commit || sharePresent(commit, patch, (path) => hasCore && isBenignPath(path)) < 0.95) return false;
  }
  return true;
}

/** Whether a hunk differs, by core's evidence and by a plain diff, for changes that are not the same anyway. */
async function heldAgainstJudge(patch: KnownPatch, verdict: ChangeVerdict, fetchOne: (id: string) => Promise<FetchedChange | undefined>): Promise<Outcome['hunks']> {
  if (verdict.commits.length !== 1 || verdict.relation === 'same-change' || !isRight(patch.row, verdict)) return undefined;
  const commit = await fetchOne(verdict.commit!.id);
  const judged = commit && judgeHunks(patch, commit);
  if (!judged) return undefined;
  const apart: string[] = [];
  const states = new Map(verdict.evidence!.hunks.filter(({ state }) => state !== 'missing-here').map(({ path, hunk, state }) => [`${path}#${hunk}`, state]));
  for (const [hunk, differs] of judged.ofPatch) {
    const state = states.get(hunk);
    if ((state === 'different' || state === 'missing-upstream') !== differs) apart.push(`${hunk} is ${state} here, ${differs ? 'differs' : 'the same'} there`);
  }
  const missing = new Set(verdict.evidence!.hunks.filter(({ state }) => state === 'missing-here').map(({ path, hunk }) => `${path}#${hunk}`));
  const all = new Set([...missing, ...judged.onlyInCommit]);
  for (const hunk of all) if (!missing.has(hunk) || !judged.onlyInCommit.has(hunk)) apart.push(`${hunk} of the commit is ${missing.has(hunk) ? 'missing' : 'there'} here, ${judged.onlyInCommit.has(hunk) ? 'missing' : 'there'} there`);
  return { alike: judged.ofPatch.size + all.size - apart.length, all: judged.ofPatch.size + all.size, apart };
}

const isHeldOut = (row: Row): boolean => upstreamPackages[row.package]?.isHeldOut === true;
const names = Object.keys(upstreamPackages).filter((name) => outcomes.some(({ row }) => row.package === name));
report('all', (row) => !isHeldOut(row));
for (const name of names.filter((name) => !upstreamPackages[name]!.isHeldOut)) {
  report(name, (row) => row.package === name);
  for (const branch of [...new Set(outcomes.filter(({ row }) => row.package === name).map(({ row }) => row.branch))].sort()) report(`${name}/${branch}`, (row) => row.package === name && row.branch === branch);
}
if (outcomes.some(({ row }) => isHeldOut(row))) report('held out', isHeldOut);
for (const name of names.filter((name) => upstreamPackages[name]!.isHeldOut)) report(`held out ${name}`, (row) => row.package === name);

function observation(row: Row, candidates: readonly ObservedCandidate[]): unknown {
  return {
    row: { ...row, accepted: [...row.accepted], claimed: [...row.claimed], subjects: [...row.subjects] },
    candidates: candidates.map((candidate) => {
      const { comparison, ...rest } = candidate;
      const hunks: Record<string, number> = {};
      for (const hunk of comparison?.hunks ?? []) hunks[hunk.state] = (hunks[hunk.state] ?? 0) + 1;
      const isRightOne = [candidate.id, ...candidate.siblings].some((id) => row.accepted.has(id)) || row.subjects.has(candidate.subject);
      return { ...rest, isRight: isRightOne, hunks, coverOfPatch: comparison?.coverOfPatch, coverOfCommit: comparison?.coverOfCommit, matched: comparison?.matchedLines, linesOfPatch: comparison?.linesOfPatch, linesOfCommit: comparison?.linesOfCommit, moved: comparison?.moved.length, core2: comparison?.resemblanceOfCommitCore, anchored: comparison?.anchored, core: comparison?.coverOfCommitCore };
    }),
  };
}

function isRight(row: Row, verdict: ChangeVerdict): boolean {
  const named = [...verdict.commits, ...verdict.equivalent];
  return named.some((commit) => row.accepted.has(commit.id) || row.subjects.has(commit.subject));
}

/** Whether the table knows a commit that the patch is closer to than to the one it names. */
function isMispointed(row: Row): boolean {
  return row.best !== '' && row.claimed.size > 0 && !row.claimed.has(row.best) && row.relation !== 'claim-unresolved';
}

/** Whether the verdict says that the patch is another commit than it claims, and which. */
function saysAnother({ row, verdict }: Outcome): boolean {
  const isNamed = verdict.commits.some((commit) => commit.id === row.best || row.equivalent.has(commit.id));
  return isNamed && verdict.claimed!.some(({ commit, finding }) => isOf(row, commit) && ['pick', 'close', 'other', 'absent'].includes(finding));
}

/** Whether the verdict says that little of the claimed commit is in the patch, or nothing. */
function saysRewritten({ row, verdict }: Outcome): boolean {
  return verdict.claim === 'contradicted' || verdict.claimed!.some(({ commit, coverOfPatch, coverOfCommit }) => isOf(row, commit) && coverOfPatch !== undefined && Math.max(coverOfPatch, coverOfCommit!) < 0.5);
}

function isOf(row: Row, commit: string): boolean {
  return [...row.claimed].some((id) => id.startsWith(commit) || commit.startsWith(id));
}

function reportClaims(kind: string, of: readonly Outcome[], isFound: (outcome: Outcome) => boolean, group: string): void {
  if (of.length === 0) return;
  const found = of.filter(isFound);
  console.log(`  ${kind} claims found: ${found.length} of ${of.length} (${share(found.length, of.length)})`);
  if (!group.includes('/')) return;
  for (const { row, verdict } of of.filter((outcome) => !isFound(outcome))) {
    console.log(`    not: ${row.path.slice(-58)} ${row.part}, ${verdict.relation} ${verdict.commit?.id.slice(0, 10) ?? ''}, claim ${verdict.claim}: ${verdict.claimed!.map(({ commit, finding, coverOfPatch, coverOfCommit }) => `${commit.slice(0, 10)} ${finding} ${coverOfPatch ?? '-'}/${coverOfCommit ?? '-'}`).join(', ')}`);
  }
}

function report(group: string, belongs: (row: Row) => boolean): void {
  const chosen = outcomes.filter(({ row }) => belongs(row));
  const positives = chosen.filter(({ row }) => row.best !== '' && !['downstream-only', 'claim-unresolved'].includes(row.relation));
  const negatives = chosen.filter(({ row }) => row.relation === 'downstream-only');
  const answered = positives.filter(({ verdict }) => verdict.relation !== 'none');
  const right = answered.filter(({ row, verdict }) => isRight(row, verdict));
  const wrongHits = negatives.filter(({ verdict }) => verdict.relation !== 'none');
  console.log(
    `\n${group}: ${positives.length} with a commit, recall ${share(right.length, positives.length)}, precision ${share(right.length, answered.length)}; ` +
      `${negatives.length} with none, given one ${wrongHits.length} (${share(wrongHits.length, negatives.length)})`,
  );
  const expected: Readonly<Record<string, readonly string[]>> = {
    identical: ['same-change'],
    'same-change': ['rebased', 'same-change'],
    adapted: ['adapted'],
    partial: ['partial'],
    squash: ['combined'],
  };
  const columns = ['same-change', 'rebased', 'adapted', 'partial', 'combined', 'none'];
  const relations = [...new Set(chosen.map(({ row }) => row.relation))].sort();
  console.log(`  ${'known \\ found'.padEnd(18)}${columns.map((column) => column.padStart(12)).join('')}`);
  for (const relation of relations) {
    const of = chosen.filter(({ row }) => row.relation === relation);
    console.log(`  ${relation.padEnd(18)}${columns.map((column) => String(of.filter(({ verdict }) => verdict.relation === column).length).padStart(12)).join('')}`);
  }
  const judged = right.filter(({ row }) => expected[row.relation]);
  const agrees = (row: Row, relation: string): boolean => expected[row.relation]!.includes(relation) || (row.relation === 'adapted' && row.jaccard === 1 && relation === 'rebased');
  const agreed = judged.filter(({ row, verdict }) => agrees(row, verdict.relation));
  if (withHeaders) {
    const answers = ['confirmed', 'contradicted', 'unverifiable', 'absent'] as const;
    console.log(`  ${'known \\ claim'.padEnd(18)}${answers.map((answer) => answer.padStart(14)).join('')}`);
    const kinds: readonly (readonly [string, (row: Row) => boolean])[] = [
      ['names the best', (row) => row.claimed.has(row.best)],
      ['names its equal', (row) => isMispointed(row) && [...row.claimed].some((id) => row.equivalent.has(id))],
      ['names another', (row) => isMispointed(row) && ![...row.claimed].some((id) => row.equivalent.has(id))],
      ['rewritten', (row) => row.relation === 'rewritten'],
      ['unresolved', (row) => row.relation === 'claim-unresolved'],
    ];
    for (const [kind, is] of kinds) {
      const of = chosen.filter(({ row }) => is(row) && (kind === 'rewritten' || row.relation !== 'rewritten'));
      console.log(`  ${kind.padEnd(18)}${answers.map((answer) => String(of.filter(({ verdict }) => verdict.claim === answer).length).padStart(14)).join('')}`);
    }
    reportClaims('mis-pointed', chosen.filter(({ row }) => kinds[2]![1](row)), saysAnother, group);
    reportClaims('rewritten', chosen.filter(({ row }) => row.relation === 'rewritten'), saysRewritten, group);
    reportClaims('rewritten, files aside,', chosen.filter(({ row, plainShare }) => row.relation === 'rewritten' && plainShare !== undefined && plainShare < 0.2), saysRewritten, group);
    reportClaims('unresolvable', chosen.filter(({ row }) => row.relation === 'claim-unresolved'), ({ verdict }) => verdict.claim === 'unverifiable' && verdict.claimed!.some(({ finding }) => finding === 'unknown'), group);
    for (const [words, relation] of [['identical to', 'identical'], ['with the same changed lines as', 'same-change']] as const) {
      const claiming = chosen.filter(({ row }) => row.relation === relation && (row.claimed.has(row.best) || [...row.claimed].some((id) => row.equivalent.has(id))));
      console.log(`  ${claiming.filter(({ verdict }) => verdict.claim === 'contradicted').length} false alarms on ${claiming.length} patches ${words} what they claim`);
    }
  }
  console.log(`  relation agrees for ${agreed.length} of ${judged.length} (${share(agreed.length, judged.length)})`);
  const folded = judged.filter(({ row, verdict }) => row.relation === 'adapted' && verdict.relation === 'combined');
  const holding = folded.filter(({ holdsParts }) => holdsParts).length;
  if (folded.length > 0) console.log(`  of ${folded.length} adapted ones found combined, ${holding} have all of every further commit by a plain comparison, which the table cannot know: with them ${share(agreed.length + holding, judged.length)}`);
  const held = chosen.flatMap(({ hunks }) => hunks ?? []);
  const all = held.reduce((sum, hunks) => sum + hunks.all, 0);
  if (all > 0) console.log(`  hunks that differ, named alike by a plain diff: ${share(held.reduce((sum, { alike }) => sum + alike, 0), all)} of ${all} hunks of ${held.length} changes; ${held.filter(({ apart }) => apart.length === 0).length} changes throughout`);
  // One listing a patch, and none of packages that nobody should tune on.
  if (!isVerbose || !group.includes('/')) return;
  for (const { row, hunks } of chosen) for (const apart of hunks?.apart ?? []) console.log(`  hunk      ${row.path.slice(-40)} ${row.part}: ${apart}`);
  for (const { row, verdict } of chosen) {
    const isNegative = row.relation === 'downstream-only';
    const problem = isNegative
      ? verdict.relation !== 'none' && 'false hit'
      : row.relation === 'claim-unresolved'
        ? false
        : verdict.relation === 'none'
          ? 'missed'
          : !isRight(row, verdict)
            ? 'wrong'
            : expected[row.relation] && !agrees(row, verdict.relation) && 'relation';
    if (problem) {
      console.log(
        `  ${problem.padEnd(9)} ${row.path.slice(-58)} ${row.part} ${row.relation}/${verdict.relation} want ${row.best.slice(0, 10)} got ${verdict.commits.map((commit) => commit.id.slice(0, 10)).join('+')} ` +
          `cover ${verdict.evidence?.coverOfPatch.toFixed(2)}/${verdict.evidence?.coverOfCommit.toFixed(2)} sure ${verdict.confidence}`,
      );
    }
  }
}

