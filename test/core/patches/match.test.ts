import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { neverCancelled } from '#server/core/host.js';
import { type ChangeClaims, type ChangeVerdict, type CommitRecord, type MatchInput, matchChanges, parsePatch, readClaims } from '#server/core/patches/index.js';
import { fetchFrom, listCommits, readRecords } from '../../support/gitHistory.js';
import { MemoryIndex } from '../../support/memoryIndex.js';
import { dropFiles, mutations, pathOf, renameFiles, splitFiles, splitInTwo } from '../../support/mutatePatch.js';
import { buildRandomHistory, codeLine, randomNumbers } from '../../support/randomHistory.js';

const folder = mkdtempSync(join(tmpdir(), 'spectrail-match-'));
after(() => rmSync(folder, { recursive: true, force: true }));

let git: (...args: string[]) => Buffer;
let gitDir: string;
let records: readonly CommitRecord[];
let index: MemoryIndex;
const noClaims: ChangeClaims = { claims: [], references: [] };

before(async () => {
  git = buildRandomHistory(join(folder, 'upstream'), { commits: 500, seed: 11 });
  gitDir = join(folder, 'upstream/.git');
  // Oldest first; the first ones make the files and are no changes a patch would carry.
  records = (await readRecords(gitDir, await listCommits(gitDir, ['main']), { keepDiffBytes: 1 << 20 })).reverse();
  index = new MemoryIndex(records);
});

/** Every third commit of some size behind the beginning, with its diff. */
function samples(filter: (diff: string) => boolean = () => true, context = 3): { record: CommitRecord; diff: string }[] {
  const found: { record: CommitRecord; diff: string }[] = [];
  for (const record of records.slice(100)) {
    if (record.lines.length < 3) continue;
    const diff = context === 3 ? Buffer.from(record.diff!).toString('latin1').trimStart() : git('diff', '--no-renames', `-U${context}`, `${record.id}^`, record.id).toString('latin1');
    if (filter(diff)) found.push({ record, diff });
    if (found.length === 40) break;
  }
  return found;
}

function inputOf(text: string, claims: ChangeClaims = noClaims): MatchInput {
  const patch = parsePatch(Buffer.from(text, 'latin1'));
  return { patch, change: patch.changes[0]!, claims };
}

const match = (texts: readonly string[]): Promise<ChangeVerdict[]> => matchChanges(texts.map((text) => inputOf(text)), index, fetchFrom(gitDir), neverCancelled);

/** At least 97 of 100 samples keep their commit and get one of the relations. */
async function checkAll(cases: readonly { readonly text: string; readonly commit: string }[], relations: readonly string[]): Promise<void> {
  assert.ok(cases.length >= 10, `only ${cases.length} samples`);
  const verdicts = await match(cases.map(({ text }) => text));
  const bad = verdicts.flatMap((verdict, i) => (relations.includes(verdict.relation) && verdict.commit?.id === cases[i]!.commit ? [] : [`${cases[i]!.commit} ${verdict.relation} ${verdict.commit?.id}`]));
  assert.ok(bad.length <= cases.length * 0.03, bad.join('\n'));
}

for (const [name, mutate] of Object.entries(mutations)) {
  test(`a patch keeps its commit: ${name}`, async () => {
    const relations = name === 'white space' ? ['same-change', 'rebased'] : ['same-change'];
    await checkAll(samples().map(({ record, diff }) => ({ text: mutate(diff), commit: record.id })), relations);
  });
}

for (const context of [0, 1, 5]) {
  test(`a patch keeps its commit: ${context} lines of context`, async () => {
    await checkAll(samples(() => true, context).map(({ record, diff }) => ({ text: diff, commit: record.id })), ['rebased', 'same-change']);
  });
}

const isNews = (path: string): boolean => path === 'NEWS' || path.startsWith('tests/');

test('a patch without the NEWS and tests of its commit is a part of it, and nothing is lost', async () => {
  const chosen = samples((diff) => splitFiles(diff).some((file) => isNews(pathOf(file))) && splitFiles(diff).some((file) => !isNews(pathOf(file))));
  await checkAll(chosen.map(({ record, diff }) => ({ text: dropFiles(diff, isNews), commit: record.id })), ['partial']);
  const [verdict] = await match([dropFiles(chosen[0]!.diff, isNews)]);
  assert.deepEqual(verdict!.evidence!.benignlyDropped, splitFiles(chosen[0]!.diff).map(pathOf).filter(isNews));
});

