/** Repositories, addresses and branch names made to do harm: each is refused or bounded, and runs nothing. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, lchownSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import type { GitRepository, RepositoryLocation } from '#server/core/host.js';
import { headTask, refsTask } from '#server/core/patches/git/refsTask.js';
import { messagesTask } from '#server/core/patches/git/messagesTask.js';
import { surveyTask } from '#server/core/patches/git/surveyTask.js';
import { blobsTask, tipTask, treeTask } from '#server/core/patches/git/treeTasks.js';
import { logPatchTask, parseLocation } from '#server/core/patches/index.js';
import { NodeGit } from '#server/node/index.js';
import { gitIsAtLeast } from '../support/commands.js';
import { temporaryFolder } from '../support/folder.js';
import { type BuiltRepository, buildRepository, gitEnvironment } from '../support/repo.js';

const folder = temporaryFolder('hostile-git');
const git = new NodeGit({ cache: join(folder, 'cache') });
const local = (path: string): RepositoryLocation => ({ location: path, kind: 'local' });
const rejects = (work: Promise<unknown>, code: string, says: RegExp) => assert.rejects(work, (error: { code?: string; message: string }) => (assert.equal(error.code, code, error.message), assert.match(error.message, says), true));
const posix = { skip: process.platform === 'win32' && 'left out: needs the files of a POSIX system' };

/** Touched by whatever runs. */
const mark = join(folder, 'pwned');
const command = `touch ${mark}`;

async function drain(output: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of output) text += Buffer.from(chunk).toString();
  return text;
}

/** Everything that tracing asks of a repository; what a command says is not looked at. */
async function readEverything(repository: GitRepository, git: NodeGit): Promise<void> {
  const refs = await refsTask().parse(git.read(repository, refsTask().args)).catch(() => []);
  const commits = refs.map(({ commit }) => commit);
  for (const { args, input } of [headTask(), surveyTask({ names: true }), surveyTask({ names: false }), messagesTask(), logPatchTask({ revisions: commits }), logPatchTask({ commits }), ...commits.flatMap((commit) => [treeTask(commit), tipTask(commit)]), blobsTask(['0'.repeat(40), ...commits], 100)]) {
    await drain(git.read(repository, args, input === undefined ? {} : { input })).catch((error: { code?: string }) => assert.notEqual(error.code, undefined, String(error)));
  }
}

async function checkHarmless(repository: BuiltRepository | string, using: NodeGit = git): Promise<void> {
  rmSync(mark, { force: true });
  await readEverything(await using.open(local(typeof repository === 'string' ? repository : repository.folder), { network: 'never' }), using);
  assert.equal(existsSync(mark), false, 'something was run');
}

const two = 'commit One\nfile a.c\n    int a;\ncommit Two\nfile a.c\n    int b;\n';

