import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Generator, random } from './generate.js';
import { corners } from './corners.js';
import { type Judge, builtRpms, differences, macroFiles, noJudge, otherWays, systemRpm } from './judge.js';

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

test('all ways into the engine agree, for every version', async (t) => {
  for (const version of ['4.14.3', '4.16.1', '4.18.0', '4.20.1', '6.1.0']) {
    await t.test(`rpm ${version}`, () => {
      const generator = new Generator(random(seed), { rpmVersion: version, macroFiles: macroFiles() });
      const texts = [...corners(macroFiles()).filter((_, i) => i % 4 === 0), ...Array.from({ length: 100 }, () => generator.text())];
      assert.deepEqual(otherWays({ version, command: '', env: {}, configFolder: '/usr/lib/rpm' }, texts), []);
    });
  }
});

test('texts for every corner give what rpm gives', { skip: systemRpm === undefined ? noJudge : false }, () => {
  const different = differences(systemRpm!, corners(macroFiles()).filter((_, i) => i % 8 === 0));
  assert.deepEqual(different.slice(0, 5), [], `${different.length} texts differ from rpm ${systemRpm!.version}`);
});
