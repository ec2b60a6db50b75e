import { patchOriginUnknown as rule } from '#server/core/lint/rules/patch-origin-unknown.js';
import { check, traceOf } from '../../../support/lint.js';

check(rule, 'what was searched in vain is named; a search that failed says nothing', `
Patch1: x.patch
^^^^^^ Patch1 was found nowhere in upstream.
Patch2: y.patch
Patch3: z.patch
`, { traces: [traceOf('x.patch', { relation: 'none', searched: ['upstream'] }), traceOf('y.patch', { relation: 'none', searched: ['upstream'], failed: ['stream'] }), traceOf('z.patch', { relation: 'rebased', searched: ['upstream'], commit: { id: 'c'.repeat(40), subject: 'x' } })] });
