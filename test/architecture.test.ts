/**
 * The arrows between rooms. The compiler keeps core from Node and the upper rooms apart (project references); this
 * keeps the rest: which room may import which, that rooms are entered by their face, and that each says what it is for.
 */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { root } from './support/root.js';

/** Room, what it may import besides itself. `core/text` and `core/host.ts` are open to everything in core and above. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  'core/text': [],
  'core/host': [],
  'core/settings': [],
  'core/macros': [],
  'core/syntax': [],
  'core/packages': [],
  'core/targets': ['core/macros', 'core/packages'],
  'core/spec': ['core/macros', 'core/targets'],
  'core/patches': ['core/packages'],
  'core/workspace': ['core/spec', 'core/syntax', 'core/patches', 'core/targets', 'core/settings'],
  'core/lint': ['core/workspace', 'core/settings', 'core/spec', 'core/syntax', 'core/patches'],
  'core/ide': ['core/workspace', 'core/lint', 'core/spec', 'core/syntax', 'core/patches', 'core/targets', 'core/macros', 'core/settings'],
  node: [],
  protocol: [],
  lsp: ['core', 'protocol'],
  cli: ['core'],
  client: ['protocol'],
};

/** Rooms that a lower one may import for their types alone: nothing of them runs there. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  'core/lint': ['core/spec', 'core/syntax', 'core/patches'],
};

/** Why an arrow that somebody may well try to draw is absent. */
const absent: Readonly<Record<string, string>> = {
  'core/spec -> core/syntax': 'the evaluation reads text, never the tree; workspace joins the two by offset',
  'core/syntax -> core/spec': 'the tree needs no macro\'s value; workspace joins the two by offset',
  'core/patches -> core/spec': 'patches knows patches and commits, not specs; workspace joins a spec with its patches',
  'core/spec -> core/patches': 'a spec names files; what is in them is the business of patches; workspace joins them',
  'core/lint -> node': 'rules fetch nothing; what they need must be in the snapshot\'s facts',
  'core/ide -> node': 'features fetch nothing; what they need must be in the snapshot\'s facts',
  'lsp -> cli': 'two front ends of the same core; what both need belongs in core or node',
  'cli -> lsp': 'two front ends of the same core; what both need belongs in core or node',
  'client -> core': 'the extension shows what the server says and computes nothing itself; ask through protocol.ts',
};

const source = join(root, 'server/src');

/** The room a file belongs to: the first folders of its path, as the tables above name them. */
function roomOf(file: string): string {
  const path = relative(source, file);
  if (path.startsWith('..')) return file.startsWith(join(root, 'client/src')) ? 'client' : '?';
  const [first, second] = path.split('/');
  if (first === 'core' && second !== undefined) return `core/${second.replace(/\.(d\.)?ts$/, '')}`;
  return first!.replace(/\.ts$/, '');
}

interface Import {
  readonly specifier: string;
  readonly typeOnly: boolean;
}

/** The imports of a module's text. Comments and template strings are blanked first, so that prose is no import. */
function importsOf(text: string): Import[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/^\s*\/\/.*$/gm, ' ');
  const found: Import[] = [];
  const statement = /^[ \t]*(?:import|export)\s+(type\s+)?(?:[\w*\s{},$]+?\s+from\s+)?['"]([^'"]+)['"]/gm;
  for (const [whole, type, specifier] of code.matchAll(statement)) {
    const names = /\{([^}]*)\}/.exec(whole)?.[1];
    const allTypes = names !== undefined && !/^\s*import\s+\w/.test(whole) && names.split(',').every((name) => name.trim() === '' || name.trim().startsWith('type '));
    found.push({ specifier: specifier!, typeOnly: type !== undefined || allTypes });
  }
  for (const [, specifier] of code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)) found.push({ specifier: specifier!, typeOnly: false });
  return found;
}

