import assert from 'node:assert/strict';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { neverCancelled } from '#server/core/host.js';
import { MemoryStore, indexHistory, parseLocation, parsePatch, readClaims } from '#server/core/patches/index.js';
import { type UpstreamAnswer, searchUpstream } from '#server/core/patches/upstream/gitUpstream.js';
import { NodeGit, systemClock } from '#server/node/index.js';
import { temporaryFolder } from '../../../support/folder.js';
import { buildRepository } from '../../../support/repo.js';

const folder = temporaryFolder('search');
const git = new NodeGit({ cache: join(folder, 'cache') });
const body = (name: string, count: number): string => Array.from({ length: count }, (_, i) => `    ${name}_entry_${i} (${i * 7});`).join('\n');

const upstream = buildRepository(join(folder, 'up'), `
commit Begin
file a.c
${body('first', 6)}
commit a: a table of settings
file a.c
${body('first', 6)}
${body('setting', 14)}
tag v1.0
commit b: a table of colours
file b.c
${body('colour', 14)}
tag v1.1
branch old from v1.0
commit b: a table of colours
file b.c
${body('colour', 14)}
tag v1.0.1
`);


/** A diff that adds these lines to a file. */
function adding(path: string, lines: readonly string[], header = ''): Uint8Array {
  return new TextEncoder().encode(`${header}--- a/${path}\n+++ b/${path}\n@@ -1,2 +1,${lines.length + 2} @@\n first_entry_0 (0);\n${lines.map((line) => `+${line}\n`).join('')} first_entry_1 (7);\n`);
}

async function search(patches: readonly Uint8Array[], options: { readonly version?: string; readonly isIndexed?: boolean; readonly path?: string } = {}): Promise<UpstreamAnswer> {
  const { location } = parseLocation(`up=${options.path ?? upstream.folder}`);
  const store = new MemoryStore();
  if (options.isIndexed === true) await indexHistory(git, store, location!, { network: 'never', cancellation: neverCancelled, clock: systemClock });
  const inputs = patches.map((bytes) => {
    const patch = parsePatch(bytes);
    return { patch, change: patch.changes[0]!, claims: readClaims(patch, patch.changes[0]!, { fileName: 'x.patch' }) };
  });
  return searchUpstream(git, store, location!, inputs, { project: 'up', network: 'never', cancellation: neverCancelled, ...(options.version === undefined ? {} : { version: options.version }) });
}

const most = (name: string): string[] => [...body(name, 14).split('\n').map((line) => line.trim()).slice(0, 11), ...Array.from({ length: 5 }, (_, i) => `own_line_${i} (${i});`)];

for (const isIndexed of [false, true]) {
  const relations = async (patches: readonly Uint8Array[], version?: string): Promise<string[]> => (await search(patches, { isIndexed, ...(version === undefined ? {} : { version }) })).verdicts.map(({ relation, commits }) => `${relation}${commits.length === 0 ? '' : ` ${commits[0]!.subject}`}`);

  test(`what only resembles a commit that the packaged version has behind it does not come from it${isIndexed ? ', with an index' : ''}`, async () => {
    const [setting, colour] = [adding('a.c', most('setting')), adding('b.c', most('colour'))];
    assert.deepEqual(await relations([setting, colour]), ['adapted a: a table of settings', 'adapted b: a table of colours'], 'of no known version both may');
    assert.deepEqual(await relations([setting, colour], '1.0'), ['none', 'adapted b: a table of colours']);
    assert.deepEqual(await relations([setting, colour], '1.1'), ['none', 'none'], 'nor from a pick of it on an older branch');
    const { verdicts } = await search([setting], { isIndexed, version: '1.0' });
    assert.deepEqual([verdicts[0]!.commit, verdicts[0]!.evidence, verdicts[0]!.claim], [undefined, undefined, 'absent']);
  });

  test(`but all of it does, and what says so${isIndexed ? ', with an index' : ''}`, async () => {
    const whole = body('setting', 14).split('\n').map((line) => line.trim());
    assert.match((await relations([adding('a.c', whole)], '1.0'))[0]!, /^(?:same-change|rebased) a: a table of settings$/);
    assert.deepEqual(await relations([adding('a.c', most('setting'), `From: A <a@example.org>\nSubject: [PATCH] a: a table of settings\n\n---\n`)], '1.0'), ['adapted a: a table of settings']);
    assert.deepEqual(await relations([adding('a.c', most('setting'), `From: A <a@example.org>\nSubject: [PATCH] x\n\n(cherry picked from commit ${upstream.commits.get('a: a table of settings')!})\n---\n`)], '1.0'), ['adapted a: a table of settings']);
  });
}

test('what could not be read of a repository is said once, with all of it counted', async () => {
  const path = join(folder, 'lacking');
  const lacking = buildRepository(path, Array.from({ length: 8 }, (_, i) => `commit Change ${i}\nfile a.c\n    int value_of_change_${i};\nfile f${i}.c\n    int v${i};`).join('\n'));
  const gone = lacking.git('rev-parse', 'HEAD~5:f2.c');
  rmSync(join(path, '.git/objects', gone.slice(0, 2), gone.slice(2)));
  assert.ok(readdirSync(join(path, '.git/objects')).length > 0);
  const { problems } = await search([adding('a.c', ['quite_another_line ();']), adding('f2.c', ['another_line_again ();'])], { path, version: '9' });
  assert.deepEqual(problems, [`${path}: 1 of 8 commits could not be compared, since this copy of the repository lacks contents of theirs`]);
});