for (const text of [
  '--upload-pack=touch pwned', '-utouch pwned', '-oProxyCommand=touch pwned', 'x=--upload-pack=touch pwned', 'x=-u touch',
  'ext::sh -c touch% pwned', 'x=ext::touch% pwned', 'fd::17', 'x=transport-helper::y', 'x=hg::https://example.org/x',
  'ssh://-oProxyCommand=touch/x', 'x=ssh://-oProxyCommand=touch@host/x', 'x=ssh://user@-oProxyCommand=touch/x', 'x=-oProxyCommand=touch:path', 'x=user@-oProxyCommand=touch:path',
  'x=git://example.org/x', 'x=ftp://example.org/x', 'x=http://example.org/x', 'x=gopher://example.org', 'x=https://example.org/x\n--upload-pack=y',
  'x=https://example.org/x#--upload-pack=y', 'x=https://example.org/x#-u', 'x=https://example.org/x#a:b', 'x=https://example.org/x#+refs/heads/*', 'x=https://example.org/x#a b', 'x=https://example.org/x#a..b', 'x=https://example.org/x#@{-1}',
]) {
  test(`refused before git sees it: ${JSON.stringify(text)}`, async () => {
    const { location, error } = parseLocation(text);
    assert.equal(location, undefined);
    assert.ok(error!.length > 10);
    // Nor does it pass whoever makes a location by hand.
    const counting = new NodeGit({ cache: join(folder, 'cache') });
    const address = text.replace(/^x=/, '').replace(/#[^#]*$/, '');
    const refs = /#([^#]*)$/.exec(text)?.[1];
    if (!/^(?:http|ftp|gopher|git):/.test(address) || refs !== undefined) await assert.rejects(counting.open({ location: address, kind: 'remote' }, { network: 'refresh', ...(refs === undefined ? {} : { refs: [refs] }) }), ({ code }: { code?: string }) => code === 'bad-location' || code === 'bad-ref');
    assert.equal(counting.spawned, 0);
  });
}

test('only commands that read are run', async () => {
  const repository = await git.open(local(buildRepository(join(folder, 'reading'), two).folder), { network: 'never' });
  for (const args of [['push'], ['fetch', 'origin'], ['-c', 'alias.x=!touch pwned', 'x'], ['config', 'a.b', 'c'], ['--upload-pack=x'], ['toString'], []]) await assert.rejects(drain(git.read(repository, args)), /is not among the commands that only read/);
});

test('configuration that would run programs runs none', async () => {
  const trap = buildRepository(join(folder, 'config'), `${two}file .gitattributes\n    *.c diff=evil filter=evil merge=evil\n`);
  const sh = `sh -c '${command}'`;
  for (const [key, value] of Object.entries({
    'core.fsmonitor': sh, 'core.pager': sh, 'core.editor': sh, 'core.askPass': sh, 'core.sshCommand': sh, 'core.gitProxy': sh, 'core.alternateRefsCommand': sh, 'core.hooksPath': join(trap.folder, 'hooks'), 'core.worktree': trap.folder,
    'diff.external': sh, 'diff.evil.command': sh, 'diff.evil.textconv': sh, 'diff.evil.cachetextconv': 'true', 'filter.evil.smudge': sh, 'filter.evil.clean': sh, 'filter.evil.process': sh, 'merge.evil.driver': sh,
    'pager.log': sh, 'log.showSignature': 'true', 'gpg.program': sh, 'gpg.ssh.program': sh, 'gpg.x509.program': sh, 'credential.helper': `!${sh}`, 'uploadpack.packObjectsHook': sh,
    'alias.log': `!${sh}`, 'alias.cat-file': `!${sh}`, 'trace2.eventTarget': join(folder, 'traced'), 'include.path': join(folder, 'more.config'), 'diff.submodule': 'log', 'submodule.recurse': 'true', 'gc.auto': '1', 'maintenance.auto': 'true',
    // Before 2.34 git reads no repository whose configuration names a format that it does not know.
    ...(gitIsAtLeast(2, 34) ? { 'gpg.format': 'ssh' } : {}),
  })) trap.git('config', key, value);
  writeFileSync(join(folder, 'more.config'), `[diff "evil"]\n\ttextconv = ${sh}\n[core]\n\tfsmonitor = ${sh}\n`);
  for (const hooks of [join(trap.folder, '.git/hooks'), join(trap.folder, 'hooks')]) {
    mkdirSync(hooks, { recursive: true });
    for (const hook of ['post-index-change', 'reference-transaction', 'pre-auto-gc', 'post-checkout', 'fsmonitor-watchman', 'pre-receive', 'update', 'post-rewrite']) {
      writeFileSync(join(hooks, hook), `#!/bin/sh\n${command}\n`);
      chmodSync(join(hooks, hook), 0o755);
    }
  }
  mkdirSync(join(trap.folder, '.git/info'), { recursive: true });
  writeFileSync(join(trap.folder, '.git/info/attributes'), '* diff=evil filter=evil\n');
  await checkHarmless(trap);
  const repository = await git.open(local(trap.folder), { network: 'never' });
  assert.match(await drain(git.read(repository, ['log', '-p', '--end-of-options', 'main'])), /\+int b;/, 'the diff is git\'s own, even where a task forgets to ask for it');
});

test('attributes of the folder that the user is in do not hide what commits change', async () => {
  const plain = buildRepository(join(folder, 'plain'), two);
  const here = join(folder, 'here');
  mkdirSync(here);
  writeFileSync(join(here, '.gitattributes'), '*.c -diff\n');
  const before = process.cwd();
  process.chdir(here);
  try {
    const repository = await git.open(local(plain.folder), { network: 'never' });
    const { args, input } = logPatchTask({ revisions: ['main'] });
    assert.match(await drain(git.read(repository, args, { input: input! })), /\+int b;/);
  } finally {
    process.chdir(before);
  }
});

test('replaced and grafted objects are read as they are', async () => {
  const forged = buildRepository(join(folder, 'replaced'), two);
  const [one, head] = [forged.commits.get('One')!, forged.commits.get('Two')!];
  forged.git('replace', head, forged.git('commit-tree', '-m', 'Forged', `${one}^{tree}`));
  mkdirSync(join(forged.folder, '.git/info'), { recursive: true });
  writeFileSync(join(forged.folder, '.git/info/grafts'), `${head}\n`);
  const repository = await git.open(local(forged.folder), { network: 'never' });
  assert.equal((await drain(git.read(repository, ['log', '--format=%s', '--end-of-options', 'main']))).trim(), 'Two\nOne');
});

test('alternates are read, and what would list their refs is not run', async () => {
  const lender = buildRepository(join(folder, 'lender'), two);
  const borrower = join(folder, 'borrower');
  execFileSync('git', ['clone', '--quiet', '--bare', '--shared', lender.folder, borrower], { env: gitEnvironment });
  execFileSync('git', ['--git-dir', borrower, 'config', 'core.alternateRefsCommand', `sh -c '${command}'`], { env: gitEnvironment });
  await checkHarmless(borrower);
  const repository = await git.open(local(borrower), { network: 'never' });
  assert.equal((await drain(git.read(repository, ['log', '--format=%s', '--end-of-options', 'main']))).trim(), 'Two\nOne');
  // In a circle, and to what is none.
  writeFileSync(join(borrower, 'objects/info/alternates'), `${join(borrower, 'objects')}\n/dev/zero\n/nowhere\n${join(lender.folder, '.git/objects')}\n`);
  assert.equal((await drain(git.read(repository, ['log', '--format=%s', '--end-of-options', 'main']))).trim(), 'Two\nOne');
});

test('submodules are not entered', async () => {
  const inner = buildRepository(join(folder, 'inner'), two);
  const outer = buildRepository(join(folder, 'outer'), 'commit One\nfile a.c\n    int a;\n');
  outer.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.folder, 'sub');
  outer.git('commit', '-qm', 'Add it');
  outer.git('config', '-f', join(outer.folder, '.git/modules/sub/config'), 'core.fsmonitor', `sh -c '${command}'`);
  outer.git('config', 'submodule.sub.update', `!${command}`);
  execFileSync('git', ['-C', join(outer.folder, 'sub'), 'checkout', '-q', 'HEAD~1'], { env: gitEnvironment });
  outer.git('-c', 'core.fsmonitor=false', 'update-index', '--cacheinfo', `160000,${inner.commits.get('One')!},sub`);
  outer.git('-c', 'core.fsmonitor=false', 'commit', '-qm', 'Move it');
  rmSync(mark, { force: true });
  outer.git('config', 'diff.submodule', 'log');
  await checkHarmless(outer);
  const repository = await git.open(local(outer.folder), { network: 'never' });
  assert.match(await drain(git.read(repository, ['log', '-1', '-p', '--end-of-options', 'main'])), /\+Subproject commit [0-9a-f]{40}/);
});

