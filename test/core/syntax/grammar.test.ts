import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { type SyntaxNode } from '#server/core/syntax/index.js';
import { root } from '../../support/root.js';
import { withTree } from './support.js';

const grammar = `${root}/grammars/rpmspec`;

/** The shape of a tree in the notation of the grammar's own test files, fields left out. */
function shape(node: SyntaxNode): string {
  return `(${[node.kind, ...node.children.map(shape)].join(' ')})`;
}

for (const file of readdirSync(`${grammar}/test/corpus`).sort()) {
  const text = readFileSync(`${grammar}/test/corpus/${file}`, 'utf8');
  const cases = [...text.matchAll(/^=+\n(.+)\n=+\n([^]*?)\n---\n\n([^]*?)(?=\n=====|\n*$(?![^]))/gm)];
  test(`${file} has cases`, () => assert.equal(cases.length, text.match(/^=+\n.+\n=+$/gm)!.length));
  for (const [, name, source, expected] of cases) {
    test(`${file}: ${name}`, () => {
      withTree(source!, (tree) => assert.equal(shape(tree.root), expected!.trim().replace(/\w+: /g, '').replace(/\s+/g, ' ').replace(/ \)/g, ')')));
    });
  }
}

test('the parser stays small', () => {
  const states = Number(/^#define STATE_COUNT (\d+)$/m.exec(readFileSync(`${grammar}/src/parser.c`, 'utf8'))![1]);
  assert(states < 4000, `${states} parse states`);
  const { size } = statSync(`${grammar}/tree-sitter-rpmspec.wasm`);
  assert(size < 700 * 1024, `the WebAssembly module has ${size} bytes`);
});

test('the committed WebAssembly was built from the committed sources', () => {
  const lines = readFileSync(`${grammar}/tree-sitter-rpmspec.wasm.sources`, 'utf8').trim().split('\n');
  assert.deepEqual(lines, ['src/parser.c', 'src/scanner.c'].map((file) => `${createHash('sha256').update(readFileSync(`${grammar}/${file}`)).digest('hex')}  ${file}`), 'run grammars/rpmspec/build.sh');
});

const generator = [...(process.env['PATH'] ?? '').split(delimiter), join(homedir(), '.cargo/bin')].map((folder) => join(folder, 'tree-sitter')).find((path) => existsSync(path));

test('the committed parser is what the grammar generates', { skip: generator === undefined && 'left out: the parser generator (tree-sitter) is not installed' }, () => {
  const { status, stderr } = spawnSync('sh', [`${grammar}/build.sh`, '--check'], { env: { ...process.env, TREE_SITTER: generator }, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
});
