import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextAt, foldingRanges, selectionRanges, semanticTokens } from '#server/core/syntax/index.js';
import { parseCursor } from '../../support/fixture.js';
import { withTree } from './support.js';

/** The context in short: kind, section, and what matters of the rest with spans as text. */
function check(source: string, expected: string): void {
  test(`context: ${JSON.stringify(source)}`, () => {
    const { text, offset } = parseCursor(source);
    withTree(text, (tree) => {
      const context = contextAt(tree, offset);
      const parts: string[] = [context.kind, `in ${context.section?.name || 'preamble'}`];
      if ('prefix' in context) parts.push(`"${context.prefix}" of "${text.slice(context.span.start, context.span.end)}"`);
      if (context.kind === 'macro-name') parts.push(context.form, context.operator, context.atLineStart ? 'at line start' : '', text.slice(context.percent, context.percent + 1));
      if (context.kind === 'tag-value') parts.push(context.tag.name);
      if (context.kind === 'tag-qualifier') parts.push(context.tagName);
      if (context.kind === 'macro-argument') parts.push(context.macro.name);
      if (context.kind === 'macro-definition-name') parts.push(`"${text.slice(context.span.start, context.span.end)}"`);
      assert.equal(parts.filter((part) => part !== '').join(' '), expected);
    });
  });
}

check('<|>', 'tag-name in preamble "" of ""');
check('Na<|>', 'tag-name in preamble "Na" of "Na"');
check('Name: x\nRe<|>lease: 1\n', 'tag-name in preamble "Re" of "Release"');
check('Name: x\n<|>\n', 'tag-name in preamble "" of ""');
check('%package a\n  Sum<|>\n', 'tag-name in package "Sum" of "Sum"');
check('Name: <|>\n', 'tag-value in preamble Name');
check('Name: x<|>\n', 'tag-value in preamble Name');
check('Name: x\nRequires:<|>', 'tag-value in preamble Requires');
check('Requires(po<|>\n', 'tag-qualifier in preamble "po" of "po" Requires');
check('Requires(post,pr<|>): x\n', 'tag-qualifier in preamble "pr" of "pr" Requires');
check('Name: %{na<|>\nVersion: 1\n', 'macro-name in preamble "na" of "na" braced %');
check('Name: %{?na<|>me}\n', 'macro-name in preamble "na" of "name" braced ? %');
check('Name: %<|>\n', 'macro-name in preamble "" of "" plain %');
check('Name: %%na<|>\n', 'tag-value in preamble Name');
check('Name: %%%na<|>\n', 'macro-name in preamble "na" of "na" plain %');
check('%pr<|>\n', 'macro-name in preamble "pr" of "pr" plain at line start %');
check('%build\n  %con<|>\n', 'macro-name in build "con" of "con" plain at line start %');
check('Name: %{with <|>}\n', 'macro-argument in preamble with');
check('%build\n%configure --a <|>b\n', 'macro-argument in build configure');
check('Name: %{?a:x<|>}\n', 'macro-argument in preamble a');
check('%{?a:Req<|>\n}\n', 'tag-name in preamble "Req" of "Req"');
check('%{?a:Requires: <|>\n}\n', 'tag-value in preamble Requires');
check('%{?a:\nRequires: b\n<|>Su\n}\n', 'tag-name in preamble "" of "Su"');
check('%{?a:\nRequires: b <|>c\nx}\n', 'tag-value in preamble Requires');
check('%{?a:Requires: %{b <|>}}\n', 'macro-argument in preamble b');
check('%{lua:\nx<|>\n}\n', 'macro-argument in preamble lua');
check('%global a b<|>c\n', 'macro-definition-body in preamble');
check('%define a() \\\nRequires: <|>b \\\nc\n', 'tag-value in preamble Requires');
check('%define a() \\\nRequires: b \\\n<|>c\n', 'macro-definition-body in preamble');
check('foo ba<|>r\n', 'other in preamble');
check('Name: %{a}<|>\n', 'tag-value in preamble Name');
check('%package -<|>\n', 'section-header in package "-" of "-"');
check('%files -n x-d<|>ev\n', 'section-header in files "x-d" of "x-dev"');
check('%if 1 <|>\n%endif\n', 'condition in preamble');
check('%include <|>\n', 'include-path in preamble');
check('%global <|>\n', 'macro-definition-name in preamble ""');
check('%global ab<|>c 1\n', 'macro-definition-name in preamble "abc"');
check('# a <|>b %{c}\n', 'comment in preamble');
check('# a %{c<|>}\n', 'comment in preamble');
check('%description\nx <|>y\n', 'description in description');
check('%install\nmake <|>\n', 'script in install');
check('%install\n\n<|>', 'script in install');
check('%files\n%doc <|>\n', 'files in files');
check('%changelog\n* Wed<|>\n', 'changelog in changelog');
check('%patchlist\n<|>\n', 'list in patchlist');

