/**
 * How well package models agree with `rpmspec -q` over real specs: `npm run bench:model [-- --failures] [FILTER...]`.
 * Names, versions, summaries, licences, descriptions, changelogs and every kind of dependency with its flags, of binary
 * and source packages; of the specs that `rpmspec -P` accepts.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { neverCancelled } from '#server/core/host.js';
import { KnownAnswers, evaluateWithAnswers, query } from '#server/core/spec/index.js';
import { decodeText, encodeText } from '#server/core/text/index.js';
import { createSimulatedShell, loadLua } from '#server/node/index.js';
import { corpusFolder, isHeldOut, judge, judgeInputs, judgeSetting } from './judge.js';

const options = process.argv.slice(2);
const filters = options.filter((option) => !option.startsWith('--'));
const corpus = corpusFolder();
if (corpus === undefined) {
  console.error('No corpus: name its folder in SPECTRAIL_CORPUS.');
  process.exit(2);
}

const arrays = ['REQUIRE', 'PROVIDE', 'CONFLICT', 'OBSOLETE', 'RECOMMEND', 'SUGGEST', 'SUPPLEMENT', 'ENHANCE', 'ORDER', 'TRIGGER'];
const format = `%{NAME}|%{EPOCH}|%{VERSION}|%{RELEASE}|%{ARCH}|%{SUMMARY}|%{LICENSE}|%{GROUP}|%{URL}|%{VENDOR}\\n%{DESCRIPTION}\\n${arrays.map((array) => `[${array} %{${array}NAME} %{${array}FLAGS} %{${array}VERSION}\\n]`).join('')}[%{CHANGELOGTIME} %{CHANGELOGNAME}\\n%{CHANGELOGTEXT}\\n][SOURCE %{SOURCE}\\n][PATCH %{PATCH}\\n]`;

const setting = judgeSetting();
const inputs = { ...judgeInputs(setting), lua: await loadLua() };
const answers = new KnownAnswers();
const shell = createSimulatedShell({ arch: inputs.target.arch, wordSize: 64, processors: inputs.processors ?? 1, folders: [`${inputs.configFolder}/macros.d`] });
const specs = readdirSync(join(corpus, 'specs'), { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.spec') && filters.every((filter) => name.includes(filter)))
  .sort();
const groups = { 'worked on': { specs: 0, equal: 0 }, 'held out': { specs: 0, equal: 0 } };
const failures: string[] = [];

for (const name of specs) {
  const path = join(corpus, 'specs', name);
  // A source package and its binary ones are asked for apart; only a spec that is read at all says something.
  const binary = judge(path, ['-q', '--qf', format], setting);
  if (!binary.accepted || binary.output.length === 0) continue;
  const source = judge(path, ['-q', '--srpm', '--qf', format], setting);
  const decoded = decodeText(readFileSync(path));
  const evaluation = await evaluateWithAnswers(decoded.text, { ...inputs, specName: path }, answers, { shell: async (command) => (await shell(command, neverCancelled)).output });
  const bytes = (of: 'rpms' | 'srpm') => Buffer.from(encodeText({ text: query(evaluation, { of, format }).text, encoding: decoded.encoding }));
  const isHeld = isHeldOut(name);
  const group = groups[isHeld ? 'held out' : 'worked on'];
  group.specs++;
  const ours = [bytes('rpms'), bytes('srpm')] as const;
  if (ours[0].equals(binary.output) && ours[1].equals(source.output)) group.equal++;
  else if (!isHeld) failures.push(`${name}: ${ours[0].equals(binary.output) ? `source package ${firstDifference(ours[1], source.output)}` : firstDifference(ours[0], binary.output)}`);
}

function firstDifference(ours: Buffer, theirs: Buffer): string {
  const a = ours.toString('latin1').split('\n');
  const b = theirs.toString('latin1').split('\n');
  let line = 0;
  while (line < a.length && a[line] === b[line]) line++;
  return `line ${line + 1}\n    ours ${JSON.stringify(a[line]?.slice(0, 200))}\n    rpm  ${JSON.stringify(b[line]?.slice(0, 200))}`;
}

if (options.includes('--failures')) for (const failure of failures) console.log(failure);
for (const [label, { specs: count, equal }] of Object.entries(groups)) if (count > 0) console.log(`${label}: ${equal} of ${count} models equal (${((100 * equal) / count).toFixed(2)} %)`);
