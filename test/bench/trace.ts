/**
 * How long tracing takes: `npm run bench:trace -- PACKAGE UPSTREAM`, a package's folder and the path of its upstream
 * repository. Prints, for one run: a first trace with nothing known, the same again, a trace with the whole history indexed,
 * the indexing beside what `git log -p` alone takes over the same commits, and what the store takes of a commit. Wall time is
 * beside processor time (ours and git's), since other work on the machine stretches the one and not the other.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../support/root.js';

const [packageFolder, upstream] = process.argv.slice(2);
if (packageFolder === undefined || upstream === undefined) {
  console.error('usage: npm run bench:trace -- PACKAGE UPSTREAM');
  process.exit(2);
}
const folder = mkdtempSync(join(tmpdir(), 'spectrail-bench-'));

/** Runs a program under the shell's `time`, which counts its children's processor time too. */
function measure(label: string, command: readonly string[], cache: string): { wall: number; processor: number; out: string } {
  const began = process.hrtime.bigint();
  const { stdout, stderr } = spawnSync('bash', ['-c', 'TIMEFORMAT="%U %S"; time "$@"', 'bash', ...command], { env: { ...process.env, SPECTRAIL_CACHE: join(folder, cache) }, encoding: 'utf8', maxBuffer: 1 << 28 });
  const wall = Number(process.hrtime.bigint() - began) / 1e9;
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  const processor = user + system;
  console.log(`${label.padEnd(44)} ${wall.toFixed(1).padStart(7)} s  ${processor.toFixed(1).padStart(7)} s of processor`);
  return { wall, processor, out: stdout };
}

const program = [process.execPath, join(root, 'server/dist/spectrail.mjs')];
const traced = [...program, 'trace', packageFolder, '--upstream', `upstream=${upstream}`];
try {
  measure('first trace, nothing known', traced, 'fresh');
  const again = measure('second trace', traced, 'fresh');
  const git = measure('git log -p over branches and tags', ['bash', '-c', 'git --git-dir="$1" log --branches --tags --remotes --no-merges -p -M --format=%H >/dev/null', 'bash', gitDirectory(upstream)], 'none');
  const indexing = measure('spectrail index add', [...program, 'index', 'add', upstream], 'indexed');
  measure('first trace, history indexed', traced, 'indexed');
  const commits = Number(/: (\d+) commits/.exec(indexing.out)?.[1] ?? 0);
  const bytes = ['', '-wal'].reduce((sum, suffix) => sum + (statSync(join(folder, 'indexed', `store.sqlite${suffix}`), { throwIfNoEntry: false })?.size ?? 0), 0);
  console.log(`indexing is ${(indexing.wall / git.wall).toFixed(2)} times git log -p (wall), ${(indexing.processor / git.processor).toFixed(2)} times (processor)`);
  console.log(`${commits} commits, ${Math.round(commits / indexing.wall)} a second, ${Math.round(bytes / commits)} bytes of store each`);
  console.log(again.out.split('\n').filter((line) => /^(origins|claims|searched)/.test(line)).join('\n'));
} finally {
  rmSync(folder, { recursive: true });
}

function gitDirectory(path: string): string {
  return execFileSync('git', ['-C', path, 'rev-parse', '--absolute-git-dir'], { encoding: 'utf8' }).trim();
}
