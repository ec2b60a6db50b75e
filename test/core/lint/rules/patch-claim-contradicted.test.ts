import { patchClaimContradicted as rule } from '#server/core/lint/rules/patch-claim-contradicted.js';
import { check, decisionOn, traceOf } from '../../../support/lint.js';

const commit = { id: 'b'.repeat(40), subject: 'Fix it' };
const claims = [{ kind: 'cve', value: 'CVE-2026-1', where: 'header' }, { kind: 'mbox-from', value: 'a'.repeat(40), commit: 'a'.repeat(40), where: 'header' }] as const;

check(rule, 'a claim that another commit fits better is reported', `
Patch3: x.patch
^^^^^^ Patch3 says it is aaaaaaaaaaaa; its content is that of bbbbbbbbbbbb (Fix it).
Patch4: y.patch
^^^^^^ Patch4 says it is aaaaaaaaaaaa; that commit has none of its changes.
Patch5: z.patch
Patch6: unknown.patch
`, { traces: [traceOf('x.patch', { relation: 'same-change', claim: 'contradicted', claims, commit }), traceOf('y.patch', { relation: 'none', claim: 'contradicted', claims }), traceOf('z.patch', { relation: 'same-change', claim: 'confirmed', claims, commit })] });

const contradicted = traceOf('x.patch', { relation: 'none', claim: 'contradicted', claims });

check(rule, 'who decided with the contradiction at hand is not told again', `
Patch3: x.patch
`, { traces: [contradicted], decisions: [decisionOn('x.patch', 'ours', { relation: 'none', claim: 'contradicted' })] });

check(rule, 'a contradiction that came up after the decision is news', `
Patch3: x.patch
^^^^^^ Patch3 says it is aaaaaaaaaaaa; that commit has none of its changes.
`, { traces: [contradicted], decisions: [decisionOn('x.patch', 'accepted', { relation: 'adapted', claim: 'confirmed' })] });

check(rule, 'a waiver that has ended counts no more', `
Patch3: x.patch
^^^^^^ Patch3 says it is aaaaaaaaaaaa; that commit has none of its changes.
`, { traces: [contradicted], decisions: [{ file: 'x.patch', changes: [undefined], expired: decisionOn('x.patch', 'waived').changes as [] }] });
