import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Language, Parser, Query } from 'web-tree-sitter';
import { readParserBytes } from '#server/node/index.js';
import { root } from '../support/root.js';

const bytes = await readParserBytes();
await Parser.init({ wasmBinary: bytes.runtime.slice().buffer });
const language = await Language.load(bytes.grammar);
const parser = new Parser();
parser.setLanguage(language);

/** Captures of one query, as `capture text` lines; of captures of one node the last, as editors do. */
function check(name: string, file: string, text: string, expected: readonly string[]): void {
  test(`${file}: ${name}`, () => {
    const query = new Query(language, readFileSync(`${root}/grammars/rpmspec/queries/${file}`, 'utf8'));
    const tree = parser.parse(text)!;
    const last = new Map<string, string>();
    for (const { name: capture, node } of query.captures(tree.rootNode)) {
      if (!capture.startsWith('_') && capture !== 'spell') last.set(`${node.startIndex}-${node.endIndex}`, `${capture} ${JSON.stringify(node.text.trimEnd())}`);
    }
    assert.deepEqual([...last.values()], expected);
    tree.delete();
    query.delete();
  });
}

check('what is what', 'highlights.scm', '# c\n%global ab(x) %1%{len:d}\nRequires(post): %{?e}%%\n%if 1\n%files -n f\n%attr(0644,-,-) /g\n%{h\n', [
  'comment "# c"',
  'keyword.directive.define "%global"',
  'function.macro "ab"',
  'variable.parameter "(x)"',
  'variable.parameter "1"',
  'function.builtin "len"',
  'property "Requires"',
  'attribute "(post)"',
  'operator "?"',
  'function.macro "e"',
  'string.escape "%%"',
  'keyword.conditional "%if"',
  'keyword "%files"',
  'variable.parameter "-n"',
  'module "f"',
  'attribute "%attr"',
  'constant "0644,-,-"',
  'error "%{h"',
  'function.macro "h"',
]);
check('a changelog', 'highlights.scm', '%changelog\n* Wed Nov 04 2015 A <a@b> - 1\n- x\n', [
  'keyword "%changelog"',
  'markup.heading "* Wed Nov 04 2015 A <a@b> - 1"',
  'string.special "Wed Nov 04 2015"',
  'string.special.url "<a@b>"',
]);
check('folds', 'folds.scm', 'Name: x\n%define a() \\\n b\n%prep\nx\n', ['fold "%define a() \\\\\\n b"', 'fold "%prep\\nx"']);
check('shell and Lua', 'injections.scm', 'Name: %(a %{b})%{lua:c}\n%build\nd %{e} f\n%post -p <lua>\ng\n', [
  'injection.content "a %{b}"',
  'injection.content "c"',
  'injection.content "d"',
  'injection.content " f"',
  'injection.content "g"',
]);
check('definitions and uses', 'locals.scm', '%define a 1\n%undefine a\nName: %a1\n', [
  'local.scope "%define a 1\\n%undefine a\\nName: %a1"',
  'local.definition.macro "a"',
  'local.reference "a"',
]);

test('injections tell shell from Lua by the header', () => {
  const query = new Query(language, readFileSync(`${root}/grammars/rpmspec/queries/injections.scm`, 'utf8'));
  const tree = parser.parse('%post -p <lua>\na\n%post\nb\n')!;
  const found = query.matches(tree.rootNode).map(({ captures, setProperties }) => [captures.find((capture) => capture.name === 'injection.content')!.node.text, setProperties?.['injection.language']]);
  assert.deepEqual(found, [['a\n', 'lua'], ['b\n', 'bash']]);
  tree.delete();
  query.delete();
});
