/**
 * Holds the macro engine against every rpm at hand: `npm run bench:macros [-- COUNT [SEED]]`. The texts are those of
 * corners.ts and COUNT generated ones (10,000 unless given) for each version. Prints how many differ, with the first of
 * them, how long both took, how often each builtin, operator and message was reached, and how much of core/macros.
 */
import { Session } from 'node:inspector';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { corners } from '../core/macros/corners.js';
import { Generator, random } from '../core/macros/generate.js';
import { builtRpms, differences, expandAll, judgeAll, macroFiles, noJudge, otherWays, reachedBuiltins, reachedCodes, systemRpm } from '../core/macros/judge.js';
import { isKnown } from '../core/macros/knownDifferences.js';

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

const operators = ['+', '-', '*', '/', '==', '!=', '<', '<=', '>', '>=', '&&', '||', '!', '?', '(', 'v"', 'lua:'] as const;
const reachedOperators = new Map<string, number>(operators.map((operator) => [operator, 0]));
const fixed = corners(macroFiles());
let different = 0;
for (const judge of judges) {
  const generator = new Generator(random(seed), { rpmVersion: judge.version, macroFiles: macroFiles() });
  const texts = [...fixed, ...Array.from({ length: count }, () => generator.text())];
  for (const text of texts) {
    const expression = /%(?:\[|\{expr:)([^]*)/.exec(text)?.[1] ?? '';
    for (const operator of operators) if (expression.includes(operator)) reachedOperators.set(operator, reachedOperators.get(operator)! + 1);
  }
  const start = performance.now();
  const theirs = judgeAll(judge, texts);
  const middle = performance.now();
  const ours = expandAll(judge, texts, theirs);
  const end = performance.now();
  const wrong = texts.flatMap((text, i) => (isDeepStrictEqual(ours[i], theirs[i]) || isKnown(text, judge.version) ? [] : [i]));
  const known = texts.filter((text, i) => !isDeepStrictEqual(ours[i], theirs[i]) && isKnown(text, judge.version)).length;
  const crashed = theirs.filter((outcome) => outcome.crashed).length;
  different += wrong.length;
  console.log(`rpm ${judge.version}: ${wrong.length} of ${texts.length} texts differ, ${known} more for a cause that is known (${theirs.filter(({ failed }) => failed).length} are errors, ${crashed} crash rpm); rpm ${Math.round(middle - start)} ms, ours ${Math.round(end - middle)} ms`);
  for (const i of wrong.slice(0, 10)) console.log(`  ${JSON.stringify(texts[i])}\n    rpm  ${JSON.stringify(theirs[i])}\n    ours ${JSON.stringify(ours[i])}`);
  const talkative = differences(judge, fixed, true);
  different += talkative.length;
  console.log(`  with -v, which traces errors: ${talkative.length} of ${fixed.length} differ`);
  for (const { text, rpm, ours: own } of talkative.slice(0, 10)) console.log(`  ${JSON.stringify(text)}\n    rpm  ${JSON.stringify(rpm)}\n    ours ${JSON.stringify(own)}`);
  for (const complaint of otherWays(judge, texts.filter((_, i) => !theirs[i]!.crashed))) {
    different++;
    console.log(`  ${complaint}`);
  }
}

// Versions that no machine of today builds: what they give is not judged, only that all ways to it agree.
for (const version of ['4.11.3', '4.14.3']) {
  const generator = new Generator(random(seed), { rpmVersion: version, macroFiles: macroFiles() });
  const judge = { version, command: '', env: {}, configFolder: '/usr/lib/rpm' };
  const texts = [...fixed, ...Array.from({ length: Math.min(count, 2000) }, () => generator.text())];
  expandAll(judge, texts, texts.map(() => ({ out: '', err: '', failed: false, crashed: false })));
  // Errors of definitions fail nothing in 4.11, so that its ways tell different things.
  const complaints = version.startsWith('4.11') ? [] : otherWays(judge, texts);
  different += complaints.length;
  console.log(`rpm ${version}, not judged: ${texts.length} texts, ${complaints.length} differ from themselves by another way`);
  for (const complaint of complaints.slice(0, 10)) console.log(`  ${complaint}`);
}

const counts = (reached: ReadonlyMap<string, number>) => [...reached].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, times]) => `${name} ${times}`).join(', ');
const { builtins } = await import('#server/core/macros/builtins.js');
const unreached = {
  builtins: [...new Set(builtins.map(({ name }) => name))].filter((name) => !reachedBuiltins.has(name) && name !== 'trace'),
  operators: [...reachedOperators].flatMap(([name, times]) => (times === 0 ? [name] : [])),
  messages: messageCodes().filter((code) => !reachedCodes.has(code) && code !== 'limit'),
};
console.log(`builtins reached: ${counts(reachedBuiltins)}\noperators reached: ${counts(reachedOperators)}\nmessages reached: ${counts(reachedCodes)}`);
for (const [what, names] of Object.entries(unreached)) console.log(`${what} never reached: ${names.length === 0 ? 'none' : names.join(', ')}`);

/** The codes of all messages that the engine can give, as its text has them. `limit`, which rpm does not know, is tested by limits.test.ts. */
function messageCodes(): string[] {
  const folder = join(import.meta.dirname, '../../../server/out/core/macros');
  const found = new Set<string>();
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.js'))) {
    for (const [, code] of readFileSync(join(folder, name), 'utf8').matchAll(/this\.#(?:fail|refuse|message)\((?:'(?:error|warning|notice)', )?'([a-z-]+)',/g)) found.add(code!);
  }
  return [...found].sort();
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
    const missed = ranges.filter((range) => range.count === 0);
    branches += ranges.length;
    reached += ranges.length - missed.length;
    files.push(`  ${name.padEnd(16)} ${ranges.length - missed.length} of ${ranges.length}`);
    if (process.argv.includes('--missed')) {
      const source = readFileSync(new URL(url), 'utf8');
      for (const { startOffset, endOffset } of missed) files.push(`  ${name} ${source.slice(0, startOffset).split('\n').length}: ${JSON.stringify(source.slice(startOffset, Math.min(endOffset, startOffset + 100)))}`);
    }
  }
  console.log(`branches of core/macros reached: ${reached} of ${branches} (${((100 * reached) / branches).toFixed(1)} %)\n${files.sort().join('\n')}`);
});
process.exitCode = different === 0 ? 0 : 1;
