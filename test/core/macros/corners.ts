/**
 * Texts that generated ones reach too rarely: every builtin with its odd arguments, every operator on every type, every
 * message. What each gives is not written here: rpm says it. `%trace`, whose output is for rpm's own makers, is left out.
 */
import { join } from 'node:path';

const expressions = [
  // Operators on every type, and types that do not fit.
  ...['+', '-', '*', '/', '==', '!=', '<', '<=', '>', '>=', '&&', '||'].flatMap((operator) => [`7 ${operator} 2`, `"b" ${operator} "a"`, `v"1.2" ${operator} v"1.10"`, `1 ${operator} "a"`, `"" ${operator} ""`, `0 ${operator} 0`, `1 ${operator}`, `${operator} 1`, `1${operator}(`, `0 && (1 ${operator} "x")`]),
  '!1', '!"a"', '!""', '!v"1"', '!', '-1', '--1', '-"a"', '-v"1"', '-', '1 ? 2 : 3', '0 ? 2 : 3', '"" ? "x" : "y"', '1 ? "x" : 2', '1 ? 2', '1 ? : 3', '1 ? 2 :', '1 ? 2 3', '1 ? 0 ? 4 : 5 : 6', '(1', '1)', '()', '(1 ? 2 : 3) + 4', '1 1', '"a', 'v"a', 'v""', 'v"1-"', 'v"1:"',
  '1 = 1', '1 ! 2', '1 & 1', '1 | 1', '1 ~ 1', '#', 'abc', 'a && b', 'v 1', '1 == v"1"', '', ' ', '\t1', '1\n', '1 +\n2 +', '2147483648', '-2147483648 - 1', '9223372036854775808', '99999999999999999999', '-99999999999999999999', '65536 * 65536', '2147483647 + 1', '0 || 1 / 0', '1 || 1 / 0', '1 && 1 / 0', '0 && 1 / 0', '1 % 2', '5 / -2', '010', '1.5',
  '"é" < "z"', '"a" "b"', '"%%"', '"a" ? 1 : 0', 'f(1)', 'lua:string.upper("a")', 'lua:string.rep("ab", 2)', 'lua:tostring(1)', 'lua:math.max(1, 3)', 'lua:nothing(1)', 'lua:string.rep()', 'lua:type()', 'lua:rpm.vercmp("1", "2") < 0', 'lua:string.rep(v"1")', 'lua:string.len("a"', 'lua:string.len("a" 1)', 'lua:string.len("a",)', 'lua:rpm.isdefined("x")', '0 && lua:error("x")', '1 ? 2 : lua:error("x")', 'lua:error("x")', 'lua:(1)', 'foo.bar:baz(1)',
];

const expanded = ['%x', '%{x}', '%nope', '%{?nope}', '0%{?x}', '%{!?nope:1}', '"%{x}"', '"%{y}" == "a b"', '%y', '%{w}', '%z + 1', '%{z}%{z}', 'v"%{z}.%{z}" < v"4"', 'v"%{y}"', '%{x', '%{error:e}', '1 || %{error:e}', '0 && "%{error:e}"', '1 ? 2 : %{error:e}', '%%', '%%x', '%1', '%{lua:print(4)}', '%(echo 5)', '%[%z]', '%[', '%{z', '%{?z:%{z}}7', '%minus', '%{word}'];

