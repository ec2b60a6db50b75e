import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/folder.js';
import { root } from '../support/root.js';
import { converse, skipUnlessAsked, spec } from './installed.js';

const shell = process.platform === 'win32';

test('the npm package works where it is installed', { skip: skipUnlessAsked }, async (context) => {
  const folder = temporaryFolder('npm');
  execFileSync('npm', ['pack', '--workspace', 'server', '--pack-destination', folder, '--loglevel=error'], { cwd: root, shell, stdio: 'ignore' });
  const [archive] = readdirSync(folder);
  assert.match(archive!, /^spectrail-\d+\.\d+\.\d+\.tgz$/);
  context.diagnostic(`${archive}: ${(statSync(join(folder, archive!)).size / 1e6).toFixed(1)} MB`);
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  execFileSync('npm', ['install', `./${archive}`, '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder, shell, stdio: 'ignore' });
  const { dependencies, version } = JSON.parse(readFileSync(join(root, 'server/package.json'), 'utf8')) as { dependencies: Record<string, string>; version: string };
  assert.deepEqual(Object.keys(dependencies), ['libsql'], 'what is bundled is no run-time dependency');
  writeFileSync(join(folder, 'hello.spec'), spec);

  const npx = (...args: string[]) => spawnSync('npx', ['--no-install', 'spectrail', ...args], { cwd: folder, shell, encoding: 'utf8' });
  assert.equal(npx('--version').stdout, `spectrail ${version}\n`);
  const lint = npx('lint', '--format', 'json', 'hello.spec');
  assert.ok(lint.status === 0 || lint.status === 1, lint.stderr);
  assert.match(lint.stdout, /lost\.patch/);
  const expanded = npx('rpmspec', '-P', 'hello.spec');
  assert.equal(expanded.status, 0, expanded.stderr);
  assert.match(expanded.stdout, /^Name: hello$/m);
  const { capabilities } = await converse(process.execPath, ['node_modules/spectrail/dist/spectrail.mjs', 'lsp', '--stdio'], folder);
  assert.ok(capabilities['hoverProvider']);
});
