import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { decide } from '#server/cli/commands/decide.js';
import { lint } from '#server/cli/commands/lint.js';
import { trace } from '#server/cli/commands/trace.js';
import { dayOf, parseLock } from '#server/core/patches/index.js';
import { temporaryFolder } from '../support/folder.js';
import { buildRepository } from '../support/repo.js';
import { type CommandRun, runCommand } from '../support/runCommand.js';
import { makeDemoWorld } from '../support/scripts.js';

const folder = temporaryFolder('locks');
const world = makeDemoWorld(join(folder, 'world'));
const cache = join(folder, 'cache');
const upstream = ['--upstream', `upstream=${world.upstream}`];
const today = dayOf(Date.now());
let made = 0;

interface Package {
  readonly folder: string;
  readonly lock: string;
  run(...args: string[]): Promise<CommandRun>;
  decide(...args: string[]): Promise<CommandRun>;
  /** Decisions in the lock, as `file kind reason`. */
  decisions(): string[];
}

/** A copy of the small world's package, all commands run in it with the same store. */
function copyPackage(): Package {
  const copy = join(folder, `package${made++}`);
  cpSync(world.package, copy, { recursive: true });
  const lock = join(copy, 'spectrail.lock');
  const env = { SPECTRAIL_CACHE: cache };
  return {
    folder: copy,
    lock,
    run: (...args) => runCommand(trace, [copy, ...upstream, ...args], { cwd: copy, env }),
    decide: (...args) => runCommand(decide, args, { cwd: copy, env }),
    decisions: () => parseLock(readFileSync(lock, 'utf8')).lock.changes.flatMap(({ file, decision }) => (decision === undefined ? [] : [`${file} ${decision.kind} ${decision.reason}`])),
  };
}

const [first, second, , fourth, fifth, , own] = ['0001-wrap-do-not-read-past-the-end-of-the-text.patch', '0002-quote-say-when-memory-runs-out.patch', '0003-main-refuse-a-width-that-is-no-number.patch', 'quillet-1.0-tabs-and-blanks.patch', 'quillet-CVE-2025-40404.patch', '0006-main-print-the-usage-when-asked-for-help.patch', 'quillet-1.0-terminal-width.patch'] as const;
const ours = ['--ours', '--reason', 'Our terminals are eighty columns wide.', '--owner', 'B <b@example.org>'];

test('a lock is made, holds, and is made again to the last byte', async () => {
  const { run, lock } = copyPackage();
  const written = await run('--lock');
  assert.match(written.err, /^spectrail: spectrail\.lock is written: 7 changes\n$/);
  assert.equal(written.status, 1, 'a contradiction is still one');
  const text = readFileSync(lock, 'utf8');
  const { lock: read, problems } = parseLock(text);
  assert.deepEqual(problems, []);
  const story = read.changes.map(({ file, verdict }) => [file, verdict!.relation, verdict!.claim, verdict!.commits.map(({ id }) => Object.entries(world.commits).find(([, each]) => each === id)?.[0]).sort().join('+'), verdict!.firstRelease ?? '', verdict!.judged]);
  assert.deepEqual(story, [
    [first, 'same-change', 'confirmed', 'overread', 'v1.1', today],
    [second, 'rebased', 'confirmed', 'memory', 'v1.1', today],
    ['0003-main-refuse-a-width-that-is-no-number.patch', 'adapted', 'confirmed', 'width', 'v1.2', today],
    ['0006-main-print-the-usage-when-asked-for-help.patch', 'same-change', 'unverifiable', 'help', 'v1.2', today],
    [fourth, 'combined', 'absent', 'blank+tabs', 'v1.2', today],
    [own, 'none', 'absent', '', '', today],
    [fifth, 'same-change', 'contradicted', 'control', 'v1.2', today],
  ]);
  const again = await run('--lock');
  assert.match(again.err, /spectrail\.lock is up to date: 7 changes/);
  assert.equal(readFileSync(lock, 'utf8'), text);
  const frozen = await run('--frozen');
  assert.deepEqual([frozen.status, frozen.out, frozen.err], [0, 'spectrail.lock: all 7 changes are as they were locked.\n', '']);
});

