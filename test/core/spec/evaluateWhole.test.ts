import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Evaluation, evaluate, evaluateWhole } from '#server/core/spec/index.js';
import { findTarget } from '#server/core/targets/index.js';

const found = findTarget('fedora-41');
assert.ok('target' in found);
const inputs = { target: found.target };

const healthy = `Name: quill
Version: 1.0
Release: 1%{?dist}
Summary: A quill
License: MIT
Source0: quill.tar.gz
Patch0: one.patch
Patch1: two.patch
BuildRequires: make

%description
Writes.

%package devel
Summary: Headers
Requires: %{name} = %{version}

%description devel
To build with it.

%prep
%setup -q
%patch -P 0 -p1
%if 0%{?fedora}
%patch -P 1 -p1
%endif

%build
%global flag yes
make

%files
%{_bindir}/quill

%files devel
%{_includedir}/quill.h

%changelog
* Tue May 07 2024 A Name <a@b.c> - 1.0-1
- First
`;

/** What other features read of an evaluation, without places. */
function model({ packages, sources, patches, applications, sections, changelog, definitions }: Evaluation) {
  return {
    packages: packages.map(({ name, version, release, summary, description }) => ({ name, version, release, summary, description })),
    sources: [...sources, ...patches].map(({ kind, number, location }) => ({ kind, number, location })),
    applications: applications.map(({ number, strip }) => ({ number, strip })),
    sections: sections.map(({ name, arguments: words }) => `${name} ${words}`),
    changelog: changelog.map(({ header }) => header),
    definitions: definitions.filter(({ by }) => by === 'global').map(({ definition }) => definition.name),
  };
}

/** With the bad line put before the line that begins so, the rest of the spec means what it means without it, and these are the errors. */
function check(before: string, bad: string, errors: readonly string[]) {
  const at = healthy.indexOf(`\n${before}`) + 1;
  assert.ok(at > 0, before);
  const broken = `${healthy.slice(0, at)}${bad}\n${healthy.slice(at)}`;
  const whole = evaluateWhole(broken, inputs);
  assert.deepEqual(whole.problems.filter(({ severity }) => severity === 'error').map(({ message, behindRefusal }) => (behindRefusal === true ? `then ${message}` : message)), errors);
  assert.equal(whole.accepted, false);
  assert.equal(whole.readsOn, true);
  assert.deepEqual(model(whole), model(evaluate(healthy, inputs)));
}

test('a spec that rpm accepts is rpm\'s own evaluation', () => {
  const whole = evaluateWhole(healthy, inputs);
  assert.equal(whole.accepted, true);
  assert.equal(whole.readsOn, undefined);
  assert.equal(whole.expanded.text, evaluate(healthy, inputs).expanded.text);
});

test('behind a line that rpm refuses everything is read', () => {
  check('Version', 'Colour: blue', ['line 2: Unknown tag: Colour: blue']);
  check('BuildRequires', 'Requires: make >=', ['line 9: Version required: Requires: make >=']);
  check('Summary: Headers', 'Frob: x', ['line 15: Unknown tag: Frob: x']);
  check('%build', '%package -n', ['Bad package specification: %package -n\n']);
  check('%build', '%description -x\nText of it', ['line 28: Bad option -x: %description -x\n']);
  check('%build', '%include /nowhere/file', ['Unable to open /nowhere/file: No such file or directory']);
});

test('of several refusals all are told, those behind the first as such', () => {
  check('Version', 'Colour: blue\nShape: round', ['line 2: Unknown tag: Colour: blue', 'then line 3: Unknown tag: Shape: round']);
});

test('a condition that cannot be evaluated is taken to hold, and its %endif is no stray one', () => {
  check('BuildRequires', '%if ( 1\nBuildRequires: gcc\n%endif', ['unmatched (:  ( 1', '              ^', 'package.spec:9: bad %if condition:  ( 1']);
});

test('a brace that is not closed hides its own line alone', () => {
  check('Summary: A quill', '%global open %{expand: x', ['line 4: unclosed macro or bad line continuation']);
});

test('typing in a spec with refused lines gives what a fresh evaluation gives', () => {
  const lines = healthy.split('\n');
  const edit = fc.record({ line: fc.nat(lines.length - 1), text: fc.constantFrom('Colour: blue', '%if (', '%endif', 'Requires: x >=', '', '%package', '%{', 'Patch9: nine.patch', '%else', '%description devel') });
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 6 }), (edits) => {
      const now = [...lines];
      let evaluation = evaluateWhole(healthy, inputs);
      for (const { line, text } of edits) {
        now[line] = text;
        evaluation = evaluateWhole(now.join('\n'), inputs, evaluation);
      }
      const fresh = evaluateWhole(now.join('\n'), inputs);
      assert.deepEqual(model(evaluation), model(fresh));
      assert.deepEqual(evaluation.problems, fresh.problems);
      assert.equal(evaluation.expanded.text, fresh.expanded.text);
    }),
    { numRuns: 40 },
  );
});
