import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverCancelled, silentLog } from '#server/core/host.js';
import { codeActions, diagnostics, expandedSpec, fixAll, highlights, inlayHints, links, outline, type OutlineSymbol, patchOrigins, prepareRename, references, rename } from '#server/core/ide/index.js';
import type { PatchTrace } from '#server/core/patches/index.js';
import { type Span, applyEdits } from '#server/core/text/index.js';
import { parseCursor, parseFixture } from '../../support/fixture.js';
import { type SnapshotOptions, withSnapshot } from '../../support/snapshot.js';
import { traced } from '../../support/traces.js';

const head = 'Name: curl\nVersion: 7\nRelease: 1\nSummary: s\nLicense: MIT\n';
const plain = { cancellation: neverCancelled, log: silentLog };

/** References of the macro at the marker, each as `line:column` from 1, definitions with an asterisk. */
function checkReferences(source: string, expected: readonly string[]): void {
  const { fixture, offset } = parseCursor(source);
  withSnapshot(fixture, {}, (snapshot) => {
    const found = references(snapshot, offset).map(({ span, kind }) => {
      const { line, column } = snapshot.lines.positionAt(span.start);
      return `${line + 1}:${column + 1}${kind === 'definition' ? '*' : ''}`;
    });
    assert.deepEqual(found, expected);
  });
}

test('references of a macro are its definitions and uses', () => {
  checkReferences('%global foo 1\nName: %{?f<|>oo}%foo\n# %{foo}\nURL: foo %{foobar}\n', ['1:9*', '2:10', '2:15', '3:5']);
  checkReferences('Na<|>me: foo\n', []);
});

/** The text after renaming at the marker, or the pattern of a refusal. */
function checkRename(source: string, newName: string, expected: string | RegExp): void {
  const { fixture, offset } = parseCursor(source);
  withSnapshot(fixture, {}, (snapshot) => {
    const renamed = rename(snapshot, offset, newName);
    if (typeof expected !== 'string') assert.match('refusal' in renamed ? renamed.refusal : 'renamed', expected);
    else assert.equal('edits' in renamed ? applyEdits(snapshot.text, renamed.edits) : renamed.refusal, expected);
  });
}

test('only macros of this spec are renamed, to names that rpm takes', () => {
  checkRename('%global foo 1\nName: %{?f<|>oo:%foo}\n', 'bar_x', '%global bar_x 1\nName: %{?bar_x:%bar_x}\n');
  checkRename('%global f<|>oo 1\nName: %{foo}\n', 'b', /at least three/);
  checkRename('%global f<|>oo 1\n%global bar 2\n', 'bar', /already defines/);
  checkRename('Name: %{_bin<|>dir}\n', 'bar', /not defined in this spec/);
  checkRename('Na<|>me: x\n', 'bar', /Only macros/);
  const { fixture, offset } = parseCursor('%global foo 1\nName: %{f<|>oo}\n');
  withSnapshot(fixture, {}, (snapshot) => assert.deepEqual(prepareRename(snapshot, offset), { span: { start: 22, end: 25 }, name: 'foo' }));
});

test('the lines of a conditional light up together', () => {
  const { fixture, offset } = parseCursor('%i<|>f 1\n%else\n%endif\n');
  withSnapshot(fixture, {}, (snapshot) => assert.deepEqual(highlights(snapshot, offset).map(({ span }) => snapshot.text.slice(span.start, span.end)), ['%if', '%else', '%endif']));
});

/** The outline, one line a symbol, indented. */
function checkOutline(source: string, expected: string, options: SnapshotOptions = {}): void {
  withSnapshot(parseFixture(source), options, (snapshot) => {
    const show = (symbols: readonly OutlineSymbol[], around: Span, depth: number): string[] =>
      symbols.flatMap(({ name, detail, kind, span, nameSpan, children }) => {
        assert.ok(around.start <= span.start && span.end <= around.end, `${name} lies in what is around it`);
        assert.ok(span.start <= nameSpan.start && nameSpan.end <= span.end, `the name of ${name} lies in it`);
        assert.notEqual(name, '');
        return [`${'  '.repeat(depth)}${kind} ${name}${detail === undefined || detail === '' ? '' : ` = ${detail}`}`, ...show(children, span, depth + 1)];
      });
    assert.equal(show(outline(snapshot), { start: 0, end: snapshot.text.length }, 0).join('\n'), expected);
  });
}

