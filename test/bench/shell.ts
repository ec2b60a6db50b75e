/**
 * How often the simulated shell says what a real one says: `npm run bench:shell [-- --failures] [FILTER...]`. The commands
 * are those that the specs of the corpus ask for in `%(...)` (and Lua's io.popen) while they are evaluated. Counted are
 * those to which a real `bash`, in an empty folder and with a clean environment, gives an answer that is not empty.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { neverCancelled } from '#server/core/host.js';
import { KnownAnswers, evaluateWithAnswers } from '#server/core/spec/index.js';
import { decodeText } from '#server/core/text/index.js';
import { createSimulatedShell, loadLua } from '#server/node/index.js';
import { corpusFolder, isHeldOut, judgeInputs, judgeSetting } from './judge.js';

const options = process.argv.slice(2);
const filters = options.filter((option) => !option.startsWith('--'));
const corpus = corpusFolder();
if (corpus === undefined) {
  console.error('No corpus: name its folder in SPECTRAIL_CORPUS.');
  process.exit(2);
}
const setting = judgeSetting();
const inputs = { ...judgeInputs(setting), lua: await loadLua() };
const shell = createSimulatedShell({ arch: inputs.target.arch, wordSize: 64, processors: inputs.processors ?? 1, folders: [`${inputs.configFolder}/macros.d`] });
const specs = readdirSync(join(corpus, 'specs'), { recursive: true })
  .map(String)
  .filter((name) => name.endsWith('.spec') && filters.every((filter) => name.includes(filter)))
  .sort();

/** The real answer goes on into the evaluation, so that what follows from it is asked as rpm would. */
function real(command: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'spectrail-shell-'));
  try {
    return spawnSync('bash', ['-c', command], { cwd: folder, env: { ...setting.environment, HOME: folder }, encoding: 'latin1', stdio: ['ignore', 'pipe', 'ignore'], timeout: 10_000 }).stdout ?? '';
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const groups = { 'worked on': { answered: 0, equal: 0, asked: 0 }, 'held out': { answered: 0, equal: 0, asked: 0 } };
const failures: string[] = [];
for (const name of specs) {
  const path = join(corpus, 'specs', name);
  const isHeld = isHeldOut(name);
  const group = groups[isHeld ? 'held out' : 'worked on'];
  await evaluateWithAnswers(decodeText(readFileSync(path)).text, { ...inputs, specName: path }, new KnownAnswers(), {
    async shell(command) {
      const theirs = real(command);
      group.asked++;
      if (theirs.trim() !== '') {
        const ours = (await shell(command, neverCancelled)).output;
        group.answered++;
        if (ours.trimEnd() === theirs.trimEnd()) group.equal++;
        else if (!isHeld) failures.push(`${name}: ${JSON.stringify(command.slice(0, 200))}\n    ours ${JSON.stringify(ours.slice(0, 100))}\n    real ${JSON.stringify(theirs.slice(0, 100))}`);
      }
      return theirs;
    },
  });
}

if (options.includes('--failures')) for (const failure of failures) console.log(failure);
for (const [label, { answered, equal, asked }] of Object.entries(groups)) if (asked > 0) console.log(`${label}: ${asked} commands asked, a real shell answers ${answered}, of which ${equal} (${((100 * equal) / answered).toFixed(1)} %) the simulated one answers alike`);
