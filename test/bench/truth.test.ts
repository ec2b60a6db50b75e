import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../support/folder.js';
import { type BuiltRepository, buildRepository } from '../support/repo.js';
import { deriveTruth } from './truth/deriveTruth.js';
import { readMails } from './truth/readMails.js';
import { UpstreamCommits } from './truth/upstreamCommits.js';

const lines = (from: number, to: number, changed: Readonly<Record<number, string>> = {}): string => Array.from({ length: to - from + 1 }, (_, i) => `    ${changed[from + i] ?? `line_${from + i}();`}`).join('\n');

const repository = buildRepository(
  join(temporaryFolder('truth'), 'upstream'),
  `commit Begin
file a.c
${lines(1, 20)}
file b.c
${lines(1, 20)}
branch stable
branch main
commit Fix the overflow
file a.c
${lines(1, 20, { 3: 'line_3(checked);', 9: 'line_9(checked);' })}
file b.c
${lines(1, 20, { 5: 'line_5(checked);' })}
commit Say more
file b.c
${lines(1, 20, { 5: 'line_5(checked);', 18: 'line_18("more");' })}
branch stable
commit Do something of our own
file b.c
${lines(1, 20, { 11: 'ours();' })}
`,
);

const upstream = new UpstreamCommits(join(repository.folder, '.git'));

/** Mails against main, as `relation commit evidence`; `?` where nothing is known. */
function check(name: string, patch: (git: BuiltRepository['git'], id: (subject: string) => string) => string, expected: readonly string[]): void {
  test(name, async () => {
    if (upstream.count === 0) await upstream.load(['main']);
    const id = (subject: string): string => repository.commits.get(subject)!;
    const mails = readMails(patch(repository.git, id)).map((mail) => ({ path: 'x.patch', mail }));
    const truths = await deriveTruth(mails, upstream);
    const subjectOf = new Map([...repository.commits].map(([subject, commit]) => [commit, subject]));
    assert.deepEqual(truths.map((truth) => (truth ? [truth.relation, ...truth.best.map((commit) => subjectOf.get(commit)), truth.evidence].join(' | ') : '?')), expected);
  });
}

const mailOf = (git: BuiltRepository['git'], id: string): string => git('format-patch', '--stdout', '-1', id);
/** The same with an id that no ref reaches. */
const foreign = (mail: string): string => mail.replace(/^From [0-9a-f]{40}/, `From ${'1234567890'.repeat(4)}`);

check('a mail as upstream wrote it', (git, id) => mailOf(git, id('Fix the overflow')), ['identical | Fix the overflow | claim(mbox)']);
check('two mails in a file', (git, id) => mailOf(git, id('Fix the overflow')) + mailOf(git, id('Say more')), ['identical | Fix the overflow | claim(mbox)', 'identical | Say more | claim(mbox)']);
check('the same change in other context, by its subject', (git, id) => foreign(git('format-patch', '--stdout', '-U1', '-1', id('Say more'))), ['same-change | Say more | content+subject']);
check('a part of it, by a claim', (git, id) => `(cherry picked from commit ${id('Fix the overflow')})\n${git('show', '--format=', id('Fix the overflow'), '--', 'b.c')}`, ['partial | Fix the overflow | claim(cherry)']);
check('half of its lines are others', (git, id) => `commit ${id('Fix the overflow')}\n\n${git('show', '--format=', id('Fix the overflow')).replace('+line_9(checked)', '+line_9(CHECKED)').replace('+line_3(checked)', '+line_3(CHECKED)')}`, ['adapted | Fix the overflow | claim(commit_line)']);
check('a claim that content and subject contradict is no claim', (git, id) => `(cherry picked from commit ${id('Fix the overflow')})\n${git('show', '--format=', id('Do something of our own'))}`, ['?']);
check('a claim of a commit that nobody has', (git, id) => `(cherry picked from commit ${'1234567890abcdef'.repeat(2)}12345678)\n${git('show', '--format=', id('Do something of our own'))}`, ['claim-unresolved | claimed commit is reached by no ref']);
check('a commit on a branch that does not count', (git, id) => mailOf(git, id('Do something of our own')), ['?']);
check('what says that it belongs to a distribution', (git, id) => foreign(mailOf(git, id('Do something of our own'))).replace('---\n', 'RHEL-only\n---\n'), ['downstream-only | says "RHEL-only"; no patch-id or subject hit; <5 telling changed lines']);
check('an id that is quoted for a revert', (git, id) => `This reverts commit ${id('Fix the overflow')}.\n${git('show', '--format=', id('Do something of our own'))}`, ['?']);
