import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { AddressInfo } from 'node:net';
import { rpm } from '#server/cli/commands/rpm.js';
import { rpmspec } from '#server/cli/commands/rpmspec.js';
import { target } from '#server/cli/commands/target.js';
import { skipWithout } from '../support/commands.js';
import { temporaryFolder } from '../support/folder.js';
import { runCommand } from '../support/runCommand.js';
import { sourcePackageWriter } from '../support/scripts.js';
import { type TarMember, tarOf } from '../support/tar.js';

const { binaryPackage, writeBinaryRepository } = sourcePackageWriter;
const folder = temporaryFolder('targets');

/** Runs commands one after the other with a cache of their own. */
function world(name: string) {
  const cwd = join(folder, name);
  mkdirSync(cwd, { recursive: true });
  const env = { SPECTRAIL_CACHE: join(cwd, 'cache'), HOME: cwd };
  return {
    cwd,
    cache: env.SPECTRAIL_CACHE,
    target: (...args: string[]) => runCommand(target, args, { cwd, env }),
    rpm: (...args: string[]) => runCommand(rpm, args, { cwd, env }),
    rpmspec: (...args: string[]) => runCommand(rpmspec, args, { cwd, env }),
    write(path: string, content: string | Uint8Array) {
      mkdirSync(dirname(join(cwd, path)), { recursive: true });
      writeFileSync(join(cwd, path), content);
    },
  };
}

const macros = '%buildroot /tmp/build\n%_prefix /usr\n%_bindir %{_prefix}/bin\n%nil %{!?nil}\n';
/** A small distribution's files. */
const root: Readonly<Record<string, string>> = {
  'usr/lib/rpm/macros': macros,
  'usr/lib/rpm/macros.d/macros.demo': '# A comment\n%demo_dir %{_prefix}/demo\n%demo_flags(n:) --name=%{-n*} \\\n  %*\n',
  'usr/lib/rpm/platform/x86_64-linux/macros': '%_lib lib64\n%optflags -O1\n',
  'usr/lib/rpm/platform/aarch64-linux/macros': '%_lib lib64a\n',
  'usr/lib/rpm/rpmrc': 'optflags: x86_64 -O2 -demo\noptflags: aarch64 -O3\n',
  'usr/lib/rpm/rpmpopt-4.16.1.3': '',
  'usr/lib/rpm/lua/demo.lua': 'local m = {} function m.hello() return "hello" end return m\n',
  'usr/lib/rpm/demo/macros': '%_vendor demo\n%hello %{lua: print(require("demo").hello())}\n',
  'etc/rpm/macros.dist': '%dist .demo1\n',
};

function checkImported(run: { readonly out: string; readonly err: string; readonly status: number }, out: string, err = '') {
  assert.deepEqual({ ...run, gits: 0 }, { out, err, status: 0, gits: 0 });
}

/** All that the small distribution means, whatever it was imported from. */
async function checkMeaning(one: ReturnType<typeof world>, name = 'demo') {
  const { out, err, status } = await one.rpm('--for', name, '-E', '%demo_dir|%{demo_flags -n x y}|%_lib|%optflags|%_vendor|%hello|%dist|%{?fedora}');
  assert.deepEqual({ out, err, status }, { out: '/usr/demo|--name=x \n  y|lib64|-O2 -demo|demo|hello|.demo1|\n', err: '', status: 0 });
  assert.equal((await one.rpm('--for', `${name}/aarch64`, '-E', '%_lib|%optflags|%_target_cpu')).out, 'lib64a|-O3|aarch64\n');
}

test('a chroot is imported, and used for another distribution than this machine has', async () => {
  const one = world('chroot');
  for (const [path, text] of Object.entries(root)) one.write(`root/${path}`, text);
  symlinkSync('/etc/passwd', join(one.cwd, 'root/usr/lib/rpm/macros.d/macros.passwd'));
  checkImported(await one.target('import', 'demo', 'root', '--arch', 'x86_64', '--quiet'), 'demo: 9 files, rpm 4.16.1.3, x86_64\n');
  await checkMeaning(one);
  one.write('a.spec', 'Name: a\nVersion: 1\nRelease: 1%{?dist}\nSummary: %{hello} %{demo_dir}\nLicense: MIT\n%description\n%files\n');
  const spec = await one.rpmspec('-q', '--qf', '%{RELEASE} %{SUMMARY}\\n', '--for', 'demo', 'a.spec');
  assert.deepEqual([spec.out, spec.err, spec.status], ['1.demo1 hello /usr/demo\n', '', 0]);
});

