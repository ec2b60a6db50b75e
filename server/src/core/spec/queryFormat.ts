/** rpm's query formats (lib/headerfmt.c): `%{NAME}`, `%-20{NAME}`, `[%{REQUIRES}\n]`, `%|EPOCH?{%{EPOCH}:}:{}|`, `%{FLAGS:depflags}`. */
import type { Header } from './header.js';

type Token =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'tag'; readonly tag: string; readonly format: string; readonly width: string; readonly justOne: boolean }
  | { readonly kind: 'array'; readonly tokens: readonly Token[] }
  | { readonly kind: 'condition'; readonly tag: string; readonly then: readonly Token[]; readonly otherwise: readonly Token[] };

/** A format that rpm refuses; the message is rpm's. */
export class QueryFormatError extends Error {}

export interface QueryFormat {
  format(header: Header): string;
}

/** Tags that may be asked for and that a spec never gives a value. */
const emptyTags: ReadonlySet<string> = new Set([
  'ARCHIVESIZE', 'BASENAMES', 'BUILDHOST', 'BUILDTIME', 'COOKIE', 'DIRNAMES', 'FILENAMES', 'FILESIZES', 'FILEMODES', 'INSTALLTIME', 'INSTALLTID', 'SIZE', 'SIGMD5', 'SOURCERPM', 'SOURCEPKGID', 'RPMVERSION',
  'SHA1HEADER', 'SHA256HEADER', 'SIGPGP', 'PAYLOADFORMAT', 'PAYLOADCOMPRESSOR', 'PAYLOADFLAGS', 'PREIN', 'POSTIN', 'PREUN', 'POSTUN', 'PRETRANS', 'POSTTRANS', 'PREINPROG', 'POSTINPROG', 'PREUNPROG', 'POSTUNPROG',
  'VERIFYSCRIPT', 'ICON', 'EPOCH', 'GROUP', 'URL', 'VCS', 'PACKAGER', 'VENDOR', 'DISTRIBUTION', 'DISTURL', 'DISTTAG', 'BUGURL', 'DESCRIPTION', 'SUMMARY', 'LICENSE', 'NAME', 'VERSION', 'RELEASE', 'ARCH', 'OS',
  'PLATFORM', 'OPTFLAGS', 'CHANGELOGTIME', 'CHANGELOGNAME', 'CHANGELOGTEXT', 'EXCLUDEARCH', 'EXCLUSIVEARCH', 'EXCLUDEOS', 'EXCLUSIVEOS', 'BUILDARCHS', 'SOURCE', 'PATCH', 'NOSOURCE', 'NOPATCH', 'PREFIXES',
  'TRANSLATIONURL', 'UPSTREAMRELEASES', 'MODULARITYLABEL', 'ENCODING', 'NVR', 'NVRA', 'ARCHSUFFIX', 'NEVR', 'NEVRA', 'EVR', 'EPOCHNUM', 'VERBOSE', 'HEADERI18NTABLE', 'ORDERS', 'SOURCEPACKAGE', 'INSTPREFIXES', 'DBINSTANCE',
  ...['REQUIRE', 'PROVIDE', 'CONFLICT', 'OBSOLETE', 'RECOMMEND', 'SUGGEST', 'SUPPLEMENT', 'ENHANCE', 'ORDER', 'TRIGGER'].flatMap((array) => [`${array}NAME`, `${array}FLAGS`, `${array}VERSION`, `${array}NEVRS`, `${array}S`]),
]);

const formats: ReadonlySet<string> = new Set(['string', 'arraysize', 'armor', 'base64', 'date', 'day', 'depflags', 'deptype', 'expand', 'fflags', 'fstate', 'hex', 'humaniec', 'humansi', 'json', 'octal', 'perms', 'permissions', 'pgpsig', 'shescape', 'strtaglist', 'tagname', 'tagnum', 'triggertype', 'vflags', 'xml']);

