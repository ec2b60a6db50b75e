/**
 * Holds matching against tables of patches whose commits are known: `npm run bench:match -- [--corpus FOLDER] [--tables FOLDER]
 * --repositories FOLDER [--only REGEXP] [--cache FOLDER] [--headers] [--verbose]`. Header, file name and everything else that a patch says of itself
 * is masked unless `--headers` is given. The tables are the corpus's groundtruth.tsv and every .tsv of `--tables`, as
 * `bench:truth` writes them. The repositories are bare ones, FOLDER/OWNER+NAME/repo; what is missing is left
 * out by name. Packages held out (packages.ts) are reported apart, and their failures are not listed.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { neverCancelled } from '#server/core/host.js';
import { type ChangeVerdict, type CommitRecord, type MatchInput, type ObservedCandidate, IDENTITY_FORMAT, matchChanges, parsePatch, readClaims } from '#server/core/patches/index.js';
import { fetchFrom, gitOutput, readRecords } from '../support/gitHistory.js';
import { MemoryIndex } from '../support/memoryIndex.js';
import { corpus as corpusFolder } from '../support/root.js';
import { carrierBranches, gitDirectory, upstreamPackages } from './packages.js';

interface Row {
  readonly package: string;
  readonly branch: string;
  readonly path: string;
  readonly blob: string;
  readonly part: string;
  readonly relation: string;
  readonly best: string;
  readonly accepted: ReadonlySet<string>;
  readonly claimed: ReadonlySet<string>;
  readonly subject: string;
  readonly confidence: string;
  /** The table's Jaccard index of the changed lines; 1 for `adapted` where nothing but blank lines differs. */
  readonly jaccard: number;
  /** Subjects of the commits accepted: a pick of one of them on a release branch is right as well. */
  readonly subjects: Set<string>;
}

const args = process.argv.slice(2);
const option = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const corpus = option('--corpus') ?? corpusFolder ?? '';
const repositories = option('--repositories') ?? process.env['SPECTRAIL_REPOSITORIES'] ?? '';
const only = new RegExp(option('--only') ?? '');
const cache = option('--cache');
const withHeaders = args.includes('--headers');
/** A file that gets every comparison as a line of JSON, to fit thresholds on. */
const observed = option('--observe');
const isVerbose = args.includes('--verbose');

const tables = [join(corpus, 'groundtruth.tsv')];
const tableFolder = option('--tables');
if (tableFolder !== undefined) tables.push(...readdirSync(tableFolder).filter((name) => name.endsWith('.tsv')).sort().map((name) => join(tableFolder, name)));
if (!existsSync(tables[0]!)) {
  console.error(`No table of known patches at ${tables[0]}; give its folder with --corpus.`);
  process.exit(2);
}
if (repositories === '') {
  console.error('Give the folder of the repositories with --repositories or SPECTRAIL_REPOSITORIES.');
  process.exit(2);
}
// A package has its rows from the first table that has any.
const known = new Map<string, string>();
const rows = tables
  .flatMap((table) => readFileSync(table, 'utf8').trim().split('\n').slice(1).map((line) => ({ table, line })))
  .filter(({ table, line }) => {
    const name = line.slice(0, line.indexOf('\t'));
    if (!known.has(name)) known.set(name, table);
    return known.get(name) === table;
  })
  .map(({ line }): Row => {
    const cells = line.split('\t');
    const ids = [cells[7], cells[8], cells[9]].flatMap((cell) => (cell ?? '').split(/[ ,;]+/)).filter(Boolean);
    return {
      package: cells[0]!,
      branch: cells[1]!,
      path: cells[2]!,
      blob: cells[3]!,
      part: cells[4]!,
      relation: cells[6]!,
      best: cells[7]!,
      accepted: new Set(ids),
      claimed: new Set((cells[8] ?? '').split(/[ ,;]+/).filter(Boolean)),
      confidence: cells[10]!,
      jaccard: Number(cells[12]),
      subjects: new Set(),
      subject: cells[18] ?? '',
    };
  })
  .filter((row) => row.part !== 'file' && only.test(`${row.package}/${row.branch}`));

