import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EvaluationInputs, evaluate, query } from '#server/core/spec/index.js';
import { findTarget } from '#server/core/targets/index.js';

/** What `rpmspec -q` of a version of rpm prints. */
function check(rpmVersion: string, of: 'rpms' | 'srpm', format: string, body: string, text: string) {
  const found = findTarget('fedora-43');
  assert.ok('target' in found);
  const inputs: EvaluationInputs = { target: { ...found.target, rpmVersion }, specName: 'a.spec', clock: { now: () => Date.UTC(2024, 5, 1) } };
  const evaluation = evaluate(`Name: a\nVersion: 1\nRelease: 1\nSummary: s\nLicense: l\n${body}`, inputs);
  assert.deepEqual(query(evaluation, { of, format }), { text, errors: [] });
}

test('sources are listed with the last one first until version 6', () => {
  const body = 'Source0: x\nSource1: y\nPatch1: p\nPatch0: q\n%description\nd\n';
  check('4.20.1', 'srpm', '[%{SOURCE} ][%{PATCH} ]', body, 'y x q p ');
  check('6.0.0', 'srpm', '[%{SOURCE} ][%{PATCH} ]', body, 'x y p q ');
});

test('entries of the changelog that are too old are left out', () => {
  const entries = '%description\nd\n%changelog\n* Wed May 01 2024 A - 3\n- c\n* Mon Jan 01 2024 A - 2\n- b\n* Sun Jan 01 2023 A - 1\n- a\n';
  const day = 86400;
  for (const [rpmVersion, definitions, names] of [
    ['6.0.0', '', 'A - 3,A - 2,A - 1,'],
    ['6.0.0', `%global _changelog_trimage ${200 * day}\n`, 'A - 3,A - 2,'],
    ['6.0.0', `%global _changelog_trimage ${7 * day}\n`, 'A - 3,'],
    // A time counts back from now, and the age that it gives from the first entry.
    ['6.0.0', `%global _changelog_trimtime ${Date.UTC(2024, 0, 15) / 1000}\n`, 'A - 3,A - 2,'],
    ['4.14.3', `%global _changelog_trimtime ${Date.UTC(2024, 0, 15) / 1000}\n`, 'A - 3,'],
    ['4.14.3', `%global _changelog_trimage ${7 * day}\n`, 'A - 3,A - 2,A - 1,'],
  ] as const)
    check(rpmVersion, 'rpms', '[%{CHANGELOGNAME},]', definitions + entries, names);
});