const strings = [
  ...['upper', 'lower', 'len', 'reverse', 'sub', 'rep', 'gsub', 'basename', 'dirname', 'suffix', 'shrink', 'quote', 'shescape', 'url2path', 'u2p', 'getenv', 'getconfdir', 'getncpus', 'exists', 'expand', 'expr', 'echo', 'warn', 'error', 'verbose', 'dnl', 'load', 'lua', 'macrobody', 'undefine', 'define', 'global', 'uncompress', 'S', 'P', 'F', 'rpmversion', 'span', 'xdg'].flatMap((name) => [`%{${name}}`, `%{${name}:}`, `%{${name}:a}`, `%{${name} a b}`, `%${name} a b\nc`, `%${name}`, `%{?${name}:yes}`, `%{!?${name}:no}`, `%{!${name}:a}`, `%{?${name}}`, `%{${name}:%{y}}`, `%{${name}:%{error:e}}`]),
  ...['abcABC é', 'é', ''].flatMap((text) => ['upper', 'lower', 'len', 'reverse'].map((name) => `%{${name}:${text}}`)),
  ...['1 2', '2', '-2', '-3 -2', '0', '9', '2 1', '-9 2', '1 -9', 'x', '1 x', '1.5', '1.0', '1e1', '0x2', '-0x1 ', '9223372036854775807', '9223372036854775808', '99999999999999999999', '1e400', '3 99', ''].map((range) => `%{sub abcdef ${range}}`),
  '%{sub é 1 1}', '%{sub éa 3}',
  ...['0', '1', '3', '-1', 'x', '1.5', '2 ,', '2 é', '', '1 2 3', '0x2'].map((count) => `%{rep ab ${count}}`),
  '%{rep ab 9999999999}',
  ...[
    ['a', 'X'], ['a', '%%0%%0'], ['(a)(b)', '%%2%%1'], ['b*', '-'], ['^a', 'X'], ['$', '!'], ['c$', '!'], ['[^a]', '.'], ['[a-b]+', 'x'], ['[%%a]-b', 'x'], ['a-b', 'x'], ['a-', 'x'], ['.-', '.'], ['a?b?', '<%%0>'], ['%%f[%%w]%%w+', 'W'], ['%%f', 'x'], ['%%b()', 'B'], ['%%b', 'x'], ['%%bx', 'x'], ['(', 'x'], [')', 'x'], ['(a', 'x'], ['[a', 'x'], ['[', 'x'], ['[^', 'x'], ['[]]', 'x'], ['[^]]', 'x'], ['[a-]', 'x'], ['[%%', 'x'], ['%%', 'x'], ['()', '%%1'], ['()a()', '%%1-%%2'], ['(a)%%1', 'dbl'], ['%%1', 'x'], ['(%%2)', 'x'], ['(a%%1)', 'x'], ['a', '%%1'], ['a', '%%2'], ['(a)', '%%2'], ['a', '%%'], ['a', '%%q'], ['a', 'é'],
    ...['%%a', '%%c', '%%d', '%%g', '%%l', '%%p', '%%s', '%%u', '%%w', '%%x', '%%A', '%%D', '%%S', '%%W', '%%.', '%%é', '[%%d%%s]', '[%%D]', '%%q', '%%z'].map((pattern) => [pattern, '_'] as const),
  ].flatMap(([pattern, replacement]) => ['abcab', '%{quote:x(a(b)c) 12 aaB.}'].map((subject) => `%{gsub ${subject} ${pattern} ${replacement}}`)),
  '%{gsub abab a X 1}', '%{gsub abab a X 0}', '%{gsub abab a X -1}', '%{gsub abab a X y}', '%{gsub a a}', '%{gsub a}', '%{gsub %{quote:} a b}', '%{gsub %{quote:} %{quote:} b}', `%{gsub a ${'('.repeat(33)} b}`, '%{gsub abc b %{quote:}}', '%{gsub ébé é e}', '%{gsub é . <%%0>}',
  ...['/a/b', 'a/b/', '/', '//', '///a', 'a//b', 'a', '', '.', 'a/', '/a', '//a/', 'a.b.c', '.a', 'a.', 'a b/c d'].flatMap((path) => ['basename', 'dirname', 'suffix'].map((name) => `%{${name}:${path}}`)),
  ...['http://h/p', 'https://h', 'ftp://h/a/b', 'hkp://h/x', 'file:///a/b', 'file://h/a', 'file://', '-', 'x', '/x', 'http:/h', 'gopher://h/p', 'HTTP://h/p', 'http://'].flatMap((url) => [`%{url2path:${url}}`, `%{u2p:${url}}`]),
  '%{shrink:  a   b\t c  }', '%{shrink: }', '%{shrink:a\nb}', "%{shescape:it's}", "%{shescape a 'b' c}", '%{quote:a  b} %{quote:}', '%{quote: a }', '%{getncpus:total}', '%{getncpus:proc}', '%{getncpus:thread}', '%{getncpus:x}', '%define _smp_tasksize_proc 1\n%{getncpus:proc}', '%define _smp_tasksize_thread 99999999\n%{getncpus:thread}', '%define _smp_tasksize_proc x\n%{getncpus:proc}',
  ...['cache', 'config', 'data', 'state', 'home', ''].map((kind) => `%{xdg:${kind}}`), '%{span: a  b }', '%{getenv:SPECTRAIL_ENV}', '%{getenv:NOPE}', '%{exists:.}', '%{exists:nowhere}',
];

