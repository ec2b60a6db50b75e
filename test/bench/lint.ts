/**
 * Specs linted per second, evaluation included: `npm run bench:lint [-- [--runs N] [--peer COMMAND] [FOLDER]]`. The command itself is run, with
 * one thread and with one a core, on the same specs, in turn, and the start of the process counts, since that is what a person waits for.
 * Other programs on the machine take their share of the clock: the least of the runs is the nearest to what it takes, the median says how
 * far the others were from it. `--peer` runs another linter in the same turns, the folder as its last argument, and prints the ratio; what it
 * prints, finds and returns is not looked at.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { corpus, root } from '../support/root.js';

const { values, positionals } = parseArgs({ options: { runs: { type: 'string', default: '3' }, peer: { type: 'string' } }, allowPositionals: true });
const folder = positionals[0] ?? (corpus === undefined ? undefined : join(corpus, 'specs'));
if (folder === undefined) {
  console.log('left out: no corpus of real specs (SPECTRAIL_CORPUS names one)');
  process.exit(0);
}

/** Specs a second of the fastest native linter, on two quiet cores: the budget of the design where no peer runs beside. */
const budget = 909;

/** How much slower than that is too slow. */
const limit = 4;

interface Times {
  readonly wall: number;
  readonly processor: number;
}

interface Entrant {
  readonly name: string;
  run(): Times;
  readonly times: Times[];
}

let counted = 0;
const copy = mkdtempSync(join(tmpdir(), 'spectrail-bench-'));
try {
  cpSync(folder, copy, { recursive: true });
  const specs = readdirSync(copy, { recursive: true }).filter((name) => String(name).endsWith('.spec')).length;
  const program = join(root, 'server/dist/spectrail.mjs');
  const ours = (jobs: number): Entrant => ({ name: `${jobs} thread${jobs === 1 ? '' : 's'}`, times: [], run: () => timed(process.execPath, [program, 'lint', '--jobs', String(jobs), '--format', 'json', '--output', join(copy, '.findings.json'), copy], [0, 1]) });
  const entrants = [...new Set([1, availableParallelism()])].map(ours);
  const peer: Entrant | undefined = values.peer === undefined ? undefined : { name: 'peer', times: [], run: () => timed('sh', ['-c', `${values.peer} "$1"`, 'sh', copy], undefined) };
  if (peer !== undefined) entrants.push(peer);
  const start = timed(process.execPath, [program, '--version'], [0]);
  console.log(`${specs} specs, ${values.runs} runs of each in turn; the process alone takes ${(start.wall * 1000).toFixed(0)} ms\n`);
  for (let round = 0; round < Number(values.runs); round++) for (const { run, times } of entrants) times.push(run());

  console.log(row('', 'specs/s', '(median)', 'seconds', 'specs/s of cpu', 'cpu seconds', peer === undefined ? `${budget}/s is` : 'peer is'));
  for (const { name, times } of entrants) {
    const walls = times.map(({ wall }) => wall);
    const processors = times.map(({ processor }) => processor);
    const wall = Math.min(...walls);
    const processor = Math.min(...processors);
    // Pair by pair, so that a machine that was slow for both counts for neither.
    const ratio = peer === undefined ? budget / (specs / wall) : median(walls.map((one, round) => one / peer.times[round]!.wall));
    console.log(row(name, (specs / wall).toFixed(0), (specs / median(walls)).toFixed(0), wall.toFixed(2), (specs / processor).toFixed(0), processor.toFixed(2), name === 'peer' ? '' : `${ratio.toFixed(1)}x as fast${ratio > limit && name !== '1 thread' ? `: over ${limit}x` : ''}`));
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}

/** Runs a program to its end; `statuses` are those that mean that it did its work, any but "not found" where undefined. */
function timed(command: string, args: readonly string[], statuses: readonly number[] | undefined): Times {
  const began = performance.now();
  const { status, stderr, error } = spawnSync(command, args, { cwd: copy, encoding: 'utf8', maxBuffer: 1 << 28, stdio: ['ignore', 'ignore', 'pipe'] });
  const wall = (performance.now() - began) / 1000;
  if (error !== undefined) throw error;
  if (status === null || (statuses === undefined ? status >= 126 : !statuses.includes(status))) throw new Error(`${command} ended with status ${status}: ${stderr.slice(0, 2000)}`);
  return { wall, processor: childSeconds() };
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

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}

function row(...cells: readonly string[]): string {
  const widths = [10, 8, 9, 8, 15, 12, 24];
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' ').trimEnd();
}
