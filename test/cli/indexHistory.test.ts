import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { index } from '#server/cli/commands/indexHistory.js';
import { trace } from '#server/cli/commands/trace.js';
import { type Cancellation, CancelledError, type Git, HostError, type Store, neverCancelled, silentLog } from '#server/core/host.js';
import { MemoryStore, indexHistory, indexedRepositories, parseLocation } from '#server/core/patches/index.js';
import { SharedCancellation, createNodeHost, systemClock } from '#server/node/index.js';
import { storeWith } from '../support/storeWith.js';
import { temporaryFolder } from '../support/folder.js';
import { type GitServer, serveGit, skipWithoutGitServer } from '../support/gitServer.js';
import { buildRandomHistory } from '../support/randomHistory.js';
import { buildRepository } from '../support/repo.js';
import { root } from '../support/root.js';
import { type CommandRun, runCommand } from '../support/runCommand.js';
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

/** Runs the built program as a process of its own, since limits are a process's. */
function program(before: string, args: readonly string[], env: NodeJS.ProcessEnv, uid?: number) {
  const { status, stdout, stderr } = spawnSync('bash', ['-c', `${before}; exec "$@"`, 'bash', process.execPath, join(root, 'server/dist/spectrail.mjs'), ...args], { cwd: folder, env: { ...process.env, ...env }, encoding: 'utf8', ...(uid === undefined ? {} : { uid, gid: uid }) });
  return { status, out: stdout, err: stderr };
}

test('a full disk is said to be one; what was known stays, and the next run goes on', { skip: process.platform === 'win32' && 'left out: limits are set by a shell' }, async () => {
  const repository = buildRandomHistory(join(folder, 'crowded'), { commits: 600, seed: 3 });
  const limited = { SPECTRAIL_CACHE: join(folder, 'limited') };
  const whole = repository('rev-parse', 'main').toString().trim();
  repository('update-ref', 'refs/heads/main', 'main~500');
  assert.equal(program('true', ['index', 'add', 'crowded'], limited).status, 0);
  const known = program('true', ['index', 'status'], limited).out;
  repository('update-ref', 'refs/heads/main', whole);
  // A signal by default; ignored, the write fails as on a full disk.
  const full = program('trap "" XFSZ; ulimit -f 96', ['index', 'update'], limited);
  assert.equal(full.status, 2, full.out + full.err);
  assert.match(full.err, /the store .* cannot be used \(.*(full|I\/O).*\); free space/i);
  assert.doesNotMatch(full.err, /\.js:\d+|\.mjs:\d+/);
  assert.match(program('true', ['index', 'status'], limited).out, new RegExp(`${/: (\d+) commits/.exec(known)![1]} commits, .* has moved since`));
  assert.match(program('true', ['index', 'update'], limited).out, /commits are indexed/);
  assert.match(program('true', ['index', 'verify'], limited).out, /commits are sound/);
});

test('a cache that cannot be written is said to be one, and a trace goes on without it', { skip: process.getuid?.() !== 0 && 'left out: only root can become somebody who may not write' }, () => {
  const cache = join(folder, 'readonly');
  assert.equal(program('true', ['index', 'add', world.upstream], { SPECTRAIL_CACHE: cache }).status, 0);
  const nobody = 65534;
  if (program('true', ['--version'], {}, nobody).status !== 0) return;
  const env = { SPECTRAIL_CACHE: cache, HOME: folder };
  chmodSync(folder, 0o755);
  const added = program('true', ['index', 'add', world.upstream], env, nobody);
  assert.equal(added.status, 2);
  assert.match(added.err, /the store .* cannot be used .*permissions/);
  // What belongs to others is not read at all.
  const own = join(folder, 'own');
  cpSync(world.upstream, own, { recursive: true });
  assert.equal(spawnSync('chown', ['-R', String(nobody), own]).status, 0);
  const traced = program('true', ['trace', world.package, '--upstream', `up=${own}`], env, nobody);
  assert.match(traced.err, /the store .* cannot be used .*What is learned now is not kept/s);
  assert.match(traced.out, /3 same change/);
});

