import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import type { GitRepository, RepositoryLocation } from '#server/core/host.js';
import { NodeGit, SharedCancellation } from '#server/node/index.js';
import { temporaryFolder } from '../support/folder.js';
import { buildRepository } from '../support/repo.js';

const folder = temporaryFolder('git');
const built = buildRepository(
  join(folder, 'project'),
  `
commit First
file a.c
    int a;
tag v1
commit Second
file a.c
    int a, b;
`,
);
const git = new NodeGit({ cache: join(folder, 'cache') });
const local = (path: string): RepositoryLocation => ({ location: path, kind: 'local' });

async function read(repository: GitRepository, args: readonly string[], using = git): Promise<string> {
  let text = '';
  for await (const chunk of using.read(repository, args)) text += Buffer.from(chunk).toString();
  return text;
}

const rejects = (work: Promise<unknown>, code: string, says: RegExp) => assert.rejects(work, (error: { code?: string; message: string }) => (assert.equal(error.code, code, error.message), assert.match(error.message, says), true));

test('a local repository is read, from its work tree or its git directory', async () => {
  for (const path of [built.folder, join(built.folder, '.git'), `file://${built.folder}`]) {
    const repository = await git.open(local(path), { network: 'never' });
    assert.equal((await read(repository, ['log', '--format=%s'])).trim(), 'Second\nFirst');
  }
});

test('its state changes when a branch moves or a tag comes, and is learned without starting git', async () => {
  const mine = buildRepository(join(folder, 'moving'), 'commit One');
  const counting = new NodeGit({ cache: join(folder, 'cache') });
  const states = [counting.locate(local(mine.folder))!.state];
  for (const step of [['tag', 'v2'], ['commit', '--allow-empty', '-qm', 'Two'], ['pack-refs', '--all'], ['branch', 'deep/er']]) {
    mine.git(...step);
    states.push(counting.locate(local(mine.folder))!.state);
  }
  assert.equal(new Set(states).size, states.length);
  assert.equal(counting.locate(local(mine.folder))!.state, states.at(-1));
  assert.equal(counting.spawned, 0);
});

test('what is missing or wrong has a code of its own', async () => {
  mkdirSync(join(folder, 'plain'));
  await rejects(git.open(local(join(folder, 'nowhere')), { network: 'never' }), 'repository-missing', /no such folder/);
  await rejects(git.open(local(join(folder, 'plain')), { network: 'never' }), 'repository-missing', /no git repository here/);
  const repository = await git.open(local(built.folder), { network: 'never' });
  await rejects(read(repository, ['rev-list', '--end-of-options', 'nobranch']), 'bad-ref', /no branch or tag/);
  const without = new NodeGit({ cache: folder, env: { PATH: join(folder, 'plain') } });
  await rejects(without.open(local(built.folder), { network: 'never' }), 'git-missing', /install it/);
  await rejects(git.open({ location: 'https://example.org/x.git', kind: 'remote' }, { network: 'never' }), 'not-fetched', /without --offline/);
});

test('an old git is refused by its version', { skip: process.platform === 'win32' && 'left out: needs a shell script as program' }, async () => {
  const program = join(folder, 'oldgit');
  writeFileSync(program, '#!/bin/sh\necho git version 2.11.0\n');
  chmodSync(program, 0o755);
  await rejects(new NodeGit({ cache: folder, program }).open(local(built.folder), { network: 'never' }), 'git-too-old', /2\.29/);
});

test('locations that git would take for options or commands never reach it', async () => {
  const counting = new NodeGit({ cache: join(folder, 'cache') });
  const bad: RepositoryLocation[] = [
    { location: '--upload-pack=touch pwned', kind: 'local' },
    { location: 'ext::sh -c touch% pwned', kind: 'remote' },
    { location: '--upload-pack=touch pwned', kind: 'remote' },
    { location: 'ssh://-oProxyCommand=touch pwned/x', kind: 'remote' },
    { location: '-oProxyCommand=x:y', kind: 'remote' },
    { location: 'git://example.org/x', kind: 'remote' },
  ];
  for (const location of bad) await rejects(counting.open(location, { network: 'refresh' }), 'bad-location', /./);
  assert.equal(counting.spawned, 0);
});