test('packages are imported without being unpacked, and explanations name them', async () => {
  const one = world('packages');
  const rpmFiles = Object.fromEntries(Object.entries(root).filter(([path]) => !path.includes('macros.demo')));
  one.write('rpms/rpm-4.16.1.3-1.x86_64.rpm', binaryPackage({ name: 'rpm', version: '4.16.1.3', release: '1', arch: 'x86_64' }, { ...rpmFiles, 'usr/bin/rpm': 'not wanted' }));
  one.write('rpms/demo-macros-1-2.noarch.rpm', binaryPackage({ name: 'demo-macros', version: '1', release: '2', epoch: 3 }, { 'usr/lib/rpm/macros.d/macros.demo': root['usr/lib/rpm/macros.d/macros.demo']! }));
  one.write('rpms/broken.rpm', 'no package');
  checkImported(await one.target('import', 'demo', 'rpms', '--quiet'), 'demo: 9 files of 2 packages, rpm 4.16.1.3, x86_64\n', 'left out: broken.rpm: no rpm package: its first bytes are not those of one\n');
  await checkMeaning(one);
  assert.equal((await one.rpm('--for', 'demo', '--explain', '%demo_dir')).out.split('\n')[1], '    defined at /usr/lib/rpm/macros.d/macros.demo:2 of demo-macros-3:1-2.noarch: %{_prefix}/demo');
  assert.equal((await one.target('show', 'demo', 'demo_dir')).out, '%demo_dir\n  value    /usr/demo\n  body     %{_prefix}/demo\n  defined  /usr/lib/rpm/macros.d/macros.demo:2 of demo-macros-3:1-2.noarch\n');
  const listed = await one.target('list');
  assert.match(listed.out, /^demo +rpm 4\.16\.1\.3 +demo: 9 macro files of 2 packages, imported \d{4}-\d\d-\d\d from .*\/rpms$/m);
  assert.equal((await one.target('remove', 'demo')).status, 0);
  assert.equal((await one.rpm('--for', 'demo', '-E', 'x')).status, 2);
  // Nothing but the set was ever written.
  assert.deepEqual(readdirSync(one.cache, { recursive: true }), ['targets']);
});

/** An OCI layout of these layers, lowest first. */
function ociImage(layers: readonly (readonly TarMember[])[], compress: (bytes: Buffer) => Buffer = gzipSync): Buffer {
  const blobs: TarMember[] = layers.map((layer, index) => ({ path: `blobs/sha256/${String(index).repeat(64)}`, bytes: compress(tarOf(layer)) }));
  const manifest = JSON.stringify({ layers: layers.map((_, index) => ({ digest: `sha256:${String(index).repeat(64)}` })) });
  const index = JSON.stringify({ manifests: [{ digest: `sha256:${'f'.repeat(64)}`, platform: { architecture: 'amd64' } }] });
  // The layers stand before what tells their order, and the other way round.
  return tarOf([{ path: 'oci-layout', bytes: '{}' }, ...blobs.reverse(), { path: `blobs/sha256/${'f'.repeat(64)}`, bytes: manifest }, { path: 'index.json', bytes: index }]);
}

const members = (files: Readonly<Record<string, string>>): TarMember[] => Object.entries(files).map(([path, bytes]) => ({ path, bytes }));