const outcomes: { readonly row: Row; readonly verdict: ChangeVerdict }[] = [];
for (const [name, upstream] of Object.entries(upstreamPackages)) {
  const wanted = rows.filter((row) => row.package === name);
  const gitDir = gitDirectory(repositories, upstream.upstream);
  if (wanted.length === 0) continue;
  if (!existsSync(gitDir)) {
    console.log(`${name}: left out, no repository at ${gitDir}`);
    continue;
  }
  const records = await history(name, gitDir, upstream.revisions);
  const index = new MemoryIndex(records, name);
  const subjectOf = new Map(records.map((record) => [record.id, record.subject]));
  for (const row of wanted) for (const id of row.accepted) if (subjectOf.has(id)) row.subjects.add(subjectOf.get(id)!);
  const inputs: MatchInput[] = [];
  const kept: Row[] = [];
  const lost = new Map<string, number>();
  const files = new Map<string, Uint8Array | undefined>();
  for (const row of wanted) {
    const carrier = gitDirectory(repositories, carrierBranches.find((branch) => branch.name === row.branch)?.repository(name) ?? '');
    if (!files.has(row.blob)) {
      const { output, code } = existsSync(carrier) ? await gitOutput(carrier, ['cat-file', 'blob', row.blob]) : { output: undefined, code: 1 };
      files.set(row.blob, code === 0 ? output : undefined);
    }
    const bytes = files.get(row.blob);
    const patch = bytes && parsePatch(bytes);
    const [part, parts] = row.part.split('/').map(Number) as [number, number];
    const changes = patch?.changes.filter((change) => change.files.length > 0 || patch.changes.length === parts);
    const change = changes?.length === parts || parts === 1 ? changes?.[part - 1] : patch?.changes[part - 1];
    if (!patch || !change) {
      lost.set(row.branch, (lost.get(row.branch) ?? 0) + 1);
      continue;
    }
    if (changes!.length !== parts) console.log(`${row.branch} ${row.path}: ${changes!.length} changes where the table has ${parts}`);
    const masked = withHeaders
      ? { patch, change, claims: readClaims(patch, change, { fileName: row.path }) }
      : { patch, change: { ...change, commitId: undefined, subject: undefined }, claims: { claims: [], references: [] } };
    inputs.push(masked);
    kept.push(row);
  }
  for (const [branch, count] of lost) console.log(`${name}/${branch}: ${count} rows left out, their patches are not at hand`);
  const started = performance.now();
  const observations: string[] = [];
  const verdicts = await matchChanges(inputs, index, fetchFrom(gitDir), neverCancelled, {
    ...(observed === undefined ? {} : { observe: (input, candidates) => void observations.push(JSON.stringify(observation(kept[inputs.indexOf(input)]!, candidates))) }),
  });
  if (observed !== undefined) appendFileSync(observed, observations.map((line) => `${line}\n`).join(''));
  console.log(`${name}: ${inputs.length} changes matched in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  for (const [i, verdict] of verdicts.entries()) outcomes.push({ row: kept[i]!, verdict });
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

/** Read once and kept where `--cache` says. */
async function history(name: string, gitDir: string, revisions: readonly string[]): Promise<CommitRecord[]> {
  const file = cache === undefined ? undefined : join(cache, `${name}-${IDENTITY_FORMAT}.records`);
  if (file !== undefined && existsSync(file)) return deserialize(readFileSync(file)) as CommitRecord[];
  const started = performance.now();
  const commits = (await gitOutput(gitDir, ['rev-list', '--no-merges', ...revisions])).output.toString('latin1').trim().split('\n');
  const absent: string[] = [];
  const records = await readRecords(gitDir, commits, {}, absent);
  const seconds = (performance.now() - started) / 1000;
  console.log(`${name}: ${records.length} commits read in ${seconds.toFixed(1)} s (${Math.round(records.length / seconds)}/s), ${absent.length} have absent blobs`);
  if (file !== undefined) {
    mkdirSync(cache!, { recursive: true });
    writeFileSync(file, serialize(records.map((record) => ({ ...record, body: '' }))));
  }
  return records;
}

function isRight(row: Row, verdict: ChangeVerdict): boolean {
  const named = [...verdict.commits, ...verdict.equivalent];
  return named.some((commit) => row.accepted.has(commit.id) || row.subjects.has(commit.subject));
}

function report(group: string, belongs: (row: Row) => boolean): void {
  const chosen = outcomes.filter(({ row }) => belongs(row));
  const positives = chosen.filter(({ row }) => row.best !== '' && !['downstream-only', 'claim-unresolved'].includes(row.relation));
  const negatives = chosen.filter(({ row }) => row.relation === 'downstream-only');
  const answered = positives.filter(({ verdict }) => verdict.relation !== 'none');
  const right = answered.filter(({ row, verdict }) => isRight(row, verdict));
  const wrongHits = negatives.filter(({ verdict }) => verdict.relation !== 'none');
  const share = (n: number, of: number): string => (of === 0 ? '-' : (n / of).toFixed(4));
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
      ['names another', (row) => row.best !== '' && row.claimed.size > 0 && !row.claimed.has(row.best)],
      ['rewritten', (row) => row.relation === 'rewritten'],
      ['unresolved', (row) => row.relation === 'claim-unresolved'],
    ];
    for (const [kind, is] of kinds) {
      const of = chosen.filter(({ row }) => is(row) && (kind === 'rewritten' || row.relation !== 'rewritten'));
      console.log(`  ${kind.padEnd(18)}${answers.map((answer) => String(of.filter(({ verdict }) => verdict.claim === answer).length).padStart(14)).join('')}`);
    }
    const falseAlarms = chosen.filter(({ row, verdict }) => row.relation === 'identical' && row.claimed.has(row.best) && verdict.claim === 'contradicted');
    console.log(`  ${falseAlarms.length} false alarms on patches identical to what they claim`);
  }
  console.log(`  relation agrees for ${agreed.length} of ${judged.length} (${share(agreed.length, judged.length)})`);
  // One listing a patch, and none of packages that nobody should tune on.
  if (!isVerbose || !group.includes('/')) return;
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