/** A git that cannot be told to fetch nothing, as it was before 2.45 (and before some fixes of older ones). */
function oldGit(): NodeGit {
  const program = join(folder, 'git-that-fetches');
  writeFileSync(program, '#!/bin/sh\nunset GIT_NO_LAZY_FETCH\nexec git "$@"\n');
  chmodSync(program, 0o755);
  return new NodeGit({ cache: join(folder, 'cache'), program });
}

for (const [which, partialGit] of [['this git', git], ['a git that cannot be told not to', ...(posix.skip === false ? [oldGit()] : [])]] as const) test(`a partial clone whose remote is a command, or a helper, fetches nothing: ${which}`, { skip: partialGit === undefined && posix.skip }, async () => {
  const origin = buildRepository(join(folder, `origin of ${which}`), two);
  origin.git('config', 'uploadpack.allowFilter', 'true');
  for (const [i, settings] of [
    { 'remote.origin.url': `ext::${command}`, 'protocol.ext.allow': 'always' },
    { 'remote.origin.uploadpack': `${command};`, 'protocol.file.allow': 'always' },
    { 'remote.origin.vcs': 'evil', 'protocol.allow': 'always' },
    { 'remote.origin.url': 'ssh://host/x', 'core.sshCommand': `sh -c '${command}'`, 'protocol.ssh.allow': 'always' },
    { [`url.ext::${command} .insteadOf`]: 'file://', 'protocol.ext.allow': 'always' },
  ].entries()) {
    const path = join(folder, `partial of ${which} ${i}`);
    execFileSync('git', ['clone', '-q', '--bare', '--filter=blob:none', '--no-local', `file://${origin.folder}`, path], { env: gitEnvironment });
    for (const [key, value] of Object.entries(settings)) execFileSync('git', ['--git-dir', path, 'config', key, value], { env: gitEnvironment });
    const objects = (): string[] => readdirSync(join(path, 'objects'), { recursive: true }).map(String).sort();
    const before = objects();
    await checkHarmless(path, partialGit);
    assert.deepEqual(objects(), before);
    const repository = await partialGit.open(local(path), { network: 'never' });
    await rejects(drain(partialGit.read(repository, ['cat-file', 'blob', 'main:a.c'])), 'object-missing', /./);
  }
});

