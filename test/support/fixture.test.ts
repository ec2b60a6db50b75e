import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCursor, parseFixture } from './fixture.js';

test('a text without headers is one spec, its markers taken out', () => {
  const { files, main } = parseFixture('Name: a<|>b\n<|>');
  assert.deepEqual(files, [{ name: 'package.spec', text: 'Name: ab\n', markers: [7, 9] }]);
  assert.equal(main, files[0]);
});

test('headers divide files, each ending with its line break', () => {
  const { files, main } = parseFixture('==> fix.patch <==\n--- a\n==> x.spec <==\nName: x\n');
  assert.deepEqual(files.map(({ name, text }) => ({ name, text })), [{ name: 'fix.patch', text: '--- a\n' }, { name: 'x.spec', text: 'Name: x\n' }]);
  assert.equal(main.name, 'x.spec');
});

test('a cursor fixture has one marker, no fewer and no more', () => {
  assert.equal(parseCursor('%{na<|>me}').offset, 4);
  assert.throws(() => parseCursor('x'), /has 0/);
  assert.throws(() => parseCursor('<|>x<|>'), /has 2/);
});

test('two files of one name are refused', () => {
  assert.throws(() => parseFixture('==> a <==\n==> a <==\n'), /two files/);
});
