import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { rpmspec } from '#server/cli/commands/rpmspec.js';
import { createLinter } from '#server/cli/hosts/linter.js';
import { temporaryFolder } from '../support/folder.js';
import { gitEnvironment, buildRepository } from '../support/repo.js';
import { runCommand } from '../support/runCommand.js';

const spec = 'Name: p\nVersion: 1\nRelease: %autorelease\nSummary: x\nLicense: MIT\n%description\nx\n%files\n%changelog\n%autochangelog\n';
const folder = join(temporaryFolder('autorelease'), 'p');
buildRepository(folder, `commit Import\nfile p.spec\n${spec.split('\n').slice(0, -1).map((line) => `    ${line}`).join('\n')}\ncommit Rebuild`);
const env = { ...gitEnvironment, SPECTRAIL_CACHE: join(folder, '../cache'), HOME: folder };

test('rpmspec counts the commits of a checkout, and writes its changelog', async () => {
  const { out, err, status } = await runCommand(rpmspec, ['-P', 'p.spec'], { cwd: folder, env });
  assert.deepEqual({ err, status }, { err: '', status: 0 });
  assert.equal(out, spec.replace('%autorelease', '2.fc43').replace('%autochangelog', '* Thu Jan 02 2020 Ada Author <ada@example.org> - 1-2\n- Rebuild\n\n* Wed Jan 01 2020 Ada Author <ada@example.org> - 1-1\n- Import'));
  // What the command line defines wins, and a set of macro files is taken as it is.
  assert.equal((await runCommand(rpmspec, ['-q', '--qf', '%{RELEASE}\\n', '-D', 'autorelease() 77', 'p.spec'], { cwd: folder, env })).out, '77\n');
});

test('lint sees the same release', async () => {
  const linter = createLinter({ targets: ['el8'], defines: [], with: [], without: [], rules: {}, fix: 'none' }, folder, { env });
  writeFileSync(join(folder, 'p.spec'), spec.replace('Summary: x', 'Summary: x\n%if "%{release}" != "3.el8"\nBad line\n%endif'));
  const { file } = await linter.lintFile(join(folder, 'p.spec'), false);
  assert.deepEqual(file?.findings.filter(({ severity }) => severity === 'error').map(({ message }) => message), []);
});
