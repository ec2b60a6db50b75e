import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { compareRpmVersions, primaryLocation, readPrimary } from '#server/core/packages/index.js';
import { nodeArchives } from '#server/node/index.js';
import { temporaryFolder } from '../../support/folder.js';
import { sourcePackageWriter } from '../../support/scripts.js';

test('the packages of a repository are listed from its metadata', () => {
  const folder = temporaryFolder('repodata');
  sourcePackageWriter.writeSourceRepository(folder, [{ name: 'a&b', version: '1', release: '2', files: {} }, { name: 'c', version: '3~rc1', release: '4.el9', epoch: 5, files: { 'c.spec': '' } }].map((entry) => ({ ...entry, name: entry.name.replace('&', '+') })));
  const location = primaryLocation(readFileSync(join(folder, 'repodata/repomd.xml'), 'utf8'))!;
  const xml = Buffer.from(nodeArchives.decompress(readFileSync(join(folder, location)), 'gzip', 1 << 20)!).toString();
  assert.deepEqual([...readPrimary(xml)].map(({ checksum, size, ...entry }) => ({ ...entry, checksum: `${checksum?.kind} ${checksum?.value.length}`, size })), [
    { name: 'a+b', arch: 'src', epoch: 0, version: '1', release: '2', location: 'a+b-1-2.src.rpm', checksum: 'sha256 64', size: undefined },
    { name: 'c', arch: 'src', epoch: 5, version: '3~rc1', release: '4.el9', location: 'c-3~rc1-4.el9.src.rpm', checksum: 'sha256 64', size: undefined },
  ]);
});

test('entities are read, entries that lack a field and text that is no metadata are left out', () => {
  const entry = '<package type="rpm"><name>a&amp;b</name><arch>src</arch><version epoch="0" ver="1" rel="2"/><location href="x&quot;y.rpm"/></package>';
  assert.deepEqual([...readPrimary(`<metadata>${entry}<package type="rpm"><name>broken</name></package><package `)].map(({ name, location }) => [name, location]), [['a&b', 'x"y.rpm']]);
  assert.equal(primaryLocation('<repomd></repomd>'), undefined);
});

test('versions compare as rpm compares them', () => {
  const check = (a: string, order: '<' | '=' | '>', b: string): void => {
    assert.equal(Math.sign(compareRpmVersions(a, b)), { '<': -1, '=': 0, '>': 1 }[order], `${a} ${order} ${b}`);
    assert.equal(Math.sign(compareRpmVersions(b, a)), { '<': 1, '=': 0, '>': -1 }[order], `${b} against ${a}`);
  };
  // Cases of rpm's own tests/rpmvercmp.at, by kind.
  check('1.0', '=', '1.0');
  check('1.0', '<', '2.0');
  check('2.0.1', '>', '2.0');
  check('5.5p1', '<', '5.5p10');
  check('10xyz', '<', '10.1xyz');
  check('xyz10', '<', 'xyz10.1');
  check('xyz.4', '<', '8');
  check('5.16.1.3', '<', '5.16.1.10');
  check('6.0.rc1', '>', '6.0');
  check('10b2', '>', '10a1');
  check('1.0aa', '>', '1.0a');
  check('10.0001', '=', '10.1');
  check('4_0', '=', '4.0');
  check('1.0~rc1', '<', '1.0');
  check('1.0~rc1', '<', '1.0~rc2');
  check('1.0^', '>', '1.0');
  check('1.0^git1', '<', '1.01');
  check('1.0~rc1^git1', '>', '1.0~rc1');
});
