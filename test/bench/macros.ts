/**
 * Holds the macro engine against every rpm at hand, with generated texts: `npm run bench:macros [-- COUNT [SEED]]`, COUNT
 * texts (10,000 unless given) for each version. Prints how many differ, with the first of them, how long both took, and
 * how much of core/macros the texts reached.
 */
import { Session } from 'node:inspector';
import { Generator, random } from '../core/macros/generate.js';
import { builtRpms, expandAll, judgeAll, macroFiles, noJudge, systemRpm } from '../core/macros/judge.js';
import { isDeepStrictEqual } from 'node:util';

const count = Number(process.argv[2] ?? 10_000);
const seed = Number(process.argv[3] ?? 1);
const judges = [...(systemRpm === undefined ? [] : [systemRpm]), ...builtRpms];
if (judges.length === 0) {
  console.error(`Nothing to compare with: ${noJudge}.`);
  process.exit(2);
}

const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });

let different = 0;
for (const judge of judges) {
  const generator = new Generator(random(seed), { rpmVersion: judge.version, macroFiles: macroFiles() });
  const texts = Array.from({ length: count }, () => generator.text());
  const start = performance.now();
  const theirs = judgeAll(judge, texts);
  const middle = performance.now();
  const ours = expandAll(judge, texts, theirs);
  const end = performance.now();
  const wrong = texts.flatMap((_, i) => (isDeepStrictEqual(ours[i], theirs[i]) ? [] : [i]));
  const crashed = theirs.filter((outcome) => outcome.crashed).length;
  different += wrong.length;
  console.log(`rpm ${judge.version}: ${wrong.length} of ${count} texts differ (${theirs.filter(({ failed }) => failed).length} are errors, ${crashed} crash rpm); rpm ${Math.round(middle - start)} ms, ours ${Math.round(end - middle)} ms`);
  for (const i of wrong.slice(0, 10)) console.log(`  ${JSON.stringify(texts[i])}\n    rpm  ${JSON.stringify(theirs[i])}\n    ours ${JSON.stringify(ours[i])}`);
}

session.post('Profiler.takePreciseCoverage', (error, coverage) => {
  if (error !== null) throw new Error(error.message);
  let branches = 0;
  let reached = 0;
  const files: string[] = [];
  for (const { url, functions } of coverage.result) {
    const name = /core\/macros\/([a-zA-Z]+)\.js$/.exec(url)?.[1];
    if (name === undefined || !url.includes('server/out')) continue;
    const ranges = functions.flatMap((one) => one.ranges);
    const hit = ranges.filter((range) => range.count > 0).length;
    branches += ranges.length;
    reached += hit;
    files.push(`  ${name.padEnd(16)} ${hit} of ${ranges.length}`);
  }
  console.log(`branches of core/macros reached: ${reached} of ${branches} (${((100 * reached) / branches).toFixed(1)} %)\n${files.sort().join('\n')}`);
});
process.exitCode = different === 0 ? 0 : 1;
