import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Comparison, compareChanges, identifyChange, isBenignPath, parsePatch, prepareChange, relationOf } from '#server/core/patches/index.js';

function compare(mine: string, theirs: string): { comparison: Comparison; relation: string } {
  const [a, b] = [mine, theirs].map((text) => {
    const patch = parsePatch(Buffer.from(text));
    const change = patch.changes[0]!;
    return { prepared: prepareChange(patch, change), identity: identifyChange(patch, change) };
  }) as [{ prepared: ReturnType<typeof prepareChange>; identity: ReturnType<typeof identifyChange> }, { prepared: ReturnType<typeof prepareChange>; identity: ReturnType<typeof identifyChange> }];
  const comparison = compareChanges(a.prepared, b.prepared);
  return { comparison, relation: relationOf(comparison, a.identity, b.identity) };
}

/** What is found, as lines: the relation with both covers, then each hunk, what was dropped, what stands elsewhere. */
function check(name: string, mine: string, theirs: string, expected: readonly string[]): void {
  test(name, () => {
    const { comparison, relation } = compare(mine, theirs);
    assert.deepEqual(
      [
        `${relation} ${comparison.coverOfPatch.toFixed(2)} ${comparison.coverOfCommit.toFixed(2)}`,
        ...comparison.hunks.map((hunk) => `${hunk.path}#${hunk.hunk} ${hunk.state}`),
        ...comparison.benignlyDropped.map((path) => `dropped ${path}`),
        ...comparison.moved.map(({ path, commitPath }) => `${path} is ${commitPath}`),
      ],
      expected,
    );
  });
}

const file = (path: string, ...hunks: string[]): string => `diff --git a/${path} b/${path}\n--- a/${path}\n+++ b/${path}\n${hunks.join('')}`;
const hunk = (...lines: string[]): string => {
  const old = lines.filter((line) => !line.startsWith('+')).length;
  const now = lines.filter((line) => !line.startsWith('-')).length;
  return `@@ -1,${old} +1,${now} @@\n${lines.map((line) => `${line}\n`).join('')}`;
};
const one = hunk(' context one', '-old = first(value);', '+new = first(value, 1);');
const two = hunk(' context two', '-old = second(value);', '+new = second(value, 2);');

check('the same', file('a.c', one, two), file('a.c', one, two), ['same-change 1.00 1.00', 'a.c#0 equal', 'a.c#1 equal']);
check('other context', file('a.c', one), file('a.c', one.replace('context one', 'context 1')), ['rebased 1.00 1.00', 'a.c#0 moved']);
check('a file that moved', file('src/a.c', one), file('lib/core/a.c', one), ['rebased 1.00 1.00', 'src/a.c#0 equal', 'src/a.c is lib/core/a.c']);
check('a hunk that differs, one that is equal', file('a.c', one, two), file('a.c', one, two.replace('value, 2', 'value, 3')), ['adapted 0.75 0.75', 'a.c#0 equal', 'a.c#1 different']);
check('a hunk that only we have', file('a.c', one, two), file('a.c', one), ['adapted 0.50 1.00', 'a.c#0 equal', 'a.c#1 missing-upstream']);
check('a hunk that only the commit has', file('a.c', one), file('a.c', one, two), ['partial 1.00 0.50', 'a.c#0 equal', 'a.c#1 missing-here']);
check('news and tests left out', file('a.c', one), file('NEWS', two) + file('a.c', one) + file('tests/t.c', hunk('+test(3);', '+check(4);')), [
  'partial 1.00 0.33',
  'a.c#0 equal',
  'NEWS#0 missing-here',
  'tests/t.c#0 missing-here',
  'dropped NEWS',
  'dropped tests/t.c',
]);
check('white space in changed lines', file('a.c', one), file('a.c', one.replace('+new = first', '+\t new  =first')), ['same-change 1.00 1.00', 'a.c#0 equal']);
check('a revert is not the same', file('a.c', one), file('a.c', hunk(' context one', '-new = first(value, 1);', '+old = first(value);')), ['none 0.00 0.00', 'a.c#0 missing-upstream', 'a.c#0 missing-here']);
check('hunks in another order are found', file('a.c', one, two), file('a.c', two, one), ['rebased 1.00 1.00', 'a.c#0 equal', 'a.c#1 equal']);
check('a pure rename', 'diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n', 'diff --git a/x b/y\nsimilarity index 100%\nrename from x\nrename to y\n', ['same-change 1.00 1.00']);

for (const [path, expected] of [
  ['NEWS', true], ['ChangeLog.md', true], ['RELEASE-NOTES', true], ['tests/data/test1', true], ['src/test/test-unit.c', true], ['src/x-test.c', true], ['.github/workflows/ci.yml', true], ['po/de.po', true],
  ['src/news.c', false], ['lib/latest/a.c', false], ['src/contest.c', false], ['configure.ac', false], ['docs/tests.md', false],
] as const) {
  test(`leaving ${path} out is ${expected ? '' : 'not '}benign`, () => assert.equal(isBenignPath(path), expected));
}

const line = fc.constantFrom('a = b(c);', 'return NULL;', '}', '', 'x->first = y;', 'if(value > 12) {', 'next_state(machine);');
const anyHunk = fc.array(fc.tuple(fc.constantFrom(' ', '+', '-'), line), { minLength: 1, maxLength: 8 }).map((lines) => hunk(...lines.map(([op, text]) => op + text)));
const anyDiff = fc.array(fc.tuple(fc.constantFrom('a.c', 'src/a.c', 'b.c', 'NEWS'), fc.array(anyHunk, { minLength: 1, maxLength: 3 })), { minLength: 1, maxLength: 3 }).map((files) => files.map(([path, hunks]) => file(path, ...hunks)).join(''));

test('a change compared with itself has every line and every hunk', () => {
  fc.assert(
    fc.property(anyDiff, (diff) => {
      const { comparison } = compare(diff, diff);
      if (comparison.linesOfPatch === 0) return;
      assert.equal(comparison.coverOfPatch, 1);
      assert.equal(comparison.coverOfCommit, 1);
      assert.ok(comparison.hunks.every((each) => each.state === 'equal' || each.state === 'moved'));
    }),
  );
});

test('a comparison of any two changes matches as many lines on one side as on the other, and names each hunk once', () => {
  fc.assert(
    fc.property(anyDiff, anyDiff, (mine, theirs) => {
      const { comparison } = compare(mine, theirs);
      assert.ok(Math.abs(comparison.coverOfPatch * comparison.linesOfPatch - comparison.coverOfCommit * comparison.linesOfCommit) < 1e-6);
      const own = (mine.match(/^@@ /gm) ?? []).length;
      assert.equal(comparison.hunks.filter((each) => each.state !== 'missing-here').length, own);
    }),
  );
});

test('two changes of twenty thousand lines that have little in common are compared within seconds', () => {
  const lines = (seed: number): string => hunk(...Array.from({ length: 20_000 }, (_, i) => `+line ${(i * 7919 + seed) % 30_011} of it`));
  const started = performance.now();
  const { comparison } = compare(file('a.c', lines(1)), file('a.c', lines(5)));
  assert.ok(comparison.coverOfPatch > 0.5);
  assert.ok(performance.now() - started < 8000);
});
