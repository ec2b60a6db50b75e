import { patchClaimContradicted as rule } from '#server/core/lint/rules/patch-claim-contradicted.js';
import { check, traceOf } from '../../../support/lint.js';

const commit = { id: 'b'.repeat(40), subject: 'Fix it' };
const claims = [{ kind: 'mbox-from', value: 'a'.repeat(40), where: 'header' }] as const;

check(rule, 'a claim that another commit fits better is reported', `
Patch3: x.patch
^^^^^^ Patch3 says it is aaaaaaaaaaaa; its content is that of bbbbbbbbbbbb (Fix it).
Patch4: y.patch
^^^^^^ Patch4 says it is aaaaaaaaaaaa; that commit has none of its changes.
Patch5: z.patch
Patch6: unknown.patch
`, { traces: [traceOf('x.patch', { relation: 'same-change', claim: 'contradicted', claims, commit }), traceOf('y.patch', { relation: 'none', claim: 'contradicted', claims }), traceOf('z.patch', { relation: 'same-change', claim: 'confirmed', claims, commit })] });
