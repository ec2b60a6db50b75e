/**
 * What indexing whole histories takes, and looking up in a large store: `npm run bench:index -- [--commits N] [--patches
 * FOLDER] [--like CACHE] REPOSITORY...`. For each repository: `git log -p` alone over the same commits with the same options, its output
 * thrown away; then `spectrail index add`, with its memory and what the store takes of a commit. Processor time (ours and
 * git's) stands beside wall time, since other work on the machine stretches the one more than the other.
 *
 * Then a store of N commits (500,000) is made up, with as many lines, hunks and common lines a commit as the last of the
 * repositories has; the changes of the patches in FOLDER (or of 300 of its commits) are put among them and looked up, one at
 * a time. `--like CACHE` takes the shape from a cache folder that has an indexed repository. Without a repository the last
 * store that was made up is looked up in again.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { neverCancelled } from '#server/core/host.js';
import { type ChangeIdentity, type MatchInput, identifyChange, logPatchTask, matchChanges, parsePatch, postingState } from '#server/core/patches/index.js';
import { type CommitFacts, commitFactsChange } from '#server/core/patches/upstream/commitFacts.js';
import { History } from '#server/core/patches/upstream/history.js';
import { HistoryIndex } from '#server/core/patches/upstream/historyIndex.js';
import { PostingReader, PostingWriter, postingsOf } from '#server/core/patches/upstream/postingStore.js';
import { StoredIndex } from '#server/core/patches/upstream/storedIndex.js';
import { openSqliteStore } from '#server/node/index.js';
import { root } from '../support/root.js';

const args = process.argv.slice(2);
const option = (name: string): string | undefined => {
  const at = args.indexOf(name);
  return at < 0 ? undefined : args.splice(at, 2)[1];
};
const size = Number(option('--commits') ?? 500_000);
const patchFolder = option('--patches');
const like = option('--like');
const repositories = args;
const folder = join(tmpdir(), 'spectrail-bench-index');
mkdirSync(folder, { recursive: true });

interface Measured {
  readonly wall: number;
  readonly processor: number;
  /** Largest memory of one process, MB. */
  readonly memory: number;
  readonly out: string;
}

function measure(label: string, command: readonly string[], env: Record<string, string> = {}): Measured {
  const began = process.hrtime.bigint();
  // GNU time counts the processes that were waited for too; its memory is the largest one's.
  const { stdout, stderr } = spawnSync('/usr/bin/time', ['-f', '%U %S %M', ...command], { env: { ...process.env, ...env }, encoding: 'utf8', maxBuffer: 1 << 28 });
  const wall = Number(process.hrtime.bigint() - began) / 1e9;
  const [user = 0, system = 0, memory = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  console.log(`${label.padEnd(28)} ${wall.toFixed(1).padStart(7)} s  ${(user + system).toFixed(1).padStart(7)} s of processor  ${(memory / 1024).toFixed(0).padStart(4)} MB`);
  return { wall, processor: user + system, memory: memory / 1024, out: stdout };
}

/** What commits of a history look like: their numbers of lines and hunks, and how many lines each of its lines shares a store with. */
interface Shape {
  readonly name: string;
  readonly lines: readonly number[];
  readonly hunks: readonly number[];
  /** Share of lines that other commits have too. */
  readonly common: number;
}

async function indexRepository(repository: string): Promise<Shape> {
  const cache = join(folder, 'cache');
  rmSync(cache, { recursive: true, force: true });
  const git = spawnSync('git', ['-C', repository, 'rev-parse', '--absolute-git-dir'], { encoding: 'utf8' }).stdout.trim();
  console.log(`\n${repository}`);
  const ours = measure('spectrail index add', [process.execPath, join(root, 'server/dist/spectrail.mjs'), 'index', 'add', repository], { SPECTRAIL_CACHE: cache });
  console.log(ours.out.trim());
  const path = join(cache, 'store.sqlite');
  const bytes = ['', '-wal'].reduce((sum, suffix) => sum + (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0), 0);
  const store = await openSqliteStore({ path });
  const location = /^(.+): \d+ commits are indexed/m.exec(ours.out)?.[1] ?? repository;
  const { commits, postings, segments } = await postingState(store, location);
  // The same commits: where contents are absent, git would end at the first commit that lacks some.
  const { list } = (await (await PostingReader.open(store, postingsOf(location)))!.commits())!;
  writeFileSync(join(folder, 'ids'), Array.from({ length: list.size }, (_, n) => `${list.id(n)}\n`).join(''));
  const { args: log } = logPatchTask({ commits: [] });
  const alone = measure('git log -p alone', ['bash', '-c', 'exec git "$@" <"$0" >/dev/null', join(folder, 'ids'), `--git-dir=${git}`, ...log]);
  console.log(`${(ours.wall / alone.wall).toFixed(2)} times git alone (wall), ${(ours.processor / alone.processor).toFixed(2)} times (processor); ${Math.round(commits / ours.wall)} commits/s`);
  console.log(`${Math.round(bytes / commits)} bytes of store a commit; ${(postings / commits).toFixed(0)} postings a commit in ${segments} segment${segments === 1 ? '' : 's'}`);
  const shape = await shapeOf(store, location);
  await store.close();
  rmSync(cache, { recursive: true });
  return shape;
}

async function shapeOf(store: Awaited<ReturnType<typeof openSqliteStore>>, location: string): Promise<Shape> {
  const { decodeCommitFacts } = await import('#server/core/patches/upstream/commitFacts.js');
  const lines: number[] = [];
  const hunks: number[] = [];
  const seen = new Map<number, number>();
  let total = 0;
  for (const { value } of await store.scan('commit-facts', '', { limit: 20_000 })) {
    const facts = decodeCommitFacts(value);
    if (facts === undefined) continue;
    lines.push(facts.lines.length);
    hunks.push(facts.hunks.length);
    if (lines.length % 10 > 0) continue;
    for (const line of facts.lines) seen.set(line, (seen.get(line) ?? 0) + 1);
    total += facts.lines.length;
  }
  return { name: location, lines, hunks, common: total === 0 ? 0 : 1 - [...seen.values()].filter((count) => count === 1).length / total };
}

/** The same made-up numbers every time. */
function randomOf(seed: number): () => number {
  let state = (Math.imul(seed ^ 0x5bd1e995, 0x9e3779b1) >>> 0) || 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>>= 0);
  };
}

