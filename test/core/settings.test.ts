import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FileReader } from '#server/core/host.js';
import { defaultSettings, mergeSettings, parseSettings, readSettings, settingsFromEditor } from '#server/core/settings.js';

const vocabulary = { rules: ['patch-not-applied', 'trailing-whitespace'], targets: { list: ['el9', 'fedora-43'], knows: (name: string) => ['el9', 'alma9', 'fedora-43'].includes(name) } };

/** Problems are written `line:column code message`, places one-based as people count. */
function check(name: string, toml: string, expected: { settings?: object; problems?: readonly string[] }): void {
  test(name, () => {
    const { settings, problems } = parseSettings(toml, 'spectrail.toml', vocabulary);
    assert.deepEqual(
      problems.map(({ position, code, message }) => `${position!.line + 1}:${position!.column + 1} ${code} ${message}`),
      expected.problems ?? [],
    );
    assert.deepEqual(settings, { ...defaultSettings, ...expected.settings });
  });
}

check('an empty file gives the defaults', '', {});
check('every setting is read', 'targets = ["el9", "fedora-43"]\nwith = ["tests"]\nwithout = ["docs"]\n[define]\n_x = "1"\nn = 5\n[lint]\nfail-on = "error"\n[lint.rules]\npatch-not-applied = "off"\n[trace]\nupstream = ["../curl"]\ncarriers = ["stream=x#c9s"]\n', {
  settings: {
    targets: ['el9', 'fedora-43'], with: ['tests'], without: ['docs'], define: { _x: '1', n: '5' },
    lint: { rules: { 'patch-not-applied': 'off' }, failOn: 'error' }, trace: { upstream: ['../curl'], carriers: ['stream=x#c9s'] },
  },
});
check('an unknown key is named with what was meant, and the rest holds', 'with = ["a"]\nwihtout = ["b"]\n', {
  settings: { with: ['a'] },
  problems: ["2:1 unknown-key There is no setting 'wihtout'; did you mean 'without'?"],
});
check('an unknown key in a table stands on its own line', '[lint]\nfail-on = "error"\n  fail_on = "hint"\n', {
  settings: { lint: { rules: {}, failOn: 'error' } },
  problems: ["3:3 unknown-key There is no setting 'lint.fail_on'; did you mean 'lint.fail-on'?"],
});
check('a wrong type says what would be right', 'targets = "el9"\nwith = [1, "x"]\ndefine = 3\n', {
  settings: { with: ['x'] },
  problems: [
    '1:1 wrong-type \'targets\' must be a list of texts, such as ["a", "b"], not "el9".',
    "2:1 wrong-type 'with' must be a list of texts; 1 is left out.",
    "3:1 wrong-type 'define' must be a table, written as [define] and 'name = \"value\"' lines below it, not 3.",
  ],
});
check('an unknown rule and a wrong severity are named in place, other rules hold', '[lint.rules]\npatch-not-aplied = "off"\ntrailing-whitespace = "warn"\npatch-not-applied = "hint"\n', {
  settings: { lint: { rules: { 'patch-not-applied': 'hint' }, failOn: 'warning' } },
  problems: [
    "2:1 unknown-name 'lint.rules' names 'patch-not-aplied', which is not known; did you mean 'patch-not-applied'?",
    '3:1 wrong-type \'lint.rules.trailing-whitespace\' must be one of "error", "warning", "information", "hint", "off", not "warn".',
  ],
});
check('an inline table has places of its own', 'lint = { rules = { }, fail-on = "eror" }\n', {
  problems: ['1:23 wrong-type \'lint.fail-on\' must be one of "error", "warning", "information", "hint", not "eror"; did you mean \'error\'?'],
});
check('an unknown target is left out, the others hold', 'targets = ["el99", "el9"]\n', {
  settings: { targets: ['el9'] },
  problems: ["1:1 unknown-name 'targets' names 'el99', which is not known; did you mean 'el9'?"],
});
check('when no target is known the default holds', 'targets = ["nonsense"]\n', { problems: ["1:1 unknown-name 'targets' names 'nonsense', which is not known."] });
check('keys inside a multi-line text are not keys', 'define.a = """\nwith = 3\n"""\nwith = 4\n', {
  settings: { define: { a: 'with = 3\n' } },
  problems: ['4:1 wrong-type \'with\' must be a list of texts, such as ["a", "b"], not 4.'],
});
check('a setting cannot reach the prototype of anything', '[define]\n__proto__ = "1"\n', { settings: { define: Object.defineProperty({}, '__proto__', { value: '1', enumerable: true, configurable: true, writable: true }) } });

test('what is no TOML is one problem with its line, and the defaults hold', () => {
  const { settings, problems } = parseSettings('with = ["a"]\nx = = 1\n', '/p/spectrail.toml', vocabulary);
  assert.equal(settings, defaultSettings);
  assert.equal(problems.length, 1);
  assert.deepEqual({ code: problems[0]!.code, line: problems[0]!.position?.line }, { code: 'syntax', line: 1 });
  assert.match(problems[0]!.message, /^This is not TOML: .+\. The default settings hold\.$/);
});

function filesOf(contents: Readonly<Record<string, string>>): FileReader {
  return {
    read: (path) => (Object.hasOwn(contents, path) ? new TextEncoder().encode(contents[path]) : undefined),
    stat: (path) => (Object.hasOwn(contents, path) ? { kind: 'file', size: contents[path]!.length, modified: 0 } : undefined),
    list: () => [],
  };
}

test('the nearest spectrail.toml above a folder is read', () => {
  const files = filesOf({ '/spectrail.toml': 'with = ["root"]', '/a/spectrail.toml': 'with = ["a"]', 'C:\\spectrail.toml': 'with = ["drive"]' });
  const found = (folder: string) => readSettings(files, folder).settings.with;
  assert.deepEqual(found('/a/b/c'), ['a']);
  assert.deepEqual(found('/a'), ['a']);
  assert.deepEqual(found('/b/c'), ['root']);
  assert.deepEqual(found('/'), ['root']);
  assert.deepEqual(found('C:\\x\\y'), ['drive']);
  assert.deepEqual(readSettings(filesOf({}), '/a/b'), { settings: defaultSettings, given: [], file: undefined, problems: [] });
});

test('a settings file lies over the editor\'s settings, table by table, also where it says what the default says', () => {
  const editor = settingsFromEditor({ targets: ['el9'], with: ['x'], lint: { rules: { 'patch-not-applied': 'off', 'trailing-whitespace': 'off' } }, trace: null }, vocabulary);
  assert.deepEqual(editor.problems, []);
  const file = parseSettings('targets = ["fedora-43"]\n[lint.rules]\npatch-not-applied = "error"\n', 'f', vocabulary);
  const merged = mergeSettings(editor.settings, file);
  assert.deepEqual([merged.targets, merged.with, merged.lint.rules], [['fedora-43'], ['x'], { 'patch-not-applied': 'error', 'trailing-whitespace': 'off' }]);
});

test('no text whatever makes reading settings throw, and every problem has a place in it', () => {
  const pieces = fc.constantFrom('targets', 'lint', 'rules', '.', ' = ', '[', ']', '{', '}', '"', "'", '"""', ',', '\n', '#', '1', 'true', '1979-05-27', '__proto__', 'é');
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      const text = parts.join('');
      for (const { position } of parseSettings(text, 'f', vocabulary).problems) assert.ok(position !== undefined && position.line >= 0 && position.line <= text.split('\n').length);
    }),
  );
});
