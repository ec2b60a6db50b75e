/** Everything that belongs to a rule is there: file, page, test, line in the index, setting; and pages tell the truth. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Finding, lint, rulePage, rules } from '#server/core/lint/index.js';
import { lintInput, readFixture } from '../../support/lint.js';
import { root } from '../../support/root.js';

const folder = join(root, 'server/src/core/lint/rules');
const ids = rules.map(({ id }) => id);

test('every rule has its file, page and test, and every such file its rule', () => {
  const stems = (path: string, ending: string) => readdirSync(join(root, path)).filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length)).sort();
  const sorted = [...ids].sort();
  assert.deepEqual(stems('server/src/core/lint/rules', '.ts').filter((stem) => stem !== 'index' && stem !== 'pages'), sorted);
  assert.deepEqual(stems('server/src/core/lint/rules', '.md'), sorted);
  assert.deepEqual(stems('test/core/lint/rules', '.test.ts'), sorted);
});

test('the index is alphabetical and names no rule twice', () => {
  const lines = [...readFileSync(join(folder, 'index.ts'), 'utf8').matchAll(/from '\.\/(.+)\.js'/g)].map(([, stem]) => stem).filter((stem) => stem !== undefined && ids.includes(stem));
  assert.deepEqual(lines, [...lines].sort());
  assert.equal(new Set(ids).size, ids.length);
});

test('what is generated from rules and settings is fresh', async () => {
  const { generated } = (await import(pathToFileURL(join(root, 'scripts/generate.mjs')).href)) as { generated(): Promise<Map<string, string>> };
  for (const [file, text] of await generated()) assert.ok(readFileSync(join(root, file), 'utf8') === text, `${file} is stale: run npm run generate`);
});

for (const rule of rules) {
  test(`${rule.id}: its words are sentences`, () => {
    assert.match(rule.id, /^[a-z0-9]+(-[a-z0-9]+)*$/);
    assert.match(rule.summary, /^[A-Z].*[^.]$/);
    for (const { what, why, help } of Object.values(rule.messages)) {
      for (const sentence of [what, why, help]) {
        if (sentence === '{{words}}') continue;
        // Programs keep their names, also at the start.
        assert.match(sentence, /^(['"A-Z{]|(rpm|rpmbuild|grep|systemd)\b).*[.?]$/s, `'${sentence}' begins with a capital and ends with a full stop`);
        assert.doesNotMatch(sentence, /  |\n/, `'${sentence}' has odd white space`);
      }
    }
    if (rule.fix !== undefined) assert.match(rule.fix.title, /^[A-Z].*[^.]$/);
  });

  const page = rulePage(rule.id) ?? '';
  test(`${rule.id}: its page has the right title, and its examples do what they say`, () => {
    assert.ok(page.startsWith(`# ${rule.id}\n`), 'the title is the id');
    const blocks = [...page.matchAll(/^## (Wrong|Right)\n+```spec(?: (\S+))?\n([\s\S]*?)^```$/gm)];
    assert.equal(blocks.length, [...page.matchAll(/^```spec/gm)].length, 'every block stands under Wrong or Right');
    assert.ok(blocks.some(([, kind]) => kind === 'Right'), 'there is a Right block');
    for (const [, kind, target, block] of blocks) {
      const { text, files } = readFixture(block!);
      const crashes: string[] = [];
      const findings: readonly Finding[] = lint(lintInput(text, { files, ...(target !== undefined && { targets: [target] }) }), { log: { error: (message) => void crashes.push(message), warn() {}, info() {}, debug() {} } });
      assert.deepEqual(crashes, []);
      const own = findings.filter((finding) => finding.rule === rule.id).map(({ message }) => message);
      assert.equal(own.length, kind === 'Wrong' ? 1 : 0, `${kind} block gives ${JSON.stringify(own)}:\n${text}`);
    }
  });
}

test('a rule needs a Wrong block, unless its page says why there can be none', () => {
  const without = ids.filter((id) => !/^## Wrong$/m.test(rulePage(id)!));
  assert.deepEqual(without.sort(), ['non-utf8-spec-file', 'patch-already-in-version', 'patch-claim-contradicted', 'patch-followup-missing', 'patch-origin-reverted', 'patch-origin-unknown']);
});