/** Why no named pipe can be made here; false where one can. */
const withoutPipes = spawnSync('mkfifo', [join(folder, 'trial')]).status !== 0 && 'left out: no named pipes (mkfifo is not on PATH)';

test('a pipe where refs or a repository should be is passed over', { skip: posix.skip || withoutPipes }, async () => {
  const odd = buildRepository(join(folder, 'piped'), two);
  execFileSync('mkfifo', [join(odd.folder, '.git/refs/heads/pipe')]);
  const began = Date.now();
  assert.notEqual(git.locate(local(odd.folder)), undefined);
  assert.ok(Date.now() - began < 2000);
  const path = join(folder, 'pipe-git');
  mkdirSync(path);
  execFileSync('mkfifo', [join(path, '.git')]);
  assert.equal(git.locate(local(path)), undefined);
  await rejects(git.open(local(path), { network: 'never' }), 'repository-missing', /no git repository here/);
});

test('devices and links in circles where refs should be are passed over', posix, async () => {
  const odd = buildRepository(join(folder, 'odd'), two);
  const refs = join(odd.folder, '.git/refs/heads');
  symlinkSync('/dev/zero', join(refs, 'zero'));
  for (const name of ['round', 'about', 'again']) symlinkSync('..', join(refs, name));
  let deep = join(refs, 'deep');
  for (let i = 0; i < 60; i++) deep = join(deep, 'd');
  mkdirSync(deep, { recursive: true });
  const began = Date.now();
  const { state } = git.locate(local(odd.folder))!;
  assert.ok(Date.now() - began < 2000);
  symlinkSync('/dev/zero', join(refs, 'zero-too'));
  assert.equal(git.locate(local(odd.folder))!.state, state, 'what is no ref does not count');
  for (const make of [(path: string) => symlinkSync('/dev/zero', path), (path: string) => symlinkSync(path, path), (path: string) => writeFileSync(path, `gitdir: ${path}\n`), (path: string) => writeFileSync(path, `gitdir: ${'x'.repeat(10_000)}\n`)]) {
    const path = join(folder, 'odd-git');
    rmSync(path, { recursive: true, force: true });
    mkdirSync(path);
    make(join(path, '.git'));
    assert.equal(git.locate(local(path)), undefined);
    await rejects(git.open(local(path), { network: 'never' }), 'repository-missing', /no git repository here/);
  }
});