const definitions = [
  '%define', '%define a', '%define a ', '%define 1a b', '%define _ b', '%define a{b}', '%define a {b', '%define a {b}c\n[%a]', '%define a(x b', '%define a(x) %{-x*}\n%a -x 1', '%define a %{b', '%define a %(b', '%define a %[1', '%define a b\\\nc\n%a', '%define a \\{\n%a', '%define a {%{x}}\n%a', '%define a x{y}z(w)[v]\n%a', '%define a %{?b:{x}}(y)\n%a', '%define a %(echo (x) {y})\n%a', '%define a %[ (1 + [2]) ]\n%a', '%define a\\\nb\n%a', '%define a b % c %% d %é\n%a', '%define expand x', '%define x(é) y', '%define -e a b', '%define -g a b\n%a', '%define -eg a %x\n%a', '%define -q a b', '%define - a b', '%define -- a b', '%{define -e a %x}%a', '%{define -g a %x}%a', '%{define -x a b}',
  '%global', '%global a %{b', '%global a %{error:x}', '%global a %{nope}\n%a', '%global a(x) %{-x}\n%a -x', '%global a {b c}\n[%a]', '%global a %%x\n%a', '%global a %{quote:b  c}\n%a', '%global a b\n%global a c\n%a %undefine a\n%a', '%{global a b}%a', '%{global:a b}%a', '%{define:a b}%a', '%{define a b c}%a', '%{define a}', '%{define}', '%{global}', '%{?define:x}', '%define a<l> %x\n%a', '%define a<o> %x\n%a%a', '%define a<lo> b', '%define a<q> b', '%define a<l b', '%define a(x)<l> b', '%define a<> %x\n%a', '%{define a<l> %x}%a', '%global a<o> %x\n%a', '%global a<l> %x\n%a', '%define a<o> %{warn:w}v\n%a %a\n%dump',
  '%undefine', '%undefine a', '%undefine expand', '%undefine 1', '%undefine a b', '%{undefine a}', '%{undefine:a}', '%{undefine}', '%define a b\n%undefine a\n%{?a:yes}', '%define a b\n%define a c\n%undefine a\n%a', '%define a %{undefine a}b\n%a', '%define a() %{expand:%%define b 1}%b\n%a %{?b:leak}', '%define a() %{expand:%%global b 1}\n%a %b', '%define a() %{define b 1}%{b}\n%a %{?b}', '%define a() %define b 1\\\n%{?b}\n%a', '%define a() %{global a x}\n%a %a',
];

