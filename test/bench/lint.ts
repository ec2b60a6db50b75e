/**
 * Specs linted per second, evaluation included: `npm run bench:lint [-- FOLDER]`. The command itself is run, with one thread and with one a core, on the
 * same specs, twice each; the better run counts. Start of the process included, since that is what a person waits for.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { corpus, root } from '../support/root.js';

const folder = process.argv[2] ?? (corpus === undefined ? undefined : join(corpus, 'specs'));
if (folder === undefined) {
  console.log('left out: no corpus of real specs (SPECTRAIL_CORPUS names one)');
  process.exit(0);
}
let counted = 0;
const copy = mkdtempSync(join(tmpdir(), 'spectrail-bench-'));
try {
  cpSync(folder, copy, { recursive: true });
  const specs = readdirSync(copy, { recursive: true }).filter((name) => String(name).endsWith('.spec')).length;
  const program = join(root, 'server/dist/spectrail.mjs');
  const start = run(['--version']);
  console.log(`${specs} specs; the process alone takes ${(start.wall * 1000).toFixed(0)} ms`);
  for (const jobs of [1, availableParallelism()]) {
    const { wall, processor } = run(['lint', '--jobs', String(jobs), '--format', 'json', '--output', join(tmpdir(), 'spectrail-bench.json'), copy]);
    console.log(`${jobs} thread${jobs === 1 ? ' ' : 's'}: ${(specs / wall).toFixed(0)} specs/s by the clock (${wall.toFixed(2)} s), ${(specs / processor).toFixed(0)} specs/s of processor time (${processor.toFixed(2)} s)`);
  }

  function run(args: readonly string[]): { readonly wall: number; readonly processor: number } {
    const runs = [0, 1].map(() => {
      const began = performance.now();
      const { status, stderr } = spawnSync(process.execPath, [program, ...args], { cwd: copy, encoding: 'utf8', maxBuffer: 1 << 28 });
      if (status !== 0 && status !== 1) throw new Error(`status ${status}: ${stderr.slice(0, 2000)}`);
      return { wall: (performance.now() - began) / 1000, processor: childSeconds() };
    });
    return runs.reduce((best, one) => (one.wall < best.wall ? one : best));
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** Processor seconds of children since the last call, from the kernel's accounts. */
function childSeconds(): number {
  const { stdout } = spawnSync('sh', ['-c', 'cat /proc/$PPID/stat'], { encoding: 'utf8' });
  const fields = stdout.slice(stdout.lastIndexOf(')') + 2).split(' ');
  // cutime and cstime, in clock ticks, of which Linux has 100 a second everywhere.
  const all = (Number(fields[13]) + Number(fields[14])) / 100;
  const seconds = all - counted;
  counted = all;
  return seconds;
}
