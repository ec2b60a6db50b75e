import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { neverCancelled, silentLog } from '#server/core/host.js';
import { type PatchTrace, currentPatch, emptyLock, recordDecision, renewLock, writeLock } from '#server/core/patches/index.js';
import { evaluate } from '#server/core/spec/index.js';
import { findTarget } from '#server/core/targets/index.js';
import { type PackageTracerOptions, PackageTracer, lockPath, packagePatches, packageTracing, readPackageFiles } from '#server/core/workspace/index.js';
import { createFileReader, createNodeHost } from '#server/node/index.js';
import { temporaryFolder } from '../../support/folder.js';
import { makeDemoWorld } from '../../support/scripts.js';

const folder = temporaryFolder('tracer');

function evaluated(text: string) {
  const found = findTarget('el9');
  assert.ok('target' in found);
  return evaluate(text, { target: found.target });
}

/** Patches as `number fileName order strip`, with what the spec says of them. */
function checkPatches(text: string, expected: readonly string[], said: Readonly<Record<number, object>> = {}): void {
  const patches = packagePatches(text, evaluated(text));
  assert.deepEqual(patches.map(({ number, fileName, order, strip, reverse }) => `${number} ${fileName} ${order ?? '-'} ${strip ?? '-'}${reverse ? ' reverse' : ''}`), expected);
  for (const [number, context] of Object.entries(said)) assert.deepEqual({ ...patches.find((patch) => patch.number === Number(number))!.context, fileName: undefined }, { ...context, fileName: undefined });
}

const head = 'Name: a\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\n';
const tail = '%description\nx\n';

test('patches come in the order %prep applies them, the others behind', () => {
  checkPatches(`${head}Patch3: c.patch\nPatch1: a.patch\nPatch2: b.patch\n${tail}%prep\n%patch -P 3 -p0\n%patch -P 1 -p1 -R\n`, ['3 c.patch 0 0', '1 a.patch 1 1 reverse', '2 b.patch - -']);
});

test('the comment above a tag, its URL and the changelog are what the spec says of a patch', () => {
  checkPatches(
    `${head}# a section\n\n# from upstream\n# https://example.org/commit/1\nPatch1: https://example.org/CVE-2024-1234.patch\nPatch2: plain.patch\n${tail}%changelog\n* Mon Jan 01 2024 A <a@b> - 1-1\n- Fix CVE-2024-1234\n- Other\n`,
    ['1 CVE-2024-1234.patch - -', '2 plain.patch - -'],
    { 1: { specComment: ['from upstream', 'https://example.org/commit/1'], specUrl: 'https://example.org/CVE-2024-1234.patch', changelog: ['- Fix CVE-2024-1234'] }, 2: {} },
  );
});

test('a changelog entry belongs to a patch by a bug in its name, its file, its number; its lines go on', () => {
  checkPatches(
    `${head}# https://bugzilla.redhat.com/show_bug.cgi?id=2138081\nPatch1: one.patch\nPatch2: a-rh1642150-2.patch\nPatch12: twelve-fold-way.patch\n${tail}%changelog\n* Mon Jan 01 2024 A <a@b> - 1-1\n- Fix it\n  for good (#2138081)\n- Older (#12138081)\n- resolves: rhbz#1642150\n- drop patch 12\n- use patch 12, 3.12\n- add twelve-fold-way\n- patch 120\n`,
    ['1 one.patch - -', '2 a-rh1642150-2.patch - -', '12 twelve-fold-way.patch - -'],
    {
      1: { specComment: ['https://bugzilla.redhat.com/show_bug.cgi?id=2138081'], changelog: ['- Fix it for good (#2138081)'] },
      2: { changelog: ['- resolves: rhbz#1642150'] },
      12: { changelog: ['- use patch 12, 3.12', '- add twelve-fold-way'] },
    },
  );
});