test('an image: layers upon each other, with whiteouts, links and names that climb', async () => {
  const one = world('image');
  const layers = [
    members({ ...root, 'usr/lib/rpm/macros.d/macros.gone': '%gone 1\n', 'usr/lib/rpm/fileattrs/x.attr': '%__x_path .*\n', 'etc/rpm/macros.old': '%old 1\n', 'etc/rpm/macros.dist': '%dist .wrong\n' }),
    [
      ...members({ 'usr/lib/rpm/macros.d/.wh.macros.gone': '', 'usr/lib/rpm/.wh.fileattrs': '', 'etc/rpm/macros.dist': '%dist .demo1\n', 'etc/rpm/.wh..wh..opq': '', '../usr/lib/rpm/macros.d/macros.evil': '%evil 1\n', 'usr/lib/rpm/../../../etc/rpm/macros.evil': '%evil 1\n' }),
      { path: 'usr/lib/rpm/macros.d/macros.link', link: '../../../../etc/rpm/macros.dist' },
      { path: 'usr/lib/rpm/macros.d/macros.out', link: '../../../../../../../etc/passwd' },
    ],
  ];
  for (const [name, bytes] of Object.entries({
    'oci.tar': ociImage(layers),
    'plain.tar': ociImage(layers, (tar) => tar),
    'saved.tar.gz': gzipSync(tarOf([...layers.map((layer, i) => ({ path: `${String(i).repeat(64)}/layer.tar`, bytes: tarOf(layer) })), { path: 'manifest.json', bytes: JSON.stringify([{ Layers: layers.map((_, i) => `${String(i).repeat(64)}/layer.tar`) }]) }])),
  })) {
    one.write(name, bytes);
    checkImported(await one.target('import', 'demo', name, '--arch', 'x86_64', '--quiet'), 'demo: 10 files, rpm 4.16.1.3, x86_64\n', 'left out: /usr/lib/rpm/macros.d/macros.out: a link to /etc/passwd, which is no macro file of the image\n');
    await checkMeaning(one);
    assert.equal((await one.rpm('--for', 'demo', '-E', '%{?gone}%{?__x_path}%{?old}%{?evil}')).out, '\n', name);
  }
  one.write('rootfs.tar', tarOf(members(root)));
  checkImported(await one.target('import', 'demo', 'rootfs.tar', '--arch', 'x86_64', '--quiet'), 'demo: 9 files, rpm 4.16.1.3, x86_64\n');
  await checkMeaning(one);
});

async function checkRefused(one: ReturnType<typeof world>, args: readonly string[], message: string) {
  const { out, err, status } = await one.target(...args);
  assert.deepEqual({ out, err, status }, { out: '', err: `spectrail: ${message}\n`, status: 2 });
}

test('what cannot be imported is refused with a sentence', async () => {
  const one = world('refused');
  one.write('empty/x', '');
  one.write('text.tar', 'x'.repeat(1000));
  one.write('cut.tar', ociImage([members(root)]).subarray(0, 2000));
  one.write('bomb.tar.gz', gzipSync(Buffer.concat([tarOf([{ path: 'zeros', claimedSize: 8 ** 11 - 1 }]).subarray(0, 512), Buffer.alloc(64 << 20)])));
  one.write('missing.tar', tarOf([{ path: 'manifest.json', bytes: JSON.stringify([{ Layers: ['abc/layer.tar'] }]) }]));
  await checkRefused(one, ['import', 'Demo', 'empty'], "target: 'Demo' is no name for a target; names are of lower-case letters, digits, '.', '_' and '-'");
  await checkRefused(one, ['import', '../x', 'empty'], "target: '../x' is no name for a target; names are of lower-case letters, digits, '.', '_' and '-'");
  await checkRefused(one, ['import', 'demo', 'empty', '--quiet'], 'no macro file is found in empty');
  await checkRefused(one, ['import', 'demo', 'nowhere', '--quiet'], 'cannot read nowhere: there is no such file or folder');
  await checkRefused(one, ['import', 'demo', 'text.tar', '--quiet'], 'no tar archive: its first bytes are not those of one');
  await checkRefused(one, ['import', 'demo', 'cut.tar', '--quiet'], 'the tar archive is cut short');
  await checkRefused(one, ['import', 'demo', 'bomb.tar.gz', '--quiet'], 'the tar archive is cut short');
  await checkRefused(one, ['import', 'demo', 'missing.tar', '--quiet'], 'the image is incomplete: the layer abc/layer.tar is not in it');
  await checkRefused(one, ['import', 'demo', 'ftp://example.org/', '--quiet'], 'cannot read ftp://example.org/: there is no such file or folder');
  await checkRefused(one, ['shwo'], "target: there is no 'shwo'; did you mean 'show'?");
  // A set that was damaged is no reason to fall back to other facts without a word.
  one.write('cache/targets/el9.json', '{');
  assert.equal((await one.rpm('--for', 'el9', '-E', 'x')).err, "spectrail: rpm: the imported target 'el9' cannot be read; import it again\n");
});

