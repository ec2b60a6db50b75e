import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { root } from '../support/root.js';

interface Configuration {
  readonly wordPattern: string;
  readonly folding: { readonly markers: { readonly start: string; readonly end: string } };
  readonly indentationRules: { readonly increaseIndentPattern: string; readonly decreaseIndentPattern: string };
}

const configuration = JSON.parse(readFileSync(`${root}/syntaxes/language-configuration.json`, 'utf8')) as Configuration;

function check(name: string, pattern: string, matching: readonly string[], others: readonly string[]): void {
  test(name, () => {
    const regex = new RegExp(pattern);
    for (const line of matching) assert.match(line, regex);
    for (const line of others) assert.doesNotMatch(line, regex);
  });
}

test('words are names without their percent sign and braces', () => {
  const words = (text: string): string[] => [...text.matchAll(new RegExp(configuration.wordPattern, 'g'))].map((match) => match[0]);
  assert.deepEqual(words('%{?_bindir}/foo-devel %setup -q 1.2.3 Requires(post): libfoo.so'), ['_bindir', 'foo-devel', 'setup', '-q', '1.2.3', 'Requires', 'post', 'libfoo.so']);
});
check('folds begin', configuration.folding.markers.start, ['%if 1', '  %ifarch x', '%ifnos y'], ['%endif', '%iffy', 'x %if']);
check('folds end', configuration.folding.markers.end, ['%endif', ' %endif # x'], ['%endiffy', '%if']);
check('indents', configuration.indentationRules.increaseIndentPattern, ['if x; then', 'for a in b; do', '  else', 'f() {', 'case $x in'], ['%if 1', 'is built in', '%endif', 'echo then x']);
check('unindents', configuration.indentationRules.decreaseIndentPattern, ['fi', '  done', '}', 'esac'], ['%endif', 'finish', '%else']);
