/**
 * Lua's string functions that newer versions of rpm offer as macros (`%{sub:}`, `%{gsub:}`, ...), without a Lua: they are
 * in every other line of a modern macro file. They work on bytes, as Lua's do.
 */

/** A result, or the message with which Lua would have refused, behind its `[string "name"]:1: `. */
export type LuaStringResult = { readonly text: string } | { readonly refused: string };

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8');

/** Longest text that Lua itself makes. */
const longest = 2147483647;
/** What one call may do before it is given up; Lua has no such limit and would run for minutes. */
const fuel = 5_000_000;

/** The names of the functions here. */
export const luaStringNames: ReadonlySet<string> = new Set(['gsub', 'len', 'lower', 'rep', 'reverse', 'sub', 'upper']);

export function callLuaString(name: string, args: readonly string[], limit: number): LuaStringResult {
  const subject = args[0] ?? '';
  switch (name) {
    case 'upper':
      return { text: subject.replace(/[a-z]+/g, (letters) => letters.toUpperCase()) };
    case 'lower':
      return { text: subject.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) };
    case 'len':
      return { text: String(toBytes(subject).length) };
    case 'reverse':
      return { text: fromBytes([...toBytes(subject)].reverse().join('')) };
    case 'sub':
      return sub(args);
    case 'rep':
      return repeat(args, limit);
    case 'gsub':
      return substitute(args, limit);
    default:
      throw new Error(`no such string function: ${name}`);
  }
}

/** A string of code units below 256, one for each byte. */
function toBytes(text: string): string {
  if (!/[^\0-\x7f]/.test(text)) return text;
  let result = '';
  for (const byte of encoder.encode(text)) result += String.fromCharCode(byte);
  return result;
}

function fromBytes(bytes: string): string {
  if (!/[^\0-\x7f]/.test(bytes)) return bytes;
  return decoder.decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
}

/** An argument as an integer, as Lua converts a string to one; otherwise what Lua says of it. */
function integer(args: readonly string[], index: number, name: string, fallback?: number): number | string {
  const text = args[index];
  if (text === undefined) return fallback ?? `bad argument #${index + 1} to '${name}' (number expected, got no value)`;
  const trimmed = text.trim();
  let value = Number.NaN;
  if (/^[-+]?\d+$/.test(trimmed)) {
    value = Number(trimmed);
    if (!Number.isSafeInteger(value) && (BigInt(trimmed) > 9223372036854775807n || BigInt(trimmed) < -9223372036854775808n)) value = Number.POSITIVE_INFINITY;
  } else if (/^[-+]?0[xX][0-9a-fA-F]+$/.test(trimmed)) value = (trimmed[0] === '-' ? -1 : 1) * Number(trimmed.replace(/^[-+]/, ''));
  else if (/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/.test(trimmed)) value = Number(trimmed);
  if (Number.isNaN(value)) return `bad argument #${index + 1} to '${name}' (number expected, got string)`;
  if (!Number.isInteger(value)) return `bad argument #${index + 1} to '${name}' (number has no integer representation)`;
  return value;
}

function sub(args: readonly string[]): LuaStringResult {
  const text = toBytes(args[0]!);
  const from = integer(args, 1, 'sub');
  if (typeof from === 'string') return { refused: from };
  const to = integer(args, 2, 'sub', -1);
  if (typeof to === 'string') return { refused: to };
  const start = from > 0 ? from : from === 0 || from < -text.length ? 1 : text.length + from + 1;
  const end = to > text.length ? text.length : to >= 0 ? to : to < -text.length ? 0 : text.length + to + 1;
  return { text: start > end ? '' : fromBytes(text.slice(start - 1, end)) };
}

function repeat(args: readonly string[], limit: number): LuaStringResult {
  const count = integer(args, 1, 'rep');
  if (typeof count === 'string') return { refused: count };
  if (count <= 0) return { text: '' };
  const separator = args[2] ?? '';
  const unit = toBytes(args[0]! + separator).length;
  if (unit > longest / count) return { refused: 'resulting string too large' };
  // Beyond the expansion's own limit there is no point in making it.
  if (unit * count > limit) return { text: 'x'.repeat(limit + 1) };
  return { text: (args[0]! + separator).repeat(count - 1) + args[0]! };
}

/** A pattern that Lua refuses, or that runs away. */
class PatternError extends Error {}

const positionCapture = -2;
const openCapture = -1;

/** Lua's pattern matcher: recursive over the pattern, with captures. */
class Matcher {
  level = 0;
  readonly starts: number[] = [];
  /** Length of each capture, or one of the two marks above. */
  readonly lengths: number[] = [];
  #depth = 0;
  #left = fuel;

