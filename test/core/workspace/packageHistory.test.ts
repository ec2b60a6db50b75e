import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { neverCancelled, silentLog } from '#server/core/host.js';
import { evaluate } from '#server/core/spec/index.js';
import { findTarget } from '#server/core/targets/index.js';
import { autoRelease, autoReleaseDefinitions, readHistory, usesHistory } from '#server/core/workspace/index.js';
import { NodeGit } from '#server/node/index.js';
import { temporaryFolder } from '../../support/folder.js';
import { buildRepository } from '../../support/repo.js';

const base = temporaryFolder('history');
const found = findTarget('fedora-43');
assert.ok('target' in found);
const { target } = found;
let count = 0;

const spec = (version: string, release = '%autorelease') => `Name: p\nVersion: ${version}\nRelease: ${release}\nSummary: x\nLicense: MIT\n\n%description\nx\n\n%files\n\n%changelog\n%autochangelog\n`;
/** Lines of a repository's description that write this file. */
const file = (name: string, text: string) => [`file ${name}`, ...text.split('\n').slice(0, -1).map((line) => `    ${line}`)].join('\n');

/** Release and changelog of the spec as it lies in a repository of that description, or of `text` in its place. */
async function meaning(description: string, text: string, prepare: (git: (...args: string[]) => string) => void = () => {}) {
  const folder = join(base, String(count++));
  const { git } = buildRepository(folder, description);
  prepare(git);
  writeFileSync(join(folder, 'p.spec'), text);
  const history = await readHistory(new NodeGit({ cache: join(base, 'cache'), log: silentLog }), folder, 'p.spec', neverCancelled);
  const definitions = autoReleaseDefinitions(autoRelease(text, history, { target, now: Date.UTC(2024, 1, 3), user: 'Bo User <bo@example.org>' }), target);
  const { packages, changelog, problems } = evaluate(text, { target, definitions });
  assert.deepEqual(problems.map(({ message }) => message), []);
  return { release: packages[0]!.release, changelog: changelog.map(({ header, text: items }) => `${header}\n${items}`) };
}

async function checkRelease(description: string, text: string, release: string) {
  assert.equal((await meaning(description, text)).release, release);
}

test('the release counts commits since the version changed', async () => {
  const grown = `commit Import\n${file('p.spec', spec('1'))}\ncommit Fix\n${file('a.patch', 'x\n')}\ncommit Update\n${file('p.spec', spec('2'))}\ncommit Rebuild\ncommit Rebuild once more`;
  await checkRelease(grown, spec('2'), '3.fc43');
  // A changed text is one commit more, or the first of its version.
  await checkRelease(grown, `${spec('2')}\n`, '4.fc43');
  await checkRelease(grown, spec('3'), '1.fc43');
});

test('options of %autorelease', async () => {
  const of = (release: string) => `commit Import\n${file('p.spec', spec('1', release))}\ncommit Rebuild`;
  for (const [release, expected] of [['%autorelease -b 10', '11.fc43'], ['%autorelease -p -e rc1', '0.2.rc1.fc43'], ['%{autorelease -s git1 -e rc1}', '2.rc1.git1.fc43'], ['%autorelease -n', '2']] as const) {
    await checkRelease(of(release), spec('1', release), expected);
  }
});

test('a release can be bumped; versions behind gaps count on', async () => {
  await checkRelease(`commit Import\n${file('p.spec', spec('1'))}\ncommit Split off\n| [bump release: 5]\ncommit Fix`, spec('1'), '6.fc43');
  await checkRelease(`commit Import\n${file('p.spec', spec('1'))}\ncommit Fix\n| [skip changelog, bump release 2]`, spec('1'), '2.fc43');
  // A spec that could not be read for a while, and one that was gone.
  await checkRelease(`commit Import\n${file('p.spec', spec('1'))}\ncommit Break\n${file('p.spec', '%if\n')}\ncommit Mend\n${file('p.spec', spec('1'))}`, spec('1'), '3.fc43');
  await checkRelease(`commit Import\n${file('p.spec', spec('1'))}\ncommit Retire\ndelete p.spec\ncommit Return\n${file('p.spec', spec('1'))}`, spec('1'), '2.fc43');
});

async function checkChangelog(description: string, expected: readonly string[], text = spec('1'), prepare?: (git: (...args: string[]) => string) => void) {
  assert.deepEqual((await meaning(description, text, prepare)).changelog, expected);
}

const ada = 'Ada Author <ada@example.org>';

