import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Generator, random } from './generate.js';
import { type Judge, builtRpms, expandAll, judgeAll, systemRpm } from './judge.js';

const seed = Number(process.env['SPECTRAIL_SEED'] ?? 1);

function compare(judge: Judge, few: number): void {
  const count = Number(process.env['SPECTRAIL_CASES'] ?? few);
  const generator = new Generator(random(seed), { rpmVersion: judge.version });
  const texts = Array.from({ length: count }, () => generator.text());
  const theirs = judgeAll(judge, texts);
  const ours = expandAll(judge, texts, theirs);
  const different = texts.flatMap((text, i) => {
    try {
      assert.deepEqual(ours[i], theirs[i]);
      return [];
    } catch {
      return [{ text, rpm: theirs[i], ours: ours[i] }];
    }
  });
  assert.deepEqual(different.slice(0, 5), [], `${different.length} of ${count} texts differ from rpm ${judge.version} (seed ${seed})`);
}

test('generated texts give what rpm gives', { skip: systemRpm === undefined ? 'rpm is not installed' : false }, () => compare(systemRpm!, 800));
test('generated texts give what other versions give', { skip: builtRpms.length === 0 ? 'no rpm in /opt/rpm* or SPECTRAIL_RPMS' : false }, async (t) => {
  for (const judge of builtRpms) await t.test(`rpm ${judge.version}`, () => compare(judge, 120));
});