  constructor(
    readonly source: string,
    readonly pattern: string,
  ) {}

  /** The end of a match of the pattern from `p` on that begins at `s`, or -1. */
  match(s: number, p: number): number {
    if (++this.#depth > 200) throw new PatternError('pattern too complex');
    const end = this.#match(s, p);
    this.#depth--;
    return end;
  }

  #match(from: number, at: number): number {
    const { source, pattern } = this;
    let s = from;
    let p = at;
    for (;;) {
      if (--this.#left < 0) throw new PatternError('pattern takes too long');
      if (p === pattern.length) return s;
      const unit = pattern[p];
      if (unit === '(') return pattern[p + 1] === ')' ? this.#openCapture(s, p + 2, positionCapture) : this.#openCapture(s, p + 1, openCapture);
      if (unit === ')') return this.#closeCapture(s, p + 1);
      if (unit === '$' && p + 1 === pattern.length) return s === source.length ? s : -1;
      if (unit === '%') {
        const next = pattern[p + 1];
        if (next === 'b') {
          s = this.#balance(s, p + 2);
          if (s < 0) return -1;
          p += 4;
          continue;
        }
        if (next === 'f') {
          p += 2;
          if (pattern[p] !== '[') throw new PatternError("missing '[' after '%f' in pattern");
          const end = this.#classEnd(p);
          const before = s === 0 ? '\0' : source[s - 1]!;
          const here = source[s] ?? '\0';
          if (this.#inSet(before, p, end - 1) || !this.#inSet(here, p, end - 1)) return -1;
          p = end;
          continue;
        }
        if (next !== undefined && next >= '0' && next <= '9') {
          const index = this.#checkedCapture(next);
          const captured = this.capture(index) as string;
          if (!source.startsWith(captured, s)) return -1;
          s += captured.length;
          p += 2;
          continue;
        }
      }
      const end = this.#classEnd(p);
      const suffix = pattern[end];
      if (suffix === '?') {
        if (this.#single(s, p, end)) {
          const found = this.match(s + 1, end + 1);
          if (found >= 0) return found;
        }
        p = end + 1;
      } else if (suffix === '+') return this.#single(s, p, end) ? this.#longest(s + 1, p, end) : -1;
      else if (suffix === '*') return this.#longest(s, p, end);
      else if (suffix === '-') return this.#shortest(s, p, end);
      else {
        if (!this.#single(s, p, end)) return -1;
        s++;
        p = end;
      }
    }
  }

  #longest(s: number, p: number, end: number): number {
    let count = 0;
    while (this.#single(s + count, p, end)) count++;
    for (; count >= 0; count--) {
      const found = this.match(s + count, end + 1);
      if (found >= 0) return found;
    }
    return -1;
  }

  #shortest(from: number, p: number, end: number): number {
    for (let s = from; ; s++) {
      const found = this.match(s, end + 1);
      if (found >= 0) return found;
      if (!this.#single(s, p, end)) return -1;
    }
  }

  #openCapture(s: number, p: number, kind: number): number {
    if (this.level >= 32) throw new PatternError('too many captures');
    this.starts[this.level] = s;
    this.lengths[this.level] = kind;
    this.level++;
    const found = this.match(s, p);
    if (found < 0) this.level--;
    return found;
  }

  #closeCapture(s: number, p: number): number {
    let index = this.level - 1;
    while (index >= 0 && this.lengths[index] !== openCapture) index--;
    if (index < 0) throw new PatternError('invalid pattern capture');
    this.lengths[index] = s - this.starts[index]!;
    const found = this.match(s, p);
    if (found < 0) this.lengths[index] = openCapture;
    return found;
  }

  #checkedCapture(digit: string): number {
    const index = Number(digit) - 1;
    if (index < 0 || index >= this.level || this.lengths[index] === openCapture) throw new PatternError(`invalid capture index %${index + 1}`);
    return index;
  }

  /** The text of a capture, or its position. */
  capture(index: number): string | number {
    const length = this.lengths[index]!;
    if (length === openCapture) throw new PatternError('unfinished capture');
    if (length === positionCapture) return this.starts[index]! + 1;
    return this.source.slice(this.starts[index]!, this.starts[index]! + length);
  }