/** Serves a folder; `answer` may take a request over. */
async function serve(base: string, answer: (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => boolean) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const path = decodeURIComponent(request.url!.slice(1));
    asked.push(`${path.replace(/[0-9a-f]{64}/, '*')}${request.headers.range === undefined ? '' : ` ${request.headers.range}`}`);
    let bytes: Buffer;
    try {
      bytes = readFileSync(join(base, path));
    } catch {
      response.writeHead(404).end();
      return;
    }
    if (answer(request, response, bytes)) return;
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from > 0) response.writeHead(206, { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` });
    response.end(bytes.subarray(from));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  after(() => server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('of a repository only the newest packages with macro files are fetched; an import that was cut off goes on', async () => {
  const one = world('repository');
  const rpmFiles = Object.fromEntries(Object.entries(root).filter(([path]) => !path.includes('macros.demo')));
  // Two thousand names make a list that takes more than one piece.
  const noise = Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`usr/share/doc/zz/${(i * 2654435761 % 2 ** 32).toString(36)}`, '']));
  const packages = [
    { name: 'rpm', version: '4.16.1.3', release: '1', arch: 'x86_64', files: rpmFiles },
    { name: 'demo-macros', version: '1', release: '9', files: { 'usr/lib/rpm/macros.d/macros.demo': '%demo_dir old\n' } },
    { name: 'demo-macros', version: '1', release: '10', files: { 'usr/lib/rpm/macros.d/macros.demo': root['usr/lib/rpm/macros.d/macros.demo']! } },
    { name: 'other', version: '1', release: '1', arch: 's390x', files: { 'usr/lib/rpm/macros.d/macros.other': '%other 1\n' } },
    { name: 'tool', version: '1', release: '1', files: { 'usr/bin/tool': 'x' } },
    { name: 'huge', version: '1', release: '1', files: { 'usr/lib/rpm/macros.d/macros.huge': '%huge 1\n', 'usr/share/data': randomBytes(1 << 21) } },
    { name: 'zz-doc', version: '1', release: '1', files: noise },
  ];
  writeBinaryRepository(join(one.cwd, 'repo'), packages);
  let cut = true;
  const { url, asked } = await serve(join(one.cwd, 'repo'), (request, response, bytes) => {
    if (!cut || !/demo-macros|filelists/.test(request.url!) || (request.url!.includes('filelists') && request.headers.range !== undefined)) return false;
    // The connection breaks in the middle of the file.
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, Math.floor(bytes.length * 0.9)), () => response.destroy());
    return true;
  });
  const args = ['import', 'demo', url, '--arch', 'x86_64', '--package-limit', '1'];
  const failed = await one.target(...args);
  assert.equal(failed.status, 2);
  assert.match(failed.err, /^spectrail: cannot fetch .*filelists\.xml\.gz/m);
  assert.deepEqual(asked, ['repodata/repomd.xml', 'repodata/*-filelists.xml.gz']);
  asked.length = 0;
  const again = await one.target(...args);
  // The list of files is gone on with; the package that breaks off is left out, as one that is damaged.
  assert.match(asked[1]!, /^repodata\/\*-filelists\.xml\.gz bytes=\d+-$/);
  assert.match(again.err, /left out: demo-macros-1-10\.noarch: cannot fetch/);
  cut = false;
  asked.length = 0;
  const done = await one.target(...args);
  assert.deepEqual(asked.filter((path) => path.endsWith('.rpm')), ['Packages/demo-macros-1-10.noarch.rpm', 'Packages/rpm-4.16.1.3-1.x86_64.rpm']);
  assert.equal(done.out, 'demo: 9 files of 2 packages, rpm 4.16.1.3, x86_64\n');
  assert.match(done.err, /1 of 3: demo-macros-1-10\.noarch\n/);
  assert.match(done.err, /left out: huge-1-1\.noarch: \d+ MB, over the limit of 1 MB; --package-limit sets another\n/);
  await checkMeaning(one);
  assert.deepEqual(readdirSync(one.cache).sort(), ['targets', 'targets-unfinished']);
  assert.deepEqual(readdirSync(join(one.cache, 'targets-unfinished')), []);
});

test('a repository whose files are not what its lists say, or lie outside of it', async () => {
  const one = world('liar');
  writeBinaryRepository(join(one.cwd, 'repo'), [{ name: 'demo', version: '1', release: '1', files: { 'usr/lib/rpm/macros.d/macros.demo': '%demo 1\n' } }]);
  one.write('repo/Packages/demo-1-1.noarch.rpm', binaryPackage({ name: 'demo', version: '1', release: '1' }, { 'usr/lib/rpm/macros.d/macros.demo': '%demo 2\n' }));
  const changed = await one.target('import', 'demo', 'repo', '--quiet');
  assert.equal(changed.status, 2);
  one.write('repo/repodata/repomd.xml', '<repomd><data type="primary"><location href="../secret"/></data><data type="filelists"><location href="http://127.0.0.1:1/x"/></data></repomd>');
  await checkRefused(one, ['import', 'demo', 'repo', '--quiet'], `${join(one.cwd, 'repo')} names a file outside of it: http://127.0.0.1:1/x`);
  const { url } = await serve(join(one.cwd, 'nothing'), () => false);
  await checkRefused(one, ['import', 'demo', url, '--quiet'], `the server refuses ${url}/repodata/repomd.xml (404 Not Found)`);
});

