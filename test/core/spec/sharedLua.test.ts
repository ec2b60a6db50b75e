import assert from 'node:assert/strict';
import { it } from 'node:test';
import { evaluate } from '#server/core/spec/index.js';
import { defaultTarget, findTarget } from '#server/core/targets/index.js';
import { loadLua } from '#server/node/index.js';

const found = findTarget(defaultTarget);
assert.ok('target' in found);
const { target } = found;
const engine = await loadLua();
let made = 0;
const lua: typeof engine = (settings) => (made++, engine(settings));

/** What a chunk prints in a spec of its own. */
function printed(code: string, environment: Readonly<Record<string, string>> = {}): string {
  const evaluation = evaluate(`Name: a\nSource: s\n%{lua:${code}}\n`, { target, lua, environment });
  return evaluation.expanded.text.split('\n')[2]!;
}

const probe = 'print(tostring(left) .. string.upper("a") .. #sources .. tostring(package.loaded.x) .. type(rpm.expand) .. tostring(("").meta) .. tostring(posix.getenv("LEFT")) .. tostring(io.open("left"))); rpm.call("left")';
const clean = 'nilA1nilfunctionnilnilnil';

/** Code that leaves something behind in the interpreter. */
const meddling: readonly string[] = [
  'left = 1',
  '_G["left"] = 1',
  'rawset(_G, "left", 1)',
  'load("left = 1")()',
  'string.upper = nil',
  'local s = string; s.upper = function() return "" end',
  'getmetatable("").__index = { meta = 1, upper = string.upper }',
  'package.loaded.x = 1',
  'local p = package; p.loaded["x"] = 1',
  'rpm.expand = nil',
  'for name in pairs(rpm) do rpm[name] = nil end',
  'table.insert(sources, "more")',
  'function left() end',
  'print = nil',
  'a, tostring = 1, nil',
  'local p = print; function print(x) p("b") end',
  'function tostring(x) return "left" end',
  'type = function() return "left" end',
  'macros = nil',
  'left = coroutine.wrap(function() end)',
  'posix.setenv("LEFT", "1")',
  'posix.putenv("LEFT=1")',
  'rpm.open("left", "w"):write("1")',
  'io.open("left", "w")',
  'rpm.register("left", function() print("hooked") end)',
];

for (const code of meddling) {
  it(`what one spec leaves in Lua is not there in the next: ${code}`, () => {
    assert.equal(printed(probe), clean);
    printed(code);
    assert.equal(printed(probe), clean);
  });
}

it('an interpreter that nothing was changed in serves the next spec, in its own environment', () => {
  const one = () => printed('print(os.getenv("X"))', { X: 'one' });
  assert.equal(one(), 'one');
  const before = made;
  assert.deepEqual([printed('local t = {}; t.a = string.rep("b", 2); print(t.a)'), printed('print(posix.getenv("X"))', { X: 'two' }), one()], ['bb', 'two', 'one']);
  assert.equal(made, before);
});

it('an evaluation that another has taken its interpreter from goes on with a fresh one', () => {
  const first = evaluate('Name: a\n%{lua:print("x")}\n', { target, lua });
  evaluate('Name: b\n%{lua:left = 1}\n', { target, lua });
  assert.equal(first.expand('%{lua:print(tostring(left))}'), 'nil');
});
