import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { CommandIo } from '#server/cli/command.js';
import { rpm } from '#server/cli/commands/rpm.js';
import { neverCancelled, silentLog } from '#server/core/host.js';
import { createNodeHost } from '#server/node/index.js';

/** Runs `spectrail rpm` with these arguments. */
async function run(args: readonly string[]): Promise<{ out: string; err: string; status: number }> {
  let out = '';
  let err = '';
  const io: CommandIo = {
    cwd: '/',
    env: { HOME: '/home/someone' },
    out: (text) => void (out += String(text)),
    err: (text) => void (err += text),
    readStdin: async () => new Uint8Array(),
    outIsTerminal: false,
    columns: 80,
    host: createNodeHost({ log: silentLog, env: { XDG_CACHE_HOME: join(tmpdir(), 'spectrail-rpm-test') } }),
    cancellation: neverCancelled,
  };
  const status = await rpm.run(args, io);
  return { out, err, status };
}

async function check(args: readonly string[], out: string, err = '', status = 0): Promise<void> {
  assert.deepEqual(await run(args), { out, err, status });
}

test('evaluates with the facts of a target', async () => {
  await check(['--for', 'el9', '--eval', '%{dist} %{_libdir} %{_topdir}'], '.el9 /usr/lib64 /home/someone/rpmbuild\n');
  await check(['--for', 'el9', '--target', 'i686-linux', '-E', '%{_libdir} %{_arch}'], '/usr/lib i386\n');
});

test('knows where Python and Rust publish sources', async () => {
  const pypi = 'https://files.pythonhosted.org/packages/source';
  const facts = ['-D', 'name python-foo', '-D', 'version 1.2~rc1'];
  for (const target of ['el8', 'fedora-43']) {
    await check(['--for', target, ...facts, '-E', '%{pypi_source}', '-E', '%{pypi_source bar}', '-E', '%{pypi_source bar 3 zip}'], `${pypi}/p/python-foo/python-foo-1.2rc1.tar.gz\n${pypi}/b/bar/bar-1.2rc1.tar.gz\n${pypi}/b/bar/bar-3.zip\n`);
    await check(['--for', target, ...facts, '-D', 'srcname Baz', '-E', '%{pypi_source}'], `${pypi}/B/Baz/Baz-1.2rc1.tar.gz\n`);
    await check(['--for', target, ...facts, '-E', '%{version_no_tilde} %{version_no_tilde _} %{version_no_tilde %{quote:}}'], '1.2-rc1 1.2_rc1 1.2rc1\n');
    await check(['--for', target, '-D', 'version 1.0', '-D', 'crate serde', '-E', '%{crates_source}'], 'https://crates.io/api/v1/crates/serde/1.0/download#/serde-1.0.crate\n');
    await check(['--for', target, '-D', 'version 1.0~b1', '-D', 'crate serde', '-D', 'crate_version 1.0-b1', '-E', '%{crates_source}'], 'https://crates.io/api/v1/crates/serde/1.0-b1/download#/serde-1.0-b1.crate\n');
  }
});

test('follows options in their order', async () => {
  await check(['-E', '%{foo-bar} %foo_bar', '-D', '%foo-bar 1', '-E', '%foo_bar', '--undefine', 'foo_bar', '-E', '%{!?foo_bar:gone}'], '%{foo-bar} %foo_bar\n1\ngone\n');
});

test('fails where rpm fails, with its words', async () => {
  await check(['-E', 'first', '-E', '%{error:no}', '-E', 'never'], 'first\n', 'error: no\n', 1);
  await check(['-D', 'x'], '', 'error: Macro %x has empty body\n', 1);
});

test('tells with -v which macros an error came out of, how far each had got', async () => {
  const macros = ['-D', 'bad %{error:no}', '-D', 'middle {line\n%bad}', '-D', 'outer() a %middle'];
  await check(['-v', '--rpm-version', '4.18', ...macros, '-E', 'x\ny%{outer}z'], '', 'error: no\n  3<        (%error)\n  2<      (%bad)\n  1<    (%middle)\nline\n  0<  (%outer)\nx\nya line\n', 1);
  await check(['--rpm-version', '4.18', ...macros, '-E', 'x%{outer}'], '', 'error: no\n', 1);
  await check(['-v', '--rpm-version', '4.16', ...macros, '-E', 'x%{outer}'], '', 'error: no\n', 1);
});