test('contents that are absent are left out and counted; once they are there, an update reads the rest', async () => {
  const source = buildRepository(join(folder, 'lacking'), Array.from({ length: 60 }, (_, i) => `commit Change ${i}\nfile f${i}.c\n    int v${i};`).join('\n'));
  const lacking = [7, 31].map((i) => source.git('rev-parse', `HEAD:f${i}.c`)).map((blob) => join(source.folder, '.git/objects', blob.slice(0, 2), blob.slice(2)));
  for (const path of lacking) renameSync(path, `${path}.away`);
  assert.match((await run('add', 'lacking')).out, /60 commits are indexed, 2 could not be read/);
  assert.match((await run('status')).out, /lacking: 60 commits, 2 of them unreadable/);
  writeFileSync(join(folder, 'lost.patch'), source.git('format-patch', '-1', '--stdout', source.commits.get('Change 30')!).replaceAll('Change 30', 'Masked'));
  const traced = await runCommand(trace, [join(folder, 'lost.patch'), '--upstream', `up=${source.folder}`], { cwd: folder, env });
  assert.match(traced.out, /1 same change/);
  for (const path of lacking) renameSync(`${path}.away`, path);
  assert.match((await run('update')).out, /lacking: 60 commits are indexed \(/);
  assert.match((await run('verify')).out, /lacking: 60 commits are sound/);
});

test('commits that a forced push took away are no origins any more; without branches nothing known is lost', async () => {
  const source = buildRepository(join(folder, 'forced'), ['commit First\nfile a.c\n    int a;', 'commit Second\nfile a.c\n    int a;\n    int unusual_counter = 77;'].join('\n'));
  writeFileSync(join(folder, 'second.patch'), source.git('format-patch', '-1', '--stdout', 'HEAD'));
  await run('add', 'forced');
  const origins = async (): Promise<string> => /origins +(.*)/.exec((await runCommand(trace, [join(folder, 'second.patch'), '--upstream', `up=${source.folder}`], { cwd: folder, env })).out)?.[1] ?? '';
  assert.equal(await origins(), '1 same change');
  const second = source.git('rev-parse', 'HEAD');
  source.git('reset', '-q', '--hard', 'HEAD~1');
  source.git('commit', '-q', '--allow-empty', '-m', 'Third');
  assert.equal(await origins(), '1 no origin');
  const third = source.git('rev-parse', 'HEAD');
  source.git('checkout', '-q', '--detach');
  source.git('branch', '-q', '-D', 'main');
  const gone = await run('update');
  assert.equal(gone.status, 2);
  assert.match(gone.err, /forced: the repository has no branch and no tag/);
  source.git('branch', 'main', third);
  source.git('branch', 'second', second);
  assert.match((await run('update')).out, /forced: 3 commits are indexed/);
  assert.equal(await origins(), '1 same change');
});

test('a server that cuts off costs nothing that is known', { skip: skipWithoutGitServer }, async () => {
  const served = buildRepository(join(folder, 'served/one'), 'commit One\nfile a.c\n    int a;');
  const server = await serveGit(join(folder, 'served'));
  const remote = { SPECTRAIL_CACHE: join(folder, 'remote') };
  const index_ = (...args: string[]) => runCommand(index, args, { cwd: folder, env: remote });
  try {
    const url = `${server.url}/one/.git`;
    assert.match((await index_('add', url)).out, /1 commits are indexed/);
    served.git('commit', '-q', '--allow-empty', '-m', 'Two');
    server.cutOffAfter = 100;
    const cut = await index_('update');
    assert.equal(cut.status, 2);
    assert.match(cut.err, /the server does not answer/);
    server.cutOffAfter = undefined;
    assert.match((await index_('status')).out, /1 commits, .*is up to date/);
    assert.match((await index_('update', '--offline')).out, /1 commits are indexed/);
    assert.match((await index_('update')).out, /2 commits are indexed/);
  } finally {
    await server.close();
  }
});

/** What a fetch that was stopped could leave behind in the copies of remote repositories. */
function leftovers(cache: string): string[] {
  return readdirSync(join(cache, 'repositories'), { recursive: true }).map(String).filter((name) => /\.lock$|\/tmp_|fetching/.test(name));
}

/** Waits for something to become true, for at most ten seconds. */
async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; !holds(); i++) {
    assert.ok(i < 200, 'it never came to be');
    await new Promise((done) => setTimeout(done, 50));
  }
}

