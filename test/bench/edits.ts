/**
 * What one typed character costs in real specs: `npm run bench:edits`. For each of 150 places, evenly spread, a character
 * is inserted and the spec evaluated again from the evaluation before: time by the clock, and processor time (which counts
 * the collector's threads, and tells more where other work is going on), of a process that has done the same at other places before, as one that an editor is open in has.
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
    const [clock, before] = [performance.now(), processorTime()];
    void evaluate(edited, inputs, evaluation).problems;
    return { wall: performance.now() - clock, processor: processorTime() - before };
  };
  for (let i = 0; i < places; i++) typedAt(i / places);
  const times = Array.from({ length: places }, (_, i) => typedAt((i + 0.5) / places));
  const quantile = (of: 'wall' | 'processor', share: number) => times.map((time) => time[of]).sort((a, b) => a - b)[Math.floor(places * share)]!.toFixed(2);
  console.log(`${file} (${Math.round(text.length / 1024)} KB): fresh ${fresh.toFixed(1)} ms, one character median ${quantile('wall', 0.5)} ms, 95 % ${quantile('wall', 0.95)} ms; of processor: ${quantile('processor', 0.5)}, ${quantile('processor', 0.95)}`);
}