test('--frozen says which patch, what changed and what to do', async () => {
  const { run, folder: where } = copyPackage();
  await run('--lock');
  const change = (name: string, from: string, to: string) => writeFileSync(join(where, name), readFileSync(join(where, name), 'utf8').replace(from, to));
  change(second, '\n+ ', '\n+  ');
  change(first, 'Subject: ', 'Subject: Really: ');
  change('quillet.spec', `Patch4:         ${fourth}\n`, 'Patch8: new.patch\n');
  writeFileSync(join(where, 'new.patch'), readFileSync(join(where, own), 'utf8').replaceAll('80', '81'));
  const { status, out } = await run('--frozen');
  assert.equal(status, 1);
  assert.deepEqual(
    out.split('\n').filter((line) => !line.startsWith(' ')),
    [
      `${second}: changed: Its diff was written anew: the patch id is the same, white space, line numbers or what stands around the diff are not.`,
      'new.patch: new: It is not in the lock.',
      `${fourth}: gone: The lock has it, and the package does not.`,
      'spectrail.lock: 3 patches are not as locked.',
      '',
    ],
  );
  assert.match(out, /^ {4}Look at the patch, then renew the lock with 'spectrail trace --lock' and commit it\.$/m);
  const json = JSON.parse((await run('--frozen', '--json')).out) as { differences: { kind: string; file: string; fails: boolean }[] };
  assert.deepEqual(json.differences.map(({ kind, file, fails }) => [kind, file, fails]), [['changed', second, true], ['new', 'new.patch', true], ['gone', fourth, true]]);
});

test('a patch that is judged otherwise fails; without a place to search only content is compared, and that is said', async () => {
  const { run, folder: where, lock } = copyPackage();
  await run('--lock');
  writeFileSync(lock, readFileSync(lock, 'utf8').replace('relation = "rebased"', 'relation = "same-change"').replace('claim = "contradicted"', 'claim = "confirmed"'));
  const judged = await run('--frozen');
  assert.equal(judged.status, 1);
  assert.match(judged.out, new RegExp(`^${second}: judged: It was locked as 'same-change' \\([0-9a-f]{12}\\) and is found 'rebased'`, 'm'));
  assert.match(judged.out, new RegExp(`^${fifth}: judged: Its claim was locked as confirmed and is found contradicted\\.$`, 'm'));
  const unsearched = await runCommand(trace, [where, '--frozen'], { cwd: where, env: { SPECTRAIL_CACHE: cache } });
  assert.equal(unsearched.status, 0);
  assert.match(unsearched.out, /^No place was searched, so only the content of the patches was compared/);
  const failed = await runCommand(trace, [where, '--frozen', '--upstream', join(folder, 'nowhere')], { cwd: where, env: { SPECTRAIL_CACHE: cache } });
  assert.equal(failed.status, 2);
  assert.match(failed.err, /nowhere was not searched: .*there is no such folder/);
});

test('no lock, a conflict or a wrong line fail with the line and what to do', async () => {
  const { run, lock } = copyPackage();
  const missing = await run('--frozen');
  assert.deepEqual([missing.status, missing.err], [2, "spectrail: spectrail.lock is not there; make it with 'spectrail trace --lock' and commit it\n"]);
  await run('--lock');
  const text = readFileSync(lock, 'utf8');
  const lines = text.split('\n');
  const at = lines.findIndex((line) => line.startsWith('relation = "rebased"'));
  writeFileSync(lock, [...lines.slice(0, at), '<<<<<<< HEAD', lines[at], '=======', 'relation = "adapted"', '>>>>>>> theirs', ...lines.slice(at + 1)].join('\n'));
  const conflict = await run('--frozen');
  assert.equal(conflict.status, 2);
  assert.match(conflict.err, new RegExp(`^spectrail: spectrail\\.lock:${at + 1}: A merge conflict is left here, up to line ${at + 5}\\. Renew the lock with 'spectrail trace --lock'`));
  assert.match(conflict.err, /cannot be relied on before/);
  await run('--lock');
  assert.equal(readFileSync(lock, 'utf8'), text, 'renewing settles the conflict');
});