test('the outline holds tags, macros, packages, sections; conditionals around what they hold', () => {
  checkOutline(
    `%global foo 1\n${head}%if 1\nRequires(post): a\n%endif\n\n%package libs\nSummary: l\n\n%description\nd\n\n%changelog\n* Thu Jan 01 2026 A <a@b> - 7-1\n- x\n`,
    ['macro %foo = 1', 'tag Name = curl', 'tag Version = 7', 'tag Release = 1', 'tag Summary = s', 'tag License = MIT', 'conditional %if = 1', '  tag Requires(post) = a', 'package curl-libs = %package libs', '  tag Summary = l', 'section %description', 'section %changelog', '  entry Thu Jan 01 2026 A <a@b> - 7-1'].join('\n'),
  );
});

test('a conditional that begins in one section and ends in another holds neither', () => {
  checkOutline('Name: a\n%if 1\nURL: u\n%description\nx\n%endif\ny\n', 'tag Name = a\ntag URL = u\nsection %description');
  checkOutline('%if 1\n%package a\nSummary: s\n%endif\n', 'conditional %if = 1\n  package a = %package a\n    tag Summary = s', { isWithheld: true });
});

test('links lead to files of the package, else to the expanded address', () => {
  withSnapshot(parseFixture(`${head}URL: https://a.example/%{name}\nSource0: https://a.example/a-%{version}.tar.gz\nPatch0: fix.patch\nPatch1: gone.patch\n# see https://b.example/x).\n==> fix.patch <==\n`), {}, (snapshot) => {
    const found = links(snapshot).map(({ span, target }) => `${snapshot.text.slice(span.start, span.end)} -> ${target.kind === 'url' ? target.url : target.path}`);
    assert.deepEqual(found, ['https://a.example/%{name} -> https://a.example/curl', 'https://a.example/a-%{version}.tar.gz -> https://a.example/a-7.tar.gz', 'fix.patch -> /package/fix.patch', 'https://b.example/x -> https://b.example/x']);
  });
});

test('inlay hints are the values of tags that are written with macros, within what is shown', () => {
  withSnapshot(parseFixture(`${head}URL: https://a.example/%{name}-%{version}\nSource0: %{name}.tar\n`), {}, (snapshot) => {
    const all = inlayHints(snapshot, { start: 0, end: snapshot.text.length });
    assert.deepEqual(all.map(({ offset, text }) => [snapshot.text.slice(0, offset).split('\n').at(-1), text]), [['URL: https://a.example/%{name}-%{version}', '= https://a.example/curl-7'], ['Source0: %{name}.tar', '= curl.tar']]);
    assert.equal(inlayHints(snapshot, { start: 0, end: 20 }).length, 0);
  });
});

/** Hints of a spec whose patch was traced with this outcome, as [what they stand behind, text]. */
function checkPatchHints(source: string, trace: Partial<PatchTrace>, expected: readonly (readonly [string, string])[]): void {
  withSnapshot(parseFixture(source), { traces: new Map([['fix.patch', { ...traced, ...trace }]]) }, (snapshot) => {
    const all = inlayHints(snapshot, { start: 0, end: snapshot.text.length });
    assert.deepEqual(all.map(({ offset, text }) => [snapshot.text.slice(0, offset).split('\n').at(-1), text]), expected);
  });
}

test('behind a patch an inlay hint names its commit', () => {
  const spec = `${head}Patch1: fix.patch  \nPatch2: other.patch\n`;
  checkPatchHints(spec, {}, [['Patch1: fix.patch', '← 1a2b3c4d5e6f curl-8_0_0']]);
  checkPatchHints(`${head}%patchlist\nfix.patch\n`, {}, [['fix.patch', '← 1a2b3c4d5e6f curl-8_0_0']]);
  checkPatchHints(spec, { relation: 'adapted', claim: 'contradicted' }, [['Patch1: fix.patch', '← 1a2b3c4d5e6f curl-8_0_0 (adapted) claim contradicted']]);
  checkPatchHints(spec, { relation: 'none' }, [['Patch1: fix.patch', '← no commit found']]);
  checkPatchHints(spec, { relation: 'none', changes: [] }, []);
});

