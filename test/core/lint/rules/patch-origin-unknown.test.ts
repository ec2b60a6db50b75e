import { patchOriginUnknown as rule } from '#server/core/lint/rules/patch-origin-unknown.js';
import { check, decisionOn, traceOf } from '../../../support/lint.js';

check(rule, 'what was searched in vain is named; a search that failed says nothing', `
Patch1: x.patch
^^^^^^ Patch1 was found nowhere in upstream.
Patch2: y.patch
Patch3: z.patch
`, { traces: [traceOf('x.patch', { relation: 'none', searched: ['upstream'] }), traceOf('y.patch', { relation: 'none', searched: ['upstream'], failed: ['stream'] }), traceOf('z.patch', { relation: 'rebased', searched: ['upstream'], commit: { id: 'c'.repeat(40), subject: 'x' } })] });

const none = traceOf('x.patch', { relation: 'none', searched: ['upstream'] });

check(rule, 'a patch that is ours on purpose is never nagged about', `
Patch1: x.patch
`, { traces: [none], decisions: [decisionOn('x.patch', 'ours')] });

check(rule, 'a waiver that has ended counts no more', `
Patch1: x.patch
^^^^^^ Patch1 was found nowhere in upstream.
`, { traces: [none], decisions: [{ file: 'x.patch', changes: [undefined], expired: [] }] });

check(rule, 'a decision on one change of a patch says nothing of the others', `
Patch1: x.patch
^^^^^^ Patch1 was found nowhere in upstream.
`, { traces: [{ ...none, changes: [none.changes[0]!, none.changes[0]!] }], decisions: [decisionOn('x.patch', 'ours')] });

check(rule, 'a patch that says itself that upstream has no part in it has an origin', `
Patch1: x.patch
Patch2: y.patch
Patch3: z.patch
^^^^^^ Patch3 was found nowhere in upstream.
`, {
  traces: [
    traceOf('x.patch', { relation: 'none', searched: ['upstream'], claims: [{ kind: 'downstream', value: 'RHEL-only', where: 'header' }] }),
    traceOf('y.patch', { relation: 'none', searched: ['upstream'], claims: [{ kind: 'upstream-status', value: 'Inappropriate [our build system]', where: 'header' }] }),
    traceOf('z.patch', { relation: 'none', searched: ['upstream'], claims: [{ kind: 'upstream-status', value: 'Pending', where: 'header' }] }),
  ],
});