test('another user\'s repository is read only where git was told that it is safe', { skip: process.getuid?.() !== 0 && 'left out: only root can give files away' }, async () => {
  const theirs = buildRepository(join(folder, 'theirs'), two);
  const inside = join(theirs.folder, '.git');
  for (const name of readdirSync(inside, { recursive: true }).map(String)) lchownSync(join(inside, name), 65534, 65534);
  chownSync(inside, 65534, 65534);
  assert.equal(statSync(inside).uid, 65534);
  const home = join(folder, 'home');
  mkdirSync(home);
  const open = (config: string, env: Readonly<Record<string, string>> = {}) => {
    writeFileSync(join(home, '.gitconfig'), config);
    return new NodeGit({ cache: join(folder, 'cache'), env: { PATH: process.env['PATH'], HOME: home, GIT_CONFIG_NOSYSTEM: '1', ...env } }).open(local(theirs.folder), { network: 'never' });
  };
  await rejects(open(''), 'repository-unreadable', /belongs to another user.*safe\.directory .*theirs$/);
  await rejects(open('[safe]\n\tdirectory = /elsewhere\n'), 'repository-unreadable', /./);
  await rejects(open('[safe]\n\tdirectory = *\n\tdirectory =\n'), 'repository-unreadable', /./);
  for (const value of ['*', theirs.folder, `${theirs.folder}/`, `${folder}/*`]) assert.ok(await open(`[safe]\n\tdirectory = ${value}\n`));
  assert.ok(await open('', { SUDO_UID: '65534' }));
  // What the repository says of itself does not count.
  theirs.git('config', '-f', join(inside, 'config'), 'safe.directory', '*');
  await rejects(open(''), 'repository-unreadable', /./);
});

test('a server that leads elsewhere is not followed to another protocol', async () => {
  for (const target of ['file:///etc', 'ftp://127.0.0.1:9/x', 'ext::sh', 'https://127.0.0.1:9/x']) {
    let asked = 0;
    const server = createServer((request, response) => {
      asked++;
      response.writeHead(302, { location: `${target}${request.url ?? ''}` }).end();
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    const { port } = server.address() as { port: number };
    try {
      await assert.rejects(git.open({ location: `http://127.0.0.1:${port}/x.git`, kind: 'remote' }, { network: 'missing' }), ({ code }: { code?: string }) => code !== undefined && /^(repository-|bad-location|git-failed)/.test(code));
      assert.ok(asked > 0);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }
});

test('the oldest git is named, and what does not answer as git does is none', posix, async () => {
  const plain = buildRepository(join(folder, 'versions'), two);
  const answer = (version: string): Promise<unknown> => {
    const program = join(folder, 'some-git');
    writeFileSync(program, `#!/bin/sh\necho '${version}'\n`);
    chmodSync(program, 0o755);
    return new NodeGit({ cache: folder, program }).open(local(plain.folder), { network: 'never' });
  };
  for (const version of ['git version 1.8.3.1', 'git version 2.9.5', 'git version 2.28.1']) await rejects(answer(version), 'git-too-old', /is too old; install git 2\.29 or newer$/);
  for (const version of ['git version 2.29.0', 'git version 2.39.5 (Apple Git-154)', 'git version 2.45.1.windows.1', 'git version 10.0']) assert.ok(await answer(version));
  for (const version of ['', 'git', 'jj 0.9', 'version 2.40']) await rejects(answer(version), 'git-failed', /does not answer as git does/);
});
