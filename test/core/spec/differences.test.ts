import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differencesOf, evaluateWhole } from '#server/core/spec/index.js';
import { findTarget } from '#server/core/targets/index.js';
import { LineIndex } from '#server/core/text/index.js';

/** Each difference in one line: where, what, the values, and `<` its causes. */
function check(lines: readonly string[], expected: readonly string[], targets = ['el8', 'el9', 'fedora-43']): void {
  const text = ['Name: t', 'Version: 1', 'Release: 1', 'Summary: s', 'License: MIT', ...lines, '%description', 'd', '%files', ''].join('\n');
  const index = new LineIndex(text);
  const evaluations = targets.map((name) => {
    const found = findTarget(name);
    assert.ok('target' in found);
    return evaluateWhole(text, { target: found.target });
  });
  const shown = differencesOf(text, evaluations).map(({ subject, values, span, causes }) => {
    const because = causes.map((cause) => `${cause.text} ${index.lineAt(cause.span.start) - 4}`).join(', ');
    return `${span === undefined ? '-' : index.lineAt(span.start) - 4} ${subject}: ${values.map((value) => value ?? '-').join(' | ')}${because === '' ? '' : ` < ${because}`}`;
  });
  assert.deepEqual(shown, expected);
}

test('nothing differs where nothing depends on the target', () => check(['Requires: a', '%global xyz 1', 'Requires: b%{xyz}'], []));

test('a macro in a line', () => check(['Requires: a%{?dist}', 'URL: http://x/'], ['1 t: Requires: a.el8 | a.el9 | a.fc43 < %{?dist} 1']));

test('conditions, and what stands in their branches', () =>
  check(['%if 0%{?rhel}', 'BuildRequires: a >= 1', '%else', 'BuildRequires: b', '%endif'], [
    '1 %if 0%{?rhel}: holds | holds | does not hold < %{?rhel} 1',
    '2 t: BuildRequires: a >= 1 | a >= 1 | - < %if 0%{?rhel} 1',
    '4 t: BuildRequires: - | - | b < %else 3',
  ]));

test('a condition within one that is not read', () =>
  check(['%if 0%{?fedora}', '%if 1', 'Requires: a', '%endif', '%endif'], ['1 %if 0%{?fedora}: does not hold | does not hold | holds < %{?fedora} 1', '3 t: Requires: - | - | a < %if 0%{?fedora} 1']));

test('a name that is too short before rpm 4.18', () =>
  check(['%global x 1'], ['1 what rpm says: refused: Macro %x has illegal name (%global) | refused: package.spec: line 6: Macro %x has illegal name (%global) | accepted']));

test('sub-packages are one difference, with all that is in them', () =>
  check(['%if 0%{?fedora}', '%package x', 'Summary: x', 'Requires: y', '%description x', 'z', '%endif'], ['1 %if 0%{?fedora}: does not hold | does not hold | holds < %{?fedora} 1', '2 t-x: - | - | made < %if 0%{?fedora} 1']));

test('patches that are applied for some only', () =>
  check(['Source0: s', 'Patch1: a', 'Patch2: b', '%prep', '%patch -P1 -p1', '%if 0%{?rhel} == 8', '%patch -P2 -p1', '%endif'], [
    '5 patches applied: 1 -p1, 2 -p1 | 1 -p1 | 1 -p1 < %if 0%{?rhel} == 8 6',
    '6 %if 0%{?rhel} == 8: holds | does not hold | does not hold < %{?rhel} 6',
  ]));

test('what one rpm refuses and another takes', () =>
  check(['%prep', '%patch1 -p1', 'Patch1: a'].slice(2).concat('%if "%{name}" == "t" && 0%{?rhel} != 8', '%else', 'Nonsense', '%endif'), [
    '2 %if "%{name}" == "t" && 0%{?rhel} != 8: does not hold | holds < %{?rhel} 2',
    '4 what rpm says: refused: line 9: Unknown tag: Nonsense | accepted < %else 3',
  ], ['el8', 'el9']));
