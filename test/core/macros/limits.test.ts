import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Expander, builtinTable, plainContext } from '#server/core/macros/index.js';

/** Expands hostile text: it must end, with an error that matches, and the expander must go on working. */
function check(texts: readonly string[], expected: RegExp | undefined, rpmVersion = '6.0.2'): void {
  const expander = new Expander(builtinTable(rpmVersion), plainContext(rpmVersion));
  let failed = false;
  for (const text of texts) failed = expander.expand(text).failed;
  const messages = expander.takeMessages().map(({ text }) => text);
  if (expected !== undefined) assert.ok(messages.some((message) => expected.test(message)), `no message ${expected} in: ${messages.join(' | ').slice(0, 500)}`);
  assert.equal(failed, expected !== undefined);
  assert.equal(expander.expand('%{?nothing}%{basename:a/bc}').text, 'bc');
}

const recursion = /^Too many levels of recursion in macro expansion/;
const large = /^Macro expansion is too large/;
const steps = /^Too many steps in macro expansion/;

test('a macro bomb', () => {
  const levels = Array.from({ length: 40 }, (_, i) => `%define b${i + 1} %b${i}%b${i}`);
  check([`%define b0 ${'0123456789'.repeat(1000)}`, ...levels, '%b40'], large);
  check(['%define b0 %{nil}', '%define nil %{!?nil}', ...levels, '%b40'], steps);
});

test('recursion of every kind', () => {
  check(['%define a %{a}', '%a'], recursion);
  check(['%define a() %a x%1', '%a'], /Too many|expanding/);
  check(['%define a %[0%{a}]', '%a'], recursion, '4.18.0');
  check(['%define a %{expand:%%a}', '%a'], recursion);
  check(['%define a %{expr:"%a"}', '%a'], recursion);
});

test('brackets without end', () => {
  check(['%{'.repeat(100_000)], /^Unterminated \{/);
  check([`${'%{a '.repeat(20_000)}${'}'.repeat(20_000)}`], steps);
  check([`${'%{!?a:'.repeat(20_000)}${'}'.repeat(20_000)}`], recursion);
  check([`%[${'('.repeat(100_000)}]`], /^expression is nested too deeply/);
  check([`%[${'!'.repeat(100_000)}1]`], /^expression is nested too deeply/);
  check([`%[1${'+1'.repeat(100_000)}]`], undefined);
  check([`%[1${'?1:1'.repeat(100_000)}]`], /^expression is nested too deeply/);
});

test('a pattern that backtracks, and texts of gigabytes', () => {
  check([`%{gsub ${'a'.repeat(5000)} .-.-.-.-b x}`], /pattern takes too long/);
  check(['%{rep ab 1000000000}'], large);
  check(['%{rep ab 100000000000}'], /resulting string too large/);
  check(['%define long %{rep:ab 1000000}', '%{reverse:%{rep ab 1000000}}%{upper:%{rep ab 1000000}}'], undefined);
});

test('a definition that never ends, and a hundred thousand definitions', () => {
  check([`%define a %{x${' '.repeat(1_000_000)}`], /unterminated body/);
  check([Array.from({ length: 100_000 }, (_, i) => `%define m${i} ${i}`).join('\n')], undefined);
});
