/**
 * How quickly the language server answers a person who types: `npm run bench:keystroke [-- [--edits N] [--runs N] [SPEC...]]`.
 * Drives the bundled server over its standard input and output on the corpus's kernel, systemd and curl specs (or those
 * given), all features on, and prints milliseconds beside the budgets of the design as ratios: start of the process to the
 * first diagnostics, keystroke to fresh diagnostics (median and 95th percentile), a burst of keys, hover. Every spec is opened
 * by several servers, those of the specs in turn, and each figure is the median of theirs: what the machine was busy with for a while
 * does not stand for all. `user` is the server's own processor time for a keystroke, which a busy machine stretches least.
 */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { decodeText } from '#server/core/text/index.js';
import { LspClient } from '../support/lspClient.js';
import { corpus } from '../support/root.js';

interface Budget {
  readonly keystroke: number;
  readonly hover: number;
  readonly cold: number;
}

/** The design's, in milliseconds; a spec's own by its name, the larger one for others. */
const budgets: Readonly<Record<string, number>> = { 'kernel.spec': 25, 'systemd.spec': 6, 'curl.spec': 6 };

const args = process.argv.slice(2);
const editsAt = args.indexOf('--edits');
const edits = editsAt < 0 ? 60 : Number(args.splice(editsAt, 2)[1]);
const runsAt = args.indexOf('--runs');
const runs = runsAt < 0 ? 3 : Number(args.splice(runsAt, 2)[1]);
const known = corpus === undefined ? [] : [join(corpus, 'specs/fedora/kernel.spec'), join(corpus, 'packages/systemd/SPECS/systemd.spec'), join(corpus, 'packages/curl/SPECS/curl.spec')];
const specs = args.length > 0 ? args : known.filter((path) => existsSync(path));
if (specs.length === 0) {
  console.error('No specs: give some, or name the corpus in SPECTRAIL_CORPUS.');
  process.exit(2);
}

/** How many times its budget a figure may be. */
const limit = 4;

console.log(`${edits} keys typed one by one at three places of each spec, in ${runs} servers; milliseconds, and their ratio to the budget; more than ${limit}x is too much\n`);
console.log(row('spec', 'size', 'cold start', 'key p50', 'key p95', 'user/key', 'burst of 10', 'hover p50'));
const measured = new Map<string, Figures[]>(specs.map((path) => [path, []]));
for (let run = 0; run < runs; run++) for (const path of specs) measured.get(path)!.push(await measure(path));
let over = 0;
for (const path of specs) console.log(shown(path, measured.get(path)!));
console.log(over === 0 ? `\nall within ${limit} times the budget` : `\n${over} figure${over === 1 ? '' : 's'} over ${limit} times the budget`);

interface Figures {
  readonly size: number;
  readonly cold: number;
  readonly keyMedian: number;
  readonly keyHigh: number;
  readonly user: number;
  readonly burst: number;
  readonly hover: number;
}

function shown(path: string, figures: readonly Figures[]): string {
  const budget: Budget = { keystroke: budgets[basename(path)] ?? 25, hover: 10, cold: 500 };
  const middle = (key: keyof Figures): number => quantile(figures.map((one) => one[key]), 0.5);
  const share = (value: number, of: number): string => {
    if (value / of > limit) over++;
    return `${value.toFixed(1)} (${(value / of).toFixed(1)}x)`;
  };
  const user = middle('user');
  return row(basename(path), `${Math.round(middle('size') / 1000)} kB`, share(middle('cold'), budget.cold), share(middle('keyMedian'), budget.keystroke), share(middle('keyHigh'), budget.keystroke), Number.isNaN(user) ? '?' : user.toFixed(1), middle('burst').toFixed(1), share(middle('hover'), budget.hover));
}

async function measure(path: string): Promise<Figures> {
  const { text } = decodeText(readFileSync(path));
  const uri = pathToFileURL(path).href;
  const started = performance.now();
  const client = await LspClient.start({ folder: dirname(path) });
  client.open(uri, text);
  await client.diagnostics(uri, 1);
  const cold = performance.now() - started;
  // The first keys warm the compiler up; a person who has just opened a file types into a server that has done so too.
  let version = 1;
  const lines = text.split('\n');
  const places = [lines.findIndex((line) => line.startsWith('%description')) + 1, lines.findIndex((line) => /^(BuildRequires|Requires)\b/.test(line)), lines.findIndex((line) => line.startsWith('%changelog')) + 2].filter((line) => line > 0 && line < lines.length);
  const type = async (line: number, letter: string): Promise<number> => {
    const character = lines[line]!.length;
    lines[line] += letter;
    const sent = performance.now();
    client.change(uri, ++version, [{ range: { start: { line, character }, end: { line, character } }, text: letter }]);
    await client.diagnostics(uri, version);
    return performance.now() - sent;
  };
  for (const place of places) for (let i = 0; i < 5; i++) await type(place, 'x');
  const times: number[] = [];
  const before = processorTime(client.process.pid!);
  for (const place of places) for (let i = 0; i < Math.ceil(edits / places.length); i++) times.push(await type(place, 'y'));
  const user = (processorTime(client.process.pid!) - before) / times.length;
  // Keys that come faster than they can be worked off must be taken together: the answer to the last is what counts.
  const [burstLine] = places as [number];
  const burstStart = performance.now();
  for (let i = 0; i < 10; i++) {
    const character = lines[burstLine]!.length;
    lines[burstLine] += 'z';
    client.change(uri, ++version, [{ range: { start: { line: burstLine, character }, end: { line: burstLine, character } }, text: 'z' }]);
  }
  await client.diagnostics(uri, version);
  const burst = performance.now() - burstStart;
  const hovers: number[] = [];
  const hoverLine = lines.findIndex((line) => /^Version\s*:/.test(line));
  for (let i = 0; i < 30; i++) {
    const asked = performance.now();
    await client.request('textDocument/hover', { textDocument: { uri }, position: { line: hoverLine, character: 2 } });
    hovers.push(performance.now() - asked);
  }
  await client.shutdown();
  return { size: text.length, cold, keyMedian: quantile(times, 0.5), keyHigh: quantile(times, 0.95), user, burst, hover: quantile(hovers, 0.5) };
}

function row(...cells: readonly string[]): string {
  const widths = [16, 8, 16, 14, 14, 9, 12, 14];
  return cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  ');
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}

/** Milliseconds the process has computed, by proc(5); NaN where there is no such thing. */
function processorTime(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return NaN;
  }
}