test('what the store does not know is taken from the lock, decisions always', async () => {
  const world = makeDemoWorld(join(folder, 'locked-world'));
  const cache = (name: string) => createNodeHost({ log: silentLog, env: { PATH: process.env['PATH'], SPECTRAIL_CACHE: join(folder, name) } });
  const host = cache('tracing');
  const text = readFileSync(world.spec, 'utf8');
  const files = readPackageFiles(world.spec, createFileReader([world.package]));
  const options: PackageTracerOptions = { tracing: packageTracing(text, evaluated(text), files), places: { upstream: [`upstream=${world.upstream}`], carriers: [] }, folder: world.package };
  const { traces } = await new PackageTracer(host).trace(options, 'never', { cancellation: neverCancelled });
  const patches = traces.map((trace) => currentPatch(trace.fileName, readFileSync(join(world.package, trace.fileName)), { trace }));
  const own = patches.find(({ file }) => file === 'quillet-1.0-terminal-width.patch')!;
  const lock = recordDecision(renewLock(emptyLock, patches, { today: '2026-11-25' }).lock, own, { kind: 'ours', reason: 'Ours.', owner: 'B', date: '2026-11-25', until: undefined }, { today: '2026-11-25' });
  writeFileSync(files.lock, writeLock(lock));
  const elsewhere = cache('elsewhere');
  const known = await new PackageTracer(elsewhere).known({ ...options, lock: { path: files.lock, stamp: '' } });
  assert.equal(elsewhere.git.spawned, 0);
  const brief = (given: readonly PatchTrace[]) => given.map(({ fileName, relation, claim, changes }) => [fileName, relation, claim, changes.map(({ commit, claims }) => [commit?.id, commit?.subject, claims])]);
  assert.deepEqual(brief(known.traces), brief(traces));
  assert.deepEqual(known.decisions.map(({ file, changes }) => [file, changes.map((decision) => decision?.reason)]), [[own.file, ['Ours.']]]);
  const better = await new PackageTracer(host).known({ ...options, lock: { path: files.lock, stamp: '' } });
  assert.deepEqual(better, { traces, decisions: known.decisions }, 'what the store knows is whole');
  await Promise.all([host.close(), elsewhere.close()]);
});

test('a folder of several specs has a lock for each', () => {
  const reader = { read: () => undefined, stat: () => undefined, list: () => ['a.spec', 'b.spec'] };
  assert.equal(lockPath('/SPECS/a.spec', reader), '/SPECS/a.spectrail.lock');
  assert.equal(lockPath('/a/a.spec', { ...reader, list: () => ['a.spec', 'x.patch'] }), '/a/spectrail.lock');
});

test('a program that runs on learns by tracing, and then knows without git', async () => {
  const world = makeDemoWorld(join(folder, 'world'));
  const host = createNodeHost({ log: silentLog, env: { PATH: process.env['PATH'], SPECTRAIL_CACHE: join(folder, 'cache') } });
  const tracer = new PackageTracer(host);
  const text = readFileSync(world.spec, 'utf8');
  const tracing = structuredClone(packageTracing(text, evaluated(text), readPackageFiles(world.spec, createFileReader([world.package]))));
  const options: PackageTracerOptions = { tracing, places: { upstream: ['upstream=../upstream/quillet'], carriers: [`stream=${world.stream}`, 'ext::sh -c id'] }, folder: world.package };
  assert.deepEqual(await tracer.known(options), { traces: [], decisions: [] });
  assert.equal(host.git.spawned, 0);
  const steps: string[] = [];
  const { traces, problems } = await tracer.trace(options, 'never', { cancellation: neverCancelled, progress: (step) => void steps.push(step) });
  assert.deepEqual(problems, ["ext::sh -c id: 'ext::sh -c id' asks git to run a transport command, which is refused"]);
  assert.equal(traces.length, 7);
  assert.ok(steps.length > 2);
  const spawned = host.git.spawned;
  assert.deepEqual(await tracer.known(options), { traces, decisions: [] });
  assert.equal(host.git.spawned, spawned);
  await assert.rejects(tracer.trace({ ...options, places: { ...options.places, carriers: [`other=${world.almalinux}`] } }, 'never', { cancellation: { isCancelled: true } }), { code: 'cancelled' });
  await host.close();
});
