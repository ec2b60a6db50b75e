/** Names every dependency's licence and fails on one that an MIT product cannot ship or be built with. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './support/root.js';

/** SPDX ids that may be shipped inside an MIT product without changing what its users may do with it. */
const allowed = new Set(['MIT', 'MIT-0', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0', 'Unlicense', 'CC0-1.0', 'Python-2.0', 'Zlib', 'WTFPL', 'Artistic-2.0', 'CC-BY-3.0', 'CC-BY-4.0']);

/** Used to build or test, never shipped: weak copyleft is harmless there. */
const allowedUnshipped = new Set([...allowed, 'MPL-2.0', 'PSF-2.0']);

/** Packages that name no licence in their manifest, and what their licence file says. */
const namedElsewhere: Readonly<Record<string, string>> = { httpolyglot: 'MIT' };

/** Whether an SPDX expression can be met with the given licences alone. */
export function canBeMet(expression: string, licences: ReadonlySet<string>): boolean {
  const tokens = expression.replace(/[()]/g, ' $& ').trim().split(/\s+/);
  let at = 0;
  const any = (): boolean => {
    let result = all();
    while (tokens[at]?.toUpperCase() === 'OR') {
      at++;
      const right = all();
      result = result || right;
    }
    return result;
  };
  const all = (): boolean => {
    let result = one();
    while (tokens[at]?.toUpperCase() === 'AND') {
      at++;
      const right = one();
      result = result && right;
    }
    return result;
  };
  const one = (): boolean => {
    const token = tokens[at++];
    if (token === '(') {
      const inner = any();
      if (tokens[at++] !== ')') throw new SyntaxError(`unbalanced licence expression: ${expression}`);
      return inner;
    }
    if (tokens[at]?.toUpperCase() === 'WITH') at += 2;
    return licences.has(token ?? '');
  };
  const result = any();
  return result && at === tokens.length;
}

/** Parts of tools that run apart from the product, under terms of their own that allow the running: never shipped, never loaded by it. */
const toolsOnly = /^@vscode\/vsce-sign(-|$)/;

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
}

/** The lock files of the project: the workspaces', and those of tools kept in folders of their own. */
function lockFiles(): string[] {
  const nested = existsSync(join(root, 'tools')) ? readdirSync(join(root, 'tools')).map((name) => `tools/${name}/package-lock.json`) : [];
  return ['package-lock.json', ...nested].filter((file) => existsSync(join(root, file)));
}

for (const file of lockFiles()) {
  test(`every package in ${file} has a licence that an MIT product can use`, (context) => {
    const { packages } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { packages: Record<string, LockedPackage> };
    const counts = new Map<string, number>();
    const refused: string[] = [];
    for (const [path, { license, dev, link }] of Object.entries(packages)) {
      if (!path.includes('node_modules/') || link === true) continue;
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
      const named = license ?? namedElsewhere[name] ?? installedLicence(path);
      counts.set(named, (counts.get(named) ?? 0) + 1);
      const isTool = file !== 'package-lock.json';
      if (isTool && toolsOnly.test(name)) continue;
      if (!canBeMet(named, dev === true || isTool ? allowedUnshipped : allowed)) refused.push(`${path}: ${named}`);
    }
    context.diagnostic([...counts].sort(([, a], [, b]) => b - a).map(([licence, count]) => `${licence} ${count}`).join(', '));
    assert.deepEqual(refused, []);
  });
}

/** Old packages name their licence only in their own manifest, some as an object. */
function installedLicence(path: string): string {
  const manifest = join(root, path, 'package.json');
  if (!existsSync(manifest)) return 'none named';
  const { license, licenses } = JSON.parse(readFileSync(manifest, 'utf8')) as { license?: string | { type: string }; licenses?: readonly { type: string }[] };
  return (typeof license === 'object' ? license.type : license) ?? licenses?.[0]?.type ?? 'none named';
}

test('a licence expression is met by one side of an OR and both sides of an AND', () => {
  assert.equal(canBeMet('GPL-3.0', allowed), false);
  assert.equal(canBeMet('GPL-3.0-or-later OR MIT', allowed), true);
  assert.equal(canBeMet('(MIT AND GPL-2.0) OR LGPL-3.0', allowed), false);
  assert.equal(canBeMet('MIT AND (Apache-2.0 OR GPL-2.0)', allowed), true);
  assert.equal(canBeMet('none named', allowed), false);
});

for (const bundle of ['server', 'client']) {
  test(`what the bundle of ${bundle} contains can be shipped, and its licences are beside it`, () => {
    const notices = readFileSync(join(root, bundle, 'dist/THIRD-PARTY-NOTICES.txt'), 'utf8');
    // The bundler writes a heading `name version (licence)` for each package that it took something from.
    const headings = [...notices.matchAll(/^(\S+) \d\S* \((.+)\)$/gm)];
    assert.ok(headings.length > 0, 'the notices name no package');
    assert.deepEqual(headings.filter(([, , licence]) => !canBeMet(licence!, allowed)).map(([heading]) => heading), []);
  });
}
