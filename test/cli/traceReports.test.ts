import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decide } from '#server/cli/commands/decide.js';
import { trace } from '#server/cli/commands/trace.js';
import { temporaryFolder } from '../support/folder.js';
import { schemaProblems } from '../support/jsonSchema.js';
import { root } from '../support/root.js';
import { type CommandRun, runCommand } from '../support/runCommand.js';
import { makeDemoWorld } from '../support/scripts.js';

const folder = temporaryFolder('reports');
const world = makeDemoWorld(join(folder, 'world'));
const env = { SPECTRAIL_CACHE: join(folder, 'cache') };
const places = ['--upstream', `upstream=${world.upstream}`, '--carrier', `stream=${world.stream}`, '--carrier', `oracle=${world.oracle}`];
const schema = JSON.parse(readFileSync(join(root, 'schemas/trace.schema.json'), 'utf8')) as Record<string, unknown>;
const own = 'quillet-1.0-terminal-width.patch';
let made = 0;

function copyPackage(): { readonly folder: string; run(...args: string[]): Promise<CommandRun>; decide(...args: string[]): Promise<CommandRun> } {
  const copy = join(folder, `package${made++}`);
  cpSync(world.package, copy, { recursive: true });
  return { folder: copy, run: (...args) => runCommand(trace, [copy, ...places, ...args], { cwd: copy, env }), decide: (...args) => runCommand(decide, args, { cwd: copy, env }) };
}

test('what --json prints is what the published schema says: with carriers, without places, with decisions, with differences', async () => {
  const { run, decide: settle, folder: where } = copyPackage();
  const check = async (result: Promise<CommandRun> | CommandRun): Promise<string> => {
    const { out } = await result;
    assert.deepEqual(schemaProblems(JSON.parse(out), schema), []);
    return out;
  };
  await check(run('--json'));
  await check(runCommand(trace, [where, '--json'], { cwd: where, env }));
  await check(runCommand(trace, [where, '--format', 'json', '--upstream', join(folder, 'nowhere')], { cwd: where, env }));
  await run('--lock');
  await settle(own, '--waive-until', '2999-01-01', '--reason', 'Ours.', '--owner', 'B');
  writeFileSync(join(where, 'quillet.spec'), readFileSync(join(where, 'quillet.spec'), 'utf8').replace('Patch6: ', 'Patch9: gone.patch\nPatch6: '));
  const out = await check(run('--json', '--frozen'));
  assert.match(out, /"kind": "waived"/);
  assert.match(out, /"differences": \[\n/);
  assert.match(out, /"aftermath": \{/, 'what became of origins is looked at as well');
});

test('a report that the schema does not know is found out', async () => {
  const report = JSON.parse((await copyPackage().run('--json')).out) as { format: number; patches: Record<string, unknown>[] };
  assert.deepEqual(schemaProblems({ ...report, format: 2 }, schema), ['$.format: is 2, not 1']);
  assert.deepEqual(schemaProblems({ ...report, patches: [{ ...report.patches[0], relation: 'cousin', extra: 1 }] }, schema).map((text) => text.slice(0, 40)), ['$.patches[0].relation: is "cousin", none', "$.patches[0]: has 'extra', which the sch"]);
});

test('CycloneDX has the patches as a pedigree, with commits, issues and what people decided', async () => {
  const { run, decide: settle } = copyPackage();
  await settle(own, '--ours', '--reason', 'Ours.', '--owner', 'B');
  const { out, status } = await run('--format', 'cyclonedx');
  assert.equal(status, 1);
  const bom = JSON.parse(out);
  assert.deepEqual([bom.bomFormat, bom.specVersion, bom.version], ['CycloneDX', '1.6', 1]);
  assert.match(bom.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
  const { component } = bom.metadata;
  assert.deepEqual([component.name, component.version], ['quillet', '1.0']);
  assert.deepEqual(component.pedigree.patches.map(({ type, diff }: { type: string; diff: { url: string } }) => `${type} ${diff.url}`), [
    'cherry-pick 0001-wrap-do-not-read-past-the-end-of-the-text.patch',
    'cherry-pick 0002-quote-say-when-memory-runs-out.patch',
    'backport 0003-main-refuse-a-width-that-is-no-number.patch',
    'backport quillet-1.0-tabs-and-blanks.patch',
    'cherry-pick quillet-CVE-2025-40404.patch',
    'cherry-pick 0006-main-print-the-usage-when-asked-for-help.patch',
  ]);
  assert.deepEqual(component.pedigree.patches[0].resolves, [{ type: 'security', id: 'CVE-2025-31337', source: { name: 'NVD', url: 'https://nvd.nist.gov/vuln/detail/CVE-2025-31337' } }]);
  assert.deepEqual(new Set(component.pedigree.commits.map(({ uid }: { uid: string }) => uid)), new Set((['overread', 'memory', 'width', 'blank', 'tabs', 'control', 'help'] as const).map((name) => world.commits[name])));
  assert.ok(component.properties.some(({ name, value }: { name: string; value: string }) => name === 'spectrail:patch:quillet-CVE-2025-40404.patch:claim' && value === 'contradicted'));
  assert.equal((await run('--format', 'cyclonedx')).out, out, 'the same report is the same text');
});

/** Patch ids of a file as git prints them, and what stands in it below the first diff. */
function patchIds(path: string): string {
  return execFileSync('git', ['patch-id', '--stable'], { input: readFileSync(path) }).toString().split('\n').map((line) => line.slice(0, 40)).join(' ');
}

for (const style of ['dep3', 'trailers']) {
  test(`--write-${style} writes what was found into the patches, once, and leaves their diffs alone`, async () => {
    const { run, decide: settle, folder: where } = copyPackage();
    chmodSync(join(where, own), 0o640);
    await settle(own, '--ours', '--reason', 'Ours.', '--owner', 'B');
    const names = readdirSync(where).filter((name) => name.endsWith('.patch'));
    const ids = names.map((name) => patchIds(join(where, name)));
    const first = await run(`--write-${style}`);
    assert.match(first.err, style === 'dep3' ? /7 patches have a new header/ : /patches have a new header/);
    assert.deepEqual(names.map((name) => patchIds(join(where, name))), ids);
    const texts = names.map((name) => readFileSync(join(where, name)));
    const again = await run(`--write-${style}`);
    assert.match(again.err, /0 patches have a new header/);
    assert.deepEqual(names.map((name) => readFileSync(join(where, name))), texts);
    assert.match(readFileSync(join(where, own), 'utf8'), style === 'dep3' ? /^Origin: vendor\nForwarded: not-needed\nLast-Update: \d{4}-\d\d-\d\d\n\n# Ours/ : /\nUpstream-Status: Inappropriate \[ours on purpose\]\n\ndiff --git/);
    assert.equal(statSync(join(where, own)).mode & 0o777, 0o640);
    const report = JSON.parse((await run('--json')).out) as { patches: { fileName: string; relation: string; claim: string }[] };
    assert.equal(report.patches.find(({ fileName }) => fileName === 'quillet-1.0-tabs-and-blanks.patch')!.claim, 'confirmed', 'what was written is read');
  });
}

test('options that exclude each other are refused', async () => {
  const { run } = copyPackage();
  assert.match((await run('--format', 'yaml')).err, /--format is text, json or cyclonedx/);
  assert.match((await run('--write-dep3', '--write-trailers')).err, /one of --write-dep3 and --write-trailers/);
  assert.match((await run('--write-dep3', '--frozen')).err, /--frozen changes nothing/);
});