const calls = [
  ...['a', '-x', '-y 1', '-y1', '-y', '-xy 1', '-xy1', '-q', '-x -q', '--', '-- -x', '-', 'a -x', 'a -- -x', '--x', '%{quote:a b} c', '%{quote:} b', '-y %{quote: }', '', 'a\tb', '%%', '%nope', '\\', 'a b c d e f g h i j'].flatMap((args) => ['', 'xy:', '-', '+xy:', ':y:', '-xy:', 'y::', 'x-y:', 'xx'].map((options) => `%define m(${options}) [%0|%#|%*|%**|%1|%2|%{10}|%{-x}|%{-x*}|%{-y}|%{-y*}|%{-x:X}|%{!-x:NX}|%{?-x:q}|%{-y:Y%{-y*}}|%{?1:one}|%{!?2:two}]\n%m ${args}`)),
  // What is given twice stays defined behind the call in some versions: an error ends the process that it would go on in.
  ...['-x a -x', '-y 1 -y 2'].flatMap((args) => ['', 'xy:', '-', '+xy:', ':y:', '-xy:', 'y::', 'x-y:', 'xx'].map((options) => `%define m(${options}) [%0|%#|%*|%**|%1|%2|%{10}|%{-x}|%{-x*}|%{-y}|%{-y*}|%{-x:X}|%{!-x:NX}|%{?-x:q}|%{-y:Y%{-y*}}|%{?1:one}|%{!?2:two}]\n%{warn:%{m ${args}}}%{error:again}`)),
  '%define m() %1\n%{m:a b}|%{m a b}|%{m}|%{m:}|%{m:-x}', '%define m(x) %{-x:yes}\n%{m:-x}|%{m -x}', '%define m a\n%{m:b}|%{m b}|%m b|%{m:}|%{m }', '%define m() %{n %1}\n%define n() <%1|%#>\n%{m a}%{m}', '%define m() %{expand:%%define n() %%1}%{n z}\n%m', '%define m(o:) %{-o:[%{-o*}]}%{lua:print(opt.o, arg[1])}\n%m -o 1 2', '%define m(x) %{lua:print(opt.x, #arg)}\n%{m -x %{quote:a b}}', '%define m() %{lua:macros.n = arg[1]}%n\n%{m q}',
  '%{?m:a}%{!?m:b}%{?!m:c}%{!!?m:d}%{??m:e}', '%?m %!m %!?m %{?m}%{!m} %{m', '%{m:a', '%{m a', '%{m\n}', '%{m\ta}', '%{é}', '%{1}', '%{-x}', '%{-x:a}', '%{!-x:a}', '%{*}', '%{**}', '%{#}', '%{0}', '%*', '%**', '%#', '%0', '%1', '%-', '%-x', '%-x*', '%{-}', '%{-x*}', '%{?-x}', '%{!?-x:a}', '%{a:', '%{a ', '%{', '%[', '%(', '%[1', '%(a', '%()', '%[]', '%', '%%', '%%%%', '%%{a}', '%\n', '% a', '%{}', '%{:}', '%{?}', '%{!}', '%{?:}', '%{!?:a}',
  '%(echo a)', '%(echo)', '%(printf a)', '%(echo "a b")', '%(echo %%)', '%(echo %{?nope}x)', '%(echo %{error:e})', '%(exit 1)', '%(echo a; exit 1)', '%(printf "a\\nb\\n\\n")', '%(echo (a))', '%{?x:%(echo y)}', '%(echo "$SPECTRAIL_ENV")',
  '%define r %r\n%r', '%define r() %{r}\n%r', '%define r %{?r:%r}\n%r', '%{expand:%{expand:%{expand:a}}}', '%define a %%b\n%define b c\n%a|%{expand:%a}|%{expand:%{expand:%a}}', '%{S:0}', '%{P:0}', '%{S:}', '%{S:x}', '%{P:-1}', '%define SOURCE0 s\n%{S:0}%SOURCE0', '%define PATCH1 p\n%{P:1}', '%{F:1}', '%dnl a\nb', '%dnl', '%{dnl a}b', '%{dnl:a}b', '%{dnl a %{b}}c', '%{dnl a %{b}', '%{!dnl:a}', '%{?dnl:a}', '%verbose', '%{verbose}', '%{verbose:a}', '%{!verbose:a}', '%{?verbose}', '%{verbose a}', '%dump', '%{dump}', '%{dump:a}', '%define a b\n%dump', '%define a(x) b\n%a\n%dump', '%{echo:a\nb}', '%{warn:}', '%{error:}', '%{error}', '%{macrobody:expand}', '%{macrobody:nope}', '%define a b %%c\n%{macrobody:a}', '%define m() %{macrobody:1}%{macrobody:*}\n%m q', '%define __file_name f\n%define __file_lineno 3\n%{error:x}%[1+]', '%define __file_lineno 3\n%{warn:x}%{error:y}',
];