/** A served repository whose first commits are indexed and whose later ones take a large pack. */
async function servedInParts(name: string): Promise<{ readonly server: GitServer; readonly cache: string; run(...args: string[]): Promise<CommandRun>; readonly url: string }> {
  const served = buildRandomHistory(join(folder, name, 'one'), { commits: 400, seed: 11 });
  const whole = served('rev-parse', 'main').toString().trim();
  served('update-ref', 'refs/heads/main', 'main~390');
  const server = await serveGit(join(folder, name));
  const cache = join(folder, `${name}-cache`);
  const run = (...args: string[]) => runCommand(index, args, { cwd: folder, env: { SPECTRAIL_CACHE: cache } });
  const url = `${server.url}/one`;
  assert.match((await run('add', url)).out, /commits are indexed/);
  served('update-ref', 'refs/heads/main', whole);
  return { server, cache, run, url };
}

/** Bytes that let the list of branches through and end in the middle of the pack. */
const midPack = 150_000;

test('a server that cuts off in the middle of a pack costs nothing that is known, and leaves nothing lying about', { skip: skipWithoutGitServer }, async () => {
  const { server, cache, run: index_ } = await servedInParts('cut');
  try {
    const before = (await index_('status')).out;
    server.cutOffAfter = midPack;
    const cut = await index_('update');
    assert.equal(cut.status, 2);
    assert.match(cut.err, /the server does not answer/);
    assert.equal((await index_('status')).out, before);
    assert.match((await index_('verify')).out, /commits are sound/);
    assert.deepEqual(leftovers(cache), []);
    server.cutOffAfter = undefined;
    assert.match((await index_('update')).out, /400 commits are indexed/);
    assert.match((await index_('verify')).out, /400 commits are sound/);
  } finally {
    await server.close();
  }
});

test('a server that stalls in the middle of a pack is given up, and the next update goes on', { skip: skipWithoutGitServer }, async () => {
  const { server, cache, run: index_, url } = await servedInParts('stalled');
  const host = createNodeHost({ log: silentLog, env: { PATH: process.env['PATH'], SPECTRAIL_CACHE: cache } });
  try {
    const before = (await index_('status')).out;
    server.stallAfter = midPack;
    const location = { name: 'one', location: url, kind: 'remote', branch: undefined } as const;
    const impatient: Git = { locate: (at) => host.git.locate(at), identity: (at) => host.git.identity(at), read: (...args) => host.git.read(...args), open: (at, options) => host.git.open(at, { ...options, silence: 1 }) };
    const update = (cancellation: Cancellation): Promise<unknown> => host.store().then((store) => indexHistory(impatient, store, location, { network: 'refresh', cancellation, clock: systemClock }));
    await assert.rejects(update(neverCancelled), (error: HostError) => error.code === 'repository-not-answering' && /no answer for 1 seconds/.test(error.message));
    assert.deepEqual(leftovers(cache), []);
    // Whoever does not want to wait that long may end it.
    const cancellation = new SharedCancellation();
    const ended = assert.rejects(update(cancellation), CancelledError);
    await until(() => leftovers(cache).some((name) => name.includes('tmp_')));
    cancellation.cancel();
    await ended;
    assert.deepEqual(leftovers(cache), []);
    assert.equal((await index_('status')).out, before);
    server.stallAfter = undefined;
    assert.match((await index_('update')).out, /400 commits are indexed/);
  } finally {
    await host.close();
    await server.close();
  }
});

