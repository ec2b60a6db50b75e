import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completions, describeCompletion } from '#server/core/ide/index.js';
import { applyEdits } from '#server/core/text/index.js';
import { parseCursor } from '../../support/fixture.js';
import { type SnapshotOptions, withSnapshot } from '../../support/snapshot.js';

/** Completes at the marker: each label named must be offered, and give the text with what it inserts; `null` must not be. */
function check(source: string, expected: Readonly<Record<string, string | null>>, options: SnapshotOptions & { snippets?: boolean } = {}): void {
  const { fixture, offset } = parseCursor(source);
  withSnapshot(fixture, options, (snapshot) => {
    const found = completions(snapshot, offset, { snippets: options.snippets ?? false });
    if (found !== undefined) {
      assert.ok(found.span.start <= offset && offset <= found.span.end);
      const labels = found.items.map(({ kind, label }) => `${kind} ${label}`);
      assert.equal(new Set(labels).size, labels.length, 'nothing is offered twice');
    }
    for (const [label, result] of Object.entries(expected)) {
      const item = found?.items.find((one) => one.label === label);
      if (result === null) assert.equal(item, undefined, `${label} is not wanted here`);
      else {
        assert.ok(item, `${label} is not offered, but ${found?.items.length ?? 'nothing'}`);
        assert.equal(applyEdits(snapshot.text, [{ span: found!.span, text: item.insert }]), result);
      }
    }
  });
}

function none(source: string): void {
  const { fixture, offset } = parseCursor(source);
  withSnapshot(fixture, {}, (snapshot) => assert.equal(completions(snapshot, offset, { snippets: true }), undefined));
}

test('tags, in the column of the others and with the next number', () => {
  check('Name:    a\nVersion: 1\nLic<|>\n', { License: 'Name:    a\nVersion: 1\nLicense: \n' });
  check('Lic<|>: MIT\n', { License: 'License: MIT\n' });
  check('Patch0: a\nPatch7: b\nPat<|>\n', { Patch8: 'Patch0: a\nPatch7: b\nPatch8: \n', Patch0: null });
  check('<|>', { 'Name': 'Name:           ', '%prep': '%prep' });
});

test('sections and conditionals at the start of a line, macros everywhere', () => {
  check('Name: a\n%pre<|>\n', { '%prep': 'Name: a\n%prep\n', '%pre': 'Name: a\n%pre\n' });
  check('Name: a\n%i<|>\n', { '%if': 'Name: a\n%if \n' });
  check('Name: a\n%i<|>\n', { '%if': 'Name: a\n%if ${1:condition}\n$0\n%endif\n' }, { snippets: true });
  check('Name: %pre<|>\n', { '%prep': null, _prefix: 'Name: %_prefix\n' });
});

test('macros of the target and of the spec, with their values', () => {
  check('%global foo_bar 1\nName: %{fo<|>}\n', { foo_bar: '%global foo_bar 1\nName: %{foo_bar}\n' });
  check('%global foo_bar 1\nName: %{fo<|>\n', { foo_bar: '%global foo_bar 1\nName: %{foo_bar}\n' });
  check('Release: 1%{?di<|>}\n', { dist: 'Release: 1%{?dist}\n' });
  const { fixture, offset } = parseCursor('%global foo_bar %{?dist}x\nName: %<|>\n');
  withSnapshot(fixture, {}, (snapshot) => {
    const item = completions(snapshot, offset, { snippets: false })!.items.find(({ label }) => label === 'foo_bar')!;
    assert.equal(item.detail, '.fc43x');
    assert.match(describeCompletion(snapshot, item)!, /defined with `%global` in line 1/);
    assert.match(describeCompletion(snapshot, { label: 'upper', kind: 'function' })!, /upper case/);
    assert.match(describeCompletion(snapshot, { label: 'Requires', kind: 'tag' })!, /must be installed/);
  });
});

test('values: files of the folder, licences, architectures, packages of this spec', () => {
  check('Name: a\nPatch0: f<|>\n==> fix.patch <==\n==> a.tar.gz <==\n', { 'fix.patch': 'Name: a\nPatch0: fix.patch\n', 'a.tar.gz': null });
  check('Name: a\nSource0: <|>\n==> a.tar.gz <==\n', { 'a.tar.gz': 'Name: a\nSource0: a.tar.gz\n', 'package.spec': null });
  check('License: MIT AND Apa<|>\n', { 'Apache-2.0': 'License: MIT AND Apache-2.0\n' });
  check('BuildArch: no<|>\n', { noarch: 'BuildArch: noarch\n' });
  check('Requires(po<|>\n', { postun: 'Requires(postun\n' });
  check('Name: a\nVersion: 1\nRelease: 1\nSummary: s\nLicense: MIT\n%package libs\nSummary: l\nRequires: a<|>\n%description\n', { a: 'Name: a\nVersion: 1\nRelease: 1\nSummary: s\nLicense: MIT\n%package libs\nSummary: l\nRequires: a\n%description\n' });
});

test('directives in %files, numbers of patches, nothing in prose', () => {
  check('Name: a\n%files\n%con<|>\n', { '%config': 'Name: a\n%files\n%config\n' });
  none('# a com<|>ment\n');
  none('Name: a\n%description\nwo<|>rds\n');
});
