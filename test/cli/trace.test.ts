import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { trace } from '#server/cli/commands/trace.js';
import type { PatchTrace } from '#server/core/patches/index.js';
import { temporaryFolder } from '../support/folder.js';
import { type CommandRun, type CommandWorld, runCommand } from '../support/runCommand.js';
import { buildRepository } from '../support/repo.js';
import { makeDemoWorld } from '../support/scripts.js';

const folder = temporaryFolder('trace');
const world = makeDemoWorld(join(folder, 'world'));
const cache = join(folder, 'cache');
const everywhere = ['--upstream', `upstream=${world.upstream}`, '--carrier', `stream=${world.stream}`, '--carrier', `alma=${world.almalinux}`, '--carrier', `oracle=${world.oracle}`];

let caches = 0;
/** Runs `spectrail trace` with a cache of its own, unless one is given. */
function run(args: readonly string[], options: Partial<CommandWorld> = {}): Promise<CommandRun> {
  return runCommand(trace, args, { cwd: folder, env: { SPECTRAIL_CACHE: join(folder, `cache${++caches}`) }, ...options });
}

async function traces(args: readonly string[], options: Partial<CommandWorld> = {}): Promise<{ patches: (PatchTrace & { applied?: boolean })[]; run: CommandRun }> {
  const result = await run([...args, '--json'], options);
  return { patches: (JSON.parse(result.out) as { patches: PatchTrace[] }).patches, run: result };
}

/** One line a patch: number, relation, claim, upstream commits by name, first tag, carriers. */
function brief(patches: readonly (PatchTrace & { applied?: boolean })[]): string[] {
  const names = new Map(Object.entries(world.commits).map(([name, id]) => [id, name]));
  return patches.map(({ number, relation, claim, changes, carriers, applied }) => {
    const commits = changes.flatMap(({ commits }) => commits);
    return [number, relation, claim, commits.map(({ id }) => names.get(id) ?? id).sort().join('+') || '-', commits[0]?.firstTag ?? '-', carriers.map(({ name, relation }) => `${name}:${relation}`).join(',') || '-', applied ? '' : 'not applied'].join(' ').trim();
  });
}

const story = [
  '1 same-change confirmed overread v1.1 stream:same-file,alma:same-file,oracle:same-file',
  '2 rebased confirmed memory v1.1 alma:same-file',
  '3 adapted confirmed width v1.2 -',
  '4 combined absent blank+tabs v1.2 oracle:same-file',
  '5 same-change contradicted control v1.2 stream:same-change',
  '6 same-change unverifiable help v1.2 stream:same-file',
  '7 none absent - - - not applied',
];

test('each patch of the small world is told for what it is', async () => {
  const { patches, run: first } = await traces([world.package, ...everywhere]);
  assert.deepEqual(brief(patches), story);
  assert.equal(first.status, 1, 'a contradicted claim is a finding');
  assert.deepEqual(patches[0]!.coverage.searched.map(({ source, refs }) => [source, refs.map(({ name }) => name)]), [['upstream', ['main']], ['stream', ['c9s']], ['alma', ['a9']], ['oracle', ['quillet-1.0-3.0.1.el9']]]);
});

test('a second run asks git for nothing, and says the same', async () => {
  const env = { SPECTRAIL_CACHE: cache };
  const first = await run([world.package, ...everywhere], { env });
  assert.ok(first.gits > 0);
  const second = await run([world.package, ...everywhere], { env });
  assert.deepEqual({ ...second, gits: 0 }, { ...first, gits: 0 });
  assert.equal(second.gits, 0);
});

