import { rpmVersionNumber } from '#server/core/macros/index.js';

/** Random macro text, the same for the same seed: every builtin, option and operator, nested in one another, errors among them. */

export type Random = () => number;

/** A small, fast generator of numbers in [0, 1). */
export function random(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface GeneratorOptions {
  /** The version of rpm that will read the texts: what it does not know is rarely written. */
  readonly rpmVersion: string;
  /** Macro files to load. */
  readonly macroFiles: readonly string[];
}

// `dd` would be a program where a macro's name reaches a shell.
const names = ['aa', 'bb', 'cc', 'd_d', 'x', 'y_1', '_z'];
const words = ['a', 'b1', '-x', '-y', '-yfoo', '-y5', '--', '7', 'a/b.c', 'http://h/p/q', '%%', "it's", '\\', '/', '10', 'x.tar.gz', '-q', '-', 'é'];
const versions = ['1', '1.2', '1.10', '1.0~rc1', '1.0^git', '1:0.5', '2-3', '1.a', '', '0:1-1', 'a:b', '1.0a', '1.0b', '1.0.', '01', '1..2', '1_2', '~', '^', '1~', '1^1', '3:1-1', '3:1-2~x', '10.0', '1.0-', 'aa', 'ab'];
const optionLetters = ['', 'x', 'xy:', 'xy:z', '-', 'y::', '+x', ':xy:', '-x', 'xx'];

export class Generator {
  constructor(
    readonly next: Random,
    readonly options: GeneratorOptions,
  ) {
    const version = rpmVersionNumber(options.rpmVersion);
    this.#lua = version >= rpmVersionNumber('4.18') ? 2 : version >= rpmVersionNumber('4.16') ? 1 : 0;
    this.#strings = version >= rpmVersionNumber('4.19');
    this.#names = version >= rpmVersionNumber('4.18') ? names : names.map((name) => `${name}${name}_`);
  }
  readonly #strings: boolean;
  /** Lua as it is since 4.18; 0 for none. */
  readonly #lua: number;
  readonly #names: readonly string[];

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.next() * from.length)]!;
  }

  chance(of: number): boolean {
    return this.next() < of;
  }

  name(): string {
    return this.pick(this.#names);
  }

  /** One text for --eval: some definitions, then uses. */
  text(): string {
    const parts: string[] = [];
    const lines = Math.floor(this.next() * 3);
    for (let i = 0; i < lines; i++) parts.push(`${this.definition(2)}\n`);
    parts.push(this.piece(3));
    if (this.chance(0.3)) parts.push(this.blank(), this.piece(2));
    if (this.chance(0.1)) parts.push('\n', this.piece(2));
    return parts.join('');
  }

  blank(): string {
    return this.pick([' ', ' ', '\t', '', '\n', '  ']);
  }

  definition(depth: number): string {
    const keyword = this.pick(['%define', '%define', '%global', '%global', '%undefine']);
    if (keyword === '%undefine') return `%undefine ${this.chance(0.1) ? this.pick(['define', '1', '_', 'foo bar']) : this.name()}`;
    const options = this.chance(0.4) ? `(${this.pick(optionLetters)})` : '';
    const name = this.chance(0.03) ? this.pick(['expand', '1a', '_', 'é', '', 'q(']) : this.name();
    let body = this.piece(depth);
    if (this.chance(0.3)) body += this.blank() + this.argumentUse();
    // Definitions local to a macro call: used, unused, hidden by a global one, undefined again.
    if (depth > 1 && this.chance(0.15)) body = `%{expand:%%define ${this.pick(this.#names)} ${this.piece(0)}}${body}${this.chance(0.5) ? `%${this.name()}` : ''}`;
    if (depth > 1 && this.chance(0.05)) body = `%{!?${this.name()}:%{expand:%%global ${this.name()} ${this.piece(0)}}}${body}`;
    if (this.chance(0.1)) body = `{${body}}`;
    if (this.chance(0.08)) body = body.replace(/ /g, ' \\\n');
    const separator = this.chance(0.04) ? this.pick(['', '\\\n']) : ' ';
    if (this.chance(0.1)) return `%{${keyword.slice(1)} ${name}${options}${separator}${body}}`;
    return `${keyword} ${name}${options}${separator}${body}`;
  }

  argumentUse(): string {
    return this.pick(['%1', '%2', '%*', '%**', '%#', '%0', '%{1}', '%{-x}', '%{-x:X%1}', '%{!-x:NX}', '%{-y*}', '%{-y:Y}', '%{?1:one}', '%{!?2:no two}', '%-x', '%{-y}', '%{?-x:q}', '%{*}', '%{#}', '%{**}', '%?1', '%!1']);
  }

  piece(depth: number): string {
    if (depth <= 0) return this.chance(0.5) ? this.pick(words) : this.name();
    const inner = () => this.piece(depth - 1);
    const n = this.name();
    switch (Math.floor(this.next() * 37)) {
      case 0: return this.pick(words);
      case 1: return `%${n}`;
      case 2: return `%{${n}}`;
      case 3: return `%{?${n}}`;
      case 4: return `%{?${n}:${inner()}}`;
      case 5: return `%{!?${n}:${inner()}}`;
      case 6: return `%{${n}:${inner()}}`;
      case 7: return `%{${n} ${inner()} ${inner()}}`;
      case 8: return `%${n} ${inner()} ${inner()}`;
      case 9: return this.argumentUse();
      case 10: return `%{expand:${inner()}}`;
      case 11: return `%{expand:%${this.definition(depth - 1)}}`;
      case 12: return `%{${this.pick(['basename', 'dirname', 'suffix', 'url2path', 'u2p', 'shrink', 'quote', 'shescape'])}:${inner()}}`;
      case 13: return `%{${this.pick(['basename', 'dirname', 'suffix', 'shrink', 'quote', 'shescape', 'expr', 'echo', 'getenv', 'verbose', 'S', 'P', 'macrobody', 'expand'])} ${inner()}}`;
      case 14: return `%${this.pick(['basename', 'quote', 'shrink', 'suffix', 'echo', 'dnl', 'verbose', 'getconfdir', 'expr', 'expand'])} ${inner()}`;
      case 15: return `%[${this.expression(depth - 1, true)}]`;
      case 16: return `%{expr:${this.expression(depth - 1, false)}}`;
      case 17: return `${inner()}${this.blank()}${inner()}`;
      case 18: return `%{${this.pick(['warn', 'echo'])}:${inner()}}`;
      case 19: return `%{${this.pick(['macrobody', 'getenv'])}:${this.pick([n, 'SPECTRAIL_ENV', 'NOT_SET'])}}`;
      case 20: return `%{exists:${this.pick(['/', '/nowhere', inner()])}}`;
      case 21: return this.chance(0.2) ? `%{error:${inner()}}` : inner();
      case 22: return this.pick(['%', '%%', '%%%', '% ', '%{}', '%{:x}', '%{?}', '%é', '%{ a}', '%[]', '%!', '%?', '%-', '%{!aa}', '%{??aa:1}', '%{?!aa:2}', '%!?aa', '%{-z:1}', '%{!-z:1}', '%{aa\n}', '%{aa', '%[1', '%{quote:}', '%{echo}', '%{define}']);
      case 23: return this.definition(depth - 1);
      case 24: return `${inner()}\n${inner()}`;
      case 25: return this.#strings ? this.stringBuiltin(depth) : inner();
      case 26: return `%{quote:${inner()}${this.pick([' ', '  ', ''])}${inner()}}`;
      case 27: return `%{${this.pick(['load', 'getconfdir', 'verbose', 'dnl'])}:${inner()}}`;
      case 28: return `%{${n} %{quote:${inner()} ${inner()}} ${inner()}}`;
      case 29: return this.#lua > 0 ? this.lua(depth) : inner();
      case 30: return `%{load:${this.pick(this.options.macroFiles)}}%{${this.pick(['fileone', 'filetwo a b', 'filetwo -x 1 a', 'filethree', 'filefour', 'filefive', 'filesix', 'fileafter', 'filetight q', 'filenext', 'filecr', 'filecrlf'])}}`;
      // Older versions look into the file, fetch URLs and read standard input: only plain names are the same everywhere.
      case 35: return `%{uncompress:${this.#strings ? inner() : `file${this.pick(['', '%{?aa}', ' x'])}`}}`;
      case 32: return `%(echo ${this.pick(['a', 'b c', '', '%1', `%{?${n}}`, '%%'].filter((word) => !/[\\'"]/.test(word)))})`;
      case 33: return `%${n} ${inner()}%{expand:%%define ${this.name()} ${this.piece(0)}} ${this.argumentUse()}`;
      case 34: return `%{${this.name()} %{${n}} %{quote:%{?${this.name()}} }}`;
      case 31: return `${inner()}%{!?${n}:${inner()}}%{?${this.name()}:${inner()}}`;
      default: return `${inner()} ${this.argumentUse()}`;
    }
  }

  lua(depth: number): string {
    const quoted = () => this.piece(depth - 2).replace(/["\\\n]/g, '_');
    const n = this.name();
    const code = [
      () => `print("${quoted()}")`,
      () => `print(rpm.expand("${quoted()}"))`,
      () => `rpm.define("${n} ${quoted()}")`,
      () => 'print(1, nil, true)',
      () => 'return 1',
      () => 'error("oops")',
      () => 'x =',
      () => 'print(rpm.vercmp("1.0~a", "1.0"))',
      () => `count = (count or 0) + 1 print(count)`,
      ...(this.#lua < 2
        ? []
        : [
            () => 'print(#arg, arg[1], opt.x, opt.y)',
            () => `macros.${n} = "${quoted()}" print(macros.${n})`,
            () => `macros.${n} = nil`,
            () => `local m = macros.${n} print(type(m) == "function" and m({"a b", "-x"}) or type(m))`,
            () => `print(rpm.isdefined("${n}"))`,
            () => `print(table.concat(rpm.splitargs(rpm.unsplitargs({"a b", "c"})), "|"))`,
            () => `print(pcall(rpm.expand, "${quoted()}"))`,
            () => 'print(rpm.ver("1:2-3").v, rpm.ver("1.0") < rpm.ver("1.1"))',
            () => 'macros.expand({"%{?aa}"})',
          ]),
    ];
    return `%{lua:${this.pick(code)()}}`;
  }

  stringBuiltin(depth: number): string {
    const inner = () => this.piece(depth - 2);
    const number = () => this.pick(['0', '1', '2', '-1', '-2', '5', 'x', '']);
    switch (Math.floor(this.next() * 8)) {
      case 0: return `%{upper:${inner()}}`;
      case 1: return `%{lower:${inner()}}`;
      case 2: return `%{len:${inner()}}`;
      case 3: return `%{reverse:${inner()}}`;
      case 4: return `%{sub ${this.word()} ${number()} ${number()}}`;
      case 5: return `%{rep ${this.word()} ${number()} ${number()}}`;
      case 6: return `%{gsub ${this.word()} ${this.pick(['a', '[a-c]', '%%w', '(%%a)(%%d)', '.', '%%.', 'b*', '^a', '$', '[^x]', '(.)', '%%b()'])} ${this.pick(['X', '%%0%%0', '%%1', '_', '%%%%'])} ${this.pick(['', '1', '2'])}}`;
      default: return this.pick(['%{rpmversion}', '%rpmversion', '%{span:%{aa}}', '%{xdg:cache}', '%{xdg:nope}', '%{getncpus:nope}']);
    }
  }

  word(): string {
    return this.pick(['abc', 'a1b2c3', 'x.y.z', 'hello', 'A-B', '%aa', '(a(b)c)']);
  }

  expression(depth: number, expand: boolean): string {
    if (depth <= 0) return this.operand(0, expand);
    const inner = () => this.expression(depth - 1, expand);
    switch (Math.floor(this.next() * 12)) {
      case 0: return this.chance(0.6) ? `${this.integer(depth)} ${this.pick(['+', '-', '*', '/'])} ${this.integer(depth)}` : `${inner()} ${this.pick(['+', '-', '*', '/'])} ${inner()}`;
      case 1: return this.chance(0.5) ? this.comparison(depth) : `${inner()}${this.pick(['==', '!=', '<', '<=', '>', '>='])}${inner()}`;
      case 2: return `${inner()} ${this.pick(['&&', '||'])} ${inner()}`;
      case 3: return `!${inner()}`;
      case 4: return `-${inner()}`;
      case 5: return `(${inner()})`;
      case 6: return `${inner()} ? ${inner()} : ${inner()}`;
      case 7: return this.pick(['', '1 +', '(1', '1)', '1 = 2', '1 & 2', '1 | 2', 'foo', '"a', 'v"1', 'v""', '1 2', '?', ':', '1 ? 2', '#', 'f(1)', '2147483647 + 1', '99999999999999999999', '1 / 0', ',', 'lua(', 'lua:string.upper("a")', 'lua:tostring(1, 2)', 'lua:nothing()', 'v"1.0" + v"2"', '!v"1"', '"a" - "b"', '"a" * "b"']);
      default: return this.operand(depth, expand);
    }
  }

  /** Values of one type on both sides. */
  comparison(depth: number): string {
    const version = () => `v"${this.version()}"`;
    const string = () => `"${this.pick(['', 'a', 'ab', 'b', 'A', '1', '10'])}"`;
    const side = this.pick([version, version, string, () => this.integer(depth)]);
    return `${side()} ${this.pick(['==', '!=', '<', '<=', '>', '>='])} ${side()}`;
  }

  integer(depth: number): string {
    if (depth <= 0 || this.chance(0.5)) return this.pick(['0', '1', '2', '7', '-3', '10', '2147483647', '(1)']);
    return `(${this.integer(depth - 1)} ${this.pick(['+', '-', '*', '/', '==', '<', '&&', '||'])} ${this.integer(depth - 1)}${this.chance(0.2) ? ` ? ${this.integer(depth - 1)} : ${this.integer(depth - 1)}` : ''})`;
  }

  version(): string {
    return this.pick(versions);
  }

  operand(depth: number, expand: boolean): string {
    switch (Math.floor(this.next() * 8)) {
      case 0: case 1: return this.pick(['0', '1', '2', '10', '007']);
      case 2: return `"${this.pick(['', 'a', 'b', 'ab', '1', 'x y'])}"`;
      case 3: return `v"${this.version()}"`;
      case 4: return expand && depth > 0 ? `"${this.piece(depth - 1).replaceAll('"', '')}"` : '"q"';
      case 5: return expand ? `%{?${this.name()}}` : '3';
      case 6: return expand ? `%${this.name()}` : '"r"';
      default: return expand ? this.pick(['0%{?aa}', '%{!?aa:1}', '%#', '%1', '%{expr:1+1}', '%[2*3]', '%%']) : '4';
    }
  }
}
