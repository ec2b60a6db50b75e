import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Views } from '#server/core/syntax/index.js';
import type { Span } from '#server/core/text/index.js';
import { withTree } from './support.js';

/** A view with the text of each span in its place, and without what is undefined. A span beside its text only has to fit it. */
function readable(text: string, view: object): unknown {
  const entries = Object.entries(view).filter(([, value]) => value !== undefined);
  const shown: [string, unknown][] = [];
  for (const [key, value] of entries) {
    const plain = key.replace(/Span$/, '');
    if (!isSpan(value)) {
      shown.push([key, Array.isArray(value) ? value.map((each: object) => readable(text, each)) : value]);
      continue;
    }
    const written = text.slice(value.start, value.end);
    const beside = plain === key ? undefined : (view as Record<string, unknown>)[plain];
    if (beside === undefined) shown.push([plain, written]);
    else assert([beside, `%${String(beside)}`, `(${String(beside)})`].includes(written) || written.toLowerCase() === `%${String(beside)}`, `${written} is the text of ${key}`);
  }
  return Object.fromEntries(shown);
}

function isSpan(value: unknown): value is Span {
  return typeof value === 'object' && value !== null && 'start' in value && 'end' in value && Object.keys(value).length === 2;
}

function check<K extends keyof Views>(name: string, list: K, text: string, expected: readonly object[]): void {
  test(name, () => withTree(text, ({ views }) => assert.deepEqual(views[list].map((view) => readable(text, view)), expected)));
}

check('sections go from header to header, the preamble first', 'sections', 'Name: x\n\n%package -n a-%{b} \n\nSummary: y\n%PREP\n%post -p <lua>\nx', [
  { kind: 'preamble', name: '', arguments: [], span: 'Name: x\n\n', body: 'Name: x\n\n' },
  {
    kind: 'package',
    name: 'package',
    header: '%package -n a-%{b}',
    arguments: [{ text: '-n', span: '-n', isOption: true }, { text: 'a-%{b}', span: 'a-%{b}', isOption: false }],
    span: '%package -n a-%{b} \n\nSummary: y\n',
    body: '\nSummary: y\n',
  },
  { kind: 'script', name: 'prep', header: '%PREP', arguments: [], span: '%PREP\n', body: '' },
  {
    kind: 'script',
    name: 'post',
    header: '%post -p <lua>',
    arguments: [{ text: '-p', span: '-p', isOption: true }, { text: '<lua>', span: '<lua>', isOption: false }],
    span: '%post -p <lua>\nx',
    body: 'x',
  },
]);

check('tags have a name, a qualifier and a value', 'tags', '  Source12 : a%{b} c \nRequires(post,preun):d\nSummary:\n', [
  { name: 'Source12', value: 'a%{b} c', span: 'Source12 : a%{b} c', inMacro: false },
  { name: 'Requires', qualifier: 'post,preun', value: 'd', span: 'Requires(post,preun):d', inMacro: false },
  { name: 'Summary', value: '', span: 'Summary:', inMacro: false },
]);

check('tags inside macros are tags too', 'tags', '%{?a:Requires: b}\n%define p() \\\n%package %1\\\nSummary(de): c %2 \\\nLicense: d\n%{!?e:\nURL: f\nfoo: bar\n}\n', [
  { name: 'Requires', value: 'b', span: 'Requires: b', inMacro: true },
  { name: 'Summary', qualifier: 'de', value: 'c %2', span: 'Summary(de): c %2', inMacro: true },
  { name: 'License', value: 'd', span: 'License: d', inMacro: true },
  { name: 'URL', value: 'f', span: 'URL: f', inMacro: true },
]);

check('macro uses', 'macroUses', 'Name: %name%{?n}%{!?b:%{c d}}%{-f*}%{\n%call a %{b} c\n%{basename:x}\n', [
  { name: 'name', span: '%name', form: 'plain', operator: '' },
  { name: 'n', span: '%{?n}', form: 'braced', operator: '?' },
  { name: 'b', span: '%{!?b:%{c d}}', form: 'braced', operator: '!?', body: '%{c d}' },
  { name: 'c', span: '%{c d}', form: 'braced', operator: '', arguments: 'd' },
  { name: '-f*', span: '%{-f*}', form: 'braced', operator: '' },
  { name: '', span: '%{', form: 'unclosed', operator: '' },
  { name: 'call', span: '%call a %{b} c', form: 'plain', operator: '', arguments: 'a %{b} c' },
  { name: 'b', span: '%{b}', form: 'braced', operator: '' },
  { name: 'basename', span: '%{basename:x}', form: 'braced', operator: '', body: 'x' },
]);

check('expansions by shell and as expressions', 'expansions', 'Name: %(a %[1 (2)] (b))%()\n', [
  { kind: 'shell', span: '%(a %[1 (2)] (b))', content: 'a %[1 (2)] (b)' },
  { kind: 'expression', span: '%[1 (2)]', content: '1 (2)' },
  { kind: 'shell', span: '%()', content: '' },
]);

