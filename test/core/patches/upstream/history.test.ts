import assert from 'node:assert/strict';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { type Git, type RepositoryLocation, neverCancelled } from '#server/core/host.js';
import { headTask, refsTask } from '#server/core/patches/git/refsTask.js';
import { surveyTask } from '#server/core/patches/git/surveyTask.js';
import { readDiffs } from '#server/core/patches/upstream/diffReader.js';
import { History } from '#server/core/patches/upstream/history.js';
import { NodeGit } from '#server/node/index.js';
import { temporaryFolder } from '../../../support/folder.js';
import { buildRepository } from '../../../support/repo.js';

const folder = temporaryFolder('history');
const git = new NodeGit({ cache: join(folder, 'cache') });

async function historyOf(path: string, wanted: readonly string[] = []): Promise<History> {
  const repository = await git.open({ location: path, kind: 'local' }, { network: 'never' });
  const run = <T>(task: { readonly args: readonly string[]; parse(output: AsyncIterable<Uint8Array>): T }): T => task.parse(git.read(repository, task.args));
  const history = new History({ source: 'up', location: path }, await run(refsTask()), await run(headTask()), wanted);
  for await (const commit of run(surveyTask({ names: true }))) history.add(commit);
  return history;
}

const project = buildRepository(
  join(folder, 'project'),
  `
commit One
file src/a.c
    int a;
file odd \u00e9.c
    odd
tag v1.0
branch stable
commit Fix on stable
file src/a.c
    int a = 1;
tag v1.0.1
branch main
commit Two
| Body of two.
file lib/a.c
    int b;
commit Three
file src/c.c
    int c;
tag v2.0-rc1
commit Four
file src/c.c
    int c, d;
tag v2.0
commit Unreleased
file src/d.c
    int d;
`,
);
project.git('update-ref', 'refs/pull/1/head', project.git('commit-tree', '-p', 'main', '-m', 'A stranger\'s', 'main^{tree}'));

test('each commit knows the first release that has it, and the branch that makes it the project\'s', async () => {
  const history = await historyOf(project.folder);
  const facts = Object.fromEntries([...project.commits].map(([subject, id]) => {
    const { firstTag, reachedBy, author, place } = history.fact(history.number(id)!);
    assert.equal(author, 'Ada Author <ada@example.org>');
    assert.deepEqual(place, { source: 'up', location: project.folder, commit: id });
    return [subject, `${firstTag} ${reachedBy}`];
  }));
  assert.deepEqual(facts, {
    One: 'v1.0 main',
    'Fix on stable': 'v1.0.1 stable',
    Two: 'v2.0 main',
    Three: 'v2.0 main',
    Four: 'v2.0 main',
    Unreleased: 'undefined main',
  });
  assert.equal(history.size, 6, 'what only a pull request reaches is not the project\'s');
});

test('a trial release counts where no real one has the commit', async () => {
  const trial = buildRepository(join(folder, 'trial'), 'commit One\ntag v1.0-rc1');
  const history = await historyOf(trial.folder);
  assert.equal(history.fact(0).firstTag, 'v1.0-rc1');
});

test('commits are found by the names of their files, whatever the folder', async () => {
  const history = await historyOf(project.folder, ['a.c', 'c.c', 'none.c']);
  const subjects = (names: readonly string[], share?: number): string[] => history.touching(names, share).map((number) => history.subject(number));
  assert.deepEqual(subjects(['a.c']).sort(), ['Fix on stable', 'One', 'Two']);
  assert.deepEqual(subjects(['none.c']), []);
  assert.deepEqual(subjects(['a.c', 'c.c'], 0.9), [], 'no commit touches both');
  assert.equal(subjects(['a.c', 'c.c']).length, 5);
});

test('commits are found by the beginning of their id', async () => {
  const history = await historyOf(project.folder);
  for (const id of project.commits.values()) {
    assert.deepEqual(history.withPrefix(id.slice(0, 12).toUpperCase()).map((number) => history.id(number)), [id]);
    assert.deepEqual(history.withPrefix(id).map((number) => history.id(number)), [id]);
  }
  assert.deepEqual(history.withPrefix('abc'), [], 'three digits name nothing');
  assert.deepEqual(history.withPrefix('nothex'), []);
});

test('the tag of a version is found under the names projects give it', async () => {
  const tags = ['curl-7_76_1', 'v252', 'R_2_4_1', 'release-3.1', 'openssl-3.0.7', '1.5'];
  const repository = buildRepository(join(folder, 'tags'), `commit One\n${tags.map((tag) => `tag ${tag}`).join('\n')}`);
  const history = await historyOf(repository.folder);
  const check = (version: string, project: string, tag: string | undefined): void => assert.equal(history.tagOf(version, project)?.name, tag, `${project} ${version}`);
  check('7.76.1', 'curl', 'curl-7_76_1');
  check('252', 'systemd', 'v252');
  check('3.1', 'any', 'release-3.1');
  check('3.0.7', 'openssl', 'openssl-3.0.7');
  check('1.5', 'any', '1.5');
  check('9', 'any', undefined);
});

