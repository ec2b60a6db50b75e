import assert from 'node:assert/strict';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { neverCancelled, silentLog } from '#server/core/host.js';
import { type CarrierSource, type Location, carrierSources, knownLocation, knownPlaces, parseLocation, resolveLocation } from '#server/core/patches/index.js';
import { createNodeHost } from '#server/node/index.js';
import { temporaryFolder } from '../../../support/folder.js';
import { buildRepository } from '../../../support/repo.js';
import { sourcePackageWriter } from '../../../support/scripts.js';

const folder = temporaryFolder('carriers');
const host = createNodeHost({ log: silentLog, env: { PATH: process.env['PATH'], SPECTRAIL_CACHE: join(folder, 'cache') } });
const patch = (name: string): string => `--- a/${name}\n+++ b/${name}\n@@ -1 +1 @@\n-old ${name}\n+new ${name}\n`;

function at(path: string, branch?: string): Location {
  return { name: 'place', location: join(folder, path), kind: 'local', branch };
}

/**
 * What every carrier source must do: be the one that accepts the place, list these patch files in the same order twice,
 * stop when it is cancelled, and know the place's state without git.
 */
async function checkSource(id: string, location: Location, expected: readonly string[], names: readonly string[] = [], packageName?: string): Promise<void> {
  const source = carrierSources.find((each) => each.accepts(host, location)) as CarrierSource;
  assert.equal(source.id, id);
  const request = { package: packageName, names: new Set(names), network: 'never' as const, cancellation: neverCancelled };
  const spawned = host.git.spawned;
  const state = source.state(host, location);
  assert.notEqual(state, undefined);
  assert.equal(host.git.spawned, spawned);
  for (let round = 0; round < 2; round++) {
    const content = await source.read(host, location, request);
    assert.deepEqual(content.files.map(({ place }) => place.path), expected);
    assert.deepEqual(content.problems, []);
    for (const { bytes, place } of content.files) {
      assert.ok(bytes.length > 0);
      assert.deepEqual([place.source, place.location], [location.name, location.location]);
    }
  }
  assert.equal(source.state(host, location), state);
  await assert.rejects(source.read(host, location, { ...request, cancellation: { isCancelled: true } }), { code: 'cancelled' });
}

const file = (path: string): string => `file ${path}\n${patch(path.split('/').at(-1)!).split('\n').slice(0, -1).map((line) => `    ${line}`).join('\n')}`;

test('a distribution git with a branch for each release, flat and in folders', async () => {
  buildRepository(join(folder, 'flat'), `commit Import\n${file('a.patch')}\nfile a.spec\n    Name: a\nfile sources\n    x\ntag old\nbranch c9s\ncommit More\n${file('b.diff')}\n${file('odd.txt')}`);
  await checkSource('dist-git', at('flat', 'c9s'), ['a.patch', 'b.diff']);
  await checkSource('dist-git', at('flat', 'c9s'), ['a.patch', 'b.diff', 'odd.txt'], ['odd.txt']);
  await checkSource('dist-git', at('flat', 'old'), ['a.patch']);
  buildRepository(join(folder, 'tree'), `commit Import\n${file('SOURCES/a.patch')}\nfile SPECS/a.spec\n    Name: a`);
  await checkSource('dist-git', at('tree'), ['SOURCES/a.patch']);
});

test('one repository for all packages gives the patches of the one asked for', async () => {
  buildRepository(join(folder, 'all'), `commit Import\n${file('SPECS/a/a.patch')}\nfile SPECS/a/a.spec\n    Name: a\n${file('SPECS/b/b.patch')}\nfile SPECS/b/b.spec\n    Name: b`);
  await checkSource('dist-git', at('all'), ['SPECS/b/b.patch'], [], 'b');
});

test('a branch that is not there is named; an empty repository says so', async () => {
  const [distGit] = carrierSources;
  const request = { package: undefined, names: new Set<string>(), network: 'never' as const, cancellation: neverCancelled };
  await assert.rejects(distGit!.read(host, at('flat', 'c99'), request), { code: 'bad-ref', message: /no branch or tag 'c99'/ });
  buildRepository(join(folder, 'void'), '');
  await assert.rejects(distGit!.read(host, at('void'), request), { code: 'bad-ref', message: /no commit yet/ });
});

const packages = [
  { name: 'a', version: '1.9', release: '1.el9', files: { 'a.spec': 'x', 'old.patch': patch('old') } },
  { name: 'a', version: '1.10', release: '1.el9', files: { 'a.spec': 'x', 'new.patch': patch('new'), 'a.tar.gz': 'tar' } },
  { name: 'b', version: '1', release: '1', files: { 'b.patch': patch('b') } },
];

