import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/folder.js';
import { root } from '../support/root.js';
import { converse, skipUnlessAsked } from './installed.js';

interface Packaging {
  packVsix(platform: string, folder: string): Promise<string>;
  unpackVsix(vsix: string, folder: string): Promise<string[]>;
  hostPlatform(): string;
}

/** Every file of a .vsix is one of these; a new kind is added on purpose. */
const expected = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/(package\.json|readme\.md|changelog\.md|LICENSE\.txt)$/,
  /^extension\/client\/(icon\.png|spec\.svg|dist\/extension\.cjs|dist\/THIRD-PARTY-NOTICES\.txt)$/,
  /^extension\/server\/package\.json$/,
  /^extension\/server\/dist\/(spectrail\.mjs|THIRD-PARTY-NOTICES\.txt)$/,
  /^extension\/server\/dist\/chunks\/[^/]+\.mjs$/,
  /^extension\/server\/dist\/(.+\/)?[^/]+\.(wasm|scm|json|mjs)$/,
  /^extension\/server\/node_modules\/(libsql|detect-libc|@neon-rs\/load|@libsql\/[a-z0-9-]+)\/(.+\/)?([^/]+\.(js|cjs|node)|package\.json|LICENSE(\.md)?)$/,
  /^extension\/syntaxes\/[^/]+\.json$/,
];

test('the .vsix has everything it needs inside, and nothing else', { skip: skipUnlessAsked }, async (context) => {
  const folder = temporaryFolder('vsix');
  const { packVsix, unpackVsix, hostPlatform } = (await import(join(root, 'scripts/package.mjs'))) as Packaging;
  const vsix = await packVsix(hostPlatform(), folder);
  context.diagnostic(`${vsix.slice(folder.length + 1)}: ${(statSync(vsix).size / 1e6).toFixed(1)} MB`);
  const files = await unpackVsix(vsix, folder);
  assert.deepEqual(files.filter((file) => !expected.some((pattern) => pattern.test(file))), []);

  const extension = join(folder, 'extension');
  const manifest = JSON.parse(readFileSync(join(extension, 'package.json'), 'utf8')) as Record<string, unknown>;
  assert.deepEqual(namedFiles(manifest).filter((file) => !existsSync(join(extension, file))), [], 'files that the manifest names');
  for (const absent of ['scripts', 'devDependencies', 'workspaces']) assert.equal(manifest[absent], undefined);

  // The native part of the store loads, from inside the package.
  execFileSync(process.execPath, ['-e', "const Database = require('module').createRequire(process.argv[1])('libsql'); new Database(':memory:').exec('select 1')", join(extension, 'server/dist/spectrail.mjs')]);

  const empty = join(folder, 'workspace');
  mkdirSync(empty);
  const { capabilities, diagnostics } = await converse(process.execPath, [join(extension, 'server/dist/spectrail.mjs'), 'lsp', '--stdio', `--clientProcessId=${process.pid}`], empty);
  assert.ok(capabilities['hoverProvider']);
  assert.ok(diagnostics.length > 0);
});

test('every file that the manifest names is there', () => {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Record<string, unknown>;
  assert.deepEqual(namedFiles(manifest).filter((file) => !existsSync(join(root, file))), []);
});

/** The relative paths anywhere in a manifest: `./...`, and the icon. */
function namedFiles(manifest: Record<string, unknown>): string[] {
  const found = [String(manifest['icon'])];
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && value.startsWith('./') && !value.includes('*')) found.push(value);
    else if (typeof value === 'object' && value !== null) for (const [key, part] of Object.entries(value)) if (key !== 'imports') visit(part);
  };
  visit(manifest);
  return found;
}
