import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createFileReader } from '#server/node/index.js';

const folder = mkdtempSync(join(tmpdir(), 'spectrail-files-'));
after(() => rmSync(folder, { recursive: true }));
mkdirSync(join(folder, 'inside'));
writeFileSync(join(folder, 'inside/b.patch'), 'bytes');
writeFileSync(join(folder, 'inside/a.spec'), 'Name: a\n');
writeFileSync(join(folder, 'secret'), 'secret');
symlinkSync(join(folder, 'secret'), join(folder, 'inside/link'));
symlinkSync(folder, join(folder, 'inside/up'));

test('what lies within the folders is read, sorted and measured', () => {
  const files = createFileReader([join(folder, 'inside')]);
  assert.equal(Buffer.from(files.read(join(folder, 'inside/b.patch'))!).toString(), 'bytes');
  assert.deepEqual(files.list(join(folder, 'inside')), ['a.spec', 'b.patch', 'link', 'up']);
  assert.deepEqual({ ...files.stat(join(folder, 'inside/a.spec')), modified: 0 }, { kind: 'file', size: 8, modified: 0 });
  assert.equal(files.stat(join(folder, 'inside'))?.kind, 'directory');
});

test('what lies outside is not there, whatever leads to it', () => {
  const files = createFileReader([join(folder, 'inside')]);
  for (const path of ['secret', 'inside/../secret', 'inside/link', 'inside/up/secret']) {
    assert.equal(files.read(join(folder, path)), undefined, path);
    assert.equal(files.stat(join(folder, path)), undefined, path);
  }
  assert.deepEqual(files.list(folder), []);
  assert.deepEqual(files.list(join(folder, 'inside/up')), []);
});

test('a missing file, a folder, a device and a file above the limit give nothing', () => {
  const files = createFileReader();
  assert.equal(files.read(join(folder, 'none')), undefined);
  assert.equal(files.read(folder), undefined);
  assert.equal(files.read('/dev/zero'), undefined);
  assert.equal(files.read(join(folder, 'secret'), 5), undefined);
  assert.equal(files.read(join(folder, 'secret'), 6)?.length, 6);
  assert.deepEqual(files.list(join(folder, 'secret')), []);
});