test('a folder of source packages gives the newest of the package, with metadata or without', async () => {
  sourcePackageWriter.writeSourceRepository(join(folder, 'srpms'), packages);
  sourcePackageWriter.writeSourceRepository(join(folder, 'bare/Packages/a'), packages, { repodata: false });
  await checkSource('source-packages', at('srpms'), ['a-1.10-1.el9/new.patch'], [], 'a');
  await checkSource('source-packages', at('bare'), ['a-1.10-1.el9/new.patch'], [], 'a');
  await checkSource('source-packages', at('srpms'), ['a-1.10-1.el9/new.patch', 'b-1-1/b.patch']);
});

test('a damaged source package and damaged metadata are named, and the others read', async () => {
  cpSync(join(folder, 'srpms'), join(folder, 'hurt'), { recursive: true });
  writeFileSync(join(folder, 'hurt/b-1-1.src.rpm'), 'no package');
  const source = carrierSources.find((each) => each.accepts(host, at('hurt')))!;
  const content = await source.read(host, at('hurt'), { package: undefined, names: new Set(), network: 'never', cancellation: neverCancelled });
  assert.deepEqual(content.files.map(({ place }) => place.path), ['a-1.10-1.el9/new.patch']);
  assert.match(content.problems.join(), /b-1-1\.src\.rpm: no rpm package/);
  mkdirSync(join(folder, 'climb/repodata'), { recursive: true });
  writeFileSync(join(folder, 'climb/repodata/repomd.xml'), '<repomd><data type="primary"><location href="repodata/primary.xml"/></data></repomd>');
  writeFileSync(join(folder, 'climb/repodata/primary.xml'), '<package type="rpm"><name>a</name><arch>src</arch><version epoch="0" ver="1" rel="1"/><location href="../srpms/a-1.10-1.el9.src.rpm"/></package>');
  const climbing = await source.read(host, at('climb'), { package: 'a', names: new Set(), network: 'never', cancellation: neverCancelled });
  assert.deepEqual(climbing.files, []);
  assert.match(climbing.problems.join(), /names a package outside its folder/);
});

test('a folder of patches is read some way down; links out of it are not followed', async () => {
  mkdirSync(join(folder, 'patches/sub'), { recursive: true });
  writeFileSync(join(folder, 'patches/a.patch'), patch('a'));
  writeFileSync(join(folder, 'patches/sub/b.patch'), patch('b'));
  writeFileSync(join(folder, 'secret.patch'), patch('secret'));
  symlinkSync(join(folder, 'secret.patch'), join(folder, 'patches/link.patch'));
  const source = carrierSources.find((each) => each.accepts(host, at('patches')))!;
  assert.equal(source.id, 'folder');
  const content = await source.read(host, at('patches'), { package: undefined, names: new Set(), network: 'never', cancellation: neverCancelled });
  assert.deepEqual(content.files.map(({ place }) => place.path), ['a.patch', 'sub/b.patch']);
});

test('known places are good locations, each of its own name', () => {
  assert.equal(new Set(knownPlaces.map(({ name }) => name)).size, knownPlaces.length);
  for (const { name, branch } of knownPlaces) {
    const { location, error } = parseLocation(knownLocation(name, { package: 'gtk+', release: undefined })!);
    assert.equal(error, undefined, name);
    assert.deepEqual([location!.name, location!.kind, location!.branch], [name, 'remote', branch]);
  }
  assert.equal(knownLocation('stream9', { package: '../../evil', release: '9' }), undefined);
  assert.equal(knownLocation('nowhere', { package: 'curl', release: '9' }), undefined);
});

test('relative places count from their folder, names stand for known places', () => {
  const check = (text: string, expected: string, name: string | null = 'curl'): void => {
    const { location, error } = resolveLocation(text, '/home/me/pkg', { package: name ?? undefined, release: '10' });
    assert.equal(error ?? `${location!.name} ${location!.location} ${location!.branch ?? ''}`.trim(), expected);
  };
  check('../curl', 'curl /home/me/curl');
  check('x=./up/../b#main', 'x /home/me/pkg/b main');
  check('x=/abs/./y/', 'x /abs/y');
  check('x=file:///srv/y', 'x /srv/y');
  check('../../../../../..', 'repository /');
  check('stream9', 'stream9 https://gitlab.com/redhat/centos-stream/rpms/curl.git c9s');
  check('stream9', "'stream9' is a known place, but the name of the package is not known; give its address instead", null);
  check('stream', 'stream https://gitlab.com/redhat/centos-stream/rpms/curl.git c10s');
  check('./stream9', 'stream9 /home/me/pkg/stream9');
});
