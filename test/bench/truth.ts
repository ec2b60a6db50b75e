/**
 * Derives a table of patches whose upstream commits are known: `npm run bench:truth -- --repositories FOLDER --package NAME...
 * --out FOLDER [--compare TABLE]`. It writes FOLDER/NAME.tsv, in the columns that `bench:match` reads, and says what could not
 * be told. The patches are those at the tips of the distributions' branches in packages.ts. Truth comes from what headers
 * claim, where the commit exists on one of upstream's branches and the content agrees; from `git patch-id`; from equal
 * subjects with mostly equal lines; and, for patches that come from no commit, from their own words. Nothing of the product
 * takes part. `--compare` holds the result against another table of the same columns.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitOutput } from '../support/gitHistory.js';
import { carrierBranches, gitDirectory, upstreamPackages } from './packages.js';
import { type Truth, deriveTruth } from './truth/deriveTruth.js';
import { type Mail, readMails } from './truth/readMails.js';
import { UpstreamCommits } from './truth/upstreamCommits.js';

const columns = ['package', 'branch', 'patch_path', 'blob', 'part', 'upstream_repo', 'relation', 'best_sha', 'claimed_shas', 'equivalent_shas', 'confidence', 'evidence', 'jaccard', 'cover_patch', 'cover_upstream', 'files_p_u', 'reasons', 'style', 'subject'] as const;
type Row = Readonly<Record<(typeof columns)[number], string>>;

const args = process.argv.slice(2);
const option = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const repositories = option('--repositories') ?? process.env['SPECTRAIL_REPOSITORIES'] ?? '';
const out = option('--out');
const compared = option('--compare');
const names = args.includes('--package') ? args.slice(args.indexOf('--package') + 1).slice(0, nextOption(args, args.indexOf('--package') + 1)) : [];
if (repositories === '' || out === undefined || names.length === 0 || names.some((name) => !upstreamPackages[name])) {
  console.error(`Give --repositories FOLDER, --out FOLDER and --package with one or more of: ${Object.keys(upstreamPackages).join(', ')}`);
  process.exit(2);
}
mkdirSync(out, { recursive: true });
for (const name of names) {
  const rows = await derive(name);
  if (!rows) continue;
  writeFileSync(join(out, `${name}.tsv`), [columns.join('\t'), ...rows.map((row) => columns.map((column) => row[column]).join('\t'))].map((line) => `${line}\n`).join(''));
  if (compared !== undefined) compare(name, rows, readTable(compared));
}

function nextOption(list: readonly string[], start: number): number {
  const next = list.slice(start).findIndex((each) => each.startsWith('--'));
  return next === -1 ? list.length : next;
}

async function derive(name: string): Promise<Row[] | undefined> {
  const { upstream: repository, revisions } = upstreamPackages[name]!;
  const gitDir = gitDirectory(repositories, repository);
  if (!existsSync(gitDir)) {
    console.log(`${name}: left out, no repository at ${gitDir}`);
    return undefined;
  }
  const started = performance.now();
  const upstream = new UpstreamCommits(gitDir);
  await upstream.load(revisions);
  const mails: { readonly branch: string; readonly path: string; readonly blob: string; readonly part: string; readonly mail: Mail }[] = [];
  for (const branch of carrierBranches) {
    const carrier = gitDirectory(repositories, branch.repository(name));
    if (!existsSync(carrier)) continue;
    const { output } = await gitOutput(carrier, ['-c', 'core.quotePath=false', 'ls-tree', '-r', branch.ref, '--', ...branch.folders(name)]);
    for (const line of output.toString('utf8').split('\n')) {
      const file = /^100\d+ blob ([0-9a-f]{40,64})\t(.*\.(?:patch|diff))$/i.exec(line);
      if (!file) continue;
      const content = await gitOutput(carrier, ['cat-file', 'blob', file[1]!]);
      if (content.code !== 0) {
        console.log(`${name}/${branch.name}: ${file[2]} is not there`);
        continue;
      }
      const parts = readMails(content.output.toString('latin1'));
      for (const [i, mail] of parts.entries()) mails.push({ branch: branch.name, path: file[2]!, blob: file[1]!, part: `${i + 1}/${parts.length}`, mail });
    }
  }
  const truths = await deriveTruth(mails, upstream);
  const rows: Row[] = [];
  for (const [i, { branch, path, blob, part, mail }] of mails.entries()) {
    const truth = truths[i];
    const row = (given: Omit<Row, 'package' | 'branch' | 'patch_path' | 'blob' | 'upstream_repo' | 'reasons'>): Row => ({ package: name, branch, patch_path: path, blob, upstream_repo: repository, reasons: '', ...given });
    if (truth) rows.push(row({ part, style: mail.style, subject: mail.subject.replace(/\t/g, ' '), ...cellsOf(truth) }));
    const [at, of] = part.split('/').map(Number) as [number, number];
    if (of === 1 || at !== of) continue;
    const resolved = truths.slice(i - of + 1, i + 1).filter((each) => each && each.best.length > 0).length;
    if (resolved > 0) {
      const empty = { claimed_shas: '', equivalent_shas: '', jaccard: '', cover_patch: '', cover_upstream: '', files_p_u: '', subject: '' };
      const best = truths.slice(i - of + 1, i + 1).flatMap((each) => each?.best ?? []);
      rows.push(row({ part: 'file', relation: 'squash-file', best_sha: best.join(','), confidence: resolved === of ? 'A' : 'B', evidence: `${resolved} of ${of} mails resolved`, style: mail.style, ...empty }));
    }
  }
  const count = (relation: string): number => rows.filter((row) => row.relation === relation).length;
  const relations = [...new Set(rows.map((row) => row.relation))].sort().map((relation) => `${relation} ${count(relation)}`);
  const open = truths.filter((truth) => !truth).length;
  console.log(`${name}: ${mails.length} changes against ${upstream.count} commits of ${repository} in ${((performance.now() - started) / 1000).toFixed(0)} s: ${relations.join(', ')}; undetermined ${open}`);
  return rows;
}

function cellsOf(truth: Truth): Pick<Row, 'relation' | 'best_sha' | 'claimed_shas' | 'equivalent_shas' | 'confidence' | 'evidence' | 'jaccard' | 'cover_patch' | 'cover_upstream' | 'files_p_u'> {
  const number = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(3));
  return {
    relation: truth.relation,
    best_sha: truth.best.join(','),
    claimed_shas: truth.claimed.join(','),
    equivalent_shas: truth.equivalent.join(','),
    confidence: truth.confidence,
    evidence: truth.evidence.replace(/\s+/g, ' '),
    jaccard: number(truth.measure?.jaccard),
    cover_patch: number(truth.measure?.coverOfPatch),
    cover_upstream: number(truth.measure?.coverOfCommit),
    files_p_u: truth.files,
  };
}

function readTable(file: string): Row[] {
  const [head, ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const keys = head!.split('\t');
  return lines.map((line) => Object.fromEntries(line.split('\t').map((cell, i) => [keys[i], cell])) as unknown as Row);
}

/** Says how far two tables agree on the patches that both speak of, and how many only one of them has. */
function compare(name: string, ours: readonly Row[], all: readonly Row[]): void {
  const keyOf = (row: Row): string => [row.branch, row.patch_path, row.blob, row.part].join('\t');
  const theirs = new Map(all.filter((row) => row.package === name && row.part !== 'file').map((row) => [keyOf(row), row]));
  const idsOf = (row: Row): string[] => [row.best_sha, row.claimed_shas, row.equivalent_shas].flatMap((cell) => cell.split(/[ ,;]+/)).filter(Boolean);
  let both = 0;
  let commits = 0;
  let withCommit = 0;
  let relations = 0;
  const differences: string[] = [];
  const mine = ours.filter((row) => row.part !== 'file');
  for (const row of mine) {
    const other = theirs.get(keyOf(row));
    if (!other) {
      differences.push(`  only here   ${row.branch} ${row.patch_path} ${row.part} ${row.relation} ${row.evidence}`);
      continue;
    }
    both++;
    theirs.delete(keyOf(row));
    if (other.best_sha !== '' && row.best_sha !== '') {
      withCommit++;
      const accepted = new Set(idsOf(other));
      if (row.best_sha.split(',').some((id) => accepted.has(id)) || other.best_sha.split(/[ ,;]+/).some((id) => idsOf(row).includes(id))) commits++;
      else differences.push(`  commit      ${row.branch} ${row.patch_path} ${row.part} here ${row.best_sha} there ${other.best_sha}`);
    }
    if (row.relation === other.relation) relations++;
    else differences.push(`  relation    ${row.branch} ${row.patch_path} ${row.part} here ${row.relation} there ${other.relation} (${row.cover_patch}/${row.cover_upstream}, ${other.cover_patch}/${other.cover_upstream})`);
  }
  for (const row of theirs.values()) differences.push(`  only there  ${row.branch} ${row.patch_path} ${row.part} ${row.relation} ${row.evidence}`);
  console.log(`${name}: ${both} rows in both tables, ${commits} of ${withCommit} name the same commit, ${relations} of ${both} the same relation; ${mine.length - both} only here, ${theirs.size} only there`);
  for (const line of differences) console.log(line);
}
