import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { lint } from '#server/cli/commands/lint.js';
import { rules } from '#server/core/lint/index.js';
import { temporaryFolder } from '../support/folder.js';
import { type CommandWorld, runCommand } from '../support/runCommand.js';

const top = temporaryFolder('lint');
let made = 0;

const good = 'Name: good\nVersion: 1\nRelease: 1%{?dist}\nSummary: Good\nLicense: MIT\n\n%description\nGood.\n';
const dotted = good.replace('Summary: Good', 'Summary: Good.');
const refused = good.replace('Version: 1', 'Version: 1\nEpoch: one');
const python = '# -*- mode: python -*-\nfrom PyInstaller import x\na = Analysis([])\n';

/** A folder with these files. */
function folderOf(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = join(top, String(made++));
  mkdirSync(folder);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(join(folder, name, '..'), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

const run = (cwd: string, args: readonly string[], world: Partial<CommandWorld> = {}) => runCommand(lint, args, { cwd, ...world });

/** `file:line rule` of each finding, from the JSON report. */
async function findings(cwd: string, args: readonly string[], world: Partial<CommandWorld> = {}): Promise<{ found: readonly string[]; troubles: readonly string[]; status: number; err: string }> {
  const { out, err, status } = await run(cwd, ['--format', 'json', ...args], world);
  const report = out === '' ? { files: [], troubles: [] } : JSON.parse(out);
  return {
    found: report.files.flatMap((file: { path: string; findings: { rule: string; range: { startLine: number } }[] }) => file.findings.map(({ rule, range }) => `${file.path}:${range.startLine} ${rule}`)),
    troubles: report.troubles.map(({ path, code, line }: { path: string; code: string; line?: number }) => `${path}${line === undefined ? '' : `:${line}`} ${code}`),
    status,
    err,
  };
}

test('status 0 without findings, 1 with one that counts, 2 when something could not be looked at', async () => {
  const cwd = folderOf({ 'good.spec': good, 'refused.spec': refused });
  assert.deepEqual(await findings(cwd, ['good.spec']), { found: [], troubles: [], status: 0, err: '' });
  assert.deepEqual(await findings(cwd, ['refused.spec']), { found: ['refused.spec:3 rpm-error'], troubles: [], status: 1, err: '' });
  assert.deepEqual(await findings(cwd, ['gone.spec', 'refused.spec', 'good.spec']), { found: ['refused.spec:3 rpm-error'], troubles: ['gone.spec not-found'], status: 2, err: '' });
});

test('--fail-on says what counts, and so does spectrail.toml', async () => {
  const cwd = folderOf({ 'a.spec': dotted, 'strict/spectrail.toml': '[lint]\nfail-on = "information"\n', 'strict/b.spec': dotted });
  const status = async (...args: string[]) => (await run(cwd, args)).status;
  assert.deepEqual([await status('a.spec'), await status('--fail-on', 'information', 'a.spec'), await status('--fail-on=error', 'a.spec'), await status('strict'), await status('--fail-on', 'error', 'strict')], [0, 1, 0, 1, 0]);
});

test('folders are searched, other *.spec files and .git are passed over, links are not walked', async () => {
  const cwd = folderOf({ 'b/x.spec': dotted, 'a.spec': dotted, 'py/app.spec': python, '.git/hook.spec': dotted, 'b/deep/er/y.spec': dotted, 'b/readme.txt': 'x' });
  symlinkSync(cwd, join(cwd, 'b', 'loop'));
  const expected = ['a.spec:4 summary-ended-with-dot', 'b/deep/er/y.spec:4 summary-ended-with-dot', 'b/x.spec:4 summary-ended-with-dot'];
  assert.deepEqual((await findings(cwd, [])).found, expected);
  assert.deepEqual((await findings(cwd, ['.', 'a.spec'])).found, expected);
  assert.deepEqual(await findings(cwd, ['py/app.spec']), { found: [], troubles: ['py/app.spec not-a-spec'], status: 2, err: '' });
  const empty = folderOf({ 'x.txt': '' });
  assert.deepEqual(await findings(empty, []), { found: [], troubles: ['. no-specs'], status: 2, err: '' });
});

test('binary, oversized and non-UTF-8 files each have a clear message, the others go on', async () => {
  const cwd = folderOf({ 'binary.spec': new Uint8Array([0x7f, 0x45, 0, 1]), 'huge.spec': new Uint8Array((16 << 20) + 1).fill(35), 'latin.spec': Buffer.from(good.replace('Summary: Good', 'Summary: K\u00e4se'), 'latin1'), 'z.spec': dotted });
  const { found, troubles, status } = await findings(cwd, ['binary.spec', 'huge.spec', 'latin.spec', 'z.spec']);
  assert.deepEqual(troubles, ['binary.spec binary', 'huge.spec too-large']);
  assert.ok(found.includes('latin.spec:4 non-utf8-spec-file') && found.includes('z.spec:4 summary-ended-with-dot'));
  assert.equal(status, 2);
});

test('standard input, with and without a name', async () => {
  const cwd = folderOf({ 'pkg/spectrail.toml': '[lint.rules]\nsummary-ended-with-dot = "error"\n', 'pkg/x.patch': 'x' });
  const withPatch = dotted.replace('License:', 'Patch0: gone.patch\nLicense:');
  assert.deepEqual((await findings(cwd, ['-'], { stdin: dotted })).found, ['<stdin>:4 summary-ended-with-dot']);
  const named = await findings(cwd, ['-', '--stdin-filename', 'pkg/x.spec'], { stdin: withPatch });
  assert.deepEqual([named.found, named.status], [['pkg/x.spec:4 summary-ended-with-dot', 'pkg/x.spec:5 patch-not-applied', 'pkg/x.spec:5 patch-file-missing'], 1]);
});

test('fixes are written into files, and to standard output for standard input', async () => {
  const messy = good.replace('License: MIT', 'License: MIT \nBuildRoot: /x').replace('Summary: Good', 'Summary: Good.');
  const cwd = folderOf({ 'a.spec': messy, 'l.spec': Buffer.from(messy.replace('Good.\n', 'K\u00e4se.\n'), 'latin1') });
  assert.match((await run(cwd, ['--fix', 'a.spec'])).out, /2 fixed/);
  assert.equal(readFileSync(join(cwd, 'a.spec'), 'utf8'), dotted);
  await run(cwd, ['--fix-unsafe', 'a.spec']);
  assert.equal(readFileSync(join(cwd, 'a.spec'), 'utf8'), good);
  await run(cwd, ['--fix', 'l.spec']);
  assert.ok(readFileSync(join(cwd, 'l.spec')).includes(0xe4), 'other encodings keep their bytes');
  const filtered = await run(cwd, ['--fix', '-'], { stdin: messy });
  assert.equal(filtered.out, dotted);
  assert.match(filtered.err, /summary-ended-with-dot/);
});

test('targets, definitions and rules of the command line', async () => {
  const spec = good.replace('License: MIT', '%if 0%{?rhel}\nBuildRoot: /x\n%endif\n%if 0%{?mine}\nPackager: Me\n%endif\n%bcond_with docs\n%if %{with docs}\nPrefix: /opt\n%endif\nLicense: MIT');
  const cwd = folderOf({ 'a.spec': spec });
  const found = async (...args: string[]) => (await findings(cwd, [...args, 'a.spec'])).found;
  assert.deepEqual(await found(), []);
  assert.deepEqual(await found('--for', 'el9'), ['a.spec:6 obsolete-tag']);
  assert.deepEqual(await found('-D', 'mine 1', '--define=rhel 9', '--rule', 'obsolete-tag=off'), ['a.spec:9 hardcoded-packager-tag']);
  assert.deepEqual(await found('--with', 'docs'), ['a.spec:13 hardcoded-prefix-tag']);
  const { out } = await run(cwd, ['--for', 'el9', '--for', 'fedora-43', 'a.spec']);
  assert.match(out, /a\.spec:6:1: information: The tag 'BuildRoot' does nothing\. \(for el9\) \[obsolete-tag\]/);
});

test('a spec reads files of its own package, and of nothing else', async () => {
  const cwd = folderOf({ 'secret.inc': 'Summary: Secret.\n', 'p/SPECS/a.spec': `${good.replace('Summary: Good\n', '')}`.replace('License', 'Source1: part.inc\n%include %{SOURCE1}\nLicense'), 'p/SOURCES/part.inc': 'Summary: Part\n', 'q/b.spec': good.replace('Summary: Good\n', '%include ../secret.inc\n') });
  assert.deepEqual((await findings(cwd, ['p'])).found, []);
  const { found } = await findings(cwd, ['q']);
  assert.ok(found.includes('q/b.spec:4 rpm-error'), found.join());
});

test('nothing of a spec is run', async () => {
  const cwd = folderOf({});
  const mark = join(cwd, 'mark');
  writeFileSync(join(cwd, 'a.spec'), good.replace('License: MIT', `%global x %(touch ${mark})\n%{lua: os.execute("touch ${mark}") io.open("${mark}", "w")}\nLicense: MIT`));
  await run(cwd, ['a.spec']);
  assert.throws(() => readFileSync(mark), /ENOENT/);
});

test('a wrong setting is told with its place, once, and the rest holds', async () => {
  const cwd = folderOf({ 'spectrail.toml': 'targets = ["el99"]\n[lint.rules]\nno-such-rule = "off"\nsummary-ended-with-dot = "off"\n', 'a.spec': dotted, 'b.spec': dotted });
  assert.deepEqual(await findings(cwd, []), { found: [], troubles: ['spectrail.toml:1 settings/unknown-name', 'spectrail.toml:3 settings/unknown-name'], status: 0, err: '' });
});

test('a wrong command line says what would be right', async () => {
  const cwd = folderOf({ 'a.spec': good });
  const complaint = async (...args: string[]) => {
    const { err, status } = await run(cwd, args);
    assert.equal(status, 2);
    return err.trim();
  };
  assert.equal(await complaint('--formt', 'json'), 'spectrail: lint has no option --formt; did you mean --format?');
  assert.equal(await complaint('--format', 'sarf'), "spectrail: --format: there is no format 'sarf'; did you mean 'sarif'?");
  assert.equal(await complaint('--rule', 'summary-ended-with-dots=off'), "spectrail: --rule: there is no rule 'summary-ended-with-dots'; did you mean 'summary-ended-with-dot'?");
  assert.equal(await complaint('--rule', 'x'), "spectrail: --rule wants RULE=SEVERITY, such as trailing-whitespace=off, not 'x'");
  assert.equal(await complaint('--fail-on', 'warn'), "spectrail: --fail-on: there is no severity 'warn' (there are error, warning, information, hint)");
  assert.equal(await complaint('-D', 'novalue'), "spectrail: --define wants 'NAME BODY', such as 'dist .el9', not 'novalue'");
  assert.equal(await complaint('--jobs', '0'), "spectrail: --jobs wants a number from 1 on, not '0'");
  assert.equal(await complaint('-', 'a.spec'), 'spectrail: - (standard input) stands alone');
  assert.match(await complaint('--for', 'el99', 'a.spec'), /^spectrail: Unknown target 'el99'; did you mean 'el9'\?/);
  assert.match(await complaint('--output', 'no/such/folder/x', 'a.spec'), /^spectrail: The report cannot be written to 'no\/such\/folder\/x': /);
});

test('rules are listed and explained', async () => {
  const cwd = folderOf({});
  const { out } = await run(cwd, ['--list-rules']);
  assert.deepEqual(out.trim().split('\n').map((line) => line.split(' ')[0]), rules.map(({ id }) => id).sort());
  assert.match((await run(cwd, ['--explain', 'patch-not-applied'])).out, /^# patch-not-applied\n/);
});

test('colours on a terminal, unless NO_COLOR is set; --output has none', async () => {
  const cwd = folderOf({ 'a.spec': dotted });
  const isColored = async (args: readonly string[], world: Partial<CommandWorld>) => (await run(cwd, [...args, 'a.spec'], world)).out.includes('\x1b[');
  assert.deepEqual([await isColored([], { terminal: 80 }), await isColored([], { terminal: 80, env: { NO_COLOR: '1' } }), await isColored([], {}), await isColored(['--color', 'always'], {}), await isColored(['--color', 'never'], { terminal: 80 })], [true, false, false, true, false]);
  await run(cwd, ['--output', 'report.txt', 'a.spec'], { terminal: 80 });
  assert.doesNotMatch(readFileSync(join(cwd, 'report.txt'), 'utf8'), /\x1b/);
});

test('several threads find what one finds, in the same order', async (context: TestContext) => {
  context.diagnostic('starts two worker threads');
  const cwd = folderOf(Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${String(index).padStart(2, '0')}.spec`, index % 3 === 0 ? dotted : index % 5 === 0 ? refused : good])));
  const one = await findings(cwd, ['--jobs', '1']);
  assert.equal(one.found.length, 14);
  assert.deepEqual(await findings(cwd, ['--jobs', '2']), one);
});
