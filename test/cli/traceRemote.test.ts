import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { trace } from '#server/cli/commands/trace.js';
import type { PatchTrace } from '#server/core/patches/index.js';
import { temporaryFolder } from '../support/folder.js';
import { serveGit, skipWithoutGitServer } from '../support/gitServer.js';
import { gitEnvironment } from '../support/repo.js';
import { runCommand } from '../support/runCommand.js';
import { makeDemoWorld } from '../support/scripts.js';

const folder = temporaryFolder('remote');
const world = makeDemoWorld(join(folder, 'world'));
const server = await serveGit(world.folder);
after(() => server.close());

const upstream = `up=${server.url}/upstream/quillet/.git`;
const stream = `stream=${server.url}/stream/quillet/.git#c9s`;
const places = ['--upstream', upstream, '--carrier', stream];

async function run(cache: string, ...args: string[]) {
  const result = await runCommand(trace, [world.package, '--json', ...args], { cwd: folder, env: { SPECTRAIL_CACHE: join(folder, cache) } });
  const { patches } = JSON.parse(result.out) as { patches: PatchTrace[] };
  return { ...result, patches };
}

test('remote places are fetched once, then neither they nor git are asked', { skip: skipWithoutGitServer }, async () => {
  const first = await run('once', ...places);
  assert.equal(first.err, '');
  assert.deepEqual(first.patches.map(({ relation }) => relation), ['same-change', 'rebased', 'adapted', 'combined', 'same-change', 'same-change', 'none']);
  assert.deepEqual(first.patches[0]!.carriers.map(({ name, relation }) => `${name} ${relation}`), ['stream same-file']);
  assert.equal(first.patches[0]!.changes[0]!.commit!.firstTag, 'v1.1');
  const asked = server.requests;
  for (const more of [[], ['--offline']]) {
    const again = await run('once', ...places, ...more);
    assert.equal(again.out, first.out);
    assert.equal(again.gits, 0);
  }
  assert.equal(server.requests, asked);
});

test('only --refresh asks whether they have moved', { skip: skipWithoutGitServer }, async () => {
  await run('moving', ...places);
  cpSync(join(world.package, 'quillet-1.0-terminal-width.patch'), join(world.folder, 'stream/quillet/width.patch'));
  for (const step of [['add', '--all'], ['commit', '-qm', 'Take the width']]) execFileSync('git', ['-C', join(world.folder, 'stream/quillet'), ...step], { env: gitEnvironment });
  assert.deepEqual((await run('moving', ...places)).patches[6]!.carriers, []);
  const refreshed = await run('moving', ...places, '--refresh');
  assert.deepEqual(refreshed.patches[6]!.carriers.map(({ place }) => place.path), ['width.patch']);
});

test('without a branch, the one the server calls its own is taken', { skip: skipWithoutGitServer }, async () => {
  const { patches, err } = await run('head', '--carrier', stream.replace('#c9s', ''));
  assert.equal(err, '');
  assert.deepEqual(patches[0]!.carriers.map(({ relation }) => relation), ['same-file']);
});

test('a branch or a repository that is not there, and a server that cuts off, are told apart', { skip: skipWithoutGitServer }, async () => {
  const reasons = async (...args: string[]): Promise<string> => {
    const { patches, status } = await run(`failing${Math.random()}`, ...args);
    assert.equal(status, 2);
    return patches[0]!.coverage.failed.map(({ reason }) => reason).join('\n');
  };
  assert.match(await reasons('--carrier', stream.replace('c9s', 'c99')), /there is no branch or tag 'c99'; check the part behind #/);
  assert.match(await reasons('--upstream', `up=${server.url}/nowhere`), /there is no git repository at that address/);
  server.cutOffAfter = 200;
  try {
    assert.match(await reasons('--upstream', upstream), /the server does not answer/);
  } finally {
    server.cutOffAfter = undefined;
  }
});

test('a fetch that was cut off leaves a cache that the next run can use', { skip: skipWithoutGitServer }, async () => {
  server.cutOffAfter = 1000;
  assert.equal((await run('again', ...places)).status, 2);
  server.cutOffAfter = undefined;
  const { patches, status } = await run('again', ...places);
  assert.equal(status, 1, 'only the contradicted claim is left to complain of');
  assert.equal(patches[0]!.relation, 'same-change');
});
