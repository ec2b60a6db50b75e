/**
 * How well expansions agree with `rpmspec -P` over real specs: `npm run bench:expansion [-- OPTIONS] [FILTER...]`.
 * Prints how many specs rpm accepts, how often the verdicts agree, how many of the accepted ones agree byte for byte, and
 * the processor time both take. A fifth of the specs, chosen by a hash of their names, is reported apart and never listed.
 * The heap is laid out as the language server's analysis has it (--max-semi-space-size in the command, lsp/main.ts).
 * Both sides have the same programs: rpm runs where there are only those that the simulated shell knows (judge.ts).
 *
 * --check       fail below the least shares, on a difference that is not known, and on a known one that is none
 * --failures    list the specs that differ, with the first difference
 * --slow        list the slowest evaluations
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { neverCancelled } from '#server/core/host.js';
import { KnownAnswers, evaluate, evaluateWithAnswers } from '#server/core/spec/index.js';
import { type DecodedText, decodeText, encodeText } from '#server/core/text/index.js';
import { createSimulatedShell, loadLua } from '#server/node/index.js';
import { type Judgement, corpusFolder, isHeldOut, judge, judgeInputs, judgeSetting, judgesInClosedRoom } from './judge.js';
import { knownDifference } from './knownDifferences.js';

const options = process.argv.slice(2);
const filters = options.filter((option) => !option.startsWith('--'));
const corpus = corpusFolder();
if (corpus === undefined) {
  console.error('No corpus: name its folder in SPECTRAIL_CORPUS.');
  process.exit(2);
}
const specs = readdirSync(join(corpus, 'specs'), { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.spec') && filters.every((filter) => name.includes(filter)))
  .sort();
const setting = judgeSetting();
const inputs = { ...judgeInputs(setting), lua: await loadLua() };
const answers = new KnownAnswers();
const shell = createSimulatedShell({ arch: inputs.target.arch, wordSize: 64, processors: inputs.processors ?? 1, folders: [`${inputs.configFolder}/macros.d`] });

interface Tally {
  specs: number;
  accepted: number;
  verdicts: number;
  equal: number;
  /** Of those that differ: for a cause that is known and listed. */
  known: number;
  readonly times: number[];
  readonly ratios: number[];
}
const tally = (): Tally => ({ specs: 0, accepted: 0, verdicts: 0, equal: 0, known: 0, times: [], ratios: [] });
const open = tally();
const held = tally();
const failures: string[] = [];
/** Specs that differ and are not listed, and those that are listed and do not differ. */
const unknown: string[] = [];
const stale: string[] = [];
const slow: { name: string; time: number }[] = [];

// The first round, over all specs, asks for what shell commands print; its time is not counted, as an editor keeps the answers.
const judged: { readonly name: string; readonly path: string; readonly verdict: Judgement; readonly decoded: DecodedText }[] = [];
for (const name of specs) {
  const path = join(corpus, 'specs', name);
  const verdict = judge(path, ['-P'], setting);
  const decoded = decodeText(readFileSync(path));
  await evaluateWithAnswers(decoded.text, { ...inputs, specName: path }, answers, {
    async shell(command) {
      const { output, understood } = await shell(command, neverCancelled);
      // On a busy machine a command may run out of its time.
      return understood ? output : (await shell(command, neverCancelled)).output;
    },
  });
  judged.push({ name, path, verdict, decoded });
}