test('changelog entries are made of commit messages', async () => {
  await checkChangelog(
    `commit - Import\n${file('p.spec', spec('1'))}\ncommit Skipped\n| x\n| [skip changelog]\ncommit Fix 100% of it\n| ... (see the bug)\n| and more\n| - Another item\n|   that goes on\n|\n| - No item\ncommit Plain\n| A body without dashes`,
    [`Sat Jan 04 2020 ${ada} - 1-4\n- Plain`, `Fri Jan 03 2020 ${ada} - 1-3\n- Fix 100% of it (see the bug) and more\n- Another item that goes on`, `Wed Jan 01 2020 ${ada} - 1-1\n- Import`],
  );
  // Seventy-five columns, and words that can be parted at their hyphens.
  await checkChangelog(`commit ${'word '.repeat(14)}hyphen-ated ${'x'.repeat(90)}\n${file('p.spec', spec('1'))}`, [`Wed Jan 01 2020 ${ada} - 1-1\n- ${'word '.repeat(14)}\n  hyphen-ated\n  ${'x'.repeat(73)}\n  ${'x'.repeat(17)}`.replace(/ +\n/g, '\n')]);
});

test('the file changelog stands as it is, from its last change on', async () => {
  const written = '* Wed Jan 01 2020 Somebody <s@example.org> 1-1\n- By hand\n';
  const described = `commit Import\n${file('p.spec', spec('1'))}\ncommit Move the changelog\n${file('changelog', written)}\ncommit Fix`;
  await checkChangelog(described, [`Fri Jan 03 2020 ${ada} - 1-3\n- Fix`, 'Wed Jan 01 2020 Somebody <s@example.org> 1-1\n- By hand']);
  await checkChangelog(`${described}\ncommit Drop the changelog\ndelete changelog`, [`Sat Jan 04 2020 ${ada} - 1-4\n- Drop the changelog`, `Fri Jan 03 2020 ${ada} - 1-3\n- Fix`]);
});

test('merges: one that takes over a parent is followed, another is flagged', async () => {
  const described = `commit Import\n${file('p.spec', spec('1'))}\nbranch side\ncommit On the side\n${file('b.patch', 'x\n')}\nbranch main\ncommit On main\n${file('a.patch', 'x\n')}`;
  const imported = `Wed Jan 01 2020 ${ada} - 1-1\n- Import`;
  await checkChangelog(described, [`Fri Jan 03 2020 ${ada} - 1-2\n- On main`, imported]);
  await checkChangelog(described, [`Fri Jan 03 2020 ${ada} - 1-2\n- On main`, imported], spec('1'), (git) => git('merge', '--quiet', '-s', 'ours', '-m', 'Merge', 'side'));
  await checkChangelog(described, [`Sat Jan 04 2020 ${ada} - 1-3\n- RPMAUTOSPEC: unresolvable merge`], spec('1'), (git) => git('merge', '--quiet', '-m', 'Merge', 'side'));
});

test('a changed text has an entry of its own', () =>
  checkChangelog(`commit Import\n${file('p.spec', spec('1'))}`, [`Sat Feb 03 2024 Bo User <bo@example.org> - 2-1\n- Uncommitted changes`, `Wed Jan 01 2020 ${ada} - 1-1\n- Import`], spec('2')));

test('without a history the release is 1, and the changelog says so', () => {
  const text = spec('3');
  const { packages, changelog } = evaluate(text, { target, definitions: autoReleaseDefinitions(autoRelease(text, undefined, { target, now: Date.UTC(2024, 1, 3) }), target) });
  assert.deepEqual([packages[0]!.release, changelog.map(({ header, text: items }) => [header, items])], ['1.fc43', [['Sat Feb 03 2024 John Doe <packager@example.com> - 3-1.fc43', '- local build']]]);
});

test('folders that are no checkout, and repositories without a commit, have no history', async () => {
  const git = new NodeGit({ cache: join(base, 'cache'), log: silentLog });
  assert.equal(await readHistory(git, base, 'p.spec', neverCancelled), undefined);
  const folder = join(base, 'empty');
  buildRepository(folder, '');
  assert.equal(await readHistory(git, folder, 'p.spec', neverCancelled), undefined);
});

test('only specs that ask for it have their history read', () => {
  assert.deepEqual(['%autorelease', '%{autorelease -b 2}', '%{?autorelease}', '%autochangelog', '%autosetup', 'autorelease', '%autoreleases'].map(usesHistory), [true, true, true, true, false, false, false]);
});
