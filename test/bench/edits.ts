/**
 * What one typed character costs in real specs: `npm run bench:edits`. For each of 150 places, evenly spread, a character
 * is inserted and the spec evaluated again from the evaluation before; processor time, since other work may be going on,
 * of a process that has done the same at other places before, as one that an editor is open in has.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type EvaluationInputs, evaluate } from '#server/core/spec/index.js';
import { defaultTarget, findTarget } from '#server/core/targets/index.js';
import { decodeText } from '#server/core/text/index.js';
import { loadLua } from '#server/node/index.js';
import { corpusFolder } from './judge.js';

const corpus = corpusFolder();
if (corpus === undefined) {
  console.error('No corpus: name its folder in SPECTRAIL_CORPUS.');
  process.exit(2);
}
const found = findTarget(defaultTarget);
if ('message' in found) throw new Error(found.message);
const inputs: EvaluationInputs = { target: found.target, specName: 'a.spec', lua: await loadLua() };

const processorTime = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};
const places = 150;

for (const file of ['specs/fedora/kernel.spec', 'specs/fedora/systemd.spec', 'specs/fedora/curl.spec']) {
  const { text } = decodeText(readFileSync(join(corpus, file)));
  evaluate(text, inputs);
  const start = processorTime();
  const evaluation = evaluate(`${text}\n`, inputs);
  void evaluation.problems;
  const fresh = processorTime() - start;
  const typedAt = (share: number) => {
    const at = Math.floor(share * text.length);
    const edited = `${text.slice(0, at)}x${text.slice(at)}\n`;
    // An editor's text is in one piece; one put together here would be copied when it is first read.
    void edited.indexOf('\0');
    const before = processorTime();
    void evaluate(edited, inputs, evaluation).problems;
    return processorTime() - before;
  };
  for (let i = 0; i < places; i++) typedAt(i / places);
  const times: number[] = [];
  for (let i = 0; i < places; i++) times.push(typedAt((i + 0.5) / places));
  times.sort((a, b) => a - b);
  console.log(`${file} (${Math.round(text.length / 1024)} KB): fresh ${fresh.toFixed(1)} ms, one character median ${times[places / 2]!.toFixed(2)} ms, 95 % ${times[Math.floor(places * 0.95)]!.toFixed(2)} ms`);
}