const escapes: Readonly<Record<string, string>> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Reads a format; throws {@link QueryFormatError} where rpm refuses it. */
export function parseQueryFormat(text: string): QueryFormat {
  const parser = new Parser(text);
  const tokens = parser.parse('');
  return { format: (header) => tokens.map((token) => formatToken(token, header, 0)).join('') };
}

class Parser {
  #at = 0;
  constructor(private readonly text: string) {}

  /** Reads up to the closing character, or to the end where that is empty. */
  parse(closing: string): Token[] {
    const { text } = this;
    const tokens: Token[] = [];
    let plain = '';
    const flush = () => {
      if (plain !== '') tokens.push({ kind: 'text', text: plain });
      plain = '';
    };
    while (this.#at < text.length) {
      const character = text[this.#at]!;
      if (character === '%' && text[this.#at + 1] === '%') {
        plain += '%';
        this.#at += 2;
      } else if (character === '%') {
        flush();
        this.#at++;
        tokens.push(text[this.#at] === '|' ? this.#condition() : this.#tag());
      } else if (character === '[') {
        flush();
        this.#at++;
        const before = this.#at;
        const inner = this.parse(']');
        if (text[this.#at - 1] !== ']' || this.#at === before) throw new QueryFormatError('] expected at end of array');
        tokens.push({ kind: 'array', tokens: inner });
      } else if (character === ']' || character === '}') {
        if (character !== closing) throw new QueryFormatError(`unexpected ${character}`);
        this.#at++;
        flush();
        return tokens;
      } else if (character === '\\') {
        const escaped = text[this.#at + 1];
        if (escaped === undefined) throw new QueryFormatError('escaped char expected after \\');
        plain += escapes[escaped] ?? escaped;
        this.#at += 2;
      } else {
        plain += character;
        this.#at++;
      }
    }
    flush();
    return tokens;
  }

  #tag(): Token {
    const { text } = this;
    const start = this.#at;
    while (this.#at < text.length && text[this.#at] !== '{' && text[this.#at] !== '%') {
      if (!/[-0-9]/.test(text[this.#at]!)) throw new QueryFormatError('invalid field width');
      this.#at++;
    }
    if (text[this.#at] !== '{') throw new QueryFormatError('missing { after %');
    const width = text.slice(start, this.#at);
    this.#at++;
    let justOne = false;
    let format: string | undefined;
    if (text[this.#at] === '=') {
      justOne = true;
      this.#at++;
    } else if (text[this.#at] === '#') {
      justOne = true;
      format = 'arraysize';
      this.#at++;
    }
    const end = text.indexOf('}', this.#at);
    if (end < 0) throw new QueryFormatError('missing } after %{');
    const [name = '', ...rest] = text.slice(this.#at, end).split(':');
    this.#at = end + 1;
    if (rest.length > 0) {
      format = rest.join(':');
      if (format === '') throw new QueryFormatError('empty tag format');
    }
    if (name === '') throw new QueryFormatError('empty tag name');
    const tag = name.toUpperCase().replace(/^RPMTAG_/, '');
    if (!emptyTags.has(tag) || !formats.has(format ?? 'string')) throw new QueryFormatError(`unknown tag: "${name}"`);
    return { kind: 'tag', tag, format: format ?? 'string', width, justOne };
  }

  #condition(): Token {
    const { text } = this;
    const mark = text.indexOf('?', this.#at + 1);
    if (mark < 0) throw new QueryFormatError('? expected in expression');
    const tag = text.slice(this.#at + 1, mark).toUpperCase().replace(/^RPMTAG_/, '');
    this.#at = mark + 1;
    if (text[this.#at] !== '{') throw new QueryFormatError('{ expected after ? in expression');
    this.#at++;
    const then = this.parse('}');
    if (this.#at >= text.length) throw new QueryFormatError('} expected in expression');
    if (text[this.#at] === '|') {
      this.#at++;
      return { kind: 'condition', tag, then, otherwise: [] };
    }
    if (text[this.#at] !== ':') throw new QueryFormatError(': expected following ? subexpression');
    this.#at++;
    if (text[this.#at] !== '{') throw new QueryFormatError('{ expected after : in expression');
    this.#at++;
    const otherwise = this.parse('}');
    if (text[this.#at] !== '|') throw new QueryFormatError(this.#at >= text.length ? '} expected in expression' : '| expected at end of expression');
    this.#at++;
    return { kind: 'condition', tag, then, otherwise };
  }
}

function formatToken(token: Token, header: Header, element: number): string {
  switch (token.kind) {
    case 'text':
      return token.text;
    case 'tag':
      return formatTag(token, header, token.justOne ? 0 : element);
    case 'condition':
      return (header.has(token.tag) ? token.then : token.otherwise).map((inner) => formatToken(inner, header, element)).join('');
    case 'array': {
      let count = 0;
      for (const inner of token.tokens) {
        if (inner.kind !== 'tag' || inner.justOne) continue;
        const size = header.get(inner.tag)?.length;
        if (size === undefined) continue;
        if (count > 0 && size !== count) throw new QueryFormatError('array iterator used with different sized arrays');
        count = Math.max(count, size);
      }
      let text = '';
      for (let i = 0; i < count; i++) for (const inner of token.tokens) text += formatToken(inner, header, i);
      return text;
    }
  }
}

function formatTag({ tag, format, width }: Extract<Token, { kind: 'tag' }>, header: Header, element: number): string {
  const values = header.get(tag);
  const value = values?.[element];
  const text = values === undefined || value === undefined ? '(none)' : format === 'arraysize' ? String(values.length) : formatValue(value, format);
  if (width === '') return text;
  const size = Math.abs(Number.parseInt(width, 10)) || 0;
  return width.startsWith('-') ? text.padEnd(size) : text.padStart(size);
}

function formatValue(value: string | number, format: string): string {
  switch (format) {
    case 'date':
      return typeof value === 'number' ? cDate(value) : '(not a number)';
    case 'day':
      return typeof value === 'number' ? dayDate(value) : '(not a number)';
    case 'depflags':
      return typeof value === 'number' ? `${value & 2 ? '<' : ''}${value & 4 ? '>' : ''}${value & 8 ? '=' : ''}` : '(not a number)';
    case 'deptype':
      return typeof value === 'number' ? dependencyTypes(value) : '(not a number)';
    case 'hex':
      return typeof value === 'number' ? value.toString(16) : '(not a number)';
    case 'octal':
      return typeof value === 'number' ? value.toString(8) : '(not a number)';
    case 'shescape':
      return typeof value === 'number' ? String(value) : `'${value.replaceAll("'", "'\\''")}'`;
    default:
      return String(value);
  }
}

const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** strftime's %c in the C locale and UTC. */
function cDate(seconds: number): string {
  const date = new Date(seconds * 1000);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${dayNames[date.getUTCDay()]} ${monthNames[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2)} ${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} ${date.getUTCFullYear()}`;
}

function dayDate(seconds: number): string {
  const date = new Date(seconds * 1000);
  return `${dayNames[date.getUTCDay()]} ${monthNames[date.getUTCMonth()]} ${String(date.getUTCDate()).padStart(2, '0')} ${date.getUTCFullYear()}`;
}

const typeBits: readonly (readonly [bit: number, name: string])[] = [
  [1 << 9, 'pre'], [1 << 10, 'post'], [1 << 11, 'preun'], [1 << 12, 'postun'], [1 << 13, 'verify'], [1 << 8, 'interp'], [1 << 24, 'rpmlib'], [1 << 15, 'auto'], [1 << 14, 'auto'], [1 << 7, 'pretrans'], [1 << 5, 'posttrans'], [1 << 28, 'config'], [1 << 19, 'missingok'], [1 << 29, 'meta'],
];

function dependencyTypes(flags: number): string {
  const names = typeBits.filter(([bit]) => (flags & bit) !== 0).map(([, name]) => name);
  return names.length > 0 ? names.join(',') : 'manual';
}