test('what createrepo_c makes of packages that rpmbuild made is imported', { skip: skipWithout('createrepo_c') || skipWithout('rpmbuild') }, async () => {
  const one = world('createrepo');
  one.write('demo.spec', 'Name: demo-rpm-macros\nVersion: 2\nRelease: 1\nSummary: x\nLicense: MIT\nBuildArch: noarch\n%description\nx\n%install\nmkdir -p %{buildroot}/usr/lib/rpm/macros.d\necho "%%demo_made yes" > %{buildroot}/usr/lib/rpm/macros.d/macros.demo\n%files\n/usr/lib/rpm/macros.d/macros.demo\n');
  execFileSync('rpmbuild', ['-bb', '--quiet', '-D', `_topdir ${one.cwd}/build`, '-D', '_binary_payload w3.zstdio', join(one.cwd, 'demo.spec')], { stdio: 'pipe' });
  execFileSync('createrepo_c', ['-q', join(one.cwd, 'build/RPMS')], { stdio: 'pipe' });
  checkImported(await one.target('import', 'fedora-43', 'build/RPMS', '--quiet', '--arch', 'x86_64'), 'fedora-43: 1 file of 1 package, rpm 6.0.2, x86_64\n');
  assert.equal((await one.rpm('--for', 'fedora-43', '-E', '%demo_made%{?dist}')).out, 'yes.fc43\n');
});

test('differences between two targets, by definition and by value', async () => {
  const one = world('diff');
  const dist = await one.target('diff', 'el8', 'el9', 'dist', 'rhel', '_unitdir');
  assert.deepEqual([dist.out, dist.status], ['rpm 4.14.3 and 4.16.1.3\n%dist\n  el8  .el8\n  el9  .el9\n%rhel\n  el8  8\n  el9  9\n', 1]);
  const same = await one.target('diff', 'el9', 'el9');
  assert.deepEqual([same.out, same.status], ['', 0]);
  const byValue = JSON.parse((await one.target('diff', 'el8', 'el9', '--values', '--json', 'python3_sitearch')).out) as { macros: { name: string; left: { value: string }; right: { value: string } }[] };
  assert.deepEqual(byValue.macros.map(({ name, left, right }) => [name, left.value, right.value]), [['python3_sitearch', '/usr/lib64/python3.6/site-packages', '/usr/lib64/python3.9/site-packages']]);
});

