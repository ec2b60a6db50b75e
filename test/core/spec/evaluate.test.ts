import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Evaluation, type EvaluationInputs, evaluate } from '#server/core/spec/index.js';
import type { Target } from '#server/core/targets/index.js';

const target: Target = {
  id: 'test',
  label: 'Test',
  rpmVersion: '4.18.0',
  arch: 'x86_64',
  macros: [
    { name: '_target_cpu', body: 'x86_64' },
    { name: '_target_os', body: 'linux' },
    { name: '_sourcedir', body: '/src' },
    { name: '_builddir', body: '/build' },
    { name: 'buildroot', body: '/root' },
    { name: '__patch', body: 'patch' },
    { name: '__mkdir_p', body: 'mkdir -p' },
    { name: '__rpmuncompress', body: 'unpack' },
    { name: '_default_patch_flags', body: '-s' },
    { name: '_default_patch_fuzz', body: '0' },
    { name: 'nil', body: '%{!?nil}' },
  ],
};

const preamble = 'Name: a\nVersion: 1\nRelease: 1\nSummary: s\nLicense: l\n';
const description = '%description\nd\n';

function run(text: string, inputs: Partial<EvaluationInputs> = {}): Evaluation {
  return evaluate(text, { target, specName: 'a.spec', ...inputs });
}

/** Evaluates preamble, `body`, and a description; compares what was made of `body`, and the messages. */
function check(body: string, expanded: string, messages: readonly string[] = []): Evaluation {
  const evaluation = run(preamble + body + description);
  assert.deepEqual(
    evaluation.problems.map(({ severity, message }) => `${severity}: ${message}`),
    messages,
  );
  const text = evaluation.expanded.text;
  assert.equal(text.slice(preamble.length, evaluation.accepted ? text.length - description.length : undefined), expanded);
  return evaluation;
}

describe('evaluate', () => {
  it('keeps what is written and strips comments and trailing space where rpm does', () => {
    check('URL: u  \n# c\n\n%build\nmake  \n# c\n', 'URL: u\n\n\n%build\nmake  \n# c\n');
  });

  it('reads the branch of a conditional that holds', () => {
    const evaluation = check('%global x 2\n%if %x == 1\nURL: one\n%elif %x == 2\nURL: two\n%else\nURL: other\n%endif\n', '\n\n\n\nURL: two\n\n\n\n');
    assert.deepEqual(
      evaluation.conditionals.map(({ keyword, taken, opener }) => [keyword, taken, opener]),
      [
        ['if', false, 0],
        ['elif', true, 0],
        ['else', false, 0],
        ['endif', undefined, 0],
      ],
    );
    assert.deepEqual(
      evaluation.skipped.map(({ start, end }) => (preamble + '%global x 2\n%if %x == 1\nURL: one\n%elif %x == 2\nURL: two\n%else\nURL: other\n%endif\n').slice(start, end)),
      ['URL: one\n', 'URL: other\n'],
    );
  });

  it('compares architectures word by word', () => {
    check('%ifarch aarch64 X86_64\nURL: yes\n%endif\n%ifnarch x86_64\nURL: no\n%endif\n', '\nURL: yes\n\n\n\n\n');
  });

  it('refuses in the words of rpm', () => {
    check('Foo: bar\n', 'Foo: bar\n', ['error: line 6: Unknown tag: Foo: bar']);
    const language = 'x'.repeat(8191);
    check(`Group(${language}): g\n`, `Group(${language}): g\n`);
    check(`Group(${language}x): g\n`, `Group(${language}x): g\n`, [`error: line 6: Unknown tag: Group(${language}x): g`]);
    check('%endif\n', '', ['error: a.spec: line 6: %endif with no %if']);
    check('%if 1\n', '\n%description\nd\n', ['error: line 6: Unclosed %if']);
    check('URL:\n', 'URL:\n', ['error: line 6: Empty tag: URL:']);
    check('Requires: %{nothing\n', '', ['error: line 6: unclosed macro or bad line continuation']);
    check('%package\n', '%package\n', ['error: Bad package specification: %package']);
    check('%package b\nSummary: s\n%package b\n', '%package b\nSummary: s\n%package b\n', ['error: line 8: %package b: package a-b already exists']);
    check('%files b\n', '%files b\n', ['error: line 6: %files b: package a-b does not exist']);
    check('Requires: (a or)\n', 'Requires: (a or)\n', ['error: line 6: Missing argument to rich dependency op: Requires: (a or)']);
  });

  it('writes %setup and %patch as the commands they stand for', () => {
    const evaluation = check('Source: s.tar\nPatch1: p.patch\n%prep\n%setup -q -n x\n%patch1 -p1 -b .old\n%conf\n', [
      'Source: s.tar', 'Patch1: p.patch', '%prep', "cd '/build'", "rm -rf 'x'", 'unpack -x /src/s.tar', 'STATUS=$?', 'if [ $STATUS -ne 0 ]; then', '  exit $STATUS', 'fi', "cd 'x'",
      'echo "Patch #1 (p.patch):"', '{ unpack /src/p.patch || echo patch_fail ; } | patch -s -p1 -b --suffix .old --fuzz=0', '', '',
      // rpm loses the line that ends a %prep.
    ].join('\n'));
    assert.deepEqual(
      evaluation.applications.map(({ number, strip, reverse, by }) => ({ number, strip, reverse, by })),
      [{ number: 1, strip: 1, reverse: false, by: 'patch' }],
    );
  });

  it('numbers sources and patches as rpm does', () => {
    const evaluation = check('Source: a\nSource5: https://x/y/b.tar\nSource: c#/d\nPatch: p\nPatch: q\n', 'Source: a\nSource5: https://x/y/b.tar\nSource: c#/d\nPatch: p\nPatch: q\n');
    assert.deepEqual(
      [...evaluation.sources, ...evaluation.patches].map(({ kind, number, fileName }) => [kind, number, fileName]),
      [
        ['source', 0, 'a'],
        ['source', 5, 'b.tar'],
        ['source', 6, 'd'],
        ['patch', 0, 'p'],
        ['patch', 1, 'q'],
      ],
    );
    assert.equal(evaluation.expand('%{SOURCE5} %{SOURCEURL5}'), '/src/b.tar https://x/y/b.tar');
  });

  it('reads again for the architecture of BuildArch', () => {
    const evaluation = run(`${preamble}BuildArch: noarch\n%ifarch noarch\nURL: u\n%endif\n${description}`);
    assert.equal(evaluation.accepted, true);
    assert.equal(evaluation.packages[0]!.arch, 'noarch');
    assert.equal(evaluation.packages[0]!.url, 'u');
  });

  it('maps expanded text to where it was written, and back', () => {
    const text = `${preamble}%global v 42\nURL: x-%{v}-y\n${description}`;
    const { expanded } = run(text);
    const at = expanded.text.indexOf('42');
    const written = text.indexOf('%{v}');
    assert.deepEqual(expanded.originOf(at), { span: { start: written, end: written + 4 }, macros: ['v'] });
    assert.deepEqual(expanded.expansionsOf(written + 1), [{ start: at, end: at + 2 }]);
    assert.deepEqual(expanded.originOf(at - 1), { span: { start: written - 1, end: written }, macros: [] });
  });

  it('lists uses and definitions with their places', () => {
    const text = `${preamble}%global v 42\nURL: %{v}%{?w}\n${description}`;
    const evaluation = run(text);
    assert.deepEqual(
      evaluation.macroUses.filter(({ name }) => name !== 'global' && name !== 'description').map(({ name, conditional, value, definition, span }) => [name, conditional, value, definition?.body, text.slice(span.start, span.end)]),
      [
        ['v', false, '42', '42', '%{v}'],
        ['w', true, '', undefined, '%{?w}'],
      ],
    );
    const event = evaluation.definitions.find(({ definition }) => definition.name === 'v')!;
    assert.equal(event.by, 'global');
    assert.equal(text.slice(event.nameSpan.start, event.nameSpan.end), 'v');
  });

  it('reads the changelog', () => {
    const evaluation = check('%changelog\n* Tue May 07 2024 A <a@b> - 1-1\n- x\n\n* Mon May 06 2024 B - 1-0\n- y\n', '%changelog\n* Tue May 07 2024 A <a@b> - 1-1\n- x\n\n* Mon May 06 2024 B - 1-0\n- y\n');
    assert.deepEqual(
      evaluation.changelog.map(({ header, time, text }) => [header, time, text]),
      [
        ['Tue May 07 2024 A <a@b> - 1-1', Date.UTC(2024, 4, 7, 12) / 1000, '- x'],
        ['Mon May 06 2024 B - 1-0', Date.UTC(2024, 4, 6, 12) / 1000, '- y'],
      ],
    );
  });
});

