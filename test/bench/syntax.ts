/**
 * How well and how fast specs are read as trees: `npm run bench:syntax [-- OPTIONS]`. Prints the parser's size, the time of fresh and of incremental
 * parses and of what is read from a tree on the largest spec of the corpus, and the share of specs without anything wrong in their
 * trees: of all, and of those that rpm accepts where rpmspec is installed.
 *
 * --failures    list the accepted specs whose trees have errors, with the first one
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SpecParser, foldingRanges, semanticTokens } from '#server/core/syntax/index.js';
import { decodeText } from '#server/core/text/index.js';
import { readParserBytes } from '#server/node/index.js';
import { root } from '../support/root.js';
import { corpusFolder, judge, judgeSetting, rpmspec } from './judge.js';

/** For `--check`: the share of specs without an error node that must hold, of those that rpm accepts where rpm is there. */
const leastWhole = 0.95;

const listsFailures = process.argv.includes('--failures');
const corpus = corpusFolder();
if (corpus === undefined) {
  console.error('No corpus: name its folder in SPECTRAIL_CORPUS.');
  process.exit(2);
}

const grammar = `${root}/grammars/rpmspec`;
const states = /^#define STATE_COUNT (\d+)$/m.exec(readFileSync(`${grammar}/src/parser.c`, 'utf8'))![1];
console.log(`parser        ${states} states, ${statSync(`${grammar}/tree-sitter-rpmspec.wasm`).size} bytes of WebAssembly`);

const started = performance.now();
const parser = await SpecParser.create(await readParserBytes());
console.log(`start         ${(performance.now() - started).toFixed(1)} ms to load the runtime and the grammar`);

const specs = readdirSync(join(corpus, 'specs'), { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.spec'))
  .sort()
  .map((name) => ({ name, text: decodeText(readFileSync(join(corpus, 'specs', name))).text }));
const largest = specs.reduce((a, b) => (b.text.length > a.text.length ? b : a));
for (const name of new Set([join('fedora', 'kernel.spec'), largest.name])) {
  const spec = specs.find((candidate) => candidate.name === name);
  if (spec !== undefined) benchSpec(spec.name, spec.text);
}
shares();

function benchSpec(name: string, text: string): void {
  console.log(`\n${name}, ${text.length} characters: median and 95th percentile of 40 runs, and the median of processor time`);
  report('fresh parse', () => parser.parse(text).release());
  const tree = parser.parse(text);
  tree.views;
  // A character typed at the start, in the middle, near the end: in the middle of a line each time.
  const places = [0.02, 0.5, 0.98].map((share) => text.indexOf('\n', Math.floor(text.length * share)) - 1);
  const edited = places.map((at) => `${text.slice(0, at)}x${text.slice(at)}`);
  report('typed character: parse', (run) => parser.parse(edited[run % 3]!, tree).release());
  report('typed character: parse, views', (run) => {
    const next = parser.parse(edited[run % 3]!, tree);
    next.views;
    next.release();
  });
  report('typed character: parse, views, tokens, folds, errors', (run) => {
    const next = parser.parse(edited[run % 3]!, tree);
    next.views;
    semanticTokens(next);
    foldingRanges(next);
    next.errors();
    next.release();
  });
  tree.release();
}

function report(what: string, work: (run: number) => void): void {
  const times: number[] = [];
  const processor: number[] = [];
  for (let run = 0; run < 43; run++) {
    const used = process.cpuUsage();
    const start = performance.now();
    work(run);
    const time = performance.now() - start;
    const { user, system } = process.cpuUsage(used);
    if (run < 3) continue;
    times.push(time);
    processor.push((user + system) / 1000);
  }
  const at = (list: number[], rank: number): string => `${list.sort((a, b) => a - b)[rank]!.toFixed(2).padStart(8)} ms`;
  console.log(`${what.padEnd(56)}${at(times, 20)} ${at(times, 37)} ${at(processor, 20)}`);
}

function shares(): void {
  const hasRpm = spawnSync(rpmspec, ['--version']).status === 0;
  const setting = hasRpm ? judgeSetting() : undefined;
  const all = { specs: 0, whole: 0 };
  const accepted = { specs: 0, whole: 0 };
  let time = 0;
  let characters = 0;
  const failures: string[] = [];
  for (const { name, text } of specs) {
    const start = performance.now();
    const tree = parser.parse(text);
    time += performance.now() - start;
    characters += text.length;
    const isWhole = !tree.hasError;
    all.specs++;
    if (isWhole) all.whole++;
    if (setting && judge(join(corpus!, 'specs', name), ['-P'], setting).accepted) {
      accepted.specs++;
      if (isWhole) accepted.whole++;
      else failures.push(`${name}: ${tree.errors()[0]!.message}`);
    }
    tree.release();
  }
  console.log(`\nall specs     ${share(all)} without an error, ${(characters / 1000 / time).toFixed(1)} million characters a second`);
  console.log(setting ? `rpm accepts   ${share(accepted)} without an error` : 'rpm accepts   left out: rpmspec is not installed');
  if (process.argv.includes('--check')) {
    const { specs: count, whole } = setting ? accepted : all;
    const holds = whole >= leastWhole * count;
    console.log(`check: ${((100 * whole) / count).toFixed(2)} % without an error (at least ${100 * leastWhole} %): ${holds ? 'holds' : 'does not hold'}`);
    if (!holds) process.exitCode = 1;
  }
  if (listsFailures) for (const failure of failures) console.log(`  ${failure}`);
}

function share({ specs: count, whole }: { specs: number; whole: number }): string {
  return `${whole} of ${count} (${((100 * whole) / count).toFixed(2)} %)`;
}