test('this machine: every macro of its rpm has the value that rpm gives', { skip: skipWithout('rpm') }, async () => {
  const one = world('this');
  const showrc = execFileSync('rpm', ['--showrc'], { encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: one.cwd } });
  const names = [...showrc.matchAll(/^\s*-?\d+[:=] (\w+)(?=[\t\n])(?!\t<builtin>)/gm)].map(([, name]) => name!);
  assert.ok(names.length > 200, 'macros of rpm --showrc');
  const env = { PATH: process.env['PATH'], HOME: one.cwd };
  /** What rpm gives, apart from what needs a text around it and is refused. */
  const real = new Map<string, string>();
  const refused: string[] = [];
  for (const name of names) {
    const { status, stdout } = spawnSync('rpm', ['-E', `%{?${name}}`], { encoding: 'utf8', env });
    if (status === 0) real.set(name, stdout.trimEnd());
    else refused.push(name);
  }
  const text = [...real.keys()].map((name) => `\x1e${name}\x1d%{?${name}}`).join('\n');
  const parse = (out: string) => new Map(out.split('\x1e').slice(1).map((part) => [part.slice(0, part.indexOf('\x1d')), part.slice(part.indexOf('\x1d') + 1).trimEnd()]));
  assert.equal((await one.target('import', 'mine', 'this', '--quiet')).status, 0);
  for (const name of ['this', 'mine']) {
    const ours = parse((await one.rpm('--for', name, '-E', text)).out);
    // A shell of ours has no home: these ask one where it is.
    const wrong = [...real.keys()].filter((macro) => ours.get(macro) !== real.get(macro) && !/^(?:_dbpath(?:_rebuild)?|_keyringpath|_rpmlock_path)$/.test(macro)).map((macro) => `${macro}: ${JSON.stringify(ours.get(macro))}, rpm: ${JSON.stringify(real.get(macro))}`);
    assert.deepEqual(wrong, [], name);
    for (const macro of refused) assert.equal((await one.rpm('--for', name, '-E', `%{?${macro}}`)).status, 1, macro);
  }
});

test('a spec is compared for several targets, and macros are explained at a line of it', async () => {
  const one = world('compare');
  one.write('t.spec', '%global who world\nName: t\nVersion: 1\nRelease: 1%{?dist}\nSummary: hello %{who}\nLicense: MIT\n%global who you\n%description\n%{who}\n%files\n');
  const compared = await one.target('compare', 't.spec', '--for', 'el8,el9', '--for', 'rocky-9');
  assert.deepEqual([compared.out, compared.status], ['t.spec:4: t: Release\n  el8: 1.el8\n  el9, rocky-9: 1.el9\n  because of %{?dist} in line 4\n', 1]);
  const same = await one.target('compare', 't.spec', '--for', 'el9,alma9', '--json');
  assert.deepEqual([JSON.parse(same.out), same.status], [{ version: 1, spec: 't.spec', targets: ['el9', 'almalinux-9'], differences: [] }, 0]);
  await checkRefused(one, ['compare', 't.spec', '--for', 'el9'], 'target: compare wants at least two targets, such as --for el9,fedora-43');
  const explain = async (...args: string[]) => (await one.rpm('--explain', '%{who}', '--spec', 't.spec', ...args)).out;
  assert.equal(await explain('--line', '5'), '%{who}\n    defined at t.spec:1: world\n    = world\n');
  assert.equal(await explain(), '%{who}\n    defined at t.spec:7: you\n    = you\n');
  const { steps } = JSON.parse((await one.rpm('--for', 'el9', '--explain', '%{?dist}%(echo x)', '--json')).out) as { steps: { use: string; value: string; definition?: { place: unknown } }[] };
  assert.deepEqual(steps.map(({ use, value, definition }) => [use, value, definition?.place]), [['%{?dist}', '.el9', { kind: 'target', target: 'el9' }], ['%(echo x)', 'x', undefined]]);
});
