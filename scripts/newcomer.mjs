/**
 * Runs the README's first two `sh` blocks as a newcomer would: in a fresh clone of what is committed, with an empty
 * home and nothing on PATH but Node, npm, git and a plain shell. Prints how long each took; fails when one fails, with
 * the end of what it printed.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { root } from './install.mjs';

/** What a plain shell brings; everything else has to be in npm packages. */
const plain = 'node npm npx git sh bash env ls cat cp mv rm mkdir rmdir ln chmod touch pwd sed grep awk tr cut head tail sort uniq wc find xargs dirname basename readlink realpath uname mktemp sleep date tar gzip gunzip printf echo test true false id tee'.split(' ');

/** The first two fenced `sh` blocks of a Markdown text, one command line each. */
export function commandsOf(markdown) {
  const blocks = [...markdown.matchAll(/^```sh\n([\s\S]*?)^```/gm)].slice(0, 2).map(([, body]) => body.trim());
  if (blocks.length < 2) throw new Error('the README has fewer than two sh blocks');
  for (const block of blocks) if (block.includes('\n')) throw new Error(`a newcomer's command is one line, not: ${block}`);
  return blocks;
}

function main() {
  const folder = mkdtempSync(join(tmpdir(), 'spectrail-newcomer-'));
  try {
    const bin = join(folder, 'bin');
    const home = join(folder, 'home');
    mkdirSync(bin);
    mkdirSync(home);
    for (const name of plain) {
      const found = process.env.PATH.split(delimiter).map((entry) => join(entry, name)).find(existsSync);
      if (found !== undefined) symlinkSync(found, join(bin, name));
    }
    const clone = join(folder, 'spectrail');
    execFileSync('git', ['clone', '--quiet', root, clone]);
    // A machine may reach the registry only by the settings in its user's npmrc; the newcomer keeps those.
    const npmrc = process.env.NPM_CONFIG_USERCONFIG ?? join(process.env.HOME ?? '', '.npmrc');
    const env = { HOME: home, PATH: bin, LANG: 'C.UTF-8', CI: 'true', NPM_CONFIG_USERCONFIG: npmrc };
    for (const command of commandsOf(readFileSync(join(clone, 'README.md'), 'utf8'))) {
      const start = Date.now();
      const { status, stdout, stderr } = spawnSync(join(bin, 'sh'), ['-c', command], { cwd: clone, env, encoding: 'utf8', maxBuffer: 1 << 28 });
      const seconds = Math.round((Date.now() - start) / 1000);
      if (process.argv.includes('--print')) process.stdout.write(`${stdout}${stderr}`);
      if (status !== 0) {
        process.stdout.write(`${stdout}${stderr}`.split('\n').slice(-40).join('\n'));
        console.log(`\nfails after ${seconds} s: ${command}`);
        process.exitCode = 1;
        return;
      }
      console.log(`ok in ${seconds} s: ${command}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1]?.endsWith(join('scripts', 'newcomer.mjs'))) main();
