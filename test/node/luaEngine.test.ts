import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { type LuaMacros, noFiles } from '#server/core/host.js';
import { createLua } from '#server/node/luaEngine.js';
import { skipWithout } from '../support/commands.js';

/** Macros enough for Lua to talk to: a flat table, `%{name}` and nothing else. */
function macroTable(initial: Readonly<Record<string, string>> = {}): LuaMacros {
  const table = new Map(Object.entries(initial));
  return {
    expand: (text) => (text.includes('%{error') ? undefined : text.replace(/%\{(\w+)[^}]*\}/g, (whole, name: string) => table.get(name) ?? whole)),
    call: (name, args) => `${name}(${args.join('|')})`,
    define: (definition) => {
      const [, name, body] = /^(\w+)(?:\([^)]*\))?\s+([\s\S]+)$/.exec(definition) ?? [];
      if (name !== undefined) table.set(name, body!);
      return name !== undefined;
    },
    undefine: (name) => table.delete(name),
    lookup: (name) => (table.has(name) ? { parametric: name.startsWith('f') } : undefined),
    load: () => -1,
    shell: () => undefined,
  };
}

const settings = { rpmVersion: '4.20.1', arch: 'x86_64', files: noFiles, environment: {}, clock: { now: () => Date.UTC(2024, 1, 29, 12) } };

function run(code: string, macros = macroTable(), lua = createLua(settings)) {
  return lua.run({ code, name: '<lua>', options: {}, args: [] }, macros);
}

/** The chunk prints exactly this. */
function check(code: string, output: string, macros = macroTable()) {
  const result = run(code, macros);
  assert.deepEqual({ output: result.output, error: result.error }, { output, error: undefined });
}

/** The chunk fails with this whole message. */
function checkError(code: string, error: string) {
  assert.equal(run(code).error, error);
}

test('prints are joined without line breaks, a returned value is printed', () => {
  check('print("a"); print("b", 1)', 'ab\t1');
  check('return "x", 2', 'x\t2');
  check('print(("ä"):len())', '2');
});

test('macros are read, defined, called and taken away', () => {
  check('print(rpm.expand("%{name}-1"))', 'n-1', macroTable({ name: 'n' }));
  check('rpm.define("x 1 2"); print(rpm.expand("%{x}")); rpm.undefine("x"); print(rpm.expand("%{x}"))', '1 2%{x}');
  check('print(rpm.isdefined("f"), rpm.isdefined("none"))', 'true\tfalse\tfalse', macroTable({ f: 'b' }));
  check('print(macros.name); macros.name = "b"; print(macros.name); print(macros.none)', 'abnil', macroTable({ name: 'a' }));
  check('print(macros.f({"1", "2 3"}))', 'f(1|2 3)', macroTable({ f: 'b' }));
});

test('versions compare as rpm compares them', () => {
  check('print(rpm.vercmp("1.0~rc1", "1.0"), rpm.vercmp("2:1", "3"), rpm.vercmp("1-1", "1-1"))', '-1\t1\t0');
  check('local v = rpm.ver("1:2-3"); print(v.e, v.v, v.r, tostring(v), v > rpm.ver("2-3"))', '1\t2\t3\t1:2-3\ttrue');
});

test('errors carry the place in the chunk, in rpm\'s words', () => {
  checkError('x x', 'invalid syntax in lua script: [string "<lua>"]:1: syntax error near \'x\'');
  checkError('error("no")', 'lua script failed: [string "<lua>"]:1: no');
  checkError('rpm.expand("%{error}")', 'lua script failed: [string "<lua>"]:1: error expanding macro');
});

test('global variables live on, and a chunk that leaves some says so', () => {
  const lua = createLua(settings);
  const chunk = (code: string) => lua.run({ code, name: '<lua>', options: {}, args: [] }, macroTable());
  assert.deepEqual(chunk('local a = 1; print(a)'), { output: '1', error: undefined, changedGlobals: false });
  assert.equal(chunk('function double(n) return n * 2 end').changedGlobals, true);
  assert.equal(chunk('print(double(4))').output, '8');
  assert.equal(lua.callFunction('double', [21], macroTable()).output, '42');
});

test('the tables of sources are no change until code may have changed them', () => {
  const lua = createLua(settings);
  const changes = (code: string) => lua.run({ code, name: '<lua>', options: {}, args: [] }, macroTable()).changedGlobals;
  assert.equal(changes('sources = {"a", "b"}; patches = {}'), true);
  assert.equal(changes('print(rpm.expand("x"))'), false);
  assert.equal(changes('for i, s in ipairs(sources) do print(i, s) end'), false);
  assert.equal(changes('table.insert(patches, "p")'), true);
  assert.equal(changes('patches[1] = "p"'), false);
  assert.equal(changes('sources.extra = 1'), true);
  assert.equal(changes('local all = _G["sour" .. "ces"]; all[1] = "c"'), true);
  assert.equal(changes('function forget() sources[1] = nil end'), true);
  assert.equal(changes('forget()'), true);
  assert.equal(changes('forget()'), false);
  assert.equal(changes('function forget() end'), true);
});

test('options and arguments of a parametric macro', () => {
  const result = createLua(settings).run({ code: 'print(opt.a, opt.b, #arg, arg[2])', name: 'm', options: { a: 'x' }, args: ['1', '2'] }, macroTable());
  assert.equal(result.output, 'x\tnil\t2\t2');
});

