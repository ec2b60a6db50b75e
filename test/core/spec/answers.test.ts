import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type EvaluationInputs, KnownAnswers, answerRounds, evaluate, evaluateWithAnswers } from '#server/core/spec/index.js';
import { findTarget } from '#server/core/targets/index.js';

const found = findTarget('fedora-43');
assert.ok('target' in found);
const inputs: EvaluationInputs = { target: found.target, specName: 'a.spec' };
const spec = (body: string) => `Name: a\nVersion: 1\nRelease: 1\nSummary: s\nLicense: l\n${body}%description\nd\n`;

/** A shell that knows a few commands and counts what it is asked. */
function fakeShell(known: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  return {
    asked,
    async shell(command: string) {
      asked.push(command);
      return known[command] ?? '';
    },
  };
}

test('what is not answered is pending, and what depends on it is tainted', () => {
  const evaluation = evaluate(spec('%global x %(ask)\nURL: u%{x}\n'), inputs);
  assert.deepEqual(evaluation.pending, [{ kind: 'shell', text: 'ask' }]);
  assert.equal(evaluation.lookup('x')!.tainted, true);
});

test('an evaluation is made again when answers arrive, and only then asks what follows from them', async () => {
  const answerer = fakeShell({ one: 'two\n', 'say two': 'three' });
  const known = new KnownAnswers();
  const evaluation = await evaluateWithAnswers(spec('%global x %(one)\n%global y %(say %{x})\nURL: %{y}\n'), inputs, known, answerer);
  assert.equal(evaluation.packages[0]!.url, 'three');
  assert.deepEqual(evaluation.pending, []);
  assert.equal(evaluation.lookup('y')!.tainted, false);
  // Without the first answer `say ` was asked too.
  assert.deepEqual(answerer.asked, ['one', 'say ', 'say two']);
});

test('what the first of the two readings asked for is asked, though the second finds it defined', async () => {
  const text = spec('BuildArch: noarch\nURL: u%{x}\n').replace('Name: a', '%{!?x:%global x %(ask)}\nName: a');
  const known = new KnownAnswers();
  const evaluation = await evaluateWithAnswers(text, inputs, known, fakeShell({ ask: 'y' }));
  assert.deepEqual([evaluation.packages[0]!.url, evaluation.pending], ['uy', []]);
});

test('a program that Lua wants to read from is a question like a command', async () => {
  const { loadLua } = await import('#server/node/index.js');
  const lua = await loadLua();
  const text = spec('URL: %{lua: local f = assert(io.popen("ask")); print(f:read("*a")); f:close()}\n');
  const before = evaluate(text, { ...inputs, lua });
  assert.deepEqual([before.accepted, before.pending], [true, [{ kind: 'shell', text: 'ask' }]]);
  const evaluation = await evaluateWithAnswers(text, { ...inputs, lua }, new KnownAnswers(), fakeShell({ ask: 'y' }));
  assert.deepEqual([evaluation.packages[0]!.url, evaluation.pending], ['y', []]);
});

test("Lua's modules are those of rpm's own folder, wherever that is", async () => {
  const { loadLua } = await import('#server/node/index.js');
  const module = '/opt/rpm/lua/fedora/shop.lua';
  const files = { read: (path: string) => (path === module ? new TextEncoder().encode('return { name = "tea" }') : undefined), stat: () => undefined, list: () => [] };
  const text = spec('URL: %{lua: print(require("fedora.shop").name)}\n');
  const lua = await loadLua();
  assert.equal(evaluate(text, { ...inputs, lua, files, configFolder: '/opt/rpm' }).packages[0]?.url, 'tea');
  assert.match(evaluate(text, { ...inputs, lua, files }).problems[0]!.message, /module 'fedora\.shop' not found/);
});

test('problems that only came of a missing answer are gone', async () => {
  const text = spec('%if %(number) > 3\nURL: u\n%endif\nRequires: b >= %(version)\n');
  const before = evaluate(text, inputs);
  assert.deepEqual([before.accepted, before.problems.map(({ code, severity }) => `${severity} ${code}`)], [true, ['hint unsure/expression', 'hint unsure/expression-caret', 'hint unsure/bad-condition', 'hint unsure/bad-dependency']]);
  const evaluation = await evaluateWithAnswers(text, inputs, new KnownAnswers(), fakeShell({ number: '4', version: '2' }));
  assert.deepEqual([evaluation.accepted, evaluation.problems, evaluation.packages[0]!.url], [true, [], 'u']);
});

