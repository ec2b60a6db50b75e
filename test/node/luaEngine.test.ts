import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
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
    write: () => {},
    report: () => {},
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
  for (const call of ['os.execute("true")', 'os.rename("x", "y")', 'os.remove("/there")', 'os.exit()', 'io.popen("ls")', 'rpm.execute("ls")', 'rpm.spawn({"ls"})', 'posix.fork()', 'posix.exec("ls")', 'posix.unlink("/there")', 'posix.wait()', 'posix.redirect2null(1)', 'rpm.redirect2null(1)'])
    assert.match(run(call, macroTable(), createLua({ ...settings, files: { ...noFiles, stat: (path) => (path === '/there' ? { kind: 'file', size: 1, modified: 0 } : undefined) } })).error ?? 'no error', /not permitted in this context/, call);
  check('print(io.open("/etc/passwd"))', 'nil\t/etc/passwd: No such file or directory\t2');
  check('print(os.remove("/tmp/x"))', 'nil\t/tmp/x: No such file or directory\t2');
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

test('what code writes stays in memory, for it alone to read', () => {
  const existing = new TextEncoder().encode('old text\n');
  const files = { ...noFiles, read: (path: string) => (path === '/p/v' ? existing : undefined), stat: (path: string) => (path === '/p/v' ? { kind: 'file', size: 9, modified: 0 } as const : undefined) };
  const engine = createLua({ ...settings, files });
  const does = (code: string, output: string) => {
    const result = run(code, macroTable(), engine);
    assert.deepEqual({ code, output: result.output, error: result.error }, { code, output, error: undefined });
  };
  does('local f = rpm.open("a", "w+"); print(f:write("one two"), f:seek("set", 4), f:read(2), f:seek("cur"), f:seek("end", -1), f:read(), f:flush(), f:close(), f:close())', '7\t4\ttw\t6\t6\to\t0\t0\t-1');
  does('print(rpm.open("a"):read()); local f = rpm.open("a", "a"); f:write("345", 2); f:close(); print("|", io.open("a"):read("a"), posix.stat("a", "size"), posix.access("a"))', 'one two|\tone two34\t9\t0');
  does('local f = rpm.open("a", "r+"); f:write("O"); f:seek("set", 11); f:write("!"); print((io.open("a"):read("a"):gsub("\\0", ".")))', 'One two34..!');
  does('local f = io.open("b", "w"); print(f:write("x\\n", 1, "\\n") == f, f:close()); for line in io.lines("b") do print(" " .. line) end', 'true\ttrue x 1');
  does('local f = io.open("b", "a+"); f:write("end"); print(f:seek("set"), f:read("l", "L", 2, "a", "l"))', '0\tx\t1\n\ten\td\tnil');
  does('local f = io.tmpfile(); f:write("t"); f:seek("set", 0); print(f:read("a"))', 't');
  does('local f = io.open("/p/v", "r+"); f:write("new"); print(io.open("/p/v"):read(), io.open("/p/v"):write("x"))', 'new text\tnil\tBad file descriptor\t9');
  assert.equal(new TextDecoder().decode(existing), 'old text\n');
  does('print(os.remove("b"), posix.unlink("a"), posix.unlink("a")); print(io.open("b"))', 'true\t0.0\tnil\ta: No such file or directory\t2nil\tb: No such file or directory\t2');
  assert.match(run('rpm.open("none")', macroTable(), engine).error!, /:1: none open failed: No such file or directory$/);
  assert.match(run('rpm.open("a", "x")', macroTable(), engine).error!, /:1: a open failed: Invalid argument$/);
  assert.match(run('rpm.open("/p/v"):write("x")', macroTable(), engine).error!, /:1: error writing \/p\/v: Bad file descriptor$/);
  assert.match(run('rpm.open("c", "w"):read()', macroTable(), engine).error!, /:1: error reading c: Bad file descriptor$/);
  assert.match(run('local f, s = rpm.open("c", "w"), ("x"):rep(1 << 20); for i = 1, 100 do f:write(s) end', macroTable(), engine).error!, /error writing c: No space left on device$/);
});

test('streams may be packed with gzip', () => {
  const packed = gzipSync('head and more');
  const files = { ...noFiles, read: (path: string) => (path === 'p.gz' ? packed : path === 'p' ? new TextEncoder().encode('plain') : undefined) };
  const engine = createLua({ ...settings, files });
  assert.equal(run('local f = rpm.open("p.gz", "r.gzdio"); print(f:read(4), f:seek("cur", 5), f:read()); local g = rpm.open("p.gz"); print("|", g:reopen("r.gzip") == g, g:read())', macroTable(), engine).output, 'head\t9\tmore|\ttrue\thead and more');
  assert.equal(run('local f = rpm.open("q", "w.gzip"); f:write("xyz"); f:close(); print(rpm.open("q"):read(2) == "\\x1f\\x8b", rpm.open("q", "r.gzip"):read())', macroTable(), engine).output, 'true\txyz');
  assert.match(run('rpm.open("p", "r.gzip")', macroTable(), engine).error!, /p open failed: Invalid argument$/);
  assert.match(run('rpm.open("p"):reopen("r.xzdio")', macroTable(), engine).error!, /p stream reopen failed \(invalid mode\?\)$/);
});

