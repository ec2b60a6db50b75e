import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { neverCancelled } from '#server/core/host.js';
import { createSimulatedShell } from '#server/node/simulatedShell.js';
import { skipWithout } from '../support/commands.js';

const shell = createSimulatedShell({ arch: 'x86_64', wordSize: 64, processors: 2 });

/** Answers with exactly this text. */
async function check(command: string, output: string) {
  assert.deepEqual(await shell(command, neverCancelled), { output, understood: true });
}

/** Cannot be answered without the machine; what is printed all the same is kept. */
async function checkNotUnderstood(command: string, output = '') {
  assert.deepEqual(await shell(command, neverCancelled), { output, understood: false });
}

/** Commands as specs have them, and what a POSIX shell with the usual tools prints for them. */
const commands: readonly (readonly [command: string, output: string])[] = [
  ['c=0123456789abcdef0123; echo ${c%%9*}', '012345678\n'],
  ["echo 1.2.3 | sed -e 's/\\./_/g'", '1_2_3\n'],
  ['echo 1.2.3 | cut -d. -f1-2', '1.2\n'],
  ["echo 2.41~rc1 | tr '~' '-'", '2.41-rc1\n'],
  ['v=20240131; printf "%s" $v', '20240131'],
  ["echo 'a b c' | awk '{ print $2 }'", 'b\n'],
  ['if [ 5 -gt 4 ]; then echo yes; else echo no; fi', 'yes\n'],
  ['v=1.22.3; IFS=.; set -- $v; echo $1-$2', '1-22\n'],
  ['for i in 1 2 3; do printf "%d," $i; done', '1,2,3,'],
  ['basename /usr/lib/foo.so .so; dirname /usr/lib/foo', 'foo\n/usr/lib\n'],
  ['echo $((7 * 6)) && expr 3 + 4', '42\n7\n'],
  ["printf 'x\\n\\n\\n'", 'x\n\n\n'],
  ['false; echo $?', '1\n'],
];

test('cuts, replaces and joins as a shell does', async () => {
  for (const [command, output] of commands) await check(command, output);
});

test('the answers above are those of the shell at hand', { skip: skipWithout('sh', 'sed', 'cut', 'tr', 'awk', 'expr') }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'spectrail-shell-'));
  try {
    for (const [command, output] of commands)
      assert.equal(execFileSync('sh', ['-c', command], { cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C' }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }), output, command);
  } finally {
    rmdirSync(folder);
  }
});

test('speaks of the target, not of this machine', async () => {
  assert.deepEqual(await createSimulatedShell({ arch: 's390x', wordSize: 64, processors: 3 })('uname -m; nproc; getconf LONG_BIT', neverCancelled), { output: 's390x\n3\n64\n', understood: true });
  await checkNotUnderstood('uname -r');
});

test('says so where it would need a program, a file or the network', async () => {
  await checkNotUnderstood('rpm -q --qf "%{VERSION}" bash');
  await checkNotUnderstood('python3 -c "print(1)"');
  await checkNotUnderstood('curl -s http://127.0.0.1:9/');
  await checkNotUnderstood('pkg-config --modversion glib-2.0 || echo 0', '0\n');
  assert.equal((await shell('cat /etc/passwd; ls /root /home', neverCancelled)).output, '');
});

test('knows the folders that every machine with rpm has', async () => {
  await check('[ -d /usr/lib/rpm/macros.d ] && echo /usr/lib/rpm/macros.d || echo /etc/rpm; ls /usr/lib/rpm/macros.d', '/usr/lib/rpm/macros.d\n');
});

test('a command leaves nothing behind for the next', async () => {
  await shell('echo secret > /tmp/left; echo x > left; x=1', neverCancelled);
  assert.equal((await shell('cat /tmp/left left 2>/dev/null; echo "$x"', neverCancelled)).output, '\n');
});

test('a loop without end is ended', async () => {
  assert.equal((await shell('while :; do :; done', neverCancelled)).understood, false);
});

test('a cancelled question is not answered', async () => {
  await assert.rejects(shell('echo x', { isCancelled: true }), { code: 'cancelled' });
});