test('answers are kept by their text: an edit elsewhere asks nothing', async () => {
  const answerer = fakeShell({ ask: 'x' });
  const known = new KnownAnswers();
  const first = await evaluateWithAnswers(spec('URL: %(ask)\n'), inputs, known, answerer);
  const second = await evaluateWithAnswers(spec('VCS: v\nURL: %(ask)\n'), inputs, known, answerer, first);
  assert.equal(second.packages[0]!.url, 'x');
  assert.deepEqual(answerer.asked, ['ask']);
});

test('answers that bring up new questions for ever are given up', async () => {
  let rounds = 0;
  const evaluation = await evaluateWithAnswers(spec('%global a %(next 1)\n%global b %(next %{a})\n%global c %(next %{b})\n%global d %(next %{c})\n%global e %(next %{d})\n%global f %(next %{e})\n%global g %(next %{f})\n%global h %(next %{g})\n%global i %(next %{h})\n'), inputs, new KnownAnswers(), {
    async shell() {
      return String(++rounds + 100);
    },
  });
  assert.equal(evaluation.pending.length, 1);
  assert.ok(rounds > answerRounds);
});

test('Lua is loaded when a spec needs it', async () => {
  const { loadLua } = await import('#server/node/index.js');
  let loads = 0;
  const evaluation = await evaluateWithAnswers(spec('Patch3: p.patch\nURL: %{lua: print("lua"..#patches)}\n'), inputs, new KnownAnswers(), {
    loadLua() {
      loads++;
      return loadLua();
    },
  });
  assert.equal(evaluation.packages[0]!.url, 'lua1');
  assert.equal(loads, 1);
});

test('what cannot be answered stays open, is not asked again, and is held against nothing', async () => {
  const answerer = fakeShell({});
  const known = new KnownAnswers();
  const unable = { shell: async (command: string) => void (await answerer.shell(command)) };
  for (let i = 0; i < 2; i++) {
    const evaluation = await evaluateWithAnswers(spec('Requires: b >= %(pkg-config x)\n'), inputs, known, unable);
    assert.deepEqual([evaluation.accepted, evaluation.pending.length, evaluation.problems.map(({ severity }) => severity)], [true, 1, ['hint']]);
  }
  assert.deepEqual(answerer.asked, ['pkg-config x']);
});

test('a macro that the built-in facts do not have may mean anything; words of the language may not', () => {
  const codes = (body: string) => evaluate(spec(body), inputs).problems.map(({ severity, code }) => `${severity} ${code}`);
  assert.deepEqual(codes('%somemeta -f\n'), ['hint unsure/unknown-tag']);
  assert.deepEqual(codes('%if %{somecondition}\n%endif\n'), ['hint unsure/expression', 'hint unsure/expression-caret', 'hint unsure/bad-condition']);
  assert.deepEqual(codes('%if somecondition\n%endif\n').at(-1), 'error rpm-error/bad-condition');
  assert.deepEqual(codes('Foo: bar\n'), ['error rpm-error/unknown-tag']);
  assert.deepEqual(codes('%dir /x\n'), ['hint unsure/unknown-tag']);
  const made = evaluate(`%fontpkg\n${spec('').replace('Name: a\n', '')}%files -n b\n`, inputs);
  assert.deepEqual([made.accepted, made.packages.map(({ name }) => name)], [true, ['', 'b']]);
});

test('a tag that only an answer would have filled is not missed', () => {
  const evaluation = evaluate('Name: a\nVersion: %(ask)\nRelease: 1\nSummary: s\nLicense: l\n%description\nd\n', inputs);
  assert.deepEqual([evaluation.accepted, evaluation.problems.map(({ severity, code }) => `${severity} ${code}`)], [true, ['hint unsure/empty-tag', 'hint unsure/missing-tag']]);
});