test('code has an environment that it may change', () => {
  const engine = createLua({ ...settings, environment: { HOME: '/h' } });
  const result = run('print(posix.setenv("A", "b"), posix.setenv("A", "c", false), posix.getenv("A"), posix.putenv("Q=1"), posix.unsetenv("A"), posix.getenv("A"), os.getenv("Q"), posix.putenv("Q"), os.getenv("Q"))', macroTable(), engine);
  assert.equal(result.output, '0.0\t0.0\tb\t0.0\tnil\tnil\t1\t0.0\tnil');
  assert.equal(result.changedGlobals, true);
  assert.deepEqual([...engine.variables], [['A', undefined], ['Q', undefined]]);
  assert.equal(run('posix.setenv("B", "2"); local all = posix.getenv(); print(all.HOME, all.B, all.A)', macroTable(), engine).output, '/h\t2\tnil');
});

test('hooks are called in their order, until one gives a number', () => {
  const reports: string[] = [];
  const macros = { ...macroTable(), report: (severity: string, message: string) => void reports.push(`${severity}: ${message}`) };
  const register = 'a = rpm.register("h", function(t) print("1:", #t, t[1], math.type(t[1]), t[2], t[3], " ") error("bad") end) b = rpm.register("h", function() print("2 ") return 3 end) rpm.register("h", function() print("3 ") end) ';
  assert.equal(run(`${register} rpm.call("h", 2.0, nil, 1.5) rpm.unregister("h", b) rpm.call("h", "x") print(type(a), rpm.call("none"))`, macros).output, '1:\t3\t2\tinteger\tuserdata: (nil)\t1.5\t 2 1:\t1\tx\tnil\tnil\tnil\t 3 userdata');
  assert.deepEqual(reports, ['error: lua hook failed: [string "<lua>"]:1: bad', 'error: lua hook failed: [string "<lua>"]:1: bad']);
  for (const [call, error] of [['rpm.call("h", {})', 'unsupported Lua type passed to hook'], ['rpm.register()', 'bad argument #1 to \'register\' (hook name expected)'], ['rpm.register("a", 1)', 'bad argument #2 to \'register\' (function expected)'], ['rpm.unregister("a", 2)', 'bad argument #2 to \'unregister\' (hook information expected)']] as const) assert.equal(run(call).error, `lua script failed: [string "<lua>"]:1: ${error}`);
});

test('what is written to the standard files goes past what is printed', () => {
  const written: string[] = [];
  const macros = { ...macroTable(), write: (text: string, toError: boolean) => void written.push(`${toError ? 'err' : 'out'} ${text}`) };
  assert.equal(run('print("p"); io.write("a", 1):write("b"); io.stderr:write("c"); io.stdout:flush(); print(io.write() == io.stdout)', macros).output, 'ptrue');
  assert.deepEqual(written, ['out a', 'out 1', 'out b', 'err c']);
});

test('what became of posix.fork and its like', () => {
  const reports: string[] = [];
  const macros = { ...macroTable(), report: (severity: string, message: string) => void reports.push(`${severity}: ${message}`) };
  const answer = (rpmVersion: string, call: string) => run(call, macros, createLua({ ...settings, rpmVersion })).error;
  assert.equal(answer('4.19.1', 'posix.wait()'), 'lua script failed: [string "<lua>"]:1: wait not permitted in this context');
  assert.deepEqual(reports, []);
  assert.equal(answer('4.20.1', 'posix.redirect2null(1)'), 'lua script failed: [string "<lua>"]:1: redirect2null not permitted in this context');
  assert.deepEqual(reports, ['warning: rpm.redirect2null(): .fork(), .exec(), .wait() and .redirect2null() are deprecated, use rpm.spawn() or rpm.execute() instead']);
  for (const [call, name] of [['posix.fork()', 'posix.fork'], ['posix.exec("x")', 'posix.exec'], ['posix.redirect2null()', 'rpm.redirect2null']]) assert.equal(answer('6.0.0', call!), `lua script failed: [string "<lua>"]:1: ${name}() is no longer available, use rpm.spawn() or rpm.execute() instead`);
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
  const chunks = ['print(1, 2.5, 10/2, 3//2, nil, true)', 'print(("%5.2f|%s|%x|%q"):format(1.5, "a", 255, "b"))', 'print((("a.b.c"):gsub("%.", "_")))', 'for w in ("x y z"):gmatch("%a") do print(w) end', 'local t = {3, 1, 2}; table.sort(t); print(table.concat(t, ","))', 'print(rpm.vercmp("1.10", "1.9"), #rpm.b64encode("hello world"))', 'print(("abc"):byte(1, -1))', 'print(math.max(1, 2), math.floor(2.7), 7 % 3, 2^10)', 'print(#"äö", ("x"):rep(3, "-"))', 'print(1e100, 0x10, 1 == 1.0, 1/4)', 'print(select("#", 1, nil, 2), type(print))', 'print(string.find("hello", "l+"))', 'print(os.time({year=2024, month=1, day=2, hour=0}) ~= nil)', 'print(rpm.b64encode("0123456789012345678901234567890123456789012345678901234567890123456789"))', 'print(rpm.b64decode("aGVsbG8="))', 'print(posix.setenv("SPECTRAIL_A", "b"), posix.setenv("SPECTRAIL_A", "c", false), os.getenv("SPECTRAIL_A"), posix.unsetenv("SPECTRAIL_A"))', 'rpm.register("h", function(t) print(#t, t[1], math.type(t[1]), t[2], t[3]) end) rpm.register("h", function() return 1 end) rpm.register("h", function() print("never") end) rpm.call("h", 2.0, nil, "x")', 'print(posix.access("/nonexistent"), os.remove("/nonexistent"))'];
  const printed = execFileSync('rpm', chunks.flatMap((code) => ['--eval', `%{lua: ${code}}\x01`]), { encoding: 'utf8' }).split('\x01\n');
  chunks.forEach((code, index) => check(code, printed[index]!));
});
