import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type SourcePackageOptions, readRpmHeader, readSourcePackage } from '#server/core/packages/index.js';
import { nodeArchives } from '#server/node/index.js';
import { skipWithout } from '../../support/commands.js';
import { temporaryFolder } from '../../support/folder.js';
import { sourcePackageWriter } from '../../support/scripts.js';

const folder = temporaryFolder('packages');
const { sourcePackage, cpio } = sourcePackageWriter;
const described = { name: 'hello', version: '1.0', release: '2.el9', epoch: 3 };
const files = { 'hello.spec': 'Name: hello\n', 'a.patch': '--- a\n+++ b\n', 'empty.patch': '', 'hello-1.0.tar.gz': 'x'.repeat(5000) };

async function check(bytes: Uint8Array, expected: Readonly<Record<string, string>>, options: SourcePackageOptions = { wanted: (name) => /\.(patch|spec)$/.test(name) }): Promise<void> {
  const read = await readSourcePackage(bytes, nodeArchives, options);
  assert.deepEqual(Object.fromEntries([...read.files].map(([name, content]) => [name, Buffer.from(content).toString()]).sort()), expected);
}

const { 'hello-1.0.tar.gz': _, ...wantedFiles } = files;
const sorted = Object.fromEntries(Object.entries(wantedFiles).sort());

test('the wanted files of a source package are read, and its header', async () => {
  const bytes = sourcePackage(described, files);
  await check(bytes, sorted);
  const { header } = readRpmHeader(bytes);
  assert.deepEqual({ ...header, payload: 0 }, { name: 'hello', epoch: 3, version: '1.0', release: '2.el9', arch: 'noarch', isSource: true, payloadCompressor: 'gzip', payload: 0 });
});

test('limits leave out the file that passes them', async () => {
  const bytes = sourcePackage(described, files);
  await check(bytes, sorted, { wanted: () => true, fileLimit: 1000 });
  await check(bytes, { 'a.patch': files['a.patch'], 'empty.patch': '' }, { wanted: () => true, totalLimit: 12 });
});

test('names that leave their folder are refused, and named', async () => {
  const payload = gzipSync(cpio([{ name: '../../evil.patch', bytes: Buffer.from('x') }, { name: './good.patch', bytes: Buffer.from('y') }, { name: '/etc/evil.patch', bytes: Buffer.from('z') }, { name: 'link.patch', bytes: Buffer.from('/etc/passwd'), mode: 0o120777 }]));
  const read = await readSourcePackage(sourcePackage({ ...described, payload }, {}), nodeArchives, { wanted: () => true });
  assert.deepEqual([...read.files.keys()], ['good.patch']);
  assert.deepEqual(read.refused, ['../../evil.patch', '/etc/evil.patch']);
});

for (const [compressor, flags] of [['gzip', 'w9.gzdio'], ['bzip2', 'w9.bzdio'], ['xz', 'w7.xzdio'], ['zstd', 'w19.zstdio'], ['none', 'w.ufdio']] as const) {
  test(`what rpmbuild packs with ${compressor} is read`, { skip: skipWithout('rpmbuild') }, async () => {
    const top = join(folder, compressor);
    mkdirSync(join(top, 'SOURCES'), { recursive: true });
    const spec = 'Name: hello\nVersion: 1.0\nRelease: 2\nSummary: x\nLicense: MIT\nPatch0: a.patch\nPatch1: big.patch\n%description\nx\n';
    const big = Array.from({ length: 20000 }, (_, i) => `+line ${i * 7919}\n`).join('');
    writeFileSync(join(top, 'hello.spec'), spec);
    writeFileSync(join(top, 'SOURCES/a.patch'), files['a.patch']);
    writeFileSync(join(top, 'SOURCES/big.patch'), big);
    execFileSync('rpmbuild', ['-bs', '--define', `_topdir ${top}`, '--define', `_source_payload ${flags}`, join(top, 'hello.spec')], { stdio: 'pipe' });
    const name = readdirSync(join(top, 'SRPMS'))[0]!;
    await check(readFileSync(join(top, 'SRPMS', name)), { 'a.patch': files['a.patch'], 'big.patch': big, 'hello.spec': spec });
  });
}

test('what is no package, is damaged or is cut short says so', async () => {
  const bytes = sourcePackage(described, files);
  const rejects = (damaged: Uint8Array) => assert.rejects(readSourcePackage(damaged, nodeArchives, { wanted: () => true }), { code: 'archive-unreadable' });
  await rejects(new Uint8Array());
  await rejects(Buffer.from('hello'));
  await rejects(bytes.subarray(0, 300));
  await rejects(bytes.subarray(0, bytes.length - 60));
  await rejects(sourcePackage({ ...described, payload: Buffer.from('not gzip at all') }, files));
  await rejects(sourcePackage({ ...described, payloadCompressor: 'zstd', payload: Buffer.from('not zstd') }, files));
});

test('random damage never does worse than to be refused', async () => {
  const bytes = sourcePackage(described, files);
  await fc.assert(
    fc.asyncProperty(fc.nat(bytes.length - 1), fc.nat(255), fc.nat(bytes.length), async (at, value, length) => {
      const damaged = Buffer.from(bytes);
      damaged[at] = value;
      const header = readRpmHeader(damaged.subarray(0, length));
      assert.ok((header.header === undefined) !== (header.error === undefined));
      try {
        await readSourcePackage(damaged.subarray(0, length), nodeArchives, { wanted: () => true, totalLimit: 1 << 20 });
      } catch (error) {
        assert.equal((error as { code?: string }).code, 'archive-unreadable');
      }
    }),
    { numRuns: 60 },
  );
});
