import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { lint } from '#server/cli/commands/lint.js';
import { trace } from '#server/cli/commands/trace.js';
import { temporaryFolder } from '../support/folder.js';
import { runCommand } from '../support/runCommand.js';
import { makeDemoWorld } from '../support/scripts.js';

const folder = temporaryFolder('lint-traces');
const world = makeDemoWorld(join(folder, 'world'));
const env = { SPECTRAIL_CACHE: join(folder, 'cache') };
const own = join(world.package, 'quillet-1.0-terminal-width.patch');
appendFileSync(join(world.package, 'spectrail.toml'), `\n[trace]\nupstream = ["upstream=${world.upstream}"]\n`);

/** Findings on where patches come from, as `number rule`. */
async function findings(options: Partial<Parameters<typeof runCommand>[2]> = {}): Promise<string[]> {
  const { out, err } = await runCommand(lint, ['--format', 'json', world.spec], { cwd: folder, env, ...options });
  assert.equal(err, '');
  const { files } = JSON.parse(out) as { files: { findings: { rule: string; group: string; message: string }[] }[] };
  return files.flatMap((file) => file.findings.filter(({ group }) => group === 'provenance').map(({ rule, message }) => `${/^Patch(\d+)/.exec(message)![1]} ${rule}`));
}

test('lint tells what tracing has found, and searches nothing itself', async () => {
  assert.deepEqual(await findings(), [], 'nothing was traced yet');
  const traced = await runCommand(trace, [world.package], { cwd: folder, env });
  assert.equal(traced.status, 1);
  assert.deepEqual(await findings(), ['5 patch-claim-contradicted'], 'the one without origin says that it is not for upstream');
  writeFileSync(own, readFileSync(own, 'utf8').replace('Not for upstream.', ''));
  writeFileSync(world.spec, readFileSync(world.spec, 'utf8').replace('# Ours: not for upstream\n', ''));
  assert.deepEqual(await findings(), ['5 patch-claim-contradicted'], 'another form of a patch is unknown until it is traced');
  await runCommand(trace, [world.package], { cwd: folder, env });
  assert.deepEqual(await findings(), ['5 patch-claim-contradicted', '7 patch-origin-unknown']);
  const standard = await runCommand(lint, ['--format', 'json', '--stdin-filename', world.spec, '-'], { cwd: folder, env, stdin: readFileSync(world.spec) });
  assert.match(standard.out, /patch-claim-contradicted/);
});