for (const { name, path, verdict, decoded } of judged) {
  const start = process.cpuUsage();
  const evaluation = evaluate(decoded.text, { ...inputs, answers, specName: path });
  const text = evaluation.expanded.text;
  const used = process.cpuUsage(start);
  const time = (used.user + used.system) / 1000;
  const isHeld = isHeldOut(name);
  const { accepted } = evaluation;
  const group = isHeld ? held : open;
  group.specs++;
  group.times.push(time);
  group.ratios.push(time / verdict.time);
  slow.push({ name, time });
  if (verdict.accepted) group.accepted++;
  let difference: string | undefined;
  if (accepted === verdict.accepted) group.verdicts++;
  else difference = `${verdict.accepted ? 'refused' : 'accepted'}, rpm does not: ${verdict.accepted ? (evaluation.problems.findLast(({ severity }) => severity === 'error')?.message ?? '?') : firstError(verdict.messages)}`;
  if (verdict.accepted && accepted) {
    const bytes = Buffer.from(encodeText({ text, encoding: decoded.encoding }));
    if (bytes.equals(verdict.output)) group.equal++;
    else difference = `differs: ${firstDifference(bytes.toString('latin1'), verdict.output.toString('latin1'))}`;
  }
  if (isHeld) continue;
  const known = knownDifference(name, inputs.target.rpmVersion);
  if (known !== undefined && difference === undefined && known.cause === 'Lua version') stale.push(name);
  if (difference === undefined) continue;
  if (known !== undefined) group.known++;
  else unknown.push(name);
  failures.push(`${name}: ${known === undefined ? '' : `(known: ${known.cause}) `}${difference}`);
}

function firstError(messages: string): string {
  return messages.split('\n').find((line) => line.startsWith('error')) ?? messages.trim().split('\n').at(-1)!;
}

function firstDifference(ours: string, theirs: string): string {
  const a = ours.split('\n');
  const b = theirs.split('\n');
  let line = 0;
  while (line < a.length && a[line] === b[line]) line++;
  return `line ${line + 1}\n    ours ${JSON.stringify(a[line]?.slice(0, 200))}\n    rpm  ${JSON.stringify(b[line]?.slice(0, 200))}`;
}

const share = (part: number, whole: number) => `${part} of ${whole} (${whole === 0 ? '-' : ((100 * part) / whole).toFixed(2)} %)`;
const quantile = (values: number[], q: number) => values.toSorted((x, y) => x - y)[Math.min(values.length - 1, Math.floor(values.length * q))] ?? 0;

if (options.includes('--failures')) for (const failure of failures) console.log(failure);
if (options.includes('--slow')) for (const { name, time } of slow.sort((x, y) => y.time - x.time).slice(0, 15)) console.log(`${time.toFixed(1).padStart(8)} ms ${name}`);
if (!judgesInClosedRoom) console.log('The judge sees the programs of this machine: specs that ask them differ.');
console.log(`rpm ${inputs.target.rpmVersion}`);
for (const [label, group] of [['worked on', open], ['held out', held]] as const) {
  if (group.specs === 0) continue;
  console.log(`${label}: ${group.specs} specs, rpmspec -P accepts ${share(group.accepted, group.specs)}`);
  console.log(`  same verdict      ${share(group.verdicts, group.specs)}`);
  console.log(`  same bytes        ${share(group.equal, group.accepted)}`);
  if (group === open) console.log(`  known differences ${group.known}, others ${unknown.length}`);
  console.log(`  time per spec     median ${quantile(group.times, 0.5).toFixed(2)} ms, 95 % ${quantile(group.times, 0.95).toFixed(2)} ms; of rpmspec's time: median ${(100 * quantile(group.ratios, 0.5)).toFixed(1)} %, 95 % ${(100 * quantile(group.ratios, 0.95)).toFixed(1)} %`);
}

/** What must hold at the least, for `--check`: shares of all specs with the same verdict, and of the accepted ones with the same bytes. */
const least = { verdicts: 0.995, bytes: 0.995 };
if (options.includes('--check')) {
  const specs = open.specs + held.specs;
  const accepted = open.accepted + held.accepted;
  const verdicts = (open.verdicts + held.verdicts) / specs;
  const bytes = (open.equal + held.equal) / accepted;
  const holds = verdicts >= least.verdicts && bytes >= least.bytes && unknown.length === 0 && stale.length === 0;
  console.log(`check: verdicts ${(100 * verdicts).toFixed(2)} % (at least ${100 * least.verdicts} %), bytes ${(100 * bytes).toFixed(2)} % (at least ${100 * least.bytes} %): ${holds ? 'holds' : 'does not hold'}`);
  for (const name of unknown) console.log(`  ${name} differs, and is not listed in knownDifferences.ts`);
  for (const name of stale) console.log(`  ${name} no longer differs: take it out of knownDifferences.ts`);
  if (!holds) process.exitCode = 1;
}
