/**
 * What a process costs that is started for one spec: `npm run bench:cold [-- COUNT]`. `spectrail rpmspec -P`, as it is
 * packed, on COUNT real specs (40), evenly chosen, each beside a Node that does nothing; the least of several runs in turn,
 * by the clock. The limit is twice the empty Node.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { corpusFolder } from './judge.js';

const corpus = corpusFolder();
if (corpus === undefined) {
  console.error('No corpus: name its folder in SPECTRAIL_CORPUS.');
  process.exit(2);
}
const count = Number(process.argv[2] ?? 40);
const rounds = 7;
const program = join(import.meta.dirname, '../../../server/dist/spectrail.mjs');
const all = readdirSync(join(corpus, 'specs'), { recursive: true })
  .map((name) => join(corpus, 'specs', String(name)))
  .filter((path) => path.endsWith('.spec'))
  .sort();
const specs = Array.from({ length: count }, (_, i) => all[Math.floor(((i + 0.5) / count) * all.length)]!);

function run(args: readonly string[]): number {
  const start = performance.now();
  spawnSync(process.execPath, args, { stdio: 'ignore' });
  return performance.now() - start;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
/** With and without a command for the shell: the shell is loaded for the first. */
const groups = { 'no shell command': [] as number[], 'with %(...)': [] as number[] };
const empties: number[] = [];
let worst = { path: '', times: 0 };
for (const path of specs) {
  let [empty, own] = [Infinity, Infinity];
  for (let round = 0; round < rounds; round++) {
    empty = Math.min(empty, run(['-e', '0']));
    own = Math.min(own, run([program, 'rpmspec', '-P', path]));
  }
  empties.push(empty);
  const times = own / empty;
  groups[/%\(/.test(readFileSync(path, 'latin1')) ? 'with %(...)' : 'no shell command'].push(times);
  if (times > worst.times) worst = { path, times };
}
console.log(`node -e 0: ${median(empties).toFixed(1)} ms; spectrail rpmspec -P takes, in times of that (limit 2):`);
for (const [name, times] of Object.entries({ ...groups, all: Object.values(groups).flat() })) {
  if (times.length === 0) continue;
  const sorted = times.toSorted((a, b) => a - b);
  console.log(`  ${name.padEnd(17)} ${String(times.length).padStart(4)} specs: median ${median(times).toFixed(2)}, 95 % ${sorted[Math.floor(sorted.length * 0.95)]!.toFixed(2)}, within the limit ${((100 * times.filter((value) => value <= 2).length) / times.length).toFixed(0)} %`);
}
console.log(`  most: ${worst.times.toFixed(2)}, ${worst.path.slice(corpus.length + 1)}`);
