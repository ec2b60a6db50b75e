import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { neverCancelled } from '#server/core/host.js';
import { createSimulatedShell } from '#server/node/simulatedShell.js';

const shell = createSimulatedShell({ arch: 'x86_64', wordSize: 64, processors: 2 });

/** Answers as a real shell does in an empty folder with a clean environment. */
async function check(command: string) {
  const folder = mkdtempSync(join(tmpdir(), 'spectrail-shell-'));
  try {
    const real = execFileSync('sh', ['-c', command], { cwd: folder, env: { PATH: process.env['PATH'], LC_ALL: 'C' }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    assert.deepEqual(await shell(command, neverCancelled), { output: real, understood: true });
  } finally {
    rmdirSync(folder);
  }
}

/** Cannot be answered without the machine; what is printed all the same is kept. */
async function checkNotUnderstood(command: string, output = '') {
  assert.deepEqual(await shell(command, neverCancelled), { output, understood: false });
}

test('cuts, replaces and joins as a shell does', async () => {
  await check('c=0123456789abcdef0123; echo ${c%%9*}');
  await check("echo 1.2.3 | sed -e 's/\\./_/g'");
  await check('echo 1.2.3 | cut -d. -f1-2');
  await check("echo 1.2.3 | cut -d. -f1-3 --output-delimiter=_; echo abcdef | cut -c 2-4; echo 'a b' | cut -d' ' -f2-; echo none | cut -d, -f2; echo none | cut -s -d, -f2; echo a:b:c | cut -d: -f2 --complement");
  await check("echo 1.2.3 | awk -F. '{print $1\".\"$2}'; echo '1|2' | awk -F '|' '{print $2}'; echo 1.2 | awk 'BEGIN{FS=\".\"}{print $2}'; echo 1.2 | awk -v FS=. '{print $2}'");
  await check("echo 2.41~rc1 | tr '~' '-'");
  await check('v=20240131; printf "%s" $v');
  await check("echo 'a b c' | awk '{ print $2 }'");
  await check('if [ 5 -gt 4 ]; then echo yes; else echo no; fi');
  await check('IFS=.; set -- 1.22.3; echo $1$2');
  await check('for i in 1 2 3; do printf "%d," $i; done');
  await check('basename /usr/lib/foo.so .so; dirname /usr/lib/foo');
  await check('echo $((7 * 6)) && expr 3 + 4');
  await check("printf 'x\\n\\n\\n'");
  await check('false; echo $?');
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

test('a command leaves nothing behind for the next', async () => {
  await shell('echo secret > /tmp/left; echo x > left; x=1', neverCancelled);
  assert.equal((await shell('cat /tmp/left left 2>/dev/null; echo "$x"', neverCancelled)).output, '\n');
});

test('a loop without end is ended', async () => {
  const start = performance.now();
  const { understood } = await shell('while :; do :; done', neverCancelled);
  assert.equal(understood, false);
  assert.ok(performance.now() - start < 3000);
});

test('a cancelled question is not answered', async () => {
  await assert.rejects(shell('echo x', { isCancelled: true }), { code: 'cancelled' });
});
