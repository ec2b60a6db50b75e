import { patchFollowupMissing as rule } from '#server/core/lint/rules/patch-followup-missing.js';
import type { FollowUpFact, PatchTrace } from '#server/core/patches/index.js';
import { check, decisionOn, traceOf } from '../../../support/lint.js';

const followUp = (kind: FollowUpFact['kind'], state: FollowUpFact['state'] = 'missing'): FollowUpFact => ({ commit: { place: { source: 'up', location: 'up' }, id: 'b'.repeat(40), subject: 'Mend it', author: 'A', date: 0, firstTag: 'v2', reachedBy: 'main' }, kind, quote: 'Fixes: aaaa', state });
const trace = (file: string, ...followUps: FollowUpFact[]): PatchTrace => traceOf(file, { relation: 'same-change', aftermath: { format: 2, version: undefined, reverts: [], followUps, series: undefined } });

check(rule, 'each way to follow has words of its own', `
Patch1: a.patch
^^^^^^ The commit of Patch1 brought a bug that bbbbbbbbbbbb (Mend it, v2) mends; the package lacks that.
Patch2: b.patch
^^^^^^ The commit of Patch2 was followed up by bbbbbbbbbbbb (Mend it, v2); the package lacks that.
Patch3: c.patch
^^^^^^ What Patch3 adds was changed again by bbbbbbbbbbbb (Mend it, v2), which names its commit; the package lacks that.
`, { traces: [trace('a.patch', followUp('fixes')), trace('b.patch', followUp('follow-up')), trace('c.patch', followUp('same-lines'))] });

check(rule, 'what the package has, or does not need, or of which nobody can tell', `
Patch1: a.patch
`, { traces: [trace('a.patch', ...(['carried', 'in-version', 'elsewhere', 'benign', 'not-applicable', 'reverted', 'unknown'] as const).map((state) => followUp('fixes', state)))] });

check(rule, 'ours on purpose, waived, accepted', `
Patch1: a.patch
Patch2: b.patch
Patch3: c.patch
^^^^^^ The commit of Patch3 brought a bug that bbbbbbbbbbbb (Mend it, v2) mends; the package lacks that.
`, { traces: ['a.patch', 'b.patch', 'c.patch'].map((file) => trace(file, followUp('fixes'))), decisions: [decisionOn('a.patch', 'ours'), decisionOn('b.patch', 'waived'), decisionOn('c.patch', 'accepted')] });
