import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readMessageReferences } from '#server/core/patches/upstream/messageReferences.js';

const a = 'a1b2c3d4e5f60718293a4b5c6d7e8f9012345678';
const b = 'b9c8d7e6f5a4';

/** Each message and what it says: `kind id` or `kind "subject"`. */
function check(name: string, message: string, ...expected: string[]): void {
  test(name, () => {
    const found = readMessageReferences(message);
    assert.deepEqual(found.map(({ kind, commit, subject }) => `${kind} ${commit ?? `"${subject}"`}`), expected);
    for (const { quote } of found) assert.ok(quote.length > 0 && !quote.includes('\n'), 'a quote is one line');
  });
}

check('git revert', `Revert "http: x"\n\nThis reverts commit ${a}.\n\nIt broke y.`, `reverts ${a}`);
check('git revert, wrapped before the id', `Revert "x y"\n\nThis reverts commit\n${a}.`, `reverts ${a}`);
check('a revert that gives no id', 'Revert "lib: fix the thing"\n\nIt broke things.', 'reverts "lib: fix the thing"');
check('a revert of a revert, and a reapplication', 'Revert "Revert "lib: fix it now""', 'reverts "Revert "lib: fix it now""');
check('git reapplies', 'Reapply "lib: fix it now"', 'reverts "Revert "lib: fix it now""');
check('effectively reverts', `net: disable x\n\nThis effectively reverts ${a}.`, `reverts ${a}`);
check('a part is taken back', `x: y\n\nThis partially reverts ${b}.\n\nThis partially reverts commit ${a}.`, `partly-reverts ${b}`, `partly-reverts ${a}`);
check('partial revert of', `x: y\n\nPartial revert of ${b}`, `partly-reverts ${b}`);
check('what was reverted elsewhere is only mentioned', `x: y\n\nIt was temporarily reverted in ${b} so that it would not ship.`, `mentions ${b}`);
check('kernel style', `x: y\n\nFixes: ${b} ("net: add z")\nSigned-off-by: A <a@b>`, `fixes ${b}`);
check('several', `x: y\n\nFixes: ${b} ("net: add z")\nFixes: ${a} ("net: add w")`, `fixes ${b}`, `fixes ${a}`);
check("curl's", `x: y\n\nFollow-up to ${b} #1234\n\nCloses #1235`, `follow-up ${b}`);
check('from, and on a line of other words', `x: y\n\nFollow-up from ${b} #22580`, `follow-up ${b}`);
check("systemd's", `x: y\n\nFollow-up for ${a}.`, `follow-up ${a}`);
check('a list', `x: y\n\nFollow-up for ${a} and\n${b}.`, `follow-up ${a}`, `follow-up ${b}`);
check('trailers', `x: y\n\nFollow-up-for: ${a}\nFollow-up to: ${b}`, `follow-up ${a}`, `follow-up ${b}`);
check('fixup for', `x: y\n\nFixup for ${a}.`, `follow-up ${a}`);
check('behind the id', `x: y, ${b} follow-up`, `follow-up ${b}`);
check('a bug that was introduced', `x: y\n\nFixes a bug introduced by ${a}.`, `fixes ${a}`);
check('fixes a bug in', `x: y\n\nFixes a bug in ${a}.`, `fixes ${a}`);
check('a regression', `x: y\n\nRegression since ${b} (shipped in 7.77.0)`, `fixes ${b}`);
check('introduced in, as a sentence', `x: y\n\nIntroduced in ${b}.`, `fixes ${b}`);
check('what brought a function is no bug', `x: y\n\nCurl_x() functions introduced in commit ${b} are used now.`, `mentions ${b}`);
check('what was fixed there needs no mending', `x: y\n\nThis was fixed by ${b}.`, `mentions ${b}`);
check('picked', `x: y\n\n(cherry picked from commit ${a})`, `picked-from ${a}`);
check('backported, upstream', `x: y\n\n[ Upstream commit ${a} ]\n\ncommit ${b} upstream.`, `picked-from ${a}`, `picked-from ${b}`);
check("a forge's address", `x: y\n\nFollow-up to https://github.com/o/p/commit/${b}`, `follow-up ${b}`);
check("bugs' addresses and numbers are no commits", 'x: y\n\nhttps://bugs.example/show_bug.cgi?id=1234567\nhttps://x/attachment/abc1234def\nCID#1234567\nResolves: #12345678\nFixes #2c0ffee');
check('words are no commits', 'x: y\n\nThe facade of the decade defaced 1234567 acceded');
check('unsquashed fixups', 'fixup! lib: do this', 'follow-up "lib: do this"');
check('the plainer of two ways counts by its first place', `x: y\n\nSee ${b}.\n\nAlso: ${b}`, `mentions ${b}`);

test('any text is read to its end', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => void readMessageReferences(text)));
  fc.assert(fc.property(fc.array(fc.constantFrom('Follow-up ', 'to ', 'Fixes: ', 'This reverts commit ', a, b, '\n', '\n\n', ' and ', '("x")', 'a bug introduced in ', 'Revert "')).map((parts) => parts.join('')), (text) => {
    for (const { commit, subject } of readMessageReferences(text)) assert.ok((commit === undefined) !== (subject === undefined));
  }));
  const began = Date.now();
  readMessageReferences(`x\n\n${'fixes a bug '.repeat(20_000)}${a} ${'partially '.repeat(20_000)}reverts ${b}`);
  assert.ok(Date.now() - began < 2000, 'no pattern runs away');
});