test('a decision is recorded with the verdict at hand, kept by a renamed file, and silences trace and lint', async () => {
  const { run, decide: settle, decisions, folder: where, lock } = copyPackage();
  writeFileSync(join(where, 'spectrail.toml'), `targets = ["el9"]\n[trace]\nupstream = ["upstream=${world.upstream}"]\n`);
  await run('--lock');
  const recorded = await settle(own, ...ours);
  assert.deepEqual([recorded.status, recorded.out], [0, `${own}: ours on purpose. It was found 'none', its claim absent.\nspectrail.lock is written; commit it.\n`]);
  assert.equal(recorded.gits, 0);
  const accepted = await settle(fifth, '--accept', '--reason', 'The header names the merge.', '--owner', 'B <b@example.org>');
  assert.match(accepted.out, /accepted as it is\. It was found 'same-change', its claim contradicted\./);
  const told = await run();
  assert.equal(told.status, 0, 'what somebody decided about is no finding');
  assert.match(told.out, new RegExp(`^5 .* contradicted {2}accepted {2}${fifth}`, 'm'));
  assert.match((await run('-v')).out, /ours on purpose by B <b@example\.org>, \d{4}-\d\d-\d\d: Our terminals are eighty columns wide\./);
  const linted = await runCommand(lint, [where], { cwd: where, env: { SPECTRAIL_CACHE: join(folder, 'another-cache') } });
  assert.doesNotMatch(linted.out, /patch-claim-contradicted|patch-origin-unknown/);
  renameSync(join(where, own), join(where, 'width.patch'));
  writeFileSync(join(where, 'quillet.spec'), readFileSync(join(where, 'quillet.spec'), 'utf8').replace(own, 'width.patch'));
  const frozen = await run('--frozen');
  assert.deepEqual([frozen.status, frozen.out.split('\n')[0]], [0, `width.patch: renamed: It was locked as ${own}.`]);
  await run('--lock');
  assert.deepEqual(decisions(), [`${fifth} accepted The header names the merge.`, 'width.patch ours Our terminals are eighty columns wide.']);
  writeFileSync(join(where, 'width.patch'), readFileSync(join(where, 'width.patch'), 'utf8').replaceAll('80', '79'));
  const lost = await run('--lock');
  assert.match(lost.err, /width\.patch: what B <b@example\.org> decided \('Our terminals are eighty columns wide\.'\) was about a change that is not there any more/);
  assert.deepEqual(decisions(), [`${fifth} accepted The header names the merge.`]);
  assert.equal(parseLock(readFileSync(lock, 'utf8')).problems.length, 0);
});

test('a waiver ends: then --frozen fails', async () => {
  const { run, decide: settle, lock } = copyPackage();
  await run('--lock');
  const before = readFileSync(lock, 'utf8');
  await settle(fifth, '--waive-until', today, '--reason', 'Upstream will retag.', '--owner', 'B');
  assert.equal((await run('--frozen')).status, 0);
  writeFileSync(lock, readFileSync(lock, 'utf8').replace(`until = ${today}`, 'until = 2026-01-01'));
  const { status, out } = await run('--frozen');
  assert.equal(status, 1);
  assert.match(out, new RegExp(`^${fifth}: expired: The waiver of B ended on 2026-01-01: Upstream will retag\\.\\n {4}Mend the patch, or decide again`));
  assert.equal((await run()).status, 1, 'and the contradiction is a finding again');
  await settle(fifth, '--undo');
  assert.equal(readFileSync(lock, 'utf8'), before);
});

