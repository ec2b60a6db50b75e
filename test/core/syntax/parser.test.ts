import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { nodeKinds } from '#server/core/syntax/index.js';
import { root } from '../../support/root.js';
import { parser, withTree } from './support.js';

test('the kinds of nodes are those of the grammar', () => {
  const types = JSON.parse(readFileSync(`${root}/grammars/rpmspec/src/node-types.json`, 'utf8')) as { type: string; named: boolean }[];
  assert.deepEqual(types.filter((type) => type.named).map((type) => type.type).sort(), [...nodeKinds]);
});

test('trees are counted and released once', () => {
  const before = parser.liveTrees;
  const first = parser.parse('Name: a\n');
  const second = parser.parse('Name: ab\n', first);
  assert.equal(parser.liveTrees, before + 2);
  first.release();
  first.release();
  assert.equal(parser.liveTrees, before + 1);
  assert.equal(second.views.tags[0]?.name, 'Name');
  second.release();
  assert.equal(parser.liveTrees, before);
});

test('a released tree throws, what it gave stays good', () => {
  const tree = parser.parse('Name: a\n');
  const { views } = tree;
  const node = tree.nodeAt(0);
  tree.release();
  assert.equal(tree.isReleased, true);
  assert.equal(node.kind, 'tag_name');
  assert.equal(views.tags.length, 1);
  for (const use of [() => tree.views, () => tree.root, () => tree.errors(), () => tree.nodeAt(0), () => parser.parse('', tree)]) {
    assert.throws(use, /this tree was released/);
  }
});

test('a half-typed macro damages its own line only', () => {
  withTree('Name: a\nRequires: %{na\nVersion: %{name}\n\n%prep\n%setup -q\n', (tree) => {
    assert.deepEqual(tree.errors(), [{ code: 'unclosed-macro', severity: 'error', message: 'Unterminated {: {na', span: { start: 18, end: 22 } }]);
    assert.deepEqual(tree.views.tags.map((tag) => tag.name), ['Name', 'Requires', 'Version']);
    assert.deepEqual(tree.views.sections.map((section) => section.name), ['', 'prep']);
  });
});

test('an unchanged text gives a tree of its own', () => {
  const before = parser.liveTrees;
  const first = parser.parse('Name: a\n%prep\n');
  assert.equal(first.views.tags.length, 1);
  const second = parser.parse('Name: a\n%prep\n', first);
  first.release();
  assert.deepEqual(second.views.sections.map((section) => section.name), ['', 'prep']);
  const third = parser.parse('Name: ab\n%prep\n', second);
  second.release();
  assert.equal(third.text.slice(third.views.tags[0]!.valueSpan.start, third.views.tags[0]!.valueSpan.end), 'ab');
  third.release();
  assert.equal(parser.liveTrees, before);
});

test('a pair of surrogates is never split by an edit', () => {
  const first = parser.parse('Name: \u{1f600}\nVersion: 1\n');
  const second = parser.parse('Name: \u{1f601}x\nVersion: 1\n', first);
  withTree(second.text, (fresh) => assert.deepEqual(second.views, fresh.views));
  first.release();
  second.release();
});
