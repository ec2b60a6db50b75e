import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '#server/core/spec/index.js';
import { findTarget } from '#server/core/targets/index.js';

/** Applications are written `NUMBER -pLEVEL by MACRO`, for a target with the oldest and with the newest way of reading %prep. */
function check(name: string, prep: string, expected: readonly string[]): void {
  for (const id of ['el8', 'fedora-43']) {
    test(`patches applied on ${id}: ${name}`, () => {
      const found = findTarget(id);
      assert.ok('target' in found);
      const text = `Name: a\nVersion: 1\nRelease: 1\nSummary: a\nLicense: MIT\nSource0: a.tar\nPatch1: one\nPatch2: two\nPatch9: nine\n\n%description\na\n\n%prep\n${prep}`;
      const { applications } = evaluate(text, { target: found.target });
      assert.deepEqual(applications.map(({ number, strip, reverse, by }) => `${number} -p${strip}${reverse ? ' -R' : ''} by ${by}`), expected);
    });
  }
}

check('%patch by option and by number', '%setup -q\n%patch -P 2 -p1\n%patch -P1 -p0 -R\n', ['2 -p1 by patch', '1 -p0 -R by patch']);
check('%autosetup applies all', '%autosetup -p1 -n x\n', ['1 -p1 by autosetup', '2 -p1 by autosetup', '9 -p1 by autosetup']);
check('%autosetup -N applies none', '%autosetup -N\n', []);
check('%autopatch with a range, with numbers', '%setup -q\n%autopatch -p1 -m 2 -M 8\n%autopatch -p 1 9 1\n', ['2 -p1 by autopatch', '1 -p1 by autopatch', '9 -p1 by autopatch']);
check('the shell reads them', '%setup -q\npatch -p1 < %{PATCH9}\n', ['9 -p1 by shell']);