test('a repository made to do harm runs nothing when it is read', async () => {
  const trap = buildRepository(join(folder, 'trap'), 'commit One\nfile a.c\n    int a;\ncommit Two\nfile a.c\n    int b;\nfile .gitattributes\n    *.c diff=evil filter=evil');
  const mark = join(folder, 'pwned');
  const command = `sh -c 'touch ${mark}'`;
  for (const [key, value] of Object.entries({ 'core.fsmonitor': command, 'core.pager': command, 'diff.external': command, 'diff.evil.command': command, 'diff.evil.textconv': command, 'filter.evil.smudge': command, 'log.showSignature': 'true', 'gpg.program': command, 'core.sshCommand': command, 'alias.log': `!${command}` })) trap.git('config', key, value);
  const hook = join(trap.folder, '.git/hooks/post-index-change');
  mkdirSync(join(trap.folder, '.git/hooks'), { recursive: true });
  writeFileSync(hook, `#!/bin/sh\n${command}\n`);
  chmodSync(hook, 0o755);
  const repository = await git.open(local(trap.folder), { network: 'never' });
  assert.match(await read(repository, ['log', '-p', '--no-ext-diff', '--no-textconv']), /\+int b;/);
  assert.equal(existsSync(mark), false);
});

test('a partial clone fetches nothing behind our back', async () => {
  const origin = buildRepository(join(folder, 'origin'), 'commit One\nfile a.c\n    int a;');
  origin.git('config', 'uploadpack.allowFilter', 'true');
  const clone = buildRepository(join(folder, 'clone-home'), 'commit Empty');
  clone.git('clone', '-q', '--bare', '--filter=blob:none', `file://${origin.folder}`, join(folder, 'partial'));
  clone.git('--git-dir', join(folder, 'partial'), 'config', 'protocol.file.allow', 'always');
  const repository = await git.open(local(join(folder, 'partial')), { network: 'never' });
  await rejects(read(repository, ['cat-file', 'blob', 'main:a.c']), 'object-missing', /missing/);
});

test('a server that stalls is given up, and a cancelled fetch ends at once', async () => {
  const server = createServer(() => {});
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    const address = server.address() as { port: number };
    const location: RepositoryLocation = { location: `http://127.0.0.1:${address.port}/x.git`, kind: 'remote' };
    await rejects(git.open(location, { network: 'missing', silence: 0.3 }), 'repository-not-answering', /no answer for 0.3 seconds/);
    const cancellation = new SharedCancellation();
    setTimeout(() => new SharedCancellation(cancellation.buffer).cancel(), 200);
    const began = Date.now();
    await rejects(git.open(location, { network: 'missing', cancellation }), 'cancelled', /cancelled/);
    assert.ok(Date.now() - began < 5000);
  } finally {
    server.close();
    server.unref();
  }
});

test('a server that refuses is named', async () => {
  await rejects(git.open({ location: 'http://127.0.0.1:9/x.git', kind: 'remote' }, { network: 'missing' }), 'repository-not-answering', /127\.0\.0\.1:9.*does not answer/);
});

test('the user is who git says they are, and nobody where they never said', async () => {
  const home = join(folder, 'home');
  mkdirSync(home);
  const using = (env: Readonly<Record<string, string>>, program = 'git') => new NodeGit({ cache: join(folder, 'cache'), program, env: { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1', ...env } }).identity(home);
  assert.equal(await using({}), undefined);
  assert.equal(await using({ GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org' }), 'Ada <ada@example.org>');
  writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Jörg Ä\n\temail = j@example.org\n');
  assert.equal(await using({}), 'Jörg Ä <j@example.org>');
  assert.equal(await using({}, '/no/such/git'), undefined);
});
