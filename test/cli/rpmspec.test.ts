import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { CommandIo } from '#server/cli/command.js';
import { rpmspec } from '#server/cli/commands/rpmspec.js';
import { neverCancelled, silentLog } from '#server/core/host.js';
import { createNodeHost } from '#server/node/index.js';
import { skipWithout } from '../support/commands.js';

const folder = mkdtempSync(join(tmpdir(), 'spectrail-rpmspec-'));
after(() => rmSync(folder, { recursive: true }));

const good = `Name: b
Epoch: 2
Version: 1
Release: 1
Summary: s
License: l
URL: http://x
Source0: a.tar
Patch0: p.patch
BuildRequires: gcc >= 3, make
Requires: z a = 1-2
Requires(post,postun): foo
Provides: q = 3
Obsoletes: old < 3
%description
hello
%package devel
Summary: s2
Requires: %{name}%{?_isa} = %{version}
%description devel
dd
%post
true
%files
%files devel
%changelog
* Tue May 07 2024 A <a@b> - 1-1
- x
`;
writeFileSync(join(folder, 'good.spec'), good);
writeFileSync(join(folder, 'bad.spec'), 'Name: c\nFoo: 1\n');
writeFileSync(join(folder, 'latin.spec'), Buffer.from(good.replace('hello', 'hell\xf6'), 'latin1'));

async function run(args: readonly string[], stdin = ''): Promise<{ out: string; err: string; status: number }> {
  const out: Uint8Array[] = [];
  let err = '';
  const io: CommandIo = {
    cwd: folder,
    env: { HOME: '/home/someone' },
    out: (text) => void out.push(typeof text === 'string' ? Buffer.from(text) : text),
    err: (text) => void (err += text),
    readStdin: async () => Buffer.from(stdin),
    outIsTerminal: false,
    columns: 80,
    host: createNodeHost({ log: silentLog, env: { XDG_CACHE_HOME: folder } }),
    cancellation: neverCancelled,
  };
  const status = await rpmspec.run(args, io);
  return { out: Buffer.concat(out).toString('latin1'), err, status };
}

test('prints the expanded spec byte for byte, whatever its encoding', async () => {
  const { out, err, status } = await run(['-P', 'latin.spec']);
  assert.deepEqual([err, status], ['', 0]);
  assert.ok(out.includes('hell\xf6\n'));
  assert.ok(out.includes('Requires: b(x86-64) = 1\n'));
});

test('refuses with the words of rpm and counts what it refuses', async () => {
  assert.deepEqual(await run(['-P', 'bad.spec', 'bad.spec']), { out: '', err: 'error: line 2: Unknown tag: Foo: 1\n'.repeat(2), status: 2 });
  assert.deepEqual(await run(['-q', 'bad.spec']), { out: '', err: "error: line 2: Unknown tag: Foo: 1\nerror: query of specfile bad.spec failed, can't parse\n", status: 1 });
});

test('takes definitions, conditions, targets and expressions', async () => {
  assert.equal((await run(['-E', '%{x}-%{with y}', '-D', 'x 1', '--with', 'y', '-D', 'with_y 1'])).out, '1-1\n');
  assert.equal((await run(['-q', '--target=aarch64-linux', '--qf', '%{ARCH}\\n', 'good.spec'])).out, 'aarch64\naarch64\n');
});

test("shows the lines of a macro shell behind its prompt, as readline does where nobody types", async () => {
  assert.deepEqual(await run(['--shell', '--for', 'el9', 'good.spec'], '%{name}\n%define rel %{dist}\n\n%rel%{echo:hi}\n%{rel}%{error:no}\n%define q'), {
    out: '> %{name}\nb\n> %define rel %{dist}\n> \n> %rel%{echo:hi}\nhi\n.el9\n> %{rel}%{error:no}\n.el9\n> %define q\n> ',
    err: 'RPM version 4.16.1.3 macro shell\nerror: no\nerror: Macro %q has illegal name (%define)\n',
    status: 0,
  });
});

test('says what the macros of a spec say where rpmspec does', async () => {
  writeFileSync(join(folder, 'loud.spec'), good.replace('URL: http://x\n', '%{echo:heard}%{lua:io.write("raw")}%{warn:careful}%{lua:io.stderr:write("err\\n")}URL: http://x\n'));
  const { out, err, status } = await run(['-P', 'loud.spec']);
  assert.deepEqual([out.slice(0, 17), err, status], ['heard\nrawName: b\n', 'warning: careful\nerr\n', 0]);
});

test('a disk that is full is told as rpm tells it', { skip: !existsSync('/dev/full') && 'left out: no /dev/full here' }, () => {
  const spectrail = join(import.meta.dirname, '../../../server/dist/spectrail.mjs');
  for (const [args, expected] of [[['rpm', '--eval', '1'], 1], [['rpmspec', '--eval', '1'], 1], [['--version'], 2]] as const) {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [spectrail, ...args], { encoding: 'utf8', stdio: ['ignore', full, 'pipe'] });
    closeSync(full);
    assert.deepEqual({ status, stderr }, { status: expected, stderr: 'Error writing to stdout: No space left on device\n' });
  }
});

test('says what is wrong with its arguments', async () => {
  await assert.rejects(run(['-P']), { code: 'usage', message: 'rpmspec: no arguments given for parse' });
  await assert.rejects(run(['--foo']), { code: 'usage', message: 'rpmspec: --foo: unknown option' });
  await assert.rejects(run(['-P', 'nothing.spec']), { code: 'unreadable' });
});

const queries = ['', '--requires', '--provides', '--conflicts', '--obsoletes', '--srpm', '--buildrequires', '--srpm --provides', '--builtrpms'].map((line) => line.split(' ').filter((word) => word !== ''));
const formats = ['%{NAME}|%{EVR}|%{EPOCHNUM}\\n', '[%-10{REQUIRES}|%{REQUIREFLAGS:depflags}|%{REQUIREFLAGS:deptype}|%{REQUIREVERSION}\\n]', '%|EPOCH?{e%{EPOCH}}:{none}|%|ICON?{i}|\\t%5{VERSION}%%\\n', '[%{CHANGELOGTIME:day} %{CHANGELOGNAME}\\n%{CHANGELOGTEXT}\\n]', '%{#REQUIRES} %{=PROVIDES}\\n', '%{x', '%{nosuch}', '[%{REQUIRES} %{CHANGELOGNAME}]'];

test('queries as rpmspec does', { skip: skipWithout('rpmspec') }, async () => {
  for (const args of [...queries, ...formats.map((format) => ['--qf', format])]) {
    const judge = spawnSync('rpmspec', ['-q', ...args, 'good.spec'], { cwd: folder, encoding: 'latin1', env: { PATH: process.env['PATH'], HOME: '/home/someone', TZ: 'UTC' } });
    const { out, err } = await run(['-q', '--for', 'mageia-9', ...args, 'good.spec']);
    assert.deepEqual({ args, out, err }, { args, out: judge.stdout, err: judge.stderr });
  }
});
