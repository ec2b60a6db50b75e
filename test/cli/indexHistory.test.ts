import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { index } from '#server/cli/commands/indexHistory.js';
import { trace } from '#server/cli/commands/trace.js';
import { HostError, type Store, neverCancelled, silentLog } from '#server/core/host.js';
import { MemoryStore, indexHistory, indexedRepositories, parseLocation } from '#server/core/patches/index.js';
import { createNodeHost, systemClock } from '#server/node/index.js';
import { storeWith } from '../support/storeWith.js';
import { temporaryFolder } from '../support/folder.js';
import { buildRepository } from '../support/repo.js';
import { runCommand } from '../support/runCommand.js';
import { makeDemoWorld } from '../support/scripts.js';

const folder = temporaryFolder('index');
const world = makeDemoWorld(join(folder, 'world'));
const env = { SPECTRAIL_CACHE: join(folder, 'cache') };
const run = (...args: string[]) => runCommand(index, args, { cwd: folder, env });

test('a history is indexed once, listed, and what has come since is added', async () => {
  assert.equal((await run('status')).out, 'Nothing is indexed. Add a repository with: spectrail index add LOCATION\n');
  const repository = buildRepository(join(folder, 'moving'), 'commit One\nfile a.c\n    int a;\ncommit Two\nfile a.c\n    int b;');
  assert.match((await run('add', 'moving')).out, /moving: 2 commits are indexed \(/);
  assert.match((await run('status')).out, /moving: 2 commits, indexed \d{4}-\d\d-\d\d, is up to date\n/);
  repository.git('commit', '-q', '--allow-empty', '-m', 'Three');
  assert.match((await run('status')).out, /moving: 2 commits, .* has moved since\n/);
  assert.match((await run('update')).out, /moving: 3 commits are indexed/);
  assert.match((await run('status')).out, /moving: 3 commits, .* is up to date\n/);
});

test('tracing says the same with an index as without, and reads no diff for it but those it compares', async () => {
  const without = await runCommand(trace, [world.package, '--upstream', `up=${world.upstream}`, '--json'], { cwd: folder, env: { SPECTRAIL_CACHE: join(folder, 'fresh') } });
  await run('add', world.upstream);
  const indexed = await runCommand(trace, [world.package, '--upstream', `up=${world.upstream}`, '--json'], { cwd: folder, env });
  // Rarity is measured against the whole history where that is known, so that certainty is another.
  const said = (out: string): unknown => JSON.parse(out, (key, value: unknown) => (key === 'confidence' || key === 'found' ? undefined : value));
  assert.deepEqual(said(indexed.out), said(without.out));
  assert.ok(indexed.gits < without.gits, `${indexed.gits} git processes with an index, ${without.gits} without`);
});

test('what goes wrong is said, and the other repositories are indexed', async () => {
  const result = await run('add', 'nowhere', world.upstream);
  assert.equal(result.status, 2);
  assert.match(result.err, /nowhere: there is no such folder/);
  assert.match(result.out, /quillet: 13 commits are indexed/);
  for (const [args, says] of [[[], /add, update, status, verify or compact\?/], [['add'], /which repository\?/], [['sideways'], /'sideways' is none of/], [['add', 'ext::sh'], /transport command/], [['update', 'x'], /takes no location/], [['verify', 'x'], /takes no location/]] as const) {
    const wrong = await run(...args);
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, says);
  }
});

test('work that is broken off goes on where it was, and ends in the same index', async () => {
  const host = createNodeHost({ log: silentLog, env: { PATH: process.env['PATH'], ...env } });
  const many = buildRepository(join(folder, 'many'), Array.from({ length: 30 }, (_, i) => `commit Change ${i}\nfile f.c\n    int v${i};`).join('\n'));
  const { location } = parseLocation(many.folder);
  const contents = async (store: Store) => (await store.scan('commit-facts', '')).map(({ key, value }) => `${key} ${Buffer.from(value).toString('hex')}`);
  const options = { network: 'never' as const, cancellation: neverCancelled, clock: systemClock };
  const whole = new MemoryStore();
  await indexHistory(host.git, whole, location!, options);
  assert.equal((await contents(whole)).length, 30);

  const broken = new MemoryStore();
  // The first write fails as on a full disk, after what it should have written was lost.
  const failing = storeWith(broken, async () => {
    throw new HostError('store-unwritable', 'no space left');
  });
  await assert.rejects(indexHistory(host.git, failing, location!, options), { code: 'store-unwritable' });
  assert.deepEqual(await contents(broken), []);
  await broken.write((await whole.scan('commit-facts', '')).slice(0, 11).map(({ key, value }) => ({ table: 'commit-facts', key, value })));
  // A damaged entry is read again.
  const [first] = await broken.scan('commit-facts', '');
  await broken.write([{ table: 'commit-facts', key: first!.key, value: new Uint8Array([9, 9]) }]);
  await Promise.all([indexHistory(host.git, broken, location!, options), indexHistory(host.git, broken, location!, options)]);
  assert.deepEqual(await contents(broken), await contents(whole));
  assert.deepEqual((await indexedRepositories(broken)).map(({ commits }) => commits), [30]);
  await host.close();
});