check('definitions', 'definitions', '%define a(n:) \\\n  b \\\n  c\n %global d %{e: f}\n%undefine g\n%{!?h: %global h i }\n%define\n%global j\n', [
  { keyword: 'define', name: 'a', options: '(n:)', body: '\\\n  b \\\n  c', span: '%define a(n:) \\\n  b \\\n  c' },
  { keyword: 'global', name: 'd', body: '%{e: f}', span: '%global d %{e: f}' },
  { keyword: 'undefine', name: 'g', span: '%undefine g' },
  { keyword: 'global', name: 'h', body: 'i', span: '%global h i' },
  { keyword: 'define', name: '', span: '%define' },
  { keyword: 'global', name: 'j', span: '%global j' },
]);

check('conditional lines', 'conditionalLines', '%ifarch a %{b}\n  %elif c \\\n d\n%else # e\n%endif\n', [
  { role: 'if', keyword: 'ifarch', condition: 'a %{b}', span: '%ifarch a %{b}' },
  { role: 'elif', keyword: 'elif', condition: 'c \\\n d', span: '%elif c \\\n d' },
  { role: 'else', keyword: 'else', span: '%else # e' },
  { role: 'endif', keyword: 'endif', span: '%endif' },
]);

check('comments', 'comments', '# a %{b}\nName: x %dnl c\n%prep\n  #d\necho # e\n', [
  { span: '# a %{b}', form: '#' },
  { span: '%dnl c', form: '%dnl' },
  { span: '#d', form: '#' },
]);

check('includes', 'includes', '%include %{SOURCE1}\n%include\n', [{ span: '%include %{SOURCE1}', path: '%{SOURCE1}' }, { span: '%include' }]);

check(
  'changelog entries',
  'changelogEntries',
  '%changelog\n* Wed Nov 04 2015 A B <a@b> - 1:2-%{r}\n- x\n\n* Thu Nov  5 2015 C D <c@d> 3-4\n* Fri Nov 6 2015 E-F - 5-6\n* Sat Nov 7 2015 G H\n* nothing\n',
  [
    { span: '* Wed Nov 04 2015 A B <a@b> - 1:2-%{r}\n- x\n\n', header: '* Wed Nov 04 2015 A B <a@b> - 1:2-%{r}', date: 'Wed Nov 04 2015', author: 'A B', email: '<a@b>', version: '1:2-%{r}', body: '- x\n\n' },
    { span: '* Thu Nov  5 2015 C D <c@d> 3-4\n', header: '* Thu Nov  5 2015 C D <c@d> 3-4', date: 'Thu Nov  5 2015', author: 'C D', email: '<c@d>', version: '3-4', body: '' },
    { span: '* Fri Nov 6 2015 E-F - 5-6\n', header: '* Fri Nov 6 2015 E-F - 5-6', date: 'Fri Nov 6 2015', author: 'E-F', version: '5-6', body: '' },
    { span: '* Sat Nov 7 2015 G H\n', header: '* Sat Nov 7 2015 G H', date: 'Sat Nov 7 2015', author: 'G H', body: '' },
    { span: '* nothing\n', header: '* nothing', author: 'nothing', body: '' },
  ],
);

check('files entries', 'filesEntries', '%files\n%attr(0755, a, %{b}) %dir /c/%{d}\n%doc e f\n%defattr(-,root,root)\n"/g h"\n', [
  {
    span: '%attr(0755, a, %{b}) %dir /c/%{d}',
    directives: [{ name: 'attr', arguments: '0755, a, %{b}', span: '%attr(0755, a, %{b})' }, { name: 'dir', span: '%dir' }],
    path: '/c/%{d}',
  },
  { span: '%doc e f', directives: [{ name: 'doc', span: '%doc' }], path: 'e f' },
  { span: '%defattr(-,root,root)', directives: [{ name: 'defattr', arguments: '-,root,root', span: '%defattr(-,root,root)' }] },
  { span: '"/g h"', directives: [], path: '"/g h"' },
]);

check('entries of lists', 'listEntries', '%patchlist\na.patch\n# b\n%{c}.patch \n%sourcelist\nd\n', [
  { section: 'patchlist', span: 'a.patch' },
  { section: 'patchlist', span: '%{c}.patch' },
  { section: 'sourcelist', span: 'd' },
]);

function checkPairs(name: string, text: string, expected: object): void {
  test(name, () => {
    withTree(text, ({ conditionals: { conditionals, unmatched } }) => {
      const show = (line: { span: Span } | undefined): string | undefined => line && text.slice(line.span.start, line.span.end);
      assert.deepEqual(
        { pairs: conditionals.map(({ opener, branches, closer, depth }) => [depth, show(opener), ...branches.map(show), show(closer)]), unmatched: unmatched.map(show) },
        expected,
      );
    });
  });
}

checkPairs('conditionals pair across sections', '%if 1\n%package x\n%ifarch a\n%else\n%endif\n%elif 2\n%endif\n%prep\n%if 3\n%endif\n', {
  pairs: [
    [0, '%if 1', '%elif 2', '%endif'],
    [1, '%ifarch a', '%else', '%endif'],
    [0, '%if 3', '%endif'],
  ],
  unmatched: [],
});
checkPairs('what has no partner', '%endif\n%else\n%if 1\n%else\n%elif 2\n%else x\n', { pairs: [[0, '%if 1', '%else', undefined]], unmatched: ['%endif', '%else', '%elif 2', '%else x'] });
