/**
 * Shows the main job on a small package made for it: lints its spec, expands it, traces its patches, and says how to do
 * the same on one's own. `npm run demo -- --keep` leaves the package where it is.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { root, run } from './install.mjs';

run(process.execPath, ['scripts/build.mjs']);
const { makeDemoWorld } = await import('./demoWorld.mjs');

const bold = (text) => (process.stdout.isTTY && process.env.NO_COLOR === undefined ? `\x1b[1m${text}\x1b[0m` : text);
const keep = process.argv.includes('--keep');
const folder = mkdtempSync(join(tmpdir(), 'spectrail-demo-'));
let failed = false;

/** Runs the command line as a person would type it in the demo's folder; findings are what the demo is for, not a failure. */
function spectrail(title, args, { lines = Number.POSITIVE_INFINITY, squeeze = false } = {}) {
  console.log(`\n${bold(title)}\n$ spectrail ${args.join(' ')}\n`);
  const env = { ...process.env, SPECTRAIL_CACHE: join(folder, 'cache') };
  if (process.stdout.isTTY && process.env.NO_COLOR === undefined) env.FORCE_COLOR = '1';
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'server/dist/spectrail.mjs'), ...args], { cwd: folder, env, encoding: 'utf8' });
  // What conditionals and comments leave behind are blank lines, which rpm prints and nobody wants to read.
  const text = squeeze ? stdout.replace(/^\n+/, '').replace(/\n{3,}/g, '\n\n') : stdout;
  const shown = text.split('\n');
  process.stdout.write(shown.length > lines ? `${shown.slice(0, lines).join('\n')}\n... ${shown.length - lines} more lines\n` : text);
  process.stdout.write(stderr);
  if (status !== 0 && status !== 1) {
    console.error(`\nspectrail ended with status ${status}`);
    failed = true;
  }
}

try {
  const world = await makeDemoWorld(folder);
  const here = (path) => relative(folder, path);
  console.log(`A small package, its upstream and three distributions that carry it are in ${folder}.`);
  spectrail('What is wrong with its spec', ['lint', '--for', 'el9', here(world.package)]);
  spectrail('What the spec means on Enterprise Linux 9', ['rpmspec', '--for', 'el9', '-P', here(world.spec)], { lines: 32, squeeze: true });
  spectrail('Which packages it makes', ['rpmspec', '--for', 'el9', '-q', here(world.spec)]);
  const places = ['--upstream', here(world.upstream), '--carrier', `stream=${here(world.stream)}`, '--carrier', `almalinux=${here(world.almalinux)}`, '--carrier', `oracle=${here(world.oracle)}`];
  spectrail('Where its patches come from, and who else carries them', ['trace', here(world.package), ...places]);
  console.log(`
${bold('On a package of your own')}

  npm link --workspace server            # puts spectrail on your PATH

  spectrail lint PACKAGE                 # a folder with a spec, or the spec
  spectrail rpmspec -P --for el9 SPEC    # what rpmspec prints, without rpm
  spectrail trace PACKAGE --upstream https://... --carrier stream
  spectrail COMMAND --help
`);
  if (keep) console.log(`The demo's package is still in ${folder}.`);
} finally {
  if (!keep) rmSync(folder, { recursive: true, force: true });
}
process.exitCode = failed ? 1 : 0;