test('a patch of a file that stands elsewhere keeps its commit', async () => {
  await checkAll(samples().map(({ record, diff }) => ({ text: renameFiles(diff, (path) => path.replace(/^src\//, 'lib/core/')), commit: record.id })), ['rebased', 'same-change']);
});

test('half of a commit is a part of it', async () => {
  const chosen = samples((diff) => (diff.match(/^@@ /gm) ?? []).length >= 4);
  await checkAll(chosen.map(({ record, diff }) => ({ text: splitInTwo(diff)[0], commit: record.id })), ['partial']);
});

test('two to five commits folded into one patch are found, all of them', async () => {
  const texts: string[] = [];
  const expected: string[][] = [];
  for (let n = 2; n <= 5; n++) {
    for (let start = 150 + n; start < 450 && expected.length < (n - 1) * 8; start += 23) {
      const chosen = records.slice(start, start + n);
      if (chosen.some((record) => record.lines.length < 4)) continue;
      texts.push(git('diff', '--no-renames', `${chosen[0]!.id}^`, chosen.at(-1)!.id).toString('latin1'));
      expected.push(chosen.map((record) => record.id).sort());
    }
  }
  const verdicts = await match(texts);
  const bad = verdicts.flatMap((verdict, i) => {
    const found = verdict.commits.map((commit) => commit.id).sort();
    return verdict.relation === 'combined' && found.join() === expected[i]!.join() ? [] : [`${verdict.relation}: ${found.length} of ${expected[i]!.length}`];
  });
  assert.ok(expected.length >= 24);
  assert.ok(bad.length <= 1, bad.join('\n'));
});

test('a patch that comes from no commit is given none', async () => {
  const random = randomNumbers(99);
  const texts = Array.from({ length: 60 }, (_, n) => {
    const size = 1 + (n % 12);
    const lines = Array.from({ length: size }, () => `+${codeLine(random)}`);
    // Half of them hold a line that some commit has as well.
    if (n % 2 === 0) lines.push(`+${['', '  return NULL;', '  }', '    return result;'][n % 4]!}`);
    return `--- a/src/buffer.c\n+++ b/src/buffer.c\n@@ -10,2 +10,${lines.length + 2} @@\n context\n${lines.join('\n')}\n more\n`;
  });
  const verdicts = await match(texts);
  assert.deepEqual(verdicts.filter((verdict) => verdict.relation !== 'none').map((verdict) => verdict.evidence), []);
});

test('the hunks that differ are named', async () => {
  const { record, diff } = samples((text) => (text.match(/^@@ /gm) ?? []).length >= 3 && splitFiles(text).length === 1)[0]!;
  let hunk = -1;
  const changed = diff
    .split('\n')
    .map((line) => {
      if (line.startsWith('@@ ')) hunk++;
      return hunk === 1 && /^\+.*\w{4}/.test(line) ? `${line} /* ours */` : line;
    })
    .join('\n');
  const [verdict] = await match([changed]);
  assert.equal(verdict!.relation, 'adapted');
  assert.equal(verdict!.commit!.id, record.id);
  assert.equal(verdict!.evidence!.hunks.filter((each) => each.hunk === 0)[0]!.state, 'equal');
  assert.ok(['different', 'missing-upstream'].includes(verdict!.evidence!.hunks.filter((each) => each.hunk === 1)[0]!.state));
  assert.equal(verdict!.evidence!.hunks.filter((each) => each.hunk === 2)[0]!.state, 'equal');
});

test('a claim is confirmed, contradicted, unverifiable or absent', async () => {
  const { record, diff } = samples()[3]!;
  const wrong = records[400]!.id;
  const judge = async (id: string | undefined): Promise<string> => {
    const header = id === undefined ? '' : `Upstream-commit: ${id}\n\n`;
    const patch = parsePatch(Buffer.from(header + diff, 'latin1'));
    const change = patch.changes[0]!;
    const [verdict] = await matchChanges([{ patch, change, claims: readClaims(patch, change) }], index, fetchFrom(gitDir), neverCancelled);
    assert.equal(verdict!.commit!.id, record.id);
    assert.equal(verdict!.relation, 'same-change');
    return verdict!.claim;
  };
  assert.equal(await judge(record.id), 'confirmed');
  assert.equal(await judge(record.id.slice(0, 10)), 'confirmed');
  assert.equal(await judge(wrong), 'contradicted');
  assert.equal(await judge('0123456789abcdef0123456789abcdef01234567'), 'unverifiable');
  assert.equal(await judge(undefined), 'absent');
});

test('what became of each commit that is claimed is told', async () => {
  const { record, diff } = samples()[3]!;
  const wrong = records[400]!.id;
  const unknown = '0123456789abcdef0123456789abcdef01234567';
  const patch = parsePatch(Buffer.from(`Upstream-commit: ${record.id.slice(0, 12)}\nUpstream-commit: ${wrong}\nUpstream-commit: ${unknown}\n\n${diff}`, 'latin1'));
  const [verdict] = await matchChanges([{ patch, change: patch.changes[0]!, claims: readClaims(patch, patch.changes[0]!) }], index, fetchFrom(gitDir), neverCancelled);
  assert.equal(verdict!.claim, 'confirmed');
  assert.deepEqual(verdict!.claimed, [
    { commit: record.id.slice(0, 12), finding: 'same', coverOfPatch: 1, coverOfCommit: 1 },
    { commit: wrong, finding: 'other', coverOfPatch: 0, coverOfCommit: 0 },
    { commit: unknown, finding: 'unknown' },
  ]);
});

test('folded commits are found where one undoes a line of the other', async () => {
  const folder2 = join(folder, 'undone');
  const write = buildRandomHistory(folder2, { commits: 60, seed: 5 });
  const file = join(folder2, 'folded.c');
  const commit = (lines: readonly string[], subject: string): void => {
    writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
    write('add', '-A');
    write('commit', '-q', '-m', subject);
  };
  const base = Array.from({ length: 20 }, (_, i) => `base line ${i} of the file;`);
  commit(base, 'folded: begin');
  const first = [...base.slice(0, 10), 'static bool inode_unmodified(stat a, stat b) {', '        return a.mode == b.mode &&', '                a.mtime_of_inode == b.mtime_of_inode &&', '                a.device == b.device;', '}', ...base.slice(10)];
  commit(first, 'folded: add a helper');
  commit(first.flatMap((line) => (line.includes('mtime_of_inode') ? ['                a.mtim.seconds == b.mtim.seconds &&', '                a.mtim.nanoseconds == b.mtim.nanoseconds &&'] : [line])), 'folded: compare the entire timestamp');
  const text = write('diff', 'HEAD~2', 'HEAD').toString('latin1');
  const own = join(folder2, '.git');
  const ids = write('log', '--format=%H', '-2').toString('latin1').trim().split('\n');
  const [verdict] = await matchChanges([inputOf(text)], new MemoryIndex(await readRecords(own, await listCommits(own, ['HEAD']))), fetchFrom(own), neverCancelled);
  assert.equal(verdict!.relation, 'combined');
  assert.deepEqual(verdict!.commits.map(({ id }) => id).sort(), [...ids].sort());
});

test('a commit that was reverted and applied again is named both times, whatever it says in NEWS', async () => {
  const folder3 = join(folder, 'again');
  const write = buildRandomHistory(folder3, { commits: 60, seed: 6 });
  const put = (news: string, isOn: boolean, subject: string): string => {
    writeFileSync(join(folder3, 'NEWS'), news);
    writeFileSync(join(folder3, 'ping.conf'), `# kept\n# also kept\n${isOn ? '# Enable ping without privileges for all of them\n-net.ipv4.ping_group_range = 0 2147483647\n' : ''}# last\n`);
    write('add', '-A');
    write('commit', '-q', '-m', subject);
    return write('rev-parse', 'HEAD').toString('latin1').trim();
  };
  put('begin\n', false, 'ping: begin');
  const first = put('begin\nping is enabled for everybody\n', true, 'ping: enable it');
  put('begin\n', false, 'Revert "ping: enable it"');
  const again = put('begin\nping is enabled once more, now also in containers\nand elsewhere\n', true, 'Revert "Revert "ping: enable it""');
  const own = join(folder3, '.git');
  const text = write('diff', `${first}~1`, first, '--', 'ping.conf').toString('latin1');
  const [verdict] = await matchChanges([inputOf(text)], new MemoryIndex(await readRecords(own, await listCommits(own, ['HEAD']))), fetchFrom(own), neverCancelled);
  assert.equal(verdict!.relation, 'partial');
  assert.deepEqual([verdict!.commit!.id, ...verdict!.equivalent.map(({ id }) => id)].sort(), [first, again].sort());
});

test('the same questions get the same answers', async () => {
  const texts = samples().slice(0, 12).map(({ diff }) => mutations['diff -u headers']!(diff));
  assert.deepEqual(await match(texts), await match(texts));
});

test('a patch of a hundred thousand lines is judged by a sample of them', async () => {
  const huge = (offset: number): string => `--- a/big.txt\n+++ b/big.txt\n@@ -0,0 +1,100000 @@\n${Array.from({ length: 100_000 }, (_, i) => `+row ${i + offset} of table ${(i * 31) % 977}\n`).join('')}`;
  const started = performance.now();
  const [verdict] = await match([huge(0)]);
  assert.equal(verdict!.relation, 'none');
  assert.ok(performance.now() - started < 10_000);
});

test('nothing to compare with is no origin, and no error', async () => {
  const empty = new MemoryIndex([]);
  const { diff } = samples()[0]!;
  for (const text of [diff, 'no diff at all\n', 'diff --git a/x b/x\nold mode 100644\nnew mode 100755\n']) {
    const [verdict] = await matchChanges([inputOf(text)], empty, async (commits) => commits.map(() => undefined), neverCancelled);
    assert.equal(verdict!.relation, 'none');
    assert.equal(verdict!.claim, 'absent');
  }
});

test('a commit whose diff cannot be had is still known by its patch id, and by nothing else', async () => {
  const { record, diff } = samples()[5]!;
  const absent = async (commits: readonly unknown[]): Promise<undefined[]> => commits.map(() => undefined);
  const [same, other] = await matchChanges([inputOf(diff), inputOf(renameFiles(diff, (path) => `x/${path}`))], index, absent, neverCancelled);
  assert.equal(same!.relation, 'same-change');
  assert.equal(same!.commit!.id, record.id);
  assert.equal(other!.relation, 'none');
});