function madeUp(n: number, shape: Shape): CommitFacts {
  const random = randomOf(n + 1);
  const fingerprint = (): number => (random() % 0x200000) * 0x100000000 + random();
  // Common lines: the first of a list much oftener than the last.
  const common = (): number => {
    const pick = randomOf(Math.floor(100_000 * (random() / 2 ** 32) ** 3) + 0x40000000);
    return (pick() % 0x200000) * 0x100000000 + pick();
  };
  const lines = new Set<number>();
  for (let i = shape.lines[n % shape.lines.length]!; i > 0; i--) lines.add(random() / 2 ** 32 < shape.common ? common() : fingerprint());
  const hunks = Float64Array.from({ length: shape.hunks[n % shape.hunks.length]! }, fingerprint);
  const patchId = Array.from({ length: 5 }, () => random().toString(16).padStart(8, '0')).join('');
  return { patchId, content: fingerprint(), hunks, lines: Float64Array.from(lines).sort() };
}

const idOf = (n: number): string => (Math.imul(n + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0') + n.toString(16).padStart(32, '0');

async function makeUp(path: string, shape: Shape, planted: readonly ChangeIdentity[]): Promise<void> {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  const store = await openSqliteStore({ path });
  const writer = (await PostingWriter.acquire(store, postingsOf('made-up'), 20))!;
  const every = Math.floor(size / Math.max(planted.length, 1));
  let batch: { id: string; facts: CommitFacts }[] = [];
  const write = async (): Promise<void> => {
    await store.write(batch.map(({ id, facts }) => commitFactsChange({ id, ...facts } as Parameters<typeof commitFactsChange>[0])));
    for (const { id, facts } of batch) writer.add(id, facts);
    batch = [];
    if (writer.isFull) await writer.flush();
  };
  for (let n = 0; n < size; n++) {
    const own = n % every === 0 ? planted[n / every] : undefined;
    batch.push({ id: idOf(n), facts: own ?? madeUp(n, shape) });
    if (batch.length === 500) await write();
    if (n % 50_000 === 0) process.stderr.write(`\rmaking up ${n} of ${size} commits`);
  }
  await write();
  await writer.flush();
  // As after a whole history.
  await writer.compact();
  await writer.release();
  await store.close();
  process.stderr.write('\r');
}

async function lookUp(path: string, inputs: readonly MatchInput[]): Promise<void> {
  const store = await openSqliteStore({ path });
  const reader = (await PostingReader.open(store, postingsOf('made-up')))!;
  const history = new History({ source: 'made up', location: 'made-up' }, [], undefined, []);
  for (let n = 0; n < reader.size; n++) history.add({ id: idOf(n), parents: [], date: n, commitDate: n, author: 'nobody', subject: '', paths: [] });
  const index = (await StoredIndex.open(reader, history, new HistoryIndex(history, [])))!;
  const bytes = ['', '-wal'].reduce((sum, suffix) => sum + (statSync(path + suffix, { throwIfNoEntry: false })?.size ?? 0), 0);
  console.log(`\n${reader.size} made-up commits, ${(reader.postings / reader.size).toFixed(0)} postings each, ${reader.segments} segments, ${(bytes / 1e9).toFixed(2)} GB, ${Math.round(bytes / reader.size)} bytes a commit`);
  const at = (values: readonly number[], share: number): string => ([...values].sort((a, b) => a - b)[Math.floor((values.length - 1) * share)] ?? NaN).toFixed(2);
  for (const round of ['first', 'second']) {
    const times: number[] = [];
    const processor: number[] = [];
    let found = 0;
    for (const input of inputs) {
      const began = process.hrtime.bigint();
      const used = process.cpuUsage();
      // Everything but reading the diffs of the candidates from git: what is asked of the store, the votes, the order.
      let nominated: readonly string[] = [];
      await matchChanges([input], index, async (commits) => ((nominated = nominated.length > 0 ? nominated : commits.map(({ patchId }) => patchId ?? '')), commits.map(() => undefined)), neverCancelled);
      const { user, system } = process.cpuUsage(used);
      times.push(Number(process.hrtime.bigint() - began) / 1e6);
      processor.push((user + system) / 1e3);
      const { patchId, content } = input.identity!;
      const [byContent] = await index.byContent(content === undefined ? [] : [content]);
      if ((patchId !== undefined && nominated.includes(patchId)) || (byContent?.length ?? 0) > 0) found++;
    }
    const lines = inputs.map(({ identity }) => identity!.lines.length);
    if (round === 'first') console.log(`${inputs.length} changes looked up one at a time, ${found} of them found again; lines a change: median ${at(lines, 0.5)}, 95 % within ${at(lines, 0.95)}`);
    console.log(`${round} time: milliseconds a change: median ${at(times, 0.5)}, 95th percentile ${at(times, 0.95)}, most ${at(times, 1)}; of processor: ${at(processor, 0.5)}, ${at(processor, 0.95)}, ${at(processor, 1)}`);
  }
  await store.close();
}

function changesOf(texts: Iterable<Uint8Array>): MatchInput[] {
  const inputs: MatchInput[] = [];
  for (const bytes of texts) {
    const patch = parsePatch(bytes);
    for (const change of patch.changes) {
      const identity = identifyChange(patch, change);
      if (identity.lines.length > 0) inputs.push({ patch, change, identity, claims: { claims: [], references: [] } });
    }
  }
  return inputs;
}

function* patchesOf(repository: string | undefined): Generator<Uint8Array> {
  if (patchFolder !== undefined) {
    for (const name of readdirSync(patchFolder, { recursive: true }).map(String).sort()) if (name.endsWith('.patch')) yield readFileSync(join(patchFolder, name));
    return;
  }
  if (repository === undefined) return;
  const text = spawnSync('git', ['-C', repository, 'log', '--no-merges', '-300', '-p', '--format=commit %H'], { maxBuffer: 1 << 30 }).stdout;
  for (const diff of text.toString('latin1').split(/^commit [0-9a-f]{40}\n/m)) yield Buffer.from(diff, 'latin1');
}

let shape: Shape | undefined;
for (const repository of repositories) shape = await indexRepository(repository);
if (like !== undefined) {
  const store = await openSqliteStore({ path: join(like, 'store.sqlite') });
  shape = await shapeOf(store, like);
  await store.close();
}
const path = join(folder, 'made-up.sqlite');
const kept = join(folder, 'patches.json');
if (shape !== undefined) {
  const texts = [...patchesOf(repositories.at(-1))];
  writeFileSync(kept, JSON.stringify(texts.map((text) => Buffer.from(text).toString('base64'))));
  console.log(`\nthe shape of ${shape.name}: ${(shape.lines.reduce((a, b) => a + b, 0) / shape.lines.length).toFixed(0)} lines and ${(shape.hunks.reduce((a, b) => a + b, 0) / shape.hunks.length).toFixed(0)} hunks a commit, ${(shape.common * 100).toFixed(0)} % of the lines in several commits`);
  await makeUp(path, shape, changesOf(texts).map(({ identity }) => identity!));
}
if (existsSync(path)) await lookUp(path, changesOf((JSON.parse(readFileSync(kept, 'utf8')) as string[]).map((text) => Buffer.from(text, 'base64'))));
