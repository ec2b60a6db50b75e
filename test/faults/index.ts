/**
 * Kills indexing and updating, with SIGKILL, at 200 random moments and before and after the first, a middle and the last
 * write of every kind, and lets the next run finish: the index must then be that of an undisturbed run, to the last byte of
 * facts and the last posting. `npm run faults [-- KILLS]`; a small version of it is among the tests.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KilledIndexing, killAtEveryKindOfWrite, killAtRandom } from '../support/killIndexing.js';

const wanted = Number(process.argv[2] ?? 200);
const folder = mkdtempSync(join(tmpdir(), 'spectrail-faults-'));
try {
  const indexing = new KilledIndexing(folder, 900);
  await indexing.begin();
  console.log(`undisturbed: ${indexing.durations.map((each) => `${each.toFixed(0)} ms`).join(', ')}; writes: ${indexing.writes.map((writes) => [...writes].map(([kind, count]) => `${count} ${kind}`).join(', ')).join('; ')}`);
  const atWrites = await killAtEveryKindOfWrite(indexing, (count) => [...new Set([1, Math.ceil(count / 2), count])]);
  console.log(`${atWrites} kills at writes of every kind: every index ended as an undisturbed one`);
  const finished = await killAtRandom(indexing, wanted, Math.random, (kills) => {
    if (kills % 20 === 0) console.log(`${kills} kills at random moments`);
  });
  console.log(`${wanted} kills at random moments, ${finished} indexes finished after them: every one as an undisturbed one`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
