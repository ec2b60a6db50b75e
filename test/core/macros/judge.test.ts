import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Generator, random } from './generate.js';
import { type Judge, builtRpms, differences, macroFiles, noJudge, systemRpm } from './judge.js';

const seed = Number(process.env['SPECTRAIL_SEED'] ?? 1);

/** `npm run bench:macros` does the same with tens of thousands. */
function compare(judge: Judge, count: number): void {
  const generator = new Generator(random(seed), { rpmVersion: judge.version, macroFiles: macroFiles() });
  const different = differences(judge, Array.from({ length: count }, () => generator.text()));
  assert.deepEqual(different.slice(0, 5), [], `${different.length} of ${count} texts differ from rpm ${judge.version} (seed ${seed})`);
}

test('generated texts give what rpm gives', { skip: systemRpm === undefined ? noJudge : false }, () => compare(systemRpm!, 400));
test('generated texts give what other versions give', { skip: builtRpms.length === 0 ? 'no rpm in /opt/rpm* or SPECTRAIL_RPMS, or no stdbuf' : false }, async (t) => {
  for (const judge of builtRpms) await t.test(`rpm ${judge.version}`, () => compare(judge, 60));
});