test('a branch that has moved is read again, a place that has not is not', async () => {
  const env = { SPECTRAIL_CACHE: join(folder, 'moving') };
  const copy = join(folder, 'moving-world');
  cpSync(world.folder, copy, { recursive: true });
  const args = [join(copy, 'package'), '--carrier', `stream=${join(copy, 'stream/quillet')}#c9s`, '--carrier', `oracle=${join(copy, 'oracle/ol9')}`];
  const before = await traces(args, { env });
  assert.equal(before.patches[6]!.carriers.length, 0);
  const { execFileSync } = await import('node:child_process');
  const { gitEnvironment } = await import('../support/repo.js');
  cpSync(join(copy, 'package/quillet-1.0-terminal-width.patch'), join(copy, 'stream/quillet/width.patch'));
  for (const step of [['add', '--all'], ['commit', '-qm', 'Take the width']]) execFileSync('git', ['-C', join(copy, 'stream/quillet'), ...step], { env: gitEnvironment });
  const after = await traces(args, { env });
  assert.deepEqual(after.patches[6]!.carriers.map(({ name, relation, place }) => [name, relation, place.path]), [['stream', 'same-file', 'width.patch']]);
});

test('the text is a line a patch, a summary, and words that say where was searched', async () => {
  const { out } = await run([world.package, ...everywhere]);
  const lines = out.split('\n');
  assert.equal(lines[0], 'quillet 1.0, 7 patches');
  assert.match(lines[2]!, /^1 {2}same change {2}[0-9a-f]{10} {5}v1\.1 {2}confirmed {5}0001-wrap-.*\.patch {2}stream alma oracle {2}wrap: do not read past the end of the text$/);
  assert.match(lines[8]!, /^7 {2}no origin .*terminal-width\.patch \(not applied\)$/);
  assert.match(out, /^origins {2}3 same change, 1 rebased, 1 adapted, 1 combined, 1 no origin$/m);
  assert.match(out, /^claims {3}3 confirmed ✓, 2 without, 1 contradicted ✗, 1 unverifiable \?$/m);
  assert.match(out, /^searched upstream: .*upstream\/quillet main at [0-9a-f]{10}, up to 2025-/m);
});