test('deciding works before there is a lock, from a layout with SPECS and SOURCES, and by git\'s own idea of who one is', async () => {
  const top = join(folder, 'layout');
  mkdirSync(join(top, 'SPECS'), { recursive: true });
  mkdirSync(join(top, 'SOURCES'));
  for (const name of readdirSync(world.package)) cpSync(join(world.package, name), join(top, name.endsWith('.spec') ? 'SPECS' : 'SOURCES', name));
  const env = { SPECTRAIL_CACHE: cache, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org' };
  const run = await runCommand(decide, [`SOURCES/${own}`, '--ours', '--reason', 'Ours.'], { cwd: top, env });
  assert.deepEqual([run.status, run.out], [0, `${own}: ours on purpose. It has not been traced yet.\n${join('SPECS', 'spectrail.lock')} is written; commit it.\n`], run.err);
  const { changes } = parseLock(readFileSync(join(top, 'SPECS/spectrail.lock'), 'utf8')).lock;
  assert.deepEqual(changes.map(({ file, verdict, decision }) => [file, verdict, decision!.owner, decision!.about]), [[own, undefined, 'Ada <ada@example.org>', undefined]]);
  const traced = await runCommand(trace, [top, ...upstream, '--lock'], { cwd: top, env });
  assert.match(traced.err, /7 changes, 1 decided about/);
});

test('what is asked wrongly is refused with what would be right', async () => {
  const { decide: settle, run, folder: where } = copyPackage();
  const says = async (words: RegExp, ...args: string[]) => {
    const { status, err } = await settle(...args);
    assert.deepEqual([status, words.test(err)], [2, true], err);
  };
  await says(/about which patch/, '--ours');
  await says(/give one of --ours, --accept/, own);
  await says(/only one of --ours/, own, '--ours', '--accept');
  await says(/wants a reason/, own, '--ours', '--owner', 'B');
  await says(/'soon' is no date/, own, '--waive-until', 'soon', '--reason', 'x', '--owner', 'B');
  await says(/would have ended already/, own, '--waive-until', '2020-01-01', '--reason', 'x', '--owner', 'B');
  await says(/has no patch 'quillet-1\.0-terminal-with\.patch'; did you mean 'quillet-1\.0-terminal-width\.patch'\?/, 'quillet-1.0-terminal-with.patch', ...ours);
  await says(/there is no change 2/, own, ...ours, '--change', '2');
  rmSync(join(where, own));
  await says(/is missing; put it beside the spec/, own, ...ours);
  assert.match((await run('--lock', '--frozen')).err, /give one of them/);
});

test('patches behind a line that rpm refuses are locked and compared like the others', async () => {
  const { run, folder: where, lock } = copyPackage();
  const spec = join(where, 'quillet.spec');
  writeFileSync(spec, readFileSync(spec, 'utf8').replace('Patch4: ', 'Epoch: none\nPatch4: '));
  const written = await run('--lock');
  assert.match(written.err, /^spectrail: quillet\.spec: rpm refuses this spec for el9 \('spectrail lint --for el9' says why\)/);
  assert.equal(parseLock(readFileSync(lock, 'utf8')).lock.changes.length, 7);
  assert.equal((await run('--frozen')).status, 0);
});

test('what upstream does later is remarked on, taken down, and told by lint where there is no clone', async () => {
  const path = join(folder, 'reverting');
  const project = buildRepository(path, `commit Begin\nfile a.c\n    one ();\n    two ();\n    three ();\ntag v1.0\ncommit a: two comes first\nfile a.c\n    two_comes_first ();\n    one ();\n    three ();`);
  const where = join(folder, 'reverted-package');
  mkdirSync(where);
  writeFileSync(join(where, '1.patch'), project.git('format-patch', '-1', '--stdout', 'HEAD'));
  writeFileSync(join(where, 'later.spec'), 'Name: later\nVersion: 1.0\nRelease: 1\nSummary: S\nLicense: MIT\nSource0: later.tar.gz\nPatch1: 1.patch\n%description\nD.\n%prep\n%autosetup -p1\n');
  const env = { SPECTRAIL_CACHE: cache };
  const run = (...args: string[]) => runCommand(trace, [where, '--upstream', `up=${path}`, ...args], { cwd: where, env });
  const linted = async (): Promise<string[]> => (await runCommand(lint, [join(where, 'later.spec')], { cwd: where, env: { SPECTRAIL_CACHE: join(folder, 'none') } })).out.split('\n').filter((line) => line.includes('reverted upstream'));
  await run('--lock');
  const locked = readFileSync(join(where, 'spectrail.lock'), 'utf8');
  project.git('revert', '--no-edit', 'HEAD');
  const revert = project.git('rev-parse', 'HEAD');
  const frozen = await run('--frozen');
  assert.deepEqual([frozen.status, frozen.err], [0, '']);
  assert.match(frozen.out, new RegExp(`^1\\.patch: later: Upstream reverted its commit by ${revert.slice(0, 12)} \\(Revert "a: two comes first"\\), which the lock does not know of\\.\\n.*\\nspectrail\\.lock: its change is as it was locked\\.\\n$`));
  assert.deepEqual(await linted(), []);
  assert.equal(readFileSync(join(where, 'spectrail.lock'), 'utf8'), locked);
  await run('--lock');
  assert.match(readFileSync(join(where, 'spectrail.lock'), 'utf8'), new RegExp(`^reverted-by = \\[\\n  "holds ${revert} 2020-01-\\d\\d Revert `, 'm'));
  assert.doesNotMatch((await run('--frozen')).out, /later/);
  const [said, ...more] = await linted();
  assert.match(said!, new RegExp(`reverted upstream by ${revert.slice(0, 12)} \\(Revert "a: two comes first"\\)`));
  assert.deepEqual(more, []);
});
