import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryFolder } from '../support/folder.js';
import { KilledIndexing, killAtEveryKindOfWrite, killAtRandom } from '../support/killIndexing.js';
import { randomNumbers } from '../support/randomHistory.js';

const indexing = new KilledIndexing(temporaryFolder('killed'), 300);

test('indexing killed at any write, or at any moment, goes on and ends as if nothing had been', async () => {
  await indexing.begin();
  assert.ok((await killAtEveryKindOfWrite(indexing, (count) => [Math.ceil(count / 2)])) >= 10);
  const random = randomNumbers(Number(process.env['SPECTRAIL_SEED'] ?? 5) || 5);
  await killAtRandom(indexing, 6, () => random(1000) / 1000);
});

test('two that index one repository into one store, one of them killed, leave the same index', async () => {
  const path = indexing.newStore();
  for (let state = 0; state < indexing.states; state++) {
    indexing.moveTo(state);
    await Promise.all([indexing.run(path), indexing.run(path, indexing.durations[state]! / 2), indexing.run(path)]);
    assert.ok((await indexing.run(path)).isDone);
    await indexing.check(path, state, `state ${state}`);
  }
});