/** What is wrong with one import, or undefined. */
export function brokenArrow(file: string, { specifier, typeOnly }: Import): string | undefined {
  const from = roomOf(file);
  const where = `${relative(root, file)} imports '${specifier}'`;
  if (!specifier.startsWith('.')) {
    if (specifier === 'web-tree-sitter' && from !== 'core/syntax') return `${where}: only core/syntax may import web-tree-sitter`;
    if (/^vscode(-languageserver.*)?$/.test(specifier) && from !== 'lsp' && from !== 'client') return `${where}: only lsp and client speak the protocol`;
    if (specifier.startsWith('node:') && from.startsWith('core/')) return `${where}: core touches the world only through host.ts`;
    if (from === 'client' && specifier.startsWith('spectrail') && specifier !== 'spectrail/protocol') return `${where}: ${absent['client -> core']}`;
    return undefined;
  }
  const target = resolve(dirname(file), specifier).replace(/\.js$/, '.ts');
  const to = roomOf(target);
  if (to === from) return undefined;
  const reason = absent[`${from} -> ${to}`] ?? absent[`${from} -> ${to.split('/')[0]}`];
  const complaint = (text: string) => `${where}: ${text}${reason === undefined ? '' : ` (${reason})`}`;
  if (!Object.hasOwn(arrows, from)) return complaint(`'${from}' is no room that the table of arrows knows; add it there and to docs/architecture.md`);
  const isOpen = (to === 'core/text' || to === 'core/host') && from !== 'client';
  const allowed = isOpen || arrows[from]!.some((room) => to === room || to.startsWith(`${room}/`));
  // node implements host.ts; the two main.ts bring node and core together.
  const mayUseNode = to === 'node' && (from === 'lsp' || from === 'cli');
  if (mayUseNode && !file.endsWith('/main.ts') && !typeOnly && !isCompositionRoot(file)) return complaint('node is imported only where the world is put together (main.ts and the entries of other processes and commands)');
  if (!allowed && !mayUseNode && !(from === 'node' && to.startsWith('core/'))) return complaint(`there is no arrow ${from} -> ${to}`);
  if (typesOnly[from]?.includes(to) === true && !typeOnly) return complaint(`${from} may import only types of ${to}`);
  if (to.startsWith('core/') && existsSync(join(source, to)) && !target.endsWith('/index.ts')) return complaint(`rooms are entered by their face, ${to}/index.ts`);
  return undefined;
}

/** Files that put the world together for a command or a process, as main.ts does. */
function isCompositionRoot(file: string): boolean {
  return /\/(cli\/commands|cli\/hosts|lsp\/processes)\//.test(file) || /\/lsp\/(analysis|indexer)\.ts$/.test(file);
}

function sources(): string[] {
  return [source, join(root, 'client/src')].flatMap((folder) =>
    readdirSync(folder, { recursive: true }).map(String).filter((file) => file.endsWith('.ts')).map((file) => join(folder, file)),
  );
}

test('every import follows an arrow of the design', () => {
  const broken = sources().flatMap((file) => importsOf(readFileSync(file, 'utf8')).flatMap((one) => brokenArrow(file, one) ?? []));
  assert.deepEqual(broken, []);
});

test('a broken arrow is seen, and its message says why the arrow is absent', () => {
  const complaint = (file: string, specifier: string, typeOnly = false) => brokenArrow(join(source, file), { specifier, typeOnly });
  assert.match(complaint('core/spec/evaluate.ts', '../syntax/index.js')!, /no arrow core\/spec -> core\/syntax \(the evaluation reads text/);
  assert.match(complaint('core/patches/match.ts', '../spec/index.js')!, /knows patches and commits, not specs/);
  assert.match(complaint('core/lint/rules/x.ts', '../../../node/index.js')!, /fetch nothing/);
  assert.match(complaint('core/lint/engine.ts', '../spec/index.js')!, /only types of core\/spec/);
  assert.match(complaint('core/workspace/snapshot.ts', '../spec/model.js')!, /by their face/);
  assert.match(complaint('core/ide/hover.ts', 'node:fs')!, /through host\.ts/);
  assert.match(complaint('core/ide/hover.ts', 'web-tree-sitter')!, /only core\/syntax/);
  assert.match(complaint('cli/commands/lint.ts', '../../lsp/main.js')!, /two front ends/);
  assert.match(complaint('lsp/handlers/hover.ts', '../../node/index.js')!, /only where the world is put together/);
  assert.equal(complaint('core/lint/engine.ts', '../spec/index.js', true), undefined);
  assert.equal(complaint('cli/main.ts', '../node/index.js'), undefined);
  assert.match(brokenArrow(join(root, 'client/src/extension.ts'), { specifier: '../../server/src/core/spec/index.js', typeOnly: true })!, /computes nothing itself/);
});

test('imports are read from code, not from comments', () => {
  const text = "/* import a from './no.js' */\n// import './no.js'\nimport { type A } from './types.js';\nimport type { B } from './b.js';\nexport { c, type D } from './c.js';\nimport './effect.js';\nconst e = await import('./late.js');\n";
  assert.deepEqual(importsOf(text).map(({ specifier, typeOnly }) => `${specifier} ${typeOnly}`), ['./types.js true', './b.js true', './c.js false', './effect.js false', './late.js false']);
});

test('every room has a face that says what it is for', () => {
  for (const room of Object.keys(arrows).filter((name) => name.startsWith('core/') && existsSync(join(source, name)))) {
    const face = join(source, room, 'index.ts');
    assert.ok(existsSync(face), `${room} has no index.ts`);
    assert.match(readFileSync(face, 'utf8'), /^\/\*\*\n? ?\*? ?[A-Z]/, `${room}/index.ts begins with a comment that says what the room is for`);
  }
});