test('what was killed in the middle of a fetch is cleared away by the next', { skip: skipWithoutGitServer }, async () => {
  const { server, cache, run: index_, url } = await servedInParts('killed');
  try {
    server.stallAfter = midPack;
    const child = spawn(process.execPath, [join(root, 'server/dist/spectrail.mjs'), 'index', 'update'], { env: { ...process.env, SPECTRAIL_CACHE: cache }, stdio: 'ignore' });
    await until(() => leftovers(cache).some((name) => name.includes('tmp_')));
    child.kill('SIGKILL');
    await once(child, 'close');
    // Its git goes with the server that it listens to, and does not tidy up either.
    await server.close();
    const copy = readdirSync(join(cache, 'repositories'))[0]!;
    for (const name of ['shallow.lock', 'packed-refs.lock', 'refs/heads/main.lock', 'objects/pack/tmp_pack_abcdef']) writeFileSync(join(cache, 'repositories', copy, name), '');
    const again = await serveGit(join(folder, 'killed'), Number(new URL(url).port));
    try {
      const { out, err } = await index_('update');
      assert.match(out, /400 commits are indexed/, err);
      assert.deepEqual(leftovers(cache), []);
    } finally {
      await again.close();
    }
  } finally {
    await server.close().catch(() => {});
  }
});

test('a disk that is full before the copy is whole is said to be full, and holds nothing of it', { skip: skipWithoutGitServer }, async (context) => {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk]).status !== 0) return context.skip('left out: no small disk can be mounted here');
  const { server, url } = await servedInParts('toobig');
  try {
    const { err, status } = await runCommand(index, ['add', url], { cwd: folder, env: { SPECTRAIL_CACHE: join(disk, 'cache') } });
    assert.equal(status, 2);
    assert.match(err, /the cache folder is full or cannot be written; set SPECTRAIL_CACHE to another folder/);
    assert.deepEqual(leftovers(join(disk, 'cache')), []);
  } finally {
    await server.close();
    spawnSync('umount', ['-l', disk]);
  }
});

test('locks of a fetch that is still under way are left alone', { skip: skipWithoutGitServer }, async () => {
  const { server, cache, run: index_ } = await servedInParts('busy');
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
  try {
    const copy = join(cache, 'repositories', readdirSync(join(cache, 'repositories'))[0]!);
    writeFileSync(join(copy, `spectrail-fetching-${other.pid}`), '');
    writeFileSync(join(copy, 'packed-refs.lock'), '');
    writeFileSync(join(copy, 'refs/heads/main.lock'), '');
    const { err, status } = await index_('update');
    assert.equal(status, 2);
    assert.match(err, /another process is fetching it.*try again/);
    assert.deepEqual(leftovers(cache).map((name) => basename(name)).sort(), ['main.lock', 'packed-refs.lock', `spectrail-fetching-${other.pid}`]);
  } finally {
    other.kill();
    await server.close();
  }
});

test('two programs that index one repository both end well', async () => {
  const repository = join(folder, 'crowded');
  const cache = join(folder, 'both');
  const start = async (): Promise<void> => {
    const child = spawn(process.execPath, [join(root, 'server/dist/spectrail.mjs'), 'index', 'add', repository], { env: { ...process.env, SPECTRAIL_CACHE: cache }, stdio: ['ignore', 'ignore', 'pipe'] });
    let err = '';
    child.stderr.on('data', (chunk) => (err += chunk));
    const [status] = (await once(child, 'close')) as [number];
    assert.equal(status, 0, err);
  };
  await Promise.all([start(), start(), start()]);
  const both = (...args: string[]) => runCommand(index, args, { cwd: folder, env: { SPECTRAIL_CACHE: cache } });
  await both('update');
  assert.match((await both('verify')).out, /commits are sound/);
  assert.match((await both('compact')).out, /compact/);
  assert.match((await both('verify')).out, /commits are sound/);
});
