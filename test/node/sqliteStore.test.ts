import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Log, type Store, silentLog } from '#server/core/host.js';
import { MemoryStore } from '#server/core/patches/index.js';
import { openSqliteStore } from '#server/node/index.js';
import { temporaryFolder } from '../support/folder.js';
import { root } from '../support/root.js';

const folder = temporaryFolder('store');
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const text = (value: Uint8Array | undefined): string | undefined => (value === undefined ? undefined : new TextDecoder().decode(value));

async function keepsItsContract(store: Store): Promise<void> {
  assert.deepEqual(await store.get('t', ['a', 'b']), [undefined, undefined]);
  assert.equal(await store.write([{ table: 't', key: 'a', value: bytes('1') }, { table: 't', key: 'b%', value: bytes('') }, { table: 'u', key: 'a', value: bytes('other') }]), true);
  assert.deepEqual((await store.get('t', ['b%', 'x', 'a', 'a'])).map(text), ['', undefined, '1', '1']);
  assert.equal(await store.write([{ table: 't', key: 'a', value: bytes('2') }, { table: 't', key: 'c', value: bytes('3') }], [{ table: 't', key: 'a', value: bytes('9') }]), false);
  assert.deepEqual((await store.get('t', ['a', 'c'])).map(text), ['1', undefined], 'a refused write leaves nothing behind');
  assert.equal(await store.write([{ table: 't', key: 'a', value: undefined }], [{ table: 't', key: 'a', value: bytes('1') }, { table: 't', key: 'z', value: undefined }]), true);
  await store.write(['p/1', 'p/2', 'p/3', 'p0', 'q'].map((key) => ({ table: 's', key, value: bytes(key) })));
  assert.deepEqual((await store.scan('s', 'p/')).map(({ key }) => key), ['p/1', 'p/2', 'p/3']);
  assert.deepEqual((await store.scan('s', 'p/', { after: 'p/1', limit: 1 })).map(({ key, value }) => [key, text(value)]), [['p/2', 'p/2']]);
  assert.deepEqual(await store.scan('s', 'nothing'), []);
}

test('the file and its twin in memory keep the same contract', async () => {
  await keepsItsContract(new MemoryStore());
  const store = await openSqliteStore({ path: join(folder, 'contract/store.sqlite') });
  await keepsItsContract(store);
  await store.close();
});

test('what was written is there for the next run', async () => {
  const path = join(folder, 'again.sqlite');
  const first = await openSqliteStore({ path });
  await first.write([{ table: 't', key: 'k', value: bytes('kept') }]);
  await first.close();
  const second = await openSqliteStore({ path });
  assert.equal(text((await second.get('t', ['k']))[0]), 'kept');
  await second.close();
});

test('a damaged file is set aside with a message, and a new one begun', async () => {
  const path = join(folder, 'damaged/store.sqlite');
  mkdirSync(join(folder, 'damaged'));
  writeFileSync(path, 'this is no database, whatever its name says'.repeat(100));
  const warnings: string[] = [];
  const log: Log = { ...silentLog, warn: (message) => void warnings.push(message) };
  const store = await openSqliteStore({ path, log });
  await store.write([{ table: 't', key: 'k', value: bytes('v') }]);
  assert.equal(text((await store.get('t', ['k']))[0]), 'v');
  await store.close();
  assert.equal(warnings.length, 1);
  assert.match(warnings[0]!, /is damaged .* set aside as .*damaged-/);
  assert.ok(readdirSync(join(folder, 'damaged')).some((name) => name.includes('.damaged-')));
});

test('a store that another program holds is waited for, then named', async () => {
  const path = join(folder, 'locked.sqlite');
  const store = await openSqliteStore({ path, patience: 300 });
  const Driver = createRequire(import.meta.url)('libsql') as new (path: string) => { exec(sql: string): void; close(): void };
  const other = new Driver(path);
  other.exec('BEGIN IMMEDIATE');
  await assert.rejects(store.write([{ table: 't', key: 'k', value: bytes('v') }]), { code: 'store-locked', message: /another program holds the store/ });
  assert.deepEqual(await store.get('t', ['k']), [undefined], 'reading goes on');
  setTimeout(() => other.exec('COMMIT'), 100);
  assert.equal(await store.write([{ table: 't', key: 'k', value: bytes('v') }]), true);
  other.close();
  await store.close();
});

test('a store written by a newer version is left alone', async () => {
  const path = join(folder, 'newer.sqlite');
  const Driver = createRequire(import.meta.url)('libsql') as new (path: string) => { exec(sql: string): void; close(): void };
  const other = new Driver(path);
  other.exec('PRAGMA user_version = 99');
  other.close();
  await assert.rejects(openSqliteStore({ path }), { code: 'store-newer', message: /newer Spectrail/ });
});

test('a folder that cannot be written says so', async () => {
  // Root may write everywhere, so the folder's place is taken by a file instead.
  writeFileSync(join(folder, 'file'), '');
  await assert.rejects(openSqliteStore({ path: join(folder, 'file/store.sqlite') }), { code: 'store-unwritable', message: /SPECTRAIL_CACHE/ });
  if (process.platform === 'linux') await assert.rejects(openSqliteStore({ path: '/proc/spectrail/deep/store.sqlite' }), { code: 'store-unwritable', message: /SPECTRAIL_CACHE/ });
  const path = join(folder, 'readonly/store.sqlite');
  mkdirSync(join(folder, 'readonly'));
  if (process.getuid?.() === 0) return;
  chmodSync(join(folder, 'readonly'), 0o555);
  await assert.rejects(openSqliteStore({ path }), { code: 'store-unwritable' });
});

test('processes that write at once, one of them killed, lose nothing that was written', async () => {
  const path = join(folder, 'many.sqlite');
  const writer = `
    import { openSqliteStore } from ${JSON.stringify(join(root, 'server/out/node/index.js'))};
    const [path, name, count] = process.argv.slice(1);
    const store = await openSqliteStore({ path });
    for (let i = 0; i < Number(count); i++) {
      await store.write([{ table: 't', key: name + '/' + i, value: new Uint8Array([i]) }, { table: 'last', key: name, value: new Uint8Array([i]) }]);
      process.stdout.write(i + '\\n');
    }
    await store.close();`;
  const run = (name: string, count: number) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', writer, path, name, String(count)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    return { child, ended: new Promise<number>((done) => child.once('close', () => done(said.split('\n').length - 1))) };
  };
  const steady = [run('a', 60), run('b', 60)];
  const victim = run('victim', 100000);
  await sleep(400);
  victim.child.kill('SIGKILL');
  const confirmed = await victim.ended;
  for (const { ended } of steady) assert.equal(await ended, 60);
  const store = await openSqliteStore({ path });
  for (const name of ['a', 'b']) assert.equal((await store.scan('t', `${name}/`)).length, 60);
  const written = (await store.scan('t', 'victim/')).length;
  assert.ok(written >= confirmed, `${written} of ${confirmed}`);
  if (written > 0) assert.equal((await store.get('last', ['victim']))[0]![0], (written - 1) & 255, 'both entries of a write are there, or none');
  await store.close();
});
