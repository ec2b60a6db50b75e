import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { rmSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { neverCancelled } from '#server/core/host.js';
import { MemoryStore, type PatchTrace, type TraceHost, aftermathNews, knownTraces, parseLocation, partWords, tracePatches } from '#server/core/patches/index.js';
import { NodeGit, createFileReader, nodeArchives } from '#server/node/index.js';
import { temporaryFolder } from '../../../support/folder.js';
import { buildRepository, gitEnvironment } from '../../../support/repo.js';

const folder = temporaryFolder('aftermath');

const body = (name: string): string => Array.from({ length: 12 }, (_, i) => `    ${name}_step_${i} ();`).join('\n');
/** The same text with some steps written otherwise. */
const otherwise = (name: string, steps: Readonly<Record<number, string>>): string => body(name).split('\n').map((line, i) => (steps[i] === undefined ? line : `    ${steps[i]}`)).join('\n');

const description = (ids: ReadonlyMap<string, string>): string => {
  const id = (subject: string): string => ids.get(subject) ?? '0'.repeat(40);
  return `
commit Begin it all
file src/a.c
${body('a')}
file src/b.c
${body('b')}
file src/c.c
${body('c')}
file src/d.c
${body('d')}
file src/e.c
${body('e')}
file src/f.c
${body('f')}
file test/a.c
${body('test')}
commit d: in the release already
file src/d.c
${otherwise('d', { 5: 'd_of_the_release ();' })}
tag quillet-1_0_0
commit a: read it right
file src/a.c
${otherwise('a', { 5: 'a_read_right (1);', 6: 'a_read_again (2);' })}
commit a: mind the end
| Follow-up to ${id('a: read it right')}
file src/a.c
${otherwise('a', { 5: 'a_read_right (1);', 6: 'a_read_to_the_end (3);' })}
commit test: cover the reading of a
| Follow-up to ${id('a: read it right').slice(0, 12)}
file test/a.c
${otherwise('test', { 1: 'test_of_a ();' })}
commit f: do as a does
| Fixes: ${id('a: read it right').slice(0, 12)} ("a: read it right")
file src/f.c
${otherwise('f', { 1: 'f_like_a ();' })}
commit f: something else
| Since ${id('f: do as a does').slice(0, 12)} there is room for it.
file src/f.c
${otherwise('f', { 1: 'f_anew ();', 5: 'f_5 ();', 6: 'f_6 ();', 7: 'f_7 ();' })}
commit a: align
| Follow-up to ${id('a: read it right')}.
file src/a.c
${otherwise('a', { 5: '   a_read_right (1);', 6: 'a_read_to_the_end (3);' })}
commit b: go the fast way
file src/b.c
${otherwise('b', { 5: 'b_fast_way ();' })}
commit Revert "b: go the fast way"
| This reverts commit ${id('b: go the fast way')}.
file src/b.c
${body('b')}
commit c: take the short cut
file src/c.c
${otherwise('c', { 5: 'c_short_cut ();' })}
commit Revert "c: take the short cut"
| This reverts commit ${id('c: take the short cut')}.
file src/c.c
${body('c')}
commit Revert "Revert "c: take the short cut""
| This reverts commit ${id('Revert "c: take the short cut"')}.
file src/c.c
${otherwise('c', { 5: 'c_short_cut ();' })}
commit e: count what is there
file src/e.c
${otherwise('e', { 5: 'e_count_all ();' })}
commit e: count nothing twice
| Fixes a bug introduced by ${id('e: count what is there')}.
file src/e.c
${otherwise('e', { 5: 'e_count_once ();' })}
commit e: say what was counted
| The message of ${id('e: count nothing twice').slice(0, 10)} was too long.
file src/e.c
${otherwise('e', { 5: 'e_count_and_say ();' })}
commit e: mind code that came later
| Follow-up to ${id('e: count nothing twice')}
file src/e.c
${otherwise('e', { 5: 'e_count_and_say ();', 9: 'e_later_code (9);' })}
commit e: more for code that came later
| Follow-up to ${id('e: count nothing twice')}
file src/e.c
${otherwise('e', { 5: 'e_count_and_say ();', 9: 'e_later_code (10);' })}
tag quillet-1_1_0
`;
};

/** Messages speak of ids, which depend on messages: the history is built again until nothing changes any more. */
function buildSettled(path: string): ReturnType<typeof buildRepository> {
  let ids: ReadonlyMap<string, string> = new Map();
  for (;;) {
    rmSync(path, { recursive: true, force: true });
    const built = buildRepository(path, description(ids));
    if ([...built.commits].every(([subject, id]) => ids.get(subject) === id)) return built;
    ids = built.commits;
  }
}

const upstream = buildSettled(join(folder, 'quillet'));
const git = new NodeGit({ cache: join(folder, 'cache') });
const traceHost: TraceHost = { git, archives: nodeArchives, files: createFileReader };

/** A commit as a patch of the package, or undone. */
function patchOf(subject: string, reverse = false): Uint8Array {
  const id = upstream.commits.get(subject)!;
  return execFileSync('git', ['-C', upstream.folder, ...(reverse ? ['show', '-R', '--format=From nobody%nSubject: take back %s%n%n---%n', id] : ['format-patch', '-1', '--stdout', id])], { env: gitEnvironment });
}

async function trace(subjects: readonly (string | Uint8Array)[], { version = '1.0.0', path = upstream.folder, store = new MemoryStore() }: { readonly version?: string; readonly path?: string; readonly store?: MemoryStore } = {}): Promise<PatchTrace[]> {
  const { location } = parseLocation(`up=${path}`);
  const request = {
    patches: subjects.map((subject, i) => ({ fileName: `${i + 1}.patch`, number: i + 1, bytes: typeof subject === 'string' ? patchOf(subject) : subject, context: {} })),
    package: { name: 'quillet', version },
    upstreams: [location!],
    carriers: [],
    network: () => 'never' as const,
  };
  const traces = await tracePatches(traceHost, store, request, { cancellation: neverCancelled });
  const before = git.spawned;
  assert.deepEqual(await knownTraces(traceHost, store, request), traces, 'the store knows the same');
  assert.deepEqual(await tracePatches(traceHost, store, request, { cancellation: neverCancelled }), traces);
  assert.equal(git.spawned, before, 'and git is asked for nothing');
  return traces;
}

/** What is known of each patch, a line a fact. */
function brief(traces: readonly PatchTrace[]): string[] {
  return traces.flatMap(({ fileName, changes }) =>
    changes.flatMap(({ aftermath }) => {
      if (aftermath === undefined) return [`${fileName}: nothing`];
      const { version, reverts, followUps, series, namesake } = aftermath;
      return [
        ...(namesake === undefined ? [] : [`${fileName}: namesake of ${namesake.id === upstream.commits.get(namesake.subject) ? namesake.subject : namesake.id}`]),
        ...(version === undefined ? [] : [`${fileName}: ${version.tag} ${version.content}${version.reached ? ', reached' : ''}${version.undoneBy === undefined ? '' : `, undone by ${version.undoneBy}`}`]),
        ...reverts.map(({ commit, undoneBy, carriedBy, partial }) => `${fileName}: ${partial ? 'partly ' : ''}reverted by ${commit.subject}${undoneBy === undefined ? '' : `, undone by ${undoneBy.subject}`}${carriedBy === undefined ? '' : `, carried by ${carriedBy}`}`),
        ...followUps.map(({ commit, kind, state, carriedBy }) => `${fileName}: ${kind} ${commit.subject}: ${state}${carriedBy === undefined ? '' : ` by ${carriedBy}`}`),
        ...(series === undefined ? [] : [`${fileName}: came with ${series.commits.map(({ commit, carriedBy, inVersion }) => `${commit.subject}${carriedBy === undefined ? '' : ` (${carriedBy})`}${inVersion ? ' (in version)' : ''}`).join(', ')} ${series.merge !== undefined ? `by ${series.merge.subject}` : series.counted !== undefined ? `as ${series.counted.number} of ${series.counted.of}` : `for ${series.request}`}`]),
      ];
    }),
  );
}

test('follow-ups are told apart by what they do for the packaged version', async () => {
  const traces = await trace(['a: read it right']);
  assert.deepEqual(brief(traces), [
    '1.patch: quillet-1_0_0 lacking',
    '1.patch: follow-up a: mind the end: missing',
    '1.patch: follow-up test: cover the reading of a: benign',
    '1.patch: fixes f: do as a does: elsewhere',
    '1.patch: follow-up a: align: benign',
  ]);
  assert.deepEqual(aftermathNews(traces[0]!).followUps.map(({ commit }) => [commit.subject, commit.firstTag]), [['a: mind the end', 'quillet-1_1_0']]);
});

test('of some of a package\'s patches nobody can say what the package lacks', async () => {
  const request = { patches: [{ fileName: '1.patch', number: 1, bytes: patchOf('a: read it right'), context: {} }], isPart: true, package: { name: 'quillet', version: '1.0.0' }, upstreams: [parseLocation(`up=${upstream.folder}`).location!], carriers: [], network: () => 'never' as const };
  const [traced] = await tracePatches(traceHost, new MemoryStore(), request, { cancellation: neverCancelled });
  assert.deepEqual([traced!.relation, traced!.changes[0]!.aftermath], ['same-change', undefined]);
});

test('what another patch of the package carries is not lacking', async () => {
  const traces = await trace(['a: read it right', 'a: mind the end']);
  assert.ok(brief(traces).includes('1.patch: follow-up a: mind the end: carried by 2.patch'));
  assert.deepEqual(aftermathNews(traces[0]!).followUps, []);
});

test('a follow-up that was folded into the patch is not lacking', async () => {
  const folded = new TextEncoder().encode(new TextDecoder().decode(patchOf('a: read it right')).replace('a_read_again (2);', 'a_read_to_the_end (3);'));
  const found = brief(await trace([folded]));
  assert.ok(found.includes('1.patch: follow-up a: mind the end: carried by 1.patch'), found.join('\n'));
});

test('what the packaged version has is not lacking', async () => {
  const found = brief(await trace(['a: read it right'], { version: '1.1.0' }));
  assert.ok(found.includes('1.patch: follow-up a: mind the end: in-version'), found.join('\n'));
  assert.equal(found[0], '1.patch: quillet-1_1_0 unknown, reached');
});

test('reverts, and reverts of reverts', async () => {
  const traces = await trace(['b: go the fast way', 'c: take the short cut']);
  assert.deepEqual(brief(traces), [
    '1.patch: quillet-1_0_0 lacking',
    '1.patch: reverted by Revert "b: go the fast way"',
    '2.patch: quillet-1_0_0 lacking',
    '2.patch: reverted by Revert "c: take the short cut", undone by Revert "Revert "c: take the short cut""',
  ]);
  assert.deepEqual(traces.map((each) => aftermathNews(each).reverts.length), [1, 0]);
});

test('a revert that the package has too is no news', async () => {
  const traces = await trace(['b: go the fast way', 'Revert "b: go the fast way"']);
  assert.ok(brief(traces).includes('1.patch: reverted by Revert "b: go the fast way", carried by 2.patch'));
  assert.deepEqual(aftermathNews(traces[0]!).reverts, []);
});

test('a change that the packaged version has already, by content', async () => {
  const traces = await trace(['d: in the release already']);
  assert.deepEqual(brief(traces), ['1.patch: quillet-1_0_0 contained, reached']);
  assert.equal(aftermathNews(traces[0]!).containedIn, 'quillet-1_0_0');
});

test('what one patch takes out and the next puts back is not there already', async () => {
  const traces = await trace([patchOf('d: in the release already', true), 'd: in the release already']);
  assert.ok(brief(traces).includes('2.patch: quillet-1_0_0 contained, reached, undone by 1.patch'), brief(traces).join('\n'));
  assert.equal(aftermathNews(traces[1]!).containedIn, undefined);
});

test('a commit that quotes the origin and changes its lines follows it, whatever its words; code that the version lacks needs no mending', async () => {
  assert.deepEqual(brief(await trace(['e: count what is there', 'e: count nothing twice'])), [
    '1.patch: quillet-1_0_0 lacking',
    '1.patch: fixes e: count nothing twice: carried by 2.patch',
    '2.patch: quillet-1_0_0 lacking',
    '2.patch: same-lines e: say what was counted: missing',
    '2.patch: follow-up e: mind code that came later: missing',
    '2.patch: follow-up e: more for code that came later: not-applicable',
  ]);
});

test('a commit that passes by the lines of an origin on its way to something else does not mend it', async () => {
  assert.deepEqual(brief(await trace(['f: do as a does'])), ['1.patch: quillet-1_0_0 lacking']);
});

test('of a change whose lines are nowhere upstream, the commit of the same subject and author is named', async () => {
  const rewritten = (author: string, subject = 'b: go the fast way'): Uint8Array => new TextEncoder().encode(`From: ${author}\nSubject: [PATCH] ${subject}\n\n---\n--- a/src/b.c\n+++ b/src/b.c\n@@ -2,3 +2,4 @@\n b_step_1 ();\n+b_takes_quite_another_way (7);\n b_step_2 ();\n b_step_3 ();\n`);
  const found = async (patch: Uint8Array): Promise<string[]> => brief(await trace([patch], { version: '7' }));
  assert.deepEqual(await found(rewritten('Ada Author <ada@elsewhere.example>')), ['1.patch: namesake of b: go the fast way']);
  assert.deepEqual(await found(rewritten('Bob Other <ada@example.org>')), ['1.patch: nothing']);
  assert.deepEqual(await found(rewritten('Ada Author <ada@example.org>', 'b: go another way')), ['1.patch: nothing']);
});

test('without a tag of the version, or an origin, less is known', async () => {
  const found = brief(await trace(['b: go the fast way'], { version: '7' }));
  assert.deepEqual(found, ['1.patch: reverted by Revert "b: go the fast way"']);
  const own = new TextEncoder().encode('--- a/src/a.c\n+++ b/src/a.c\n@@ -2,3 +2,4 @@\n a_step_1 ();\n+a_step_of_ours ();\n a_step_2 ();\n a_step_3 ();\n');
  assert.deepEqual(brief(await trace([own])), ['1.patch: quillet-1_0_0 lacking']);
  assert.deepEqual(brief(await trace([own], { version: '7' })), ['1.patch: nothing']);
});

test('commits that a merge brought together are parts of one series; a merge of a whole branch is none', async () => {
  const path = join(folder, 'merged');
  const merged = buildRepository(path, `
commit Begin
file src/a.c
${body('a')}
tag v1.0
branch topic
commit topic: first step
file src/a.c
${otherwise('a', { 2: 'a_first ();' })}
commit topic: second step
file src/a.c
${otherwise('a', { 2: 'a_first ();', 9: 'a_second ();' })}
branch main
commit Meanwhile
file src/b.c
${body('b')}
`);
  merged.git('merge', '--quiet', '--no-ff', '-m', 'Merge pull request #7 from somebody/topic', 'topic');
  const first = execFileSync('git', ['-C', path, 'format-patch', '-1', '--stdout', merged.commits.get('topic: first step')!], { env: gitEnvironment });
  merged.git('branch', '-D', 'topic');
  assert.deepEqual(brief(await trace([first], { path, version: '1.0' })), ['1.patch: v1.0 lacking', '1.patch: came with topic: second step by Merge pull request #7 from somebody/topic']);
});

test('commits of one author that close one request are parts of one series', async () => {
  const path = join(folder, 'closing');
  const closing = buildRepository(path, `
commit Begin
file src/a.c
${body('a')}
tag v1.0
commit a: first of two
| Closes #7
file src/a.c
${otherwise('a', { 2: 'a_first ();' })}
commit a: second of two
|
| Closes #7
file src/a.c
${otherwise('a', { 2: 'a_first ();', 9: 'a_second ();' })}
commit a: another
| Fixes #7, closes #77
file src/b.c
${body('b')}
commit a: years later
date 2023-01-01
| Closes #7
file src/c.c
${body('c')}
`);
  const first = execFileSync('git', ['-C', path, 'format-patch', '-1', '--stdout', closing.commits.get('a: first of two')!], { env: gitEnvironment });
  assert.deepEqual(brief(await trace([first], { path, version: '1.0' })), ['1.patch: v1.0 lacking', '1.patch: came with a: second of two for #7']);
});

test('commits that stand beside the origin as its subject counts are parts of one series', async () => {
  const path = join(folder, 'counted');
  const step = (number: number, steps: Readonly<Record<number, string>>): string => `commit a: step ${number}\ndate 2024-05-05\nfile src/a.c\n${otherwise('a', steps)}\n`;
  const counted = buildRepository(path, `
commit Begin
file src/a.c
${body('a')}
tag v1.0
${step(1, { 1: 'a_one ();' })}
${step(2, { 1: 'a_one ();', 4: 'a_two ();' })}
${step(3, { 1: 'a_one ();', 4: 'a_two ();', 7: 'a_three ();' })}
commit a: later, and no part of it
file src/a.c
${otherwise('a', { 1: 'a_one ();', 4: 'a_two ();', 7: 'a_three ();', 10: 'a_four ();' })}
`);
  const part = (subject: string, count: string): Uint8Array => {
    const text = execFileSync('git', ['-C', path, 'format-patch', '-1', '--stdout', counted.commits.get(subject)!], { env: gitEnvironment, encoding: 'utf8' });
    return new TextEncoder().encode(text.replace('[PATCH]', `[PATCH ${count}]`));
  };
  const series = async (...patches: readonly Uint8Array[]): Promise<string[]> => {
    const traces = await trace(patches, { path, version: '1.0' });
    const parts = traces.flatMap(({ fileName, changes }) => changes.flatMap(({ part: fact }) => (fact === undefined ? [] : [`${fileName}: ${partWords(fact)}`])));
    return [...brief(traces).filter((line) => line.includes('came with')), ...parts];
  };
  assert.deepEqual(await series(part('a: step 2', '2/3')), ['1.patch: came with a: step 1, a: step 3 as 2 of 3', '1.patch: part 2 of 3 by its subject; the package lacks 1, 3']);
  assert.deepEqual(await series(part('a: step 1', '1/3'), part('a: step 2', '2/3')), [
    '1.patch: came with a: step 2 (2.patch), a: step 3 as 1 of 3',
    '2.patch: came with a: step 1 (1.patch), a: step 3 as 2 of 3',
    '1.patch: part 1 of 3 by its subject; the package has 2 (2.patch), and lacks 3',
    '2.patch: part 2 of 3 by its subject; the package has 1 (1.patch), and lacks 3',
  ]);
  // As many commits, but not where the number says; or put there at another time.
  assert.deepEqual(await series(part('a: step 2', '1/3')), ['1.patch: part 1 of 3 by its subject; the package lacks 2, 3']);
  assert.deepEqual(await series(part('a: later, and no part of it', '2/2')), ['1.patch: part 2 of 2 by its subject; the package lacks 1']);
  // A package that counts its own backports: its second part is not what stands second upstream.
  assert.deepEqual(await series(part('a: step 1', '1/3'), part('a: step 3', '2/3')), [
    '1.patch: part 1 of 3 by its subject; the package has 2 (2.patch), and lacks 3',
    '2.patch: part 2 of 3 by its subject; the package has 1 (1.patch), and lacks 3',
  ]);
  // The whole of it is there: nothing to say.
  assert.deepEqual((await series(part('a: step 1', '1/2'), part('a: step 2', '2/2'))).filter((line) => line.includes('came')), []);
});

test('a partial clone without the contents of the version tells what it can, and fetches nothing', async () => {
  const path = join(folder, 'partial.git');
  upstream.git('config', 'uploadpack.allowFilter', 'true');
  execFileSync('git', ['clone', '--quiet', '--bare', '--no-local', '--filter=blob:none', `file://${upstream.folder}`, path], { env: gitEnvironment });
  const objects = (): readonly string[] => readdirSync(join(path, 'objects'), { recursive: true }).map(String).sort();
  const before = objects();
  const location = parseLocation(`up=${path}`).location!;
  const request = { patches: [{ fileName: '1.patch', number: 1, bytes: patchOf('b: go the fast way'), context: {} }], package: { name: 'quillet', version: '1.0.0' }, upstreams: [location], carriers: [], network: () => 'never' as const };
  const [traced] = await tracePatches(traceHost, new MemoryStore(), request, { cancellation: neverCancelled });
  assert.deepEqual(objects(), before);
  assert.deepEqual(traced!.coverage.failed, []);
  // Without contents no origin can be compared; the one place where the version could be looked into lacks them too.
  assert.equal(traced!.changes[0]!.aftermath?.version?.content, 'unknown');
});