describe('evaluate, as rpm since 4.20', () => {
  const newer: Target = { ...target, rpmVersion: '6.0.2', macros: [...target.macros.filter(({ name }) => name !== 'buildroot'), { name: 'shescape', options: '', body: '%1' }] };

  it('expands %setup and %patch where they stand, even in comments', () => {
    const text = `${preamble}Source: s.tar\nPatch: p\n${description}%prep\n#%setup -qT -n x\n# %%setup\n%patch -P0\n%build\n`;
    const evaluation = run(text, { target: newer });
    assert.deepEqual(evaluation.problems, []);
    assert.equal(
      evaluation.expanded.text.slice(evaluation.expanded.text.indexOf('%prep')),
      "%prep\n#cd '/build/a-1-build'\nrm -rf 'x'\ncd 'x'\n\n# %setup\necho \"Patch #0 (p):\"\n{ unpack /src/p || echo patch_fail ; } | patch -s -p0  --fuzz=0\n\n\n%build\n",
    );
    assert.deepEqual(evaluation.applications.map(({ number, by }) => [number, by]), [[0, 'patch']]);
  });

  it('builds in a folder of its own', () => {
    const evaluation = run(`${preamble}${description}%build\n%{builddir} %{buildroot} %{_builddir}\n`, { target: newer });
    assert.ok(evaluation.expanded.text.endsWith('%build\n/build/a-1-build /build/a-1-build/BUILDROOT /build/a-1-build\n'));
  });

  it('says what is missing when all is read', () => {
    const evaluation = run('Name: a\nVersion: 1\nRelease: 1\nLicense: l\n%description\nd\n', { target: newer });
    assert.deepEqual(evaluation.problems.map(({ message }) => message), ['Summary field must be present in package: a']);
  });

  it('refuses the numbered form of %patch', () => {
    const evaluation = run(`${preamble}Patch1: p\n${description}%prep\n%patch1 -p1\n`, { target: newer });
    assert.deepEqual(evaluation.problems.map(({ message }) => message), ['%patchN is obsolete, use %patch N (or %patch -P N): %patch1 -p1\n']);
  });
});
