import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Expander, builtinTable, plainContext } from '#server/core/macros/index.js';

/** Expands the texts one after the other with one table; the last must give `expected`, with these messages in all. */
function check(texts: readonly string[], expected: string, messages: readonly string[] = [], rpmVersion = '4.18.0'): void {
  const expander = new Expander(builtinTable(rpmVersion), plainContext(rpmVersion));
  let result = '';
  for (const text of texts) result = expander.expand(text).text;
  assert.equal(result, expected);
  assert.deepEqual(expander.messages.map(({ severity, text }) => `${severity}: ${text}`), messages);
}

test('text without macros, doubled and last percent signs', () => {
  check(['a b'], 'a b');
  check(['100%% %'], '100% %');
});

test('unknown macros stay as they stand, what is inside them is expanded', () => {
  check(['%define a 1', '%x %{y:%a} %!z %-q'], '%x %{y:1} %z ');
});

test('%define keeps its body, %global expands it', () => {
  check(['%define v 1', '%define late %v', '%global soon %v', '%define v 2', '%late %soon'], '2 1');
});

test('a conditional use asks whether there is a definition', () => {
  check(['%define a 1', '%{?a} %{?a:yes} %{!?a:no} %{?b}%{!?b:none} %{??a} %{!!?a:two}'], '1 yes  none 1 two');
});

test('options, operands and counts of a parametric macro', () => {
  check(['%define m(xy:) [%{-x}|%{-x:X}|%{-y}|%{-y*}|%{!-x:none}|%1|%*|%**|%#|%0]', '%m -x -y 5 a b'], '[-x|X|-y 5|5||a|a b|-x -y 5 a b|2|m]');
  check(['%define m(x) %1', '%m -q', '%1'], '%1', ['error: Unknown option q in m(x)']);
});

test('a definition in a body belongs to that call', () => {
  check(['%define m() %{expand:%define inner 1}%inner', '%m-%{?inner:still}'], '1-');
  check(['%define m() %{expand:%define inner 1}x', '%m'], 'x', ['warning: Macro %inner defined but not used within scope']);
});

test('endless recursion ends with rpm\'s words', () => {
  const words = 'error: Too many levels of recursion in macro expansion. It is likely caused by recursive macro declaration.';
  check(['%define a %b', '%define b %a', '%a'], '', [words]);
});

test('expressions', () => {
  check(['%[1 + 2 * 3 == 7 && "a" < "b"]'], '1');
  check(['%[v"1.10" > v"1.9" ? "newer" : "older"]'], 'newer');
  check(['%[1 + "a"]'], '', ['error: types must match: 1 + "a"']);
});

test('a shell command is asked for, and taints what depends on it until it is answered', () => {
  const context = plainContext('4.18.0');
  const known = new Map<string, string>();
  const expander = new Expander(builtinTable('4.18.0'), { ...context, answers: { answer: ({ text }) => known.get(text) } });
  const table = expander.table.copy();
  assert.equal(expander.expand('%global now %(echo %{?x}1)').tainted, true);
  assert.equal(expander.expand('%now').tainted, true);
  assert.deepEqual(expander.takePending(), [{ kind: 'shell', text: 'echo 1' }]);
  known.set('echo 1', '1\n\n');
  expander.restore(table);
  expander.expand('%global now %(echo %{?x}1)');
  const { text, tainted } = expander.expand('%now');
  assert.deepEqual({ text, tainted, pending: expander.pending }, { text: '1', tainted: false, pending: [] });
});

// What older versions do otherwise; cases from their own source, where no such rpm is at hand to ask.

test('before 4.17 builtins are known by their names, and take what stands behind a colon', () => {
  check(['%{expand foo}x'], '', ['error: %expand: argument expected'], '4.16.1.3');
  check(['%{basename foo/bar}|%{basename:foo/bar}'], '|bar', [], '4.14.3');
  check(['%undefine nothing\nrest'], 'rest', [], '4.16.1.3');
  check(['%undefine nothing\nrest'], '\nrest', [], '4.17.1');
  check(['%define mmm() <%1>', '%{mmm:a} %{mmm a}'], '<%1> <a>', [], '4.16.1.3');
  check(['%define mmm() <%1>', '%{mmm:a} %{mmm a}'], '<a> <a>', [], '4.17.1');
});

test('before 4.15 what a builtin gives is expanded again', () => {
  check(['%define foo F', '%{basename:a/%%foo}'], '%foo', [], '4.16.1.3');
  check(['%define foo F', '%{basename:a/%%foo}'], 'F', [], '4.14.3');
});

test('before 4.16 arguments are expanded again where they are used', () => {
  check(['%define show() %define late now\\\n%2', '%show %%late %{late}'], 'now', [], '4.14.3');
  check(['%define show() %define late now\\\n%2', '%show %%late %{late}'], '%{late}', ['warning: Macro %late defined but not used within scope'], '4.18.0');
});

test('before 4.14 a definition within a condition is lost at the end of the next macro with parameters', () => {
  const texts = ['%define note() -', '%{!?gone:%define gone yes}', '%{gone}', '%note', '%{gone}'];
  check(texts.slice(0, 3), 'yes', [], '4.11.3');
  check(texts, '%{gone}', [], '4.11.3');
  check(texts, 'yes', [], '4.14.3');
});

test('names have at least three letters before 4.18', () => {
  check(['%define ab 1'], '', ['error: Macro %ab has illegal name (%define)'], '4.16.1.3');
  check(['%define ab 1', '%ab'], '1', [], '4.18.0');
});

test('expressions before 4.16 have bare words and neither ternary nor short cuts', () => {
  check(['%{expr:1 && 0 || 1}'], '1', [], '4.15.1');
  check(['%{expr:a == "a"}'], '1', [], '4.15.1');
  check(['%{expr:1 ? 2 : 3}'], '', ['error: parse error in expression: 1 ? 2 : 3'], '4.15.1');
  check(['%[1]'], '%[1]', [], '4.15.1');
});

test('6.1 knows options and modifiers of definitions', () => {
  check(['%define v 1', '%define -e soon %v', '%define v 2', '%soon'], '1', [], '6.1.0');
  check(['%define m() %{expand:%define -g kept yes}%{expand:%define -ge kept2 %1}', '%m x', '%kept%kept2'], 'yesx', [], '6.1.0');
  check(['%define raw<l> %{expand:1}', '%raw %{?raw}'], '%{expand:1} %{expand:1}', [], '6.1.0');
  check(['%global raw<l> %{v}', '%raw'], '%{v}', [], '6.1.0');
  check(['%define n 1', '%define once<o> %{n}!', '%once', '%define n 2', '%once'], '1!', [], '6.1.0');
  check(['%define n 1', '%define once<> %{n}!', '%once', '%define n 2', '%once'], '2!', [], '6.1.0');
  check(['%define -x a 1'], '', ["error: %define: invalid option -- 'x'"], '6.1.0');
  check(['%define a<z> 1'], '', ['error: Macro %a has illegal modifier z'], '6.1.0');
  check(['%define a()<l> 1'], '', ['error: Macro %a has modifiers incompatible with parametric macros'], '6.1.0');
  check(['%define a<lo> 1'], '', ['error: Macro %a has incompatible modifiers'], '6.1.0');
  check(['%define a<l 1'], '', ['error: Macro %a has unterminated modifiers'], '6.1.0');
  check(['%define a<l> 1'], '', ['warning: Macro %a needs whitespace before body'], '6.0.2');
});
