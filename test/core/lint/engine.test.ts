import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type LintInput, applyFixes, defineRule, findSuppressions, fingerprints, lint, rules } from '#server/core/lint/index.js';
import { CancelledError } from '#server/core/host.js';
import { lintInput, readFixture } from '../../support/lint.js';
import { specLine, specText } from '../spec/specs.js';

/** A rule that reports every written line containing a word. */
function wordRule(word: string, per: 'target' | 'spec' = 'target') {
  return defineRule({
    id: `no-${word}`,
    group: 'style',
    severity: 'warning',
    summary: 'Report a word',
    per,
    messages: { word: { what: "Found '{{word}}' in {{section}}.", why: 'It is a test.', help: 'Go on.' } },
    check({ written, report }) {
      for (const { text, span, section, isSkipped } of written.lines) if (!isSkipped && text.includes(word) && !text.includes('spectrail')) report({ at: span, message: 'word', data: { word, section } });
    },
    fix: { safety: 'safe', title: 'Take it away', edits: ({ at }) => [{ span: at, text: '' }] },
  });
}

const messages = (input: LintInput, options: Parameters<typeof lint>[1]) => lint(input, options).map(({ rule, message, targets }) => `${rule}: ${message}${targets.length > 0 ? ` [${targets.join(' ')}]` : ''}`);
const inputOf = (fixture: string, targets?: readonly string[]) => lintInput(readFixture(fixture).text, targets && { targets });

test('what is kept by the line is what would be found anew, whatever was linted before', () => {
  const lintLine = fc.oneof(specLine, fc.constantFrom('  fgrep x ', 'echo %{buildroot} ', '%patch0', '%setup', 'make check', '/usr/lib/libx.so', '- 50%{a}', 'a\u00a0b', '%{!?x: %define x 1}', '$RPM_SOURCE_DIR/a'));
  const edit = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), lines: fc.array(lintLine, { maxLength: 3 }), removed: fc.nat(2) });
  fc.assert(
    fc.property(specText, fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
      for (const { at, lines, removed } of edits) {
        const all = text.split('\n');
        all.splice(Math.floor(at * all.length), removed, ...lines);
        text = all.join('\n');
        const input = lintInput(text, { targets: ['fedora-43', 'el8'] });
        assert.deepEqual(lint(input, { isTyped: true }), lint(input, { rules: [...rules] }));
      }
    }),
    { numRuns: 15 },
  );
});

test('a rule of single lines that crashes is named in the log, and what it may hold of a spec is asked anew', () => {
  let looks = 0;
  const wholeSpec = defineRule({
    id: 'odd', group: 'style', severity: 'error', summary: 'Report it', messages: { odd: { what: "'{{word}}' is odd.", why: 'A.', help: 'B.' } },
    lines: {
      at: ({ section }) => section === 'description',
      check({ text }, report) {
        looks++;
        if (text === 'crash') throw new Error('oh no');
        const index = text.indexOf('odd');
        if (index >= 0) report({ at: { start: index, end: index + 3 }, message: 'odd', data: { word: text } });
      },
      holds: (_, { spec }) => spec.packages[0]!.version === '1',
    },
  });
  const log: string[] = [];
  const own = [wholeSpec];
  const found = (text: string) => lint(lintInput(text), { rules: own, isTyped: true, log: { ...console, error: (words: string) => void log.push(words) } }).map(({ span }) => text.slice(0, span.start).split('\n').length);
  const spec = (version: string) => `Name: odd\nVersion: ${version}\nRelease: 1\nSummary: odd\nLicense: MIT\n\n%description\nan odd line\nanother\nan odd line\ncrash\n`;
  assert.deepEqual([found(spec('1')), found(spec('2')), found(spec('1'))], [[8, 10], [], [8, 10]]);
  assert.deepEqual([log.length, log.every((words) => words.includes('odd failed on') && words.includes('oh no'))], [3, true]);
  // Each line once, the header and the empty last one among them; the broken one every time.
  assert.equal(looks, 7);
});

