/** Whatever a spec says: no process is started, nothing outside its package and the macro path is read, nothing is written, no network is used. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { root } from '../support/root.js';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'spectrail-safe-')));
after(() => rmSync(folder, { recursive: true }));
const secret = join(folder, 'outside', 'secret');
const touched = join(folder, 'touched');
const work = join(folder, 'package');
for (const name of ['outside', 'package', 'macros']) mkdirSync(join(folder, name));
writeFileSync(secret, 'Provides: swordfish\n%leaked swordfish\n');
writeFileSync(join(folder, 'macros', 'macros.own'), '%own from the macro path\n');
writeFileSync(join(work, 'inside'), 'Provides: inside\n');
symlinkSync(secret, join(work, 'link'));

/** Each way out that the language has, in a line of the preamble; a line that rpm would refuse stands in a spec of its own. */
const ways = [
  `%(touch ${touched}; cat ${secret})`,
  `%{lua:print(pcall(os.execute, "touch ${touched}"))}`,
  `%{lua:print(pcall(io.popen, "cat ${secret}"))}`,
  `%{lua:print(pcall(posix.exec, "/bin/touch", "${touched}"))}`,
  '%{lua:print(pcall(posix.fork))}',
  `%{lua:print(pcall(rpm.execute, "touch", "${touched}"))}`,
  `%{lua:local f = io.open("${touched}", "w") if f then f:write("x") f:close() end}`,
  `%{lua:local f = io.open("${secret}") print(f and f:read("a"))}`,
  `%{lua:local f = io.open("${work}/link") print(f and f:read("a"))}`,
  `%{lua:print(pcall(io.lines, "${secret}"))}`,
  `%{lua:print(posix.stat("${secret}", "size"), #posix.dir("${folder}/outside"), posix.access("${secret}"))}`,
  `%{lua:print(pcall(rpm.load, "${secret}"), rpm.expand("%{?leaked}"), rpm.glob("${folder}/outside/*", "c")[1])}`,
  `%{lua:print(pcall(require, "../../outside/secret"), loadfile, dofile)}`,
  `%{exists:${secret}}`,
  `%{uncompress:${secret}}`,
  `%(curl -s http://127.0.0.1:9/ ; exec 3<>/dev/tcp/127.0.0.1/9; cat < ${secret}; . ${secret})`,
];
const refused = [`%include ${secret}`, '%include link', '%include ../outside/secret', `%{load:${secret}}%{?leaked}`];
const preamble = 'Name: a\nVersion: 1\nRelease: 1\nSummary: s\nLicense: l\nSource0: inside\n%include inside\n';

/** Runs the packed command where Node itself refuses every process, worker, native code, and file outside of what is allowed. */
function rpmspec(body: string, description = 'd'): { out: string; err: string } {
  const path = join(work, 'a.spec');
  writeFileSync(path, `${preamble}${body}\n%description\n${description}\n`);
  const allowed = [join(root, 'server'), join(root, 'node_modules'), join(root, 'package.json'), work, join(folder, 'macros')].map((place) => `--allow-fs-read=${place}${place.endsWith('.json') ? '' : '/*'}`);
  const { stdout, stderr } = spawnSync(process.execPath, ['--no-warnings', '--experimental-permission', ...allowed, join(root, 'server/dist/spectrail.mjs'), 'rpmspec', '-P', '--macros', join(folder, 'macros/macros.own'), path], {
    cwd: work,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder },
  });
  return { out: stdout, err: stderr };
}

test('no way out of the language leads anywhere, and Node has nothing to refuse', { skip: process.allowedNodeEnvironmentFlags.has('--experimental-permission') ? false : 'this Node has no permission model' }, () => {
  const { out, err } = rpmspec(ways.map((way, index) => `%global way${index} ${way}`).join('\n'), ways.map((_, index) => `${index}: %{way${index}} %own`).join('\n'));
  assert.match(out, /Provides: inside\n/);
  assert.match(out, /from the macro path/);
  assert.doesNotMatch(out + err, /swordfish|ERR_ACCESS_DENIED|restricted/);
  for (const line of refused) {
    const one = rpmspec(line);
    assert.match(one.err, /Unable to open|No such file|failed to load|not found/, line);
    assert.doesNotMatch(one.out + one.err, /swordfish|ERR_ACCESS_DENIED|restricted/, line);
  }
  assert.equal(existsSync(touched), false);
  assert.deepEqual(readdirSync(work).sort(), ['a.spec', 'inside', 'link']);
});
