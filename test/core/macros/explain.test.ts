import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Expander, builtinTable, commandLineSite, macroLevel, plainContext } from '#server/core/macros/index.js';

/** The steps of an explanation, one line each: depth as indentation, use, where it is defined, value. */
function check(definitions: readonly string[], text: string, expected: readonly string[]): void {
  const expander = new Expander(builtinTable('6.0.2'), plainContext('6.0.2'));
  for (const definition of definitions) assert.ok(expander.define(definition, macroLevel.commandLine, commandLineSite));
  expander.takeChanges();
  const before = expander.table.copy();
  const steps = expander.explain(text).map(({ depth, use, definition, value }) => `${'  '.repeat(depth)}${use} ${definition === undefined ? 'undefined' : definition.site.kind} = ${value}`);
  assert.deepEqual(steps, expected);
  assert.ok(expander.table.equals(before));
  assert.deepEqual(expander.takeMessages(), []);
  assert.deepEqual(expander.takeChanges(), []);
}

test('each use with its definition and its value, those inside below it', () => {
  check(['prefix /usr', 'bindir %{prefix}/bin'], 'x %{bindir}/sh', ['%{bindir} command-line = /usr/bin', '  %{prefix} command-line = /usr']);
});

test('arguments come before the body that uses them', () => {
  check(['twice() %1%1', 'word hey'], '%{twice %word}', ['%{twice %word} command-line = heyhey', '  %word command-line = hey', '  %1 automatic = hey', '  %1 automatic = hey']);
});

test('conditions, expressions, unknown macros', () => {
  check(['one 1'], '%{?none}%{!?none:%{one}}%[%one + 1]%nobody', ['%{?none} undefined = ', '%{!?none:%{one}} undefined = 1', '  %{one} command-line = 1', '%[%one + 1] undefined = 2', '  %one command-line = 1', '%nobody undefined = ']);
});

test('definitions in the text are forgotten', () => {
  check([], '%global x 1\n%x', ['%global x 1 builtin = ', '%x spec = 1'].map((line) => line.replace(' spec ', ' automatic ')));
});