test('the tag of a version, in every spelling that projects have; the plainest of several, and none for what only looks like it', () => {
  const check = (version: string, project: string | undefined, tags: readonly string[], expected: string | undefined): void => {
    const history = new History({ source: 'up', location: 'up' }, tags.map((name) => ({ kind: 'tag', name, commit: 'a'.repeat(40), date: 0 })), undefined, []);
    assert.equal(history.tagOf(version, project)?.name, expected, `${project} ${version} among ${tags.join(' ')}`);
  };
  check('2.4.1', 'expat', ['R_2_4_1', 'R_2_4_10', 'R_2_4'], 'R_2_4_1');
  check('9.0p1', 'openssh', ['V_9_0', 'V_9_0_P1'], 'V_9_0_P1');
  check('1.1.1k', 'openssl', ['OpenSSL_1_1_1', 'OpenSSL_1_1_1k', 'OpenSSL_1_1_1k-FIPS'], 'OpenSSL_1_1_1k');
  check('1.18.2', 'krb5', ['krb5-1.18.2-beta1', 'krb5-1.18.2-final', 'krb5-1.18-final'], 'krb5-1.18.2-final');
  check('8.0.0~rc1', 'quillet', ['v8.0.0', 'v8.0.0-rc1', 'v8.0.0-rc10'], 'v8.0.0-rc1');
  check('8.0.0~rc1', 'quillet', ['v8.0.0rc1'], 'v8.0.0rc1');
  check('11.2.0', 'gcc', ['releases/gcc-11.2.0', 'basepoints/gcc-11'], 'releases/gcc-11.2.0');
  check('2.9.13', 'libxml2', ['LIBXML2.9.13', 'v2.9.13', 'v2.9.1'], 'v2.9.13');
  check('13.4', 'postgresql', ['REL_13_4', 'REL_13_BETA1'], 'REL_13_4');
  check('4.4', 'ffmpeg', ['n4.4', 'n4.4.1'], 'n4.4');
  check('2.34', 'glibc', ['glibc-2.34', 'glibc-2.34.9000'], 'glibc-2.34');
  check('1.2', 'a+b', ['a+b-1.2', 'ab-1.2'], 'a+b-1.2');
  check('5', 'quillet', ['v5.0', 'v5.1'], 'v5.0');
  check('3.0', 'quillet', ['other-3.0', 'v3.0.1', '13.0', 'v33.0'], undefined);
  check('', 'quillet', ['v', ''], undefined);
  check('1.0', undefined, ['quillet-1.0', 'v1.0'], 'v1.0');
});

test('where contents are missing, the other commits are read, and the missing ones named', async () => {
  const source = buildRepository(join(folder, 'source'), Array.from({ length: 9 }, (_, i) => `commit Change ${i}\nfile f${i}.c\n    int v${i};`).join('\n'));
  // Take the contents of three commits away, as a partial clone lacks them. Nothing was packed yet.
  for (const name of ['f3.c', 'f4.c', 'f8.c']) {
    const blob = source.git('rev-parse', `HEAD:${name}`);
    rmSync(join(source.folder, '.git/objects', blob.slice(0, 2), blob.slice(2)), { force: true });
  }
  const repository = await git.open({ location: source.folder, kind: 'local' } satisfies RepositoryLocation, { network: 'never' });
  const subjects: string[] = [];
  const { unreadable } = await readDiffs(git, repository, [...source.commits.values()], (record) => void subjects.push(record.subject), neverCancelled);
  assert.deepEqual(subjects, [0, 1, 2, 5, 6, 7].map((i) => `Change ${i}`));
  assert.deepEqual(unreadable, [3, 4, 8].map((i) => source.commits.get(`Change ${i}`)));
});

test('which commits lack contents is found out at once where there are many, whatever else git would fetch or end at', async () => {
  const source = buildRepository(join(folder, 'many'), Array.from({ length: 70 }, (_, i) => `commit Change ${i}\nfile f${i % 7}.c\n    int v${i};`).join('\n'));
  const lost = [3, 20, 21, 69];
  for (const i of lost) {
    const blob = source.git('rev-parse', `${source.commits.get(`Change ${i}`)}:f${i % 7}.c`);
    rmSync(join(source.folder, '.git/objects', blob.slice(0, 2), blob.slice(2)), { force: true });
  }
  // A change needs what was there before it as well.
  const unreadableHere = new Set(lost.flatMap((i) => [i, i + 7]).filter((i) => i < 70));
  const runs: string[] = [];
  const counting: Git = { identity: (folder) => git.identity(folder), locate: (location) => git.locate(location), open: (location, options) => git.open(location, options), read: (repository, args, options) => (runs.push(args[0]!), git.read(repository, args, options)) };
  const repository = await git.open({ location: source.folder, kind: 'local' } satisfies RepositoryLocation, { network: 'never' });
  const subjects = new Set<string>();
  const { unreadable } = await readDiffs(counting, repository, [...source.commits.values()], (record) => void subjects.add(record.subject), neverCancelled, { lanes: 1 });
  assert.deepEqual([...subjects].sort(), Array.from({ length: 70 }, (_, i) => i).filter((i) => !unreadableHere.has(i)).map((i) => `Change ${i}`).sort());
  assert.deepEqual(new Set(unreadable), new Set([...unreadableHere].map((i) => source.commits.get(`Change ${i}`)!)));
  assert.deepEqual(runs, ['log', 'log', 'cat-file', 'log'], 'git is not started for each of them');

  // Nothing at all to be read: that is said, or put up with.
  for (const folderName of ['pack', ...Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0'))]) {
    const objects = join(source.folder, '.git/objects', folderName);
    for (const name of existsSync(objects) ? readdirSync(objects) : []) if (source.git('cat-file', '-t', folderName + name) === 'blob') rmSync(join(objects, name), { force: true });
  }
  await assert.rejects(readDiffs(git, repository, [...source.commits.values()], () => {}, neverCancelled), { code: 'object-missing', message: /lacks the contents of its files/ });
  assert.equal((await readDiffs(git, repository, [...source.commits.values()], () => {}, neverCancelled, { isPatient: true })).unreadable.length, 70);
});
