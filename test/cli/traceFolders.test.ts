import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { decide } from '#server/cli/commands/decide.js';
import { trace } from '#server/cli/commands/trace.js';
import type { PatchTrace } from '#server/core/patches/index.js';
import { temporaryFolder } from '../support/folder.js';
import { runCommand } from '../support/runCommand.js';
import { makeDemoWorld } from '../support/scripts.js';

const folder = temporaryFolder('folders');
const world = makeDemoWorld(join(folder, 'world'));
const env = { SPECTRAIL_CACHE: join(folder, 'cache') };
const [overread, memory, own] = ['0001-wrap-do-not-read-past-the-end-of-the-text.patch', '0002-quote-say-when-memory-runs-out.patch', 'quillet-1.0-terminal-width.patch'];
let made = 0;

/** A tree of files: texts, and patches of the small world by their names. */
function tree(files: Readonly<Record<string, string | { readonly patch: string }>>): string {
  const top = join(folder, `tree${made++}`);
  for (const [name, content] of Object.entries(files)) {
    const path = join(top, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'string') writeFileSync(path, content);
    else cpSync(join(world.package, content.patch), path);
  }
  return top;
}

interface Told {
  readonly package: string;
  /** `file relation` in order. */
  readonly patches: readonly string[];
  readonly err: string;
}

async function tell(path: string, ...args: string[]): Promise<Told> {
  const { out, err } = await runCommand(trace, [path, '--json', ...(args.length > 0 ? args : ['--upstream', `upstream=${world.upstream}`])], { cwd: folder, env });
  const report = JSON.parse(out) as { package: { name?: string; version?: string }; patches: PatchTrace[] };
  return { package: [report.package.name, report.package.version].filter(Boolean).join(' '), patches: report.patches.map(({ fileName, relation, blob }) => `${fileName} ${blob === undefined ? 'missing' : relation}`), err };
}

const debian = {
  'debian/changelog': 'quillet (1.0-3) unstable; urgency=medium\n\n  * Old fixes.\n',
  'debian/control': 'Source: quillet\nHomepage: https://github.com/quillet/quillet\n',
  'debian/patches/series': `# upstream\nup/memory.diff -p1 # asked for\n#off.patch\n${own}\nlost.patch -p0\n`,
  'debian/patches/up/memory.diff': { patch: memory! },
  [`debian/patches/${own}`]: { patch: own! },
  'debian/patches/off.patch': { patch: overread! },
} as const;

test('a Debian source is traced in the order of its series, by its root, its debian folder, its patches or the series itself', async () => {
  const top = tree(debian);
  const expected = { package: 'quillet 1.0', patches: ['up/memory.diff rebased', `${own} none`, 'lost.patch missing'], err: '' };
  for (const path of ['', 'debian', 'debian/patches', 'debian/patches/series']) assert.deepEqual(await tell(join(top, path)), expected, path);
});

test('an upstream that the package names is offered, and nothing is fetched unasked', async () => {
  const { err } = await tell(tree(debian), '--offline');
  assert.equal(err, 'spectrail: Homepage in debian/control names https://github.com/quillet/quillet as upstream; add --fetch to copy it into the cache, or give --upstream\n');
});

test('a folder of ebuilds and its files are traced, those of its own folders behind', async () => {
  const top = join(tree({ 'app-text/quillet/quillet-1.0-r1.ebuild': 'EAPI=8\n', 'app-text/quillet/quillet-0.9.ebuild': 'EAPI=8\n', 'app-text/quillet/metadata.xml': '<pkgmetadata/>', 'app-text/quillet/files/b.patch': { patch: own! }, 'app-text/quillet/files/1.0/a.patch': { patch: memory! }, 'app-text/quillet/files/init.d': 'x' }), 'app-text/quillet');
  const expected = { package: 'quillet 1.0', patches: ['b.patch none', '1.0/a.patch rebased'], err: '' };
  for (const path of [top, join(top, 'files')]) assert.deepEqual(await tell(path), expected);
});

test("dpatch's list is an order too", async () => {
  const top = tree({ 'debian/patches/00list': '02_memory\n01_own.dpatch\n', 'debian/patches/02_memory.dpatch': { patch: memory! }, 'debian/patches/01_own.dpatch': { patch: own! } });
  assert.deepEqual((await tell(top)).patches, ['02_memory.dpatch rebased', '01_own.dpatch none']);
});

test('a series that leads out of its folder is not followed', async () => {
  const top = tree({ 'patches/series': `../secret.patch\n${memory}\n`, 'secret.patch': { patch: own! }, [`patches/${memory}`]: { patch: memory! } });
  assert.deepEqual((await tell(top)).patches, [`${memory} rebased`]);
});

test('folders have a lock of their own, and patches of theirs are decided about', async () => {
  const top = tree(debian);
  writeFileSync(join(top, 'debian/patches/series'), `up/memory.diff\n${own}\n`);
  const run = (...args: string[]) => runCommand(trace, [top, '--upstream', `upstream=${world.upstream}`, ...args], { cwd: top, env });
  assert.equal((await run('--lock')).status, 0);
  const lock = join(top, 'debian/patches/spectrail.lock');
  assert.match(readFileSync(lock, 'utf8'), /^\[\[patch\."up\/memory\.diff"\]\]$/m);
  const decided = await runCommand(decide, [join('debian/patches', own!), '--ours', '--reason', 'Ours.', '--owner', 'B'], { cwd: top, env });
  assert.equal(decided.status, 0, decided.err);
  const deeper = await runCommand(decide, ['debian/patches/up/memory.diff', '--accept', '--reason', 'Fine.', '--owner', 'B'], { cwd: top, env });
  assert.equal(deeper.status, 0, deeper.err);
  assert.equal(readFileSync(lock, 'utf8').match(/^decision = /gm)?.length, 2);
  assert.equal((await run('--frozen')).status, 0);
});