test('a rule that crashes is named in the log, and the others go on', () => {
  const broken = defineRule({ id: 'broken', group: 'style', severity: 'error', summary: 'Break', messages: {}, check: () => { throw new Error('oh no'); } });
  const lost = defineRule({ id: 'lost', group: 'style', severity: 'error', summary: 'Lose', messages: { a: { what: '{{x}}.', why: 'A.', help: 'B.' } }, check: ({ report }) => report({ at: { start: 0, end: 1 }, message: 'a', data: {} as { x: string } }) });
  const log: string[] = [];
  const input = inputOf('URL: foo\n');
  assert.deepEqual(messages(input, { rules: [broken, lost, wordRule('foo')], log: { error: (line) => void log.push(line), warn() {}, info() {}, debug() {} } }), ["no-foo: Found 'foo' in preamble."]);
  assert.equal(log.length, 2);
  assert.match(log[0]!, /^lint rule broken failed on \/package\/package\.spec: Error: oh no/);
  assert.match(log[1]!, /^lint rule lost failed .* the message wants 'x'/);
});

test('one finding for several targets is one; one for some of them says for which', () => {
  const input = inputOf('URL: foo\n%if 0%{?rhel}\nProvides: foo\n%endif\n', ['el9', 'fedora-43']);
  assert.deepEqual(messages(input, { rules: [wordRule('foo')] }), ["no-foo: Found 'foo' in preamble.", "no-foo: Found 'foo' in preamble. [el9]"]);
});

test('a setting changes the severity of a rule, or switches it off', () => {
  const input = inputOf('URL: foo\n');
  const severityWith = (setting: 'hint' | 'off') => lint({ ...input, settings: { ...input.settings, lint: { ...input.settings.lint, rules: { 'no-foo': setting } } } }, { rules: [wordRule('foo')] }).map(({ severity }) => severity);
  assert.deepEqual([severityWith('hint'), severityWith('off')], [['hint'], []]);
});

test('findings stand in the order of their places', () => {
  const input = inputOf('URL: foo bar\nProvides: bar\n');
  assert.deepEqual(messages(input, { rules: [wordRule('bar'), wordRule('foo')] }).map((line) => line.split(':')[0]), ['no-bar', 'no-foo', 'no-bar']);
});

test('a cancelled lint throws', () => {
  assert.throws(() => lint(inputOf(''), { cancellation: { isCancelled: true } }), CancelledError);
});

test('hidden lines have the section they would stand in, and what follows goes on as before', () => {
  const input = inputOf('%prep\nfoo\n%if 0\n%build\nfoo\n%endif\nfoo\n');
  const found = lint(input, { rules: [{ ...wordRule('foo'), check({ written, report }) { for (const { text, span, section, isSkipped } of written.lines) if (text === 'foo') report({ at: span, message: 'word', data: { word: String(isSkipped), section } }); } }] });
  assert.deepEqual(found.map(({ message }) => message), ["Found 'false' in prep.", "Found 'true' in build.", "Found 'false' in prep."]);
});

/** Suppressions are written `form line rules -- reason`, lines one-based. */
function checkSuppressions(name: string, text: string, expected: readonly string[]): void {
  test(`suppressions: ${name}`, () => {
    const found = findSuppressions(text);
    assert.deepEqual(found.map(({ form, line, rules: named, reason }) => `${form} ${line === undefined ? '-' : line + 1} ${named.map(({ id }) => id).join('+')}${reason === undefined ? '' : ` -- ${reason}`}`), expected);
    for (const { rules: named } of found) for (const { id, span } of named) assert.equal(text.slice(span.start, span.end), id);
  });
}