test('answers shell commands and Lua without running anything', async () => {
  await check(['-E', '%(c=0123456789; echo ${c:0:7} | tr 0-9 a-j) %{lua: print(rpm.vercmp("1.10", "1.9"))}'], 'abcdefg 1\n');
  await check(['-E', '%(rpm -q bash)'], '', 'warning: a program in %(rpm -q bash) is not simulated; its answer is a guess\n');
});

test('what Lua code sets in the environment counts for macros and commands behind it', async () => {
  await check(['-E', '%{lua:posix.setenv("SHELF", "t\'op")}%{getenv:SHELF}', '-E', '%(echo "[$SHELF]")%{lua:posix.unsetenv("SHELF")}', '-E', '%(echo "[$SHELF]")%{getenv:SHELF}'], "t'op\n[t'op]\n[]\n");
  await check(['--rpm-version', '6.0', '-E', '%{lua:posix.setenv("XDG_CACHE_HOME", "/c")}%{xdg:cache}'], '/c\n');
});

test('what Lua code writes to the standard files comes before what it prints, as it is', async () => {
  await check(['-E', 'a%{lua:for i = 1, 3 do io.write(i, " ") end print("p")}', '-E', '%{lua:io.stderr:write("e\\n")}b'], '1 2 3 ap\nb\n', 'e\n');
});

test('an empty result is a line before rpm 6, and nothing since', async () => {
  await check(['--rpm-version', '4.20.1', '-E', '%{?nothing}'], '\n');
  await check(['--rpm-version', '6.0', '-E', '%{?nothing}'], '');
});

test('reads macro files instead of the facts', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'spectrail-macros-'));
  try {
    writeFileSync(join(folder, 'macros.a'), '# comment\n%one 1\n%two(x) \\\n  %{-x:with x}\\\n  %one\n');
    writeFileSync(join(folder, 'macros.b'), '%three %{two -x}\n');
    writeFileSync(join(folder, 'macros.c.rpmnew'), '%one wrong\n');
    writeFileSync(join(folder, 'macros.b'), '%three %{two -x}\n');
    await check(['--macros', `${folder}/macros.*`, '-E', '%three', '--rpm-version', '4.18'], '\n  with x\n  1\n');
    await check(['--macros', `${folder}/nothing`, '--load', `${folder}/macros.a`, '-E', '%one'], '1\n');
    await check(['--load', `${folder}/missing`, '-E', '%one'], '', `error: failed to load macro file ${folder}/missing\n`, 1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('explains a value step by step', async () => {
  const { out } = await run(['--for', 'el9', '-D', 'where %{_bindir}/x', '--explain', '%where']);
  assert.match(out, /^%where\n    defined on the command line: %\{_bindir\}\/x\n    = \/usr\/bin\/x\n  %\{_bindir\}\n      defined by rpm: /);
});

test('6.1 keeps its builtins, and marks modifiers in its list', async () => {
  await check(['--rpm-version', '6.1', '--undefine', 'getenv'], '', 'error: Macro %getenv is a built-in (%undefine)\n', 1);
  await check(['--rpm-version', '6.0', '--undefine', 'getenv', '-E', '%{getenv:HOME}'], '%{getenv:HOME}\n');
  assert.ok((await run(['--macros', '/no/such:~/file', '--target', 'aarch64', '--showrc'])).out.startsWith('ARCHITECTURE AND OS:\nbuild arch            : aarch64\nbuild os              : Linux\ninstall arch          : aarch64\ninstall os            : Linux\n\nMacro path: /no/such:~/file\n\n========================\n'));
  assert.match((await run(['--rpm-version', '6.1', '-D', 'once<o> x', '--showrc'])).out, /^ -7: once<o>\tx$/m);
});

test('a wrong command line is told from a wrong macro', async () => {
  await assert.rejects(run(['%foo']), /'%foo' is no option; did you mean --eval '%foo'\?/);
  await assert.rejects(run(['--eval']), /needs a value/);
  await assert.rejects(run(['--for', 'el99', '-E', '1']), /unknown target/);
  await assert.rejects(run(['--rpm-version', '3.0', '-E', '1']), /no version of rpm that is known/);
});