test('the expanded spec knows the written line of each of its lines', () => {
  withSnapshot(parseFixture(`%global two a b\n${head}Vendor: %{two}\n%if 0\nURL: x\n%endif\n%description\n%{name} it is\n`), {}, (snapshot) => {
    const { text, lines, target } = expandedSpec(snapshot);
    assert.equal(target.id, 'fedora-43');
    const written = snapshot.text.split('\n');
    const pairs = lines.flatMap(([expanded, from, count]) => Array.from({ length: count }, (_, i) => [text.split('\n')[expanded + i], written[from + i]]));
    const has = (expanded: string, from: string): void => assert.ok(pairs.some(([left, right]) => left === expanded && right === from), `${expanded} <- ${from} is not in ${JSON.stringify(pairs)}`);
    has('%description', '%description');
    has('curl it is', '%{name} it is');
    has('Version: 7', 'Version: 7');
  });
});

test('diagnostics are the linter\'s findings; without it, rpm\'s own words alone', () => {
  const source = `${head}Source0: a.tar\nPatch0: a.patch\n%description\nd\n%prep\n%setup -q\n%build\n%if 1\n`;
  withSnapshot(parseFixture(source), {}, (snapshot) => {
    const all = diagnostics(snapshot, { ...plain, isLinted: true });
    const quiet = diagnostics(snapshot, { ...plain, isLinted: false });
    assert.ok(all.some(({ code }) => code === 'patch-not-applied'));
    assert.ok(!quiet.some(({ code }) => code === 'patch-not-applied'));
    assert.ok(quiet.some(({ code, severity, message }) => code === 'rpm-error' && severity === 'error' && /Unclosed %if/i.test(message)), JSON.stringify(quiet));
  });
  withSnapshot(parseFixture('Name: %{x\n'), { isWithheld: true }, (snapshot) => assert.deepEqual(diagnostics(snapshot, { ...plain, isLinted: true }).map(({ code }) => code), ['unclosed-macro']));
});

test('a finding can be silenced where it stands, beside what is silenced there already', () => {
  const source = `${head}Source0: a.tar\nPatch0: a.patch\n%description\nd\n%prep\n%setup -q\n`;
  const silence = (text: string): string =>
    withSnapshot(parseFixture(text), {}, (snapshot) => {
      const at = snapshot.text.indexOf('Patch0');
      const action = codeActions(snapshot, { start: at, end: at }, plain).find(({ title }) => title === 'Ignore patch-not-applied on this line');
      assert.ok(action);
      return applyEdits(snapshot.text, action.edits);
    });
  const silenced = silence(source);
  assert.equal(silenced, source.replace('Patch0', '# spectrail: ignore patch-not-applied\nPatch0'));
  withSnapshot(parseFixture(silenced), {}, (snapshot) => assert.ok(!diagnostics(snapshot, { ...plain, isLinted: true }).some(({ code }) => code === 'patch-not-applied')));
  assert.ok(silence(source.replace('Patch0', '# spectrail: ignore no-such-rule -- why\nPatch0')).includes('# spectrail: ignore no-such-rule, patch-not-applied -- why\nPatch0'));
});

test('nothing to fix is no action', () => {
  withSnapshot(parseFixture('Name: a\n'), {}, (snapshot) => assert.equal(fixAll(snapshot, plain), undefined));
});

test('patches are listed in the order of the text, untraced ones as such', () => {
  withSnapshot(parseFixture(`${head}Patch2: b.patch\nPatch1: a.patch\n==> a.patch <==\n`), {}, (snapshot) => {
    assert.deepEqual(patchOrigins(snapshot).map(({ patch, path, title }) => [patch.number, path, title]), [[2, undefined, 'Not traced yet'], [1, '/package/a.patch', 'Not traced yet']]);
  });
});