test('nothing of the machine can be reached', () => {
  for (const call of ['os.execute("true")', 'os.remove("x")', 'os.exit()', 'io.popen("ls")', 'rpm.execute("ls")', 'rpm.spawn({"ls"})', 'posix.fork()', 'posix.exec("ls")', 'posix.unlink("x")', 'rpm.open("x")'])
    assert.match(run(call).error ?? 'no error', /not permitted in this context/, call);
  check('print(io.open("/etc/passwd"))', 'nil\t/etc/passwd: No such file or directory\t2');
  check('print(io.open("/tmp/x", "w"))', 'nil\t/tmp/x: Permission denied\t13');
  check('print(loadfile, dofile, debug)', 'nil\tnil\tnil');
  assert.match(run('require "os.path"').error!, /module 'os.path' not found/);
  assert.match(run('require "../../../etc/passwd"').error!, /not found/);
});

test('what a program prints is asked of whoever answers commands', () => {
  const shell = (command: string) => (command === 'ask' ? 'one\ntwo\n' : undefined);
  assert.equal(run('local f = assert(io.popen("ask")); print(f:read(), f:read("a"), f:close())', { ...macroTable(), shell }).output, 'one\ttwo\n\ttrue\texit\t0');
  assert.match(run('io.popen("ask", "w")', { ...macroTable(), shell }).error!, /popen not permitted in this context/);
  check('print(rpm.vercmp(posix.uname("%r"), "3.10") > 0, posix.uname("%s %m"))', 'true\tLinux x86_64');
});

test('files are read through the host, the clock is the one given', () => {
  const files = { ...noFiles, read: (path: string) => (path === '/p/v' ? new TextEncoder().encode('1.2\nnext\n') : undefined), list: () => ['a.conf', 'b.txt'] };
  const read = (code: string) => run(code, macroTable(), createLua({ ...settings, files })).output;
  assert.equal(read('for line in io.lines("/p/v") do print("<" .. line .. ">") end'), '<1.2><next>');
  assert.equal(read('local f = io.open("/p/v"); print(f:read("*l"), f:read("a")); f:close()'), '1.2\tnext\n');
  assert.equal(read('print(rpm.glob("/p/*.conf")[1])'), '/p/a.conf');
  check('print(os.date("%Y-%m-%d %a %j"), os.time())', '2024-02-29 Thu 060\t1709208000');
});

test("modules come from rpm's own folder", () => {
  const modules: Readonly<Record<string, string>> = { '/usr/lib/rpm/lua/shop/tea.lua': 'count = (count or 0) + 1; return { kind = "green", name = ... }', '/usr/lib/rpm/lua/bad.lua': 'x =' };
  const files = { ...noFiles, read: (path: string) => (modules[path] === undefined ? undefined : new TextEncoder().encode(modules[path])) };
  const engine = createLua({ ...settings, files });
  assert.equal(run('local t = require "shop.tea"; print(t.kind, t.name, require("shop.tea") == t, count)', macroTable(), engine).output, 'green\tshop.tea\ttrue\t1');
  assert.match(run('require "bad"', macroTable(), engine).error!, /lua\/bad\.lua:1: unexpected symbol near/);
});

test('what runs away is ended within its fuel and its memory', () => {
  assert.match(run('while true do end').error!, /too many instructions/);
  assert.match(run('local s = "x" while true do s = s .. s end').error!, /memory|instructions|too large|too long|length/i);
  assert.match(run('print(("x"):rep(1e9))').error!, /resulting string too large/);
  assert.match(run('local function f() return 1 + f() end; f()').error!, /stack overflow|memory/);
  assert.match(run('while true do print("0123456789") end').error!, /too many instructions|output too long/);
});

test('prints what rpm prints', { skip: skipWithout('rpm') }, () => {
  const chunks = ['print(1, 2.5, 10/2, 3//2, nil, true)', 'print(("%5.2f|%s|%x|%q"):format(1.5, "a", 255, "b"))', 'print((("a.b.c"):gsub("%.", "_")))', 'for w in ("x y z"):gmatch("%a") do print(w) end', 'local t = {3, 1, 2}; table.sort(t); print(table.concat(t, ","))', 'print(rpm.vercmp("1.10", "1.9"), #rpm.b64encode("hello world"))', 'print(("abc"):byte(1, -1))', 'print(math.max(1, 2), math.floor(2.7), 7 % 3, 2^10)', 'print(#"äö", ("x"):rep(3, "-"))', 'print(1e100, 0x10, 1 == 1.0, 1/4)', 'print(select("#", 1, nil, 2), type(print))', 'print(string.find("hello", "l+"))', 'print(os.time({year=2024, month=1, day=2, hour=0}) ~= nil)', 'print(rpm.b64encode("0123456789012345678901234567890123456789012345678901234567890123456789"))', 'print(rpm.b64decode("aGVsbG8="))'];
  const printed = execFileSync('rpm', chunks.flatMap((code) => ['--eval', `%{lua: ${code}}\x01`]), { encoding: 'utf8' }).split('\x01\n');
  chunks.forEach((code, index) => check(code, printed[index]!));
});