checkSuppressions('the line below', '# spectrail: ignore a-b -- because\nx\n', ['line 2 a-b -- because']);
checkSuppressions('several rules, comments in between, no reason', '#spectrail:ignore a, b\n# and so on\n\tx\n', ['line 3 a+b']);
checkSuppressions('behind a command', 'make # spectrail: ignore a\ny\n', ['line 1 a']);
checkSuppressions('the whole file', 'x\n# spectrail: ignore-file a -- b -- c\n', ['file - a -- b -- c']);
checkSuppressions('a blank line takes it', '# spectrail: ignore a\n\nx\n', ['line 2 a']);
checkSuppressions('other words are none', '# spectrail ignore a\n# spectrail: ignored a\n# see spectrail: x\n', []);
checkSuppressions('no name', '# spectrail: ignore -- why\nx', ['line 2  -- why']);

test('a suppression silences its rule on its line, or everywhere', () => {
  const options = { rules: [wordRule('foo'), wordRule('bar')] };
  assert.deepEqual(messages(inputOf('# spectrail: ignore no-foo\nURL: foo bar\nProvides: foo\n'), options), ["no-bar: Found 'bar' in preamble.", "no-foo: Found 'foo' in preamble."]);
  assert.deepEqual(messages(inputOf('URL: foo bar\nProvides: foo\n# spectrail: ignore-file no-foo -- reason\n'), options), ["no-bar: Found 'bar' in preamble."]);
});

test('of two fixes for one place one is applied, equal edits are one', () => {
  const input = inputOf('URL: foo bar\nProvides: foo\n');
  const { text, fixed } = applyFixes(input.text, lint(input, { rules: [wordRule('foo'), wordRule('bar')] }));
  assert.equal(text, input.text.replace('URL: foo bar', '').replace('Provides: foo', ''));
  assert.equal(fixed.length, 3);
});

test('fingerprints survive lines that come and go, and tell equal lines apart', () => {
  const marks = (text: string) => {
    const input = lintInput(text);
    return fingerprints(lint(input, { rules: [wordRule('foo')] }), text, input.lines);
  };
  const before = marks('# foo\nName: a\n# foo\n');
  const after = marks('\n\nURL: x\n#  foo\nName: a\n\n# foo\n');
  assert.deepEqual(after, before);
  assert.equal(new Set(before).size, 2);
  for (const mark of before) assert.match(mark, /^[0-9a-f]{16}$/);
});

test('no text whatever makes a rule crash, leave the text, or offer edits that do not fit', () => {
  const pieces = fc.constantFrom(
    'Name: a\n', 'Version: 1\n', 'Release: 1%{?dist}\n', 'Summary: x.\n', 'License: (MIT AND\n', 'Patch0: a.patch\n', 'Source1: b\n', 'Requires: a>=1, b\n', 'Obsoletes: a\n', 'BuildRoot: /x\n', '%description\n', '%prep\n', '%patch0 -p1\n', '%autosetup\n', '%build\n', '%install\n', '%files\n',
    '%files devel\n', '/usr/lib/libx.so\n', '%changelog\n', '* Tue Jan 01 2024 A <a@b> - 1-1\n', '- %{name}\n', '%if 1\n', '%if 0\n', '%else\n', '%endif\n', '# %{name}\n', '# spectrail: ignore trailing-whitespace\n', 'x \n', '\t', ' ', '\r\n', '%', '{', '}', '\u00a0', '%{!?x: %define x 1}\n', '%global x %{y}\n', '%clean\nrm -rf %{buildroot}\n', '%package -n b\n', '%post\n', '%{buildroot}', 'é😀', '\\\n',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (parts) => {
      const input = lintInput(parts.join(''), { files: ['b'] });
      const crashes: string[] = [];
      const findings = lint(input, { log: { error: (line) => void crashes.push(line), warn() {}, info() {}, debug() {} } });
      assert.deepEqual(crashes, []);
      for (const { span } of findings) assert.ok(span.start >= 0 && span.start <= span.end && span.end <= input.text.length);
      const { text } = applyFixes(input.text, findings, { unsafe: true });
      assert.equal(typeof text, 'string');
    }),
    { numRuns: 300 },
  );
});

test('every rule is there once, and the two that speak of suppressions run last', () => {
  assert.deepEqual(rules.filter(({ per }) => per === 'findings').map(({ id }) => id), ['unused-suppression']);
});