const lua = [
  'print(1)', 'print()', 'print("a", nil, true, 1.5, {} ~= nil)', 'return 1, "a"', 'return', 'return nil', 'error("x")', 'error({})', 'error(nil)', 'x =', 'print(rpm.expand("%x"))', 'print(rpm.expand("%{error:q}"))', 'rpm.define("a b") print(rpm.expand("%a"))', 'rpm.define("1 b")', 'rpm.define("a(x) %1")', 'rpm.undefine("x")', 'rpm.undefine("nope")', 'rpm.undefine("expand")', 'rpm.undefine("1")', 'print(rpm.isdefined("x"))', 'print(rpm.isdefined("nope"))', 'print(rpm.isdefined("expand"))', 'print(rpm.load("/nowhere"))', 'print(macros.x, macros.nope)', 'macros.a = "b" print(macros.a)', 'macros.a = nil', 'macros.x = nil print(macros.x)', 'macros["1"] = "b"', 'macros.expand = "b"', 'print(macros.expand("%x"))', 'print(macros.expand({"%x", "b"}))', 'print(macros.expand(1))', 'print(macros.expand({}))', 'print(macros.expand({{}}))', 'print(macros.expand("a", "b"))', 'print(macros.expand(true))', 'macros.error("boo")', 'print(macros.basename("/a/b"))', 'print(macros.x("a"))',
  'print(rpm.vercmp("1", "2"))', 'print(rpm.vercmp("1:1", "2"))', 'print(rpm.vercmp("", "2"))', 'print(rpm.vercmp("1"))', 'local v = rpm.ver("1:2-3") print(v.e, v.v, v.r, tostring(v))', 'print(rpm.ver("1", "2", "3") == rpm.ver("1:2-3"))', 'print(rpm.ver(nil, "2", nil) <= rpm.ver("2"), rpm.ver("2") >= rpm.ver("3"), rpm.ver("1") ~= rpm.ver("2"))', 'print(rpm.ver("1").x)', 'print(rpm.ver(""))', 'print(rpm.ver("1", "2"))', 'print(rpm.ver("1") < "2")', 'print(rpm.splitargs("a  b")[2])', 'print(#rpm.splitargs(""))', 'print(rpm.unsplitargs({"a", "b c"}))', 'print(rpm.unsplitargs("a"))', 'print(rpm.b64encode("hello"))', 'print(rpm.b64encode("hello", 4))', 'print(rpm.b64decode("aGVsbG8="))', 'print(rpm.b64decode("?"))', 'print(string.rep("a", 3), ("x"):upper())', 'print(pcall(error, "x"))', 'print(select("#", 1, 2), type(os.time), type(io.open))', 'count = (count or 0) + 1 print(count)', 'print(posix.getenv("SPECTRAIL_ENV"))', 'print(os.getenv("SPECTRAIL_ENV"))', 'print(rpm.glob("/nowhere*"))', 'for i = 1, 3 do print(i) end', 'print(table.concat({1, 2}, ","))', 'local s = "" for w in ("a b"):gmatch("%a") do s = s .. w end print(s)', 'print(rpm.expand("%{?nope}"), rpm.expand("%nope"))', 'print("\\065\\x41\\u{e9}")',
].flatMap((code) => [`%{lua:${code}}`, `%define x 1\n%{lua:${code}}`, `%define m(xy:) %{lua:${code}}\n%m -x -y 2 a`]);

const versions = ['1', '1.0', '1.', '1.1', '2', '1a', '1b', 'a', '1~', '1~rc1', '1~rc2', '1^', '1^a', '1^b', '1.0^a', '01', '001', '10', '9', '1_1', '1.+1', '', '~', '^', '0:1', '1:1', '1-1', '1-2', '1:1-', 'a:1', 'é', '1é', '1..1', '1.a1', '1.1a', 'A', 'Z', 'z1', '1z'];

/** All of them, for macro files that lie in `folder`. */
export function corners(macroFiles: readonly string[]): string[] {
  const before = '%define x 1\n%define y a b\n%define z 3\n%define w q\n%define minus -\n%define word abc\n';
  const pairs = versions.flatMap((a, i) => versions.filter((_, j) => (i + j) % 5 === 0 || j === i + 1).map((b) => [a, b] as const));
  return [
    ...expressions.flatMap((expression) => [`%{expr:${expression}}`, `%[${expression}]`]),
    ...expanded.map((expression) => `${before}%[${expression}]`),
    ...expanded.map((expression) => `${before}%{expr:${expression}}`),
    ...strings.flatMap((text) => [text, `${before}${text}|`]),
    ...definitions.flatMap((text) => [text, `${before}${text}|`]),
    ...calls.flatMap((text) => [text, `${text}\nmore`]),
    ...lua,
    ...pairs.map(([a, b]) => `%[v"${a}" < v"${b}"]%[v"${a}" == v"${b}"]`),
    ...pairs.map(([a, b]) => `%{lua:print(rpm.vercmp("${a}", "${b}"))}`),
    ...macroFiles.flatMap((file) => [`%{load:${file}}%fileone %filetwo %filefour %filesix`, `%{load ${file}}`, `%{?load:${file}}`, `%{lua:print(rpm.load("${file}"))}%fileone`, `%{uncompress:${file}}`, `%{exists:${file}}`, `%{lua:local f = io.open("${file}") print(f:read("a"))}`]),
    ...['*', 'macros.*', '?acros.good', '[lm]acros.g*', '[!a]acros.*d', '[^m]*', 'm[a-c]cros.bad', '\\macros.bad', '[', '[]m]acros.bad', 'macros.{good,bad}', '.*', 'nowhere/*', '*/macros.good', 'macros.good'].map((pattern) => `%{lua:local l = rpm.glob("${join(macroFiles[0]!, '..', pattern).replaceAll('\\', '\\\\')}") print(type(l) == "table" and table.concat(l, " ") or l)}`),
  ];
}