function checkFolds(name: string, text: string, expected: readonly string[]): void {
  test(`folds: ${name}`, () => {
    const lineOf = (offset: number): number => text.slice(0, offset).split('\n').length;
    withTree(text, (tree) => assert.deepEqual(foldingRanges(tree).map(({ span, kind }) => `${lineOf(span.start)}-${lineOf(span.end)} ${kind}`), expected));
  });
}

checkFolds('sections without the blank lines behind them', 'Name: x\n%prep\na\nb\n\n\n%build\n%install\nc', ['2-4 section', '8-9 section']);
checkFolds('conditionals by branch', '%if 1\nA: 1\n%else\nB: 1\n%if 2\nC: 1\n%endif\n%endif\n%if 3\n%endif\n', ['1-2 conditional', '3-7 conditional', '5-6 conditional']);
checkFolds('macros over several lines', '%define a() \\\n b\n%{lua:\nx\n}\n', ['1-2 macro', '3-5 macro']);
checkFolds('runs of comments, changelog entries', '# a\n# b\n\n# c\n%changelog\n* Wed Nov 04 2015 A\n- x\n\n* no\n', ['1-2 comment', '5-9 section', '6-7 changelog']);

function checkSelection(source: string, expected: readonly string[]): void {
  test(`selection: ${JSON.stringify(source)}`, () => {
    const { text, offset } = parseCursor(source);
    withTree(text, (tree) => assert.deepEqual(selectionRanges(tree, offset).map((span) => text.slice(span.start, span.end)), expected));
  });
}

checkSelection('Name: a%{?b:c %{na<|>me}}d\n', ['name', '%{name}', 'c %{name}', '%{?b:c %{name}}', 'a%{?b:c %{name}}d', 'Name: a%{?b:c %{name}}d', 'Name: a%{?b:c %{name}}d\n']);
checkSelection('A: 1\n%prep\necho <|>one\n', ['one', 'echo one', '%prep\necho one\n', 'A: 1\n%prep\necho one\n']);
checkSelection('<|>', []);

function checkTokens(source: string): void {
  const lines = source.split('\n');
  const text = lines.filter((_, index) => index % 2 === 0).join('\n');
  test(`tokens: ${JSON.stringify(text)}`, () => {
    const marks: Record<string, string> = { comment: 'c', keyword: 'k', macro: 'm', modifier: 'q', number: 'n', operator: 'o', parameter: 'p', property: 't', string: 's' };
    withTree(text, (tree) => {
      const shown: string[] = Array.from(text, (unit) => (unit === '\n' ? '\n' : ' '));
      for (const { start, end, type, modifier } of semanticTokens(tree)) shown.fill(modifier === 'definition' ? marks[type]!.toUpperCase() : marks[type]!, start, end);
      assert.deepEqual(shown.join('').split('\n').map((line) => line.trimEnd()), lines.filter((_, index) => index % 2 === 1));
    });
  });
}

checkTokens(`# x %{y}
cccccccc
%global ab(c:) d%{e f}%%
kkkkkkk MMpppp  mmm  moo
Requires(post): %{?g:%{h}}i %j %name
tttttttt qqqq   mmmm mmmmm     mmmmm
%if 0%{?x} # y
kkk  mmmmm
%files -n %{z} -f a
kkkkkk pp mmmm pp
%attr(0755,a,b) %dir /c
kkkkk           kkkk
%changelog
kkkkkkkkkk
* Wed Nov 04 2015 A <a@b> - 1
  nnnnnnnnnnnnnnn   sssss`);
