/** Tables of patches whose commits are known, and what benchmarks of matching need of their packages. */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { type CommitRecord, type ParsedPatch, type PatchChange, IDENTITY_FORMAT, parsePatch } from '#server/core/patches/index.js';
import { gitOutput, readRecords } from '../support/gitHistory.js';
import { corpus as corpusFolder } from '../support/root.js';
import { carrierBranches, gitDirectory, upstreamPackages } from './packages.js';

export interface Row {
  readonly package: string;
  readonly branch: string;
  readonly path: string;
  readonly blob: string;
  readonly part: string;
  readonly relation: string;
  readonly best: string;
  readonly accepted: ReadonlySet<string>;
  readonly claimed: ReadonlySet<string>;
  /** With the same patch id as the best one. */
  readonly equivalent: ReadonlySet<string>;
  readonly subject: string;
  readonly confidence: string;
  /** The table's Jaccard index of the changed lines; 1 for `adapted` where nothing but blank lines differs. */
  readonly jaccard: number;
  /** Subjects of the commits accepted: a pick of one of them on a release branch is right as well. */
  readonly subjects: Set<string>;
}

export interface BenchArguments {
  readonly has: (name: string) => boolean;
  readonly option: (name: string) => string | undefined;
  readonly tables: readonly string[];
  readonly repositories: string;
  readonly cache: string | undefined;
  readonly only: RegExp;
}

/** Reads the command line; ends the process where something is missing. */
export function readArguments(): BenchArguments {
  const args = process.argv.slice(2);
  const option = (name: string): string | undefined => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
  const tables = [join(option('--corpus') ?? corpusFolder ?? '', 'groundtruth.tsv')];
  const folder = option('--tables');
  if (folder !== undefined) tables.push(...readdirSync(folder).filter((name) => name.endsWith('.tsv')).sort().map((name) => join(folder, name)));
  if (!existsSync(tables[0]!)) {
    console.error(`No table of known patches at ${tables[0]}; give its folder with --corpus.`);
    process.exit(2);
  }
  const repositories = option('--repositories') ?? process.env['SPECTRAIL_REPOSITORIES'] ?? '';
  if (repositories === '') {
    console.error('Give the folder of the repositories with --repositories or SPECTRAIL_REPOSITORIES.');
    process.exit(2);
  }
  return { has: (name) => args.includes(name), option, tables, repositories, cache: option('--cache'), only: new RegExp(option('--only') ?? '') };
}

const split = (cell: string | undefined): string[] => (cell ?? '').split(/[ ,;]+/).filter(Boolean);

/** One row a change; a package has its rows from the first table that has any. */
export function readRows({ tables, only }: BenchArguments): Row[] {
  const known = new Map<string, string>();
  return tables
    .flatMap((table) => readFileSync(table, 'utf8').trim().split('\n').slice(1).map((line) => ({ table, line })))
    .filter(({ table, line }) => {
      const name = line.slice(0, line.indexOf('\t'));
      if (!known.has(name)) known.set(name, table);
      return known.get(name) === table;
    })
    .map(({ line }): Row => {
      const cells = line.split('\t');
      return {
        package: cells[0]!,
        branch: cells[1]!,
        path: cells[2]!,
        blob: cells[3]!,
        part: cells[4]!,
        relation: cells[6]!,
        best: cells[7]!,
        accepted: new Set([cells[7], cells[8], cells[9]].flatMap(split)),
        claimed: new Set(split(cells[8])),
        equivalent: new Set(split(cells[9])),
        confidence: cells[10]!,
        jaccard: Number(cells[12]),
        subjects: new Set(),
        subject: cells[18] ?? '',
      };
    })
    .filter((row) => row.part !== 'file' && only.test(`${row.package}/${row.branch}`));
}

export interface KnownPatch {
  readonly row: Row;
  readonly patch: ParsedPatch;
  readonly change: PatchChange;
}

export interface KnownPackage {
  readonly name: string;
  readonly gitDir: string;
  readonly records: readonly CommitRecord[];
  readonly patches: readonly KnownPatch[];
}

/** The packages that rows are of, one after another, with their histories; what cannot be had is said and left out. */
export async function* readPackages(rows: readonly Row[], { repositories, cache }: BenchArguments): AsyncGenerator<KnownPackage> {
  for (const [name, upstream] of Object.entries(upstreamPackages)) {
    const wanted = rows.filter((row) => row.package === name);
    const gitDir = gitDirectory(repositories, upstream.upstream);
    if (wanted.length === 0) continue;
    if (!existsSync(gitDir)) {
      console.log(`${name}: left out, no repository at ${gitDir}`);
      continue;
    }
    const records = await history(name, gitDir, upstream.revisions, cache);
    const subjectOf = new Map(records.map((record) => [record.id, record.subject]));
    const patches: KnownPatch[] = [];
    const lost = new Map<string, number>();
    const files = new Map<string, Uint8Array | undefined>();
    for (const row of wanted) {
      for (const id of row.accepted) if (subjectOf.has(id)) row.subjects.add(subjectOf.get(id)!);
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
      patches.push({ row, patch, change });
    }
    for (const [branch, count] of lost) console.log(`${name}/${branch}: ${count} rows left out, their patches are not at hand`);
    yield { name, gitDir, records, patches };
  }
}

/** Read once and kept where `--cache` says. */
async function history(name: string, gitDir: string, revisions: readonly string[], cache: string | undefined): Promise<CommitRecord[]> {
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

export const share = (n: number, of: number): string => (of === 0 ? '-' : (n / of).toFixed(4));
