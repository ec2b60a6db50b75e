import { patchOriginReverted as rule } from '#server/core/lint/rules/patch-origin-reverted.js';
import type { CommitFact, PatchTrace, RevertFact } from '#server/core/patches/index.js';
import { check, decisionOn, traceOf } from '../../../support/lint.js';

const commit = (letter: string, subject: string, firstTag?: string): CommitFact => ({ place: { source: 'up', location: 'up' }, id: letter.repeat(40), subject, author: 'A', date: 0, firstTag, reachedBy: 'main' });
const revert: RevertFact = { commit: commit('b', 'Revert "Do it"', 'v2'), quote: 'This reverts commit aaaa', partial: false };
const trace = (file: string, ...reverts: RevertFact[]): PatchTrace => traceOf(file, { relation: 'rebased', aftermath: { format: 2, version: undefined, reverts, followUps: [], series: undefined } });
const reverted = trace('a.patch', revert);

check(rule, 'a whole revert that stands, and that the package lacks', `
Patch1: a.patch
^^^^^^ The commit of Patch1 was reverted upstream by bbbbbbbbbbbb (Revert "Do it", v2).
Patch2: partly.patch
Patch3: made-good.patch
Patch4: reverted-here-too.patch
Patch5: never.patch
`, { traces: [reverted, trace('partly.patch', { ...revert, partial: true }), trace('made-good.patch', { ...revert, undoneBy: commit('c', 'Do it') }), trace('reverted-here-too.patch', { ...revert, carriedBy: 'b.patch' }), trace('never.patch')] });

check(rule, 'one revert of two changes is said once; one in no release has no tag', `
Patch1: a.patch
^^^^^^ The commit of Patch1 was reverted upstream by bbbbbbbbbbbb (Revert both).
`, { traces: [{ ...reverted, changes: [1, 2].map(() => trace('', { ...revert, commit: commit('b', 'Revert both') }).changes[0]!) }] });

check(rule, 'ours on purpose, or waived', `
Patch1: a.patch
Patch2: b.patch
`, { traces: [reverted, { ...reverted, fileName: 'b.patch' }], decisions: [decisionOn('a.patch', 'ours'), decisionOn('b.patch', 'waived')] });

check(rule, 'to accept that it was adapted is not to accept what was reverted', `
Patch1: a.patch
^^^^^^ The commit of Patch1 was reverted upstream by bbbbbbbbbbbb (Revert "Do it", v2).
`, { traces: [reverted], decisions: [decisionOn('a.patch', 'accepted')] });
