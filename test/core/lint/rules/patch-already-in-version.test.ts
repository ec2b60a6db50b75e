import { patchAlreadyInVersion as rule } from '#server/core/lint/rules/patch-already-in-version.js';
import type { PatchTrace, VersionFact } from '#server/core/patches/index.js';
import { check, decisionOn, traceOf } from '../../../support/lint.js';

const trace = (file: string, version: Partial<VersionFact> | undefined): PatchTrace =>
  traceOf(file, { relation: 'same-change', aftermath: { format: 2, version: version && { tag: 'v1', reached: true, content: 'contained', hunks: { there: 1, absent: 0, unknown: 0 }, ...version }, reverts: [], followUps: [], series: undefined } });

const there = trace('a.patch', {});

check(rule, 'a patch that the version has already, by content and in full', `
Version: 1
Patch1: a.patch
^^^^^^ Patch1 is in v1 already: all of its changes are in the files of that tag.
Patch2: reached-and-taken-out.patch
Patch3: partly.patch
Patch4: unknown.patch
Patch5: put-back.patch
Patch6: no-tag.patch
Patch7: not-traced.patch
`, {
  traces: [there, trace('reached-and-taken-out.patch', { content: 'lacking' }), trace('partly.patch', { content: 'partly' }), trace('unknown.patch', { content: 'unknown' }), trace('put-back.patch', { undoneBy: 'a.patch' }), trace('no-tag.patch', undefined)],
});

check(rule, 'of several changes all have to be there', `
Patch1: a.patch
Patch2: b.patch
^^^^^^ Patch2 is in v1 already: all of its changes are in the files of that tag.
`, { traces: [{ ...there, changes: [there.changes[0]!, trace('', { content: 'lacking' }).changes[0]!] }, { ...there, fileName: 'b.patch', changes: [there.changes[0]!, there.changes[0]!] }] });

check(rule, 'what was decided is not said again', `
Patch1: a.patch
`, { traces: [there], decisions: [decisionOn('a.patch', 'ours')] });