  #balance(s: number, p: number): number {
    if (p + 1 >= this.pattern.length) throw new PatternError("malformed pattern (missing arguments to '%b')");
    const open = this.pattern[p]!;
    const close = this.pattern[p + 1]!;
    if (this.source[s] !== open) return -1;
    let count = 1;
    for (let i = s + 1; i < this.source.length; i++) {
      const unit = this.source[i];
      if (unit === close) {
        if (--count === 0) return i + 1;
      } else if (unit === open) count++;
    }
    return -1;
  }

  #classEnd(at: number): number {
    const { pattern } = this;
    let p = at + 1;
    if (pattern[at] === '%') {
      if (p >= pattern.length) throw new PatternError("malformed pattern (ends with '%')");
      return p + 1;
    }
    if (pattern[at] !== '[') return p;
    if (pattern[p] === '^') p++;
    do {
      if (p >= pattern.length) throw new PatternError("malformed pattern (missing ']')");
      if (pattern[p++] === '%') p++;
    } while (pattern[p] !== ']');
    return p + 1;
  }

  #single(s: number, p: number, end: number): boolean {
    const unit = this.source[s];
    if (unit === undefined) return false;
    if (--this.#left < 0) throw new PatternError('pattern takes too long');
    switch (this.pattern[p]) {
      case '.':
        return true;
      case '%':
        return inClass(unit, this.pattern[p + 1]!);
      case '[':
        return this.#inSet(unit, p, end - 1);
      default:
        return this.pattern[p] === unit;
    }
  }

  /** Whether a unit is in the set whose brackets stand at `open` and `close`. */
  #inSet(unit: string, open: number, close: number): boolean {
    const { pattern } = this;
    let p = open + 1;
    let member = true;
    if (pattern[p] === '^') {
      member = false;
      p++;
    }
    for (; p < close; p++) {
      if (pattern[p] === '%') {
        p++;
        if (inClass(unit, pattern[p]!)) return member;
      } else if (pattern[p + 1] === '-' && p + 2 < close) {
        if (pattern[p]! <= unit && unit <= pattern[p + 2]!) return member;
        p += 2;
      } else if (pattern[p] === unit) return member;
    }
    return !member;
  }
}

const classes: Readonly<Record<string, RegExp>> = {
  a: /[A-Za-z]/, c: /[\0-\x1f\x7f]/, d: /[0-9]/, g: /[!-~]/, l: /[a-z]/, p: /[!-/:-@[-`{-~]/, s: /[ \t-\r]/, u: /[A-Z]/, w: /[A-Za-z0-9]/, x: /[A-Fa-f0-9]/,
};

function inClass(unit: string, letter: string): boolean {
  const known = classes[letter.toLowerCase()];
  if (known === undefined) return letter === unit;
  return known.test(unit) === (letter >= 'a');
}

function substitute(args: readonly string[], limit: number): LuaStringResult {
  if (args.length < 2) return { refused: "bad argument #2 to 'gsub' (string expected, got no value)" };
  const source = toBytes(args[0]!);
  let pattern = toBytes(args[1]!);
  const most = integer(args, 3, 'gsub', source.length + 1);
  if (typeof most === 'string') return { refused: most };
  if (args.length < 3) return { refused: "bad argument #3 to 'gsub' (string/function/table expected, got no value)" };
  const replacement = toBytes(args[2]!);
  const anchored = pattern[0] === '^';
  if (anchored) pattern = pattern.slice(1);
  const matcher = new Matcher(source, pattern);
  let result = '';
  let s = 0;
  let last = -1;
  try {
    for (let count = 0; count < most; ) {
      matcher.level = 0;
      const end = matcher.match(s, 0);
      if (end >= 0 && end !== last) {
        count++;
        result += replaceOne(matcher, replacement, s, end);
        s = last = end;
      } else if (s < source.length) result += source[s++];
      else break;
      if (anchored || result.length > limit) break;
    }
  } catch (error) {
    if (error instanceof PatternError) return { refused: error.message };
    throw error;
  }
  return { text: fromBytes(result + source.slice(s)) };
}

function replaceOne(matcher: Matcher, replacement: string, start: number, end: number): string {
  let result = '';
  for (let i = 0; i < replacement.length; i++) {
    if (replacement[i] !== '%') {
      result += replacement[i];
      continue;
    }
    const next = replacement[++i];
    if (next === '%') result += '%';
    else if (next === '0') result += matcher.source.slice(start, end);
    else if (next !== undefined && next >= '1' && next <= '9') {
      const index = Number(next) - 1;
      if (index >= matcher.level) {
        if (index !== 0) throw new PatternError(`invalid capture index %${index + 1}`);
        result += matcher.source.slice(start, end);
      } else result += String(matcher.capture(index));
    } else throw new PatternError("invalid use of '%' in replacement string");
  }
  return result;
}
