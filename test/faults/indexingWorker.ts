/**
 * Indexes one repository into one store and says `done`, for tests that kill it: `node indexingWorker.js STORE REPOSITORY
 * [KIND NTH before|after]`, which kills itself at the NTH write of a kind. Says each write's kind, a line each.
 */
import { writeSync } from 'node:fs';
import { type StoreChange, neverCancelled, silentLog } from '#server/core/host.js';
import { indexHistory, parseLocation } from '#server/core/patches/index.js';
import { createNodeHost, openSqliteStore, systemClock } from '#server/node/index.js';
import { storeWith } from '../support/storeWith.js';

const [path, repository, kind, nth, when] = process.argv.slice(2);
const host = createNodeHost({ log: silentLog, env: { PATH: process.env['PATH'], SPECTRAIL_CACHE: `${path}-cache` } });
const counts = new Map<string, number>();
const store = storeWith(await openSqliteStore({ path: path! }), async (changes, write) => {
  const its = kindOf(changes);
  const count = (counts.get(its) ?? 0) + 1;
  counts.set(its, count);
  const isIt = its === kind && count === Number(nth);
  if (isIt && when === 'before') process.kill(process.pid, 'SIGKILL');
  const isDone = await write();
  if (isIt) process.kill(process.pid, 'SIGKILL');
  writeSync(1, `${its}\n`);
  return isDone;
});
await indexHistory(host.git, store, parseLocation(repository!).location!, { network: 'never', cancellation: neverCancelled, clock: systemClock, segment: 4000 });
await store.close();
writeSync(1, 'done\n');

/** What a write is for. */
function kindOf(changes: readonly StoreChange[]): string {
  const [first] = changes;
  if (first === undefined) return 'nothing';
  if (first.table !== 'postings') return first.table;
  if (first.key.endsWith('/manifest')) return 'manifest';
  return first.value === undefined ? 'postings taken out' : 'postings';
}