test('on a terminal it is coloured, fits the columns, and shows details on request', async () => {
  const { out } = await run([world.package, ...everywhere, '--details'], { terminal: 100 });
  const plain = out.replace(/\u001b\[\d+m/g, '');
  assert.notEqual(plain, out);
  const rows = plain.split('\n').filter((line) => /^\d {2}/.test(line));
  assert.equal(rows.length, 7);
  for (const row of rows) assert.ok(row.length <= 100, row);
  assert.match(plain, /src\/main\.c hunk 1 differs/);
  assert.match(plain, /The patch names a commit that it does not come from\.\n\s+mbox-from/);
  assert.match(plain, new RegExp(`cherry-picked ${world.commits.help} \\(header, line \\d+\\)`));
});

test('without places to search, what the patches say is told, and that nothing was searched', async () => {
  const { out, status } = await run([world.package]);
  assert.match(out, /Nothing was searched: name the project's repository with --upstream/);
  assert.match(out, /^1 {2}not searched {2}unverifiable/m);
  assert.equal(status, 0);
});

test('places may come from spectrail.toml, relative to it', async () => {
  const copy = join(folder, 'configured');
  cpSync(world.folder, copy, { recursive: true });
  writeFileSync(join(copy, 'spectrail.toml'), 'targets = ["el9"]\n[trace]\nupstream = ["up=upstream/quillet"]\ncarriers = ["oracle=oracle/ol9"]\n');
  rmSync(join(copy, 'package/spectrail.toml'));
  const { patches } = await traces([join(copy, 'package')]);
  assert.deepEqual(patches[3]!.coverage.searched.map(({ source }) => source), ['up', 'oracle']);
});

test('patches without a spec are traced: a folder, a series, one file', async () => {
  const plain = join(folder, 'plain');
  mkdirSync(join(plain, 'patches'), { recursive: true });
  const names = readdirSync(world.package).filter((name) => name.endsWith('.patch'));
  for (const name of names) cpSync(join(world.package, name), join(plain, 'patches', name));
  const upstream = ['--upstream', `upstream=${world.upstream}`];
  assert.equal((await traces([plain, ...upstream])).patches.length, names.length);
  writeFileSync(join(plain, 'patches/series'), `# order\n${names[2]} -p1\n\n${names[0]}\n`);
  assert.deepEqual((await traces([plain, ...upstream])).patches.map(({ fileName }) => fileName), [names[2], names[0]]);
  const { patches } = await traces([join(plain, 'patches', names[0]!), ...upstream]);
  assert.deepEqual(patches.map(({ fileName, relation, number }) => [fileName, relation, number]), [[names[0], 'same-change', undefined]]);
});

test('a patch that is missing, is none, is empty or is binary is said to be so, and the others go on', async () => {
  const copy = join(folder, 'broken');
  cpSync(world.package, copy, { recursive: true });
  const [first, second, third] = readdirSync(copy).filter((name) => name.endsWith('.patch'));
  rmSync(join(copy, first!));
  writeFileSync(join(copy, second!), 'This is a letter, not a patch.\n');
  writeFileSync(join(copy, third!), new Uint8Array([0, 255, 0, 254, 10, 0, 0, 1]));
  const { patches, run: result } = await traces([copy, '--upstream', `upstream=${world.upstream}`]);
  assert.equal(result.status, 1);
  const byName = new Map(patches.map((each) => [each.fileName, each]));
  assert.match(byName.get(first!)!.problems.join(), /is missing: put it beside the spec/);
  assert.notEqual(byName.get(second!)!.problems.length, 0);
  assert.notEqual(byName.get(third!)!.problems.length, 0);
  assert.equal(patches.filter(({ relation }) => relation !== 'none').length, 3);
  const text = await run([copy, '--upstream', `upstream=${world.upstream}`]);
  assert.match(text.out, /missing .*\n.*is missing: put it beside the spec/);
});

test('a patch of a gigabyte is not read, and that is said', async () => {
  const copy = join(folder, 'huge');
  cpSync(world.package, copy, { recursive: true });
  const [first] = readdirSync(copy).filter((name) => name.endsWith('.patch'));
  truncateSync(join(copy, first!), 1 << 30);
  const { patches } = await traces([copy, '--upstream', `upstream=${world.upstream}`]);
  assert.deepEqual(patches.find(({ fileName }) => fileName === first)!.problems, [`${first} has 1073741824 bytes; patches of more than 67108864 are not read`]);
  assert.equal(patches.filter(({ relation }) => relation !== 'none').length, 5);
});

async function fails(args: readonly string[], says: RegExp, options: Partial<CommandWorld> = {}): Promise<CommandRun> {
  const result = await run(args, options);
  assert.equal(result.status, 2, result.out + result.err);
  assert.match(result.err + result.out, says);
  assert.doesNotMatch(result.err + result.out, /at .*\.js:\d+/, 'no stack is shown');
  return result;
}

test('what cannot be run says what to do', async () => {
  mkdirSync(join(folder, 'empty'));
  await fails(['nowhere'], /nowhere: there is no such file or folder/);
  await fails(['empty'], /empty: no spec and no patches here; give a package's folder/);
  await fails([], /which package\? Give its folder or spec/);
  await fails([world.package, '--for', 'el99'], /el99/);
  await fails([world.package, '--upstream', '--upload-pack=touch x'], /argument is ambiguous|'--upload-pack/);
  await fails([world.package, '--upstream', 'ext::sh -c id'], /asks git to run a transport command/);
  await fails([world.package, '--carrier', 'x=../a#--output=y'], /is no name of a branch or tag/);
  await fails([world.package, '--carrier', 'streem9'], /streem9: neither a folder nor a known place; known places are stream9, stream10, almalinux8/);
  await fails([world.package, '--offline', '--refresh'], /exclude each other/);
  await fails([world.package, '--sideways'], /Unknown option '--sideways'/);
});

test('a place that fails is named, and the others are searched', async () => {
  const { out } = await fails([world.package, '--upstream', `gone=${join(folder, 'gone')}`, '--carrier', `stream=${world.stream.replace('c9s', 'c99s')}`, '--carrier', `oracle=${world.oracle}`], /not searched gone: .*there is no such folder; check the path/);
  assert.match(out, /not searched stream: .*there is no branch or tag 'c99s'; check the part behind #/);
  assert.match(out, /^searched oracle:/m);
  assert.match(out, /oracle\s+Tell texts|oracle$/m);
});

test('without git, what needs none goes on', async () => {
  const { out } = await fails([world.package, '--upstream', `upstream=${world.upstream}`, '--carrier', `oracle=${world.oracle}`], /git is not installed, or not on PATH; install it/, { env: { PATH: join(folder, 'empty'), SPECTRAIL_CACHE: join(folder, 'nogit') } });
  assert.match(out, /^searched oracle:/m);
});

test('a server that does not answer is given up, and what is not in the cache is not fetched offline', async () => {
  const server = createServer((socket) => void setTimeout(() => socket.destroy(), 100));
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  try {
    const { port } = server.address() as { port: number };
    await fails([world.package, '--upstream', `far=http://127.0.0.1:${port}/quillet.git`], /not searched far: .*the server does not answer/);
    await fails([world.package, '--upstream', `far=http://127.0.0.1:${port}/quillet.git`, '--offline'], /not searched far: .*not in the cache, and the network may not be used/);
    const copy = join(folder, 'toml');
    cpSync(world.package, copy, { recursive: true });
    writeFileSync(join(copy, 'spectrail.toml'), `targets = ["el9"]\n[trace]\nupstream = ["far=http://127.0.0.1:${port}/quillet.git"]\n`);
    const { gits } = await fails([copy], /not in the cache, and the network may not be used/);
    assert.equal(gits, 0, 'a settings file alone reaches nothing');
  } finally {
    server.close();
  }
});

test('a store that is damaged, newer or cannot be made costs a warning, never the answer', async () => {
  const make = (name: string): string => {
    mkdirSync(join(folder, name), { recursive: true });
    return join(folder, name);
  };
  const damaged = make('damaged');
  writeFileSync(join(damaged, 'store.sqlite'), 'x'.repeat(9000));
  const warnings: string[] = [];
  const noted = await traces([world.package, '--upstream', `upstream=${world.upstream}`], { env: { SPECTRAIL_CACHE: damaged }, log: { error() {}, warn: (message) => void warnings.push(message), info() {}, debug() {} } });
  assert.match(warnings.join(), /is damaged .* set aside/);
  assert.equal(noted.patches[0]!.relation, 'same-change');
  writeFileSync(join(folder, 'blocked'), '');
  const blocked = await traces([world.package, '--upstream', `upstream=${world.upstream}`], { env: { SPECTRAIL_CACHE: join(folder, 'blocked/cache') } });
  assert.match(blocked.run.err, /the store .* cannot be used .*SPECTRAIL_CACHE.*What is learned now is not kept/);
  assert.equal(blocked.patches[0]!.relation, 'same-change');
});

test('a spec without patches and one that rpm refuses are told apart', async () => {
  const bare = join(folder, 'bare');
  mkdirSync(bare);
  writeFileSync(join(bare, 'a.spec'), 'Name: a\nVersion: 1\nRelease: 1\nSummary: x\nLicense: MIT\n%description\nx\n');
  assert.deepEqual({ ...(await run([bare])), gits: 0 }, { out: 'bare/a.spec: the spec has no patches.\n', err: '', status: 0, gits: 0 });
  const torn = join(folder, 'torn');
  cpSync(world.package, torn, { recursive: true });
  writeFileSync(join(torn, 'quillet.spec'), `${readFileSync(join(torn, 'quillet.spec'), 'utf8').replace('%prep', '%prep\n%if 1')}`);
  const { patches } = await traces([torn]);
  assert.equal(patches.length, 7, 'what stands before the fault is traced');
});

test('what became of an origin stands in its line, in the details and in the summary', async () => {
  const content = (name: string, third: string): string => [0, 1, 2, 3, 4, 5].map((i) => `    ${i === 3 ? third : `${name}_${i} ();`}`).join('\n');
  const path = join(folder, 'later');
  const project = buildRepository(path, `
commit Begin
file a.c
${content('a', 'a_old ();')}
file b.c
${content('b', 'b_old ();')}
commit c: there from the start
file c.c
${content('c', 'c_new ();')}
tag v1.0
commit a: the new way
file a.c
${content('a', 'a_new ();')}
commit b: the new way
file b.c
${content('b', 'b_new ();')}
commit Revert "a: the new way"
file a.c
${content('a', 'a_old ();')}
`);
  writeFileSync(join(path, 'b.c'), `${content('b', 'b_newer ();').replaceAll('    ', '')}\n`);
  project.git('commit', '-qam', `b: the newer way\n\nFixes: ${project.commits.get('b: the new way')!.slice(0, 12)} ("b: the new way")`);
  const packed = join(folder, 'later-package');
  mkdirSync(packed);
  for (const [i, subject] of ['c: there from the start', 'a: the new way', 'b: the new way'].entries()) writeFileSync(join(packed, `${i + 1}.patch`), project.git('format-patch', '-1', '--stdout', project.commits.get(subject)!));
  writeFileSync(join(packed, 'later.spec'), `Name: later\nVersion: 1.0\nRelease: 1\nSummary: S\nLicense: MIT\nPatch1: 1.patch\nPatch2: 2.patch\nPatch3: 3.patch\n%description\nD.\n%prep\n%autosetup -p1\n`);
  const args = [packed, '--upstream', `up=${path}`];
  const { out } = await run(args);
  assert.deepEqual(out.split('\n').filter((line) => /^[123] /.test(line)).map((line) => /(in v1\.0|reverted|\+1 later) +(\d\.patch)/.exec(line)?.slice(1)), [['in v1.0', '1.patch'], ['reverted', '2.patch'], ['+1 later', '3.patch']]);
  assert.match(out, /^later {4}1 in the packaged version already, 1 reverted upstream, 1 with later commits that the package lacks \(\+\)$/m);
  const details = (await run([...args, '--details'])).out;
  assert.match(details, /v1\.0 has all of it already/);
  assert.match(details, /reverted by [0-9a-f]{10} Revert "a: the new way"$/m);
  assert.match(details, /mended by [0-9a-f]{10} b: the newer way: the package lacks it$/m);
  const { patches } = await traces(args);
  assert.deepEqual(patches.map(({ changes }) => changes[0]!.aftermath?.format), [2, 2, 2]);
});

test('where upstream is, is found in the spec and proposed, and not contacted', async () => {
  const packed = join(folder, 'proposed');
  mkdirSync(packed);
  cpSync(join(world.package, readdirSync(world.package).find((name) => name.endsWith('.patch'))!), join(packed, '1.patch'));
  const spec = (source: string): void => writeFileSync(join(packed, 'quillet.spec'), `%global forge https://github.com/quillet\nName: quillet\nVersion: 1.0\nRelease: 1\nSummary: S\nLicense: MIT\nURL: https://quillet.example\nSource0: ${source}\nPatch1: 1.patch\n%description\nD.\n%prep\n%autosetup -p1\n`);
  spec('%{forge}/%{name}/archive/v%{version}/%{name}-%{version}.tar.gz');
  const { err, out, gits, status } = await run([packed]);
  assert.match(err, /^spectrail: Source0 names https:\/\/github\.com\/quillet\/quillet as upstream; add --fetch to copy it into the cache, or give --upstream$/m);
  assert.match(out, /Nothing was searched/);
  assert.deepEqual([gits, status], [0, 0]);
  // What is named counts, and then nothing is proposed.
  assert.doesNotMatch((await run([packed, '--upstream', `up=${world.upstream}`])).err, /github/);
  // What git would take for a command is no proposal.
  spec('ext::sh -c touch% pwned/quillet.git');
  assert.equal((await run([packed, '--fetch'])).err, '');
});
