/**
 * How quickly the language server answers a person who types: `npm run bench:keystroke [-- --edits N] [SPEC...]`.
 * Drives the bundled server over its standard input and output on the corpus's kernel, systemd and curl specs (or those
 * given), all features on, and prints milliseconds beside the budgets of the design as ratios: start of the process to the
 * first diagnostics, keystroke to fresh diagnostics (median and 95th percentile), a burst of keys, hover. `user` is the
 * server's own processor time for a keystroke, which a busy machine does not stretch.
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
const known = corpus === undefined ? [] : [join(corpus, 'specs/fedora/kernel.spec'), join(corpus, 'packages/systemd/SPECS/systemd.spec'), join(corpus, 'packages/curl/SPECS/curl.spec')];
const specs = args.length > 0 ? args : known.filter((path) => existsSync(path));
if (specs.length === 0) {
  console.error('No specs: give some, or name the corpus in SPECTRAIL_CORPUS.');
  process.exit(2);
}

console.log(`${edits} keys typed one by one at three places of each spec; milliseconds, and their ratio to the budget\n`);
console.log(row('spec', 'size', 'cold start', 'key p50', 'key p95', 'user/key', 'burst of 10', 'hover p50'));
for (const path of specs) console.log(await measure(path));

async function measure(path: string): Promise<string> {
  const { text } = decodeText(readFileSync(path));
  const budget: Budget = { keystroke: budgets[basename(path)] ?? 25, hover: 10, cold: 500 };
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
  const share = (value: number, of: number): string => `${value.toFixed(1)} (${(value / of).toFixed(1)}x)`;
  return row(basename(path), `${Math.round(text.length / 1000)} kB`, share(cold, budget.cold), share(quantile(times, 0.5), budget.keystroke), share(quantile(times, 0.95), budget.keystroke), Number.isNaN(user) ? '?' : user.toFixed(1), burst.toFixed(1), share(quantile(hovers, 0.5), budget.hover));
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
