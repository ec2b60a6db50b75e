import type { RpmFeatures } from './features.js';
import { isAlpha, isDigit, isSpace, macroEnd } from './scan.js';
import { type RpmVersion, compareVersions, formatVersion, parseVersion } from './version.js';

/** A value of the expression language: a 32-bit integer, a string or a version. */
export type ExpressionValue = number | string | RpmVersion;

/** What an expression needs of its surroundings. */
export interface ExpressionHost {
  readonly features: RpmFeatures;
  /** Expands a piece of the expression's text; undefined where that failed, which has been reported. */
  expandPiece(start: number, end: number): string | undefined;
  /** An error of the expression: `caret` is the offset in the expression behind what is wrong, or undefined. */
  error(message: string, caret: number | undefined): void;
  /** A second line of an error, without a place. */
  errorDetail(message: string): void;
  /** Calls a Lua function given by its dotted name; undefined where that failed, which has been reported. */
  callLua(name: string, args: readonly (number | string)[]): string | undefined;
}

const enum Token {
  End,
  Value,
  Plus,
  Minus,
  Times,
  Divide,
  Open,
  Close,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Not,
  And,
  Or,
  Question,
  Colon,
  Comma,
  Function,
}

/** Parentheses and operators inside each other; more is no expression a person wrote. */
const deepest = 500;

/**
 * Evaluates `text[start..end)`. With `expand`, macros in operands are expanded when they are needed (`%[...]`, `%if` of
 * newer versions); without it, the text has been expanded before. Undefined after an error.
 */
export function evaluateExpression(text: string, start: number, end: number, expand: boolean, host: ExpressionHost): ExpressionValue | undefined {
  return new Evaluation(text, start, end, expand, host).whole();
}

/** The text an expression's value stands for. */
export function expressionText(value: ExpressionValue): string {
  return typeof value === 'object' ? formatVersion(value) : String(value);
}

/** Whether a value counts as true: a number other than 0, a string that is not empty. A version never does. */
export function expressionTruth(value: ExpressionValue): boolean {
  return typeof value === 'number' ? value !== 0 : typeof value === 'string' && value !== '';
}

function typeOf(value: ExpressionValue): string {
  return typeof value;
}

/** A recursive descent that evaluates while it reads. After an error every level returns undefined. */
class Evaluation {
  /** Behind the lookahead token. */
  #at: number;
  #token = Token.End;
  #value: ExpressionValue = 0;
  /** The part read now decides nothing: its macros are not expanded. */
  #discard = false;
  #depth = 0;
  /** Our own limit was reached: what the levels above would say is not the reason. */
  #gaveUp = false;

  constructor(
    readonly text: string,
    readonly start: number,
    readonly end: number,
    readonly expand: boolean,
    readonly host: ExpressionHost,
  ) {
    this.#at = start;
  }

  whole(): ExpressionValue | undefined {
    if (!this.#next()) return undefined;
    const value = this.#ternary();
    if (value === undefined) return undefined;
    if (this.#token !== Token.End) return this.#error('syntax error in expression', this.#at);
    return value;
  }

  #error(message: string, caret: number | undefined): undefined {
    if (!this.#gaveUp) this.host.error(message, caret === undefined ? undefined : caret - this.start);
    return undefined;
  }

  #giveUp(): undefined {
    this.#error('expression is nested too deeply', this.#at);
    this.#gaveUp = true;
    return undefined;
  }

  #unit(at: number): number {
    return at < this.end ? this.text.charCodeAt(at) : 0;
  }

  /** Reads the lookahead token; false after an error. */
  #next(): boolean {
    let p = this.#at;
    while (p < this.end && isSpace(this.text.charCodeAt(p))) p++;
    const unit = this.#unit(p);
    const second = this.#unit(p + 1);
    let token: Token;
    switch (unit) {
      case 0:
        this.#at = p;
        this.#token = Token.End;
        return true;
      case 43: token = Token.Plus; break;
      case 45: token = Token.Minus; break;
      case 42: token = Token.Times; break;
      case 47: token = Token.Divide; break;
      case 40: token = Token.Open; break;
      case 41: token = Token.Close; break;
      case 61:
        if (second !== 61) return this.#fail('syntax error while parsing ==', p + 2);
        token = Token.Equal;
        p++;
        break;
      case 33:
        if (second === 61) {
          token = Token.NotEqual;
          p++;
        } else token = Token.Not;
        break;
      case 60:
        if (second === 61) {
          token = Token.LessEqual;
          p++;
        } else token = Token.Less;
        break;
      case 62:
        if (second === 61) {
          token = Token.GreaterEqual;
          p++;
        } else token = Token.Greater;
        break;
      case 38:
        if (second !== 38) return this.#fail('syntax error while parsing &&', p + 2);
        token = Token.And;
        p++;
        break;
      case 124:
        if (second !== 124) return this.#fail('syntax error while parsing ||', p + 2);
        token = Token.Or;
        p++;
        break;
      default:
        return this.#operand(p, unit, second);
    }
    this.#at = p + 1;
    this.#token = token;
    return true;
  }

  #fail(message: string, caret: number): false {
    this.#error(message, caret);
    return false;
  }

  #operand(p: number, unit: number, second: number): boolean {
    const { features } = this.host;
    if (features.modernExpressions && unit === 63) return this.#take(p, Token.Question);
    if (features.modernExpressions && unit === 58) return this.#take(p, Token.Colon);
    if (features.functions && unit === 44) return this.#take(p, Token.Comma);
    if (isDigit(unit) || (unit === 37 && this.expand)) return this.#integer(p);
    if (unit === 34) return this.#quoted(p + 1, false);
    if (unit === 118 && second === 34 && features.modernExpressions) return this.#quoted(p + 2, true);
    if (!features.modernExpressions && isAlpha(unit)) {
      let end = p;
      while (isAlpha(this.#unit(end)) || isDigit(this.#unit(end)) || this.#unit(end) === 95) end++;
      this.#value = this.text.slice(p, end);
      return this.#take(end - 1, Token.Value);
    }
    if (isAlpha(unit)) {
      const open = features.functions ? this.#functionCall(p) : -1;
      if (open >= 0) {
        this.#value = this.text.slice(p, open);
        return this.#take(open, Token.Function);
      }
      return this.#fail('bare words are no longer supported, please use "..."', p + 1);
    }
    return this.#fail('parse error in expression', p + 1);
  }

  #take(p: number, token: Token): true {
    this.#at = p + 1;
    this.#token = token;
    return true;
  }

  /** Digits and macros, in any mixture, that give a number once expanded. */
  #integer(p: number): boolean {
    const end = this.#operandEnd(p, (unit) => !isDigit(unit));
    const text = this.#piece(p, end);
    if (text === undefined) return false;
    if (this.expand && !isInteger(text)) {
      this.#error(isAlpha(text.charCodeAt(0)) ? 'macro expansion returned a bare word, please use "..."' : 'macro expansion did not return an integer', p + 1);
      this.host.errorDetail(`expanded string: ${text}`);
      return false;
    }
    this.#value = toInt(text);
    return this.#take(end - 1, Token.Value);
  }

  #quoted(p: number, version: boolean): boolean {
    const end = this.#operandEnd(p, (unit) => unit === 34);
    const { modernExpressions, version: rpmVersion } = this.host.features;
    if (end >= this.end && modernExpressions) return this.#fail('unterminated string in expression', end + 1);
    // Strings are always expanded by versions that do not expand other operands.
    const text = modernExpressions ? this.#piece(p, end) : this.host.expandPiece(p, end);
    if (text === undefined) return false;
    if (version) {
      const parsed = parseVersion(this.#discard && rpmVersion >= 4_017_000_000 ? '0' : text);
      if (parsed === undefined) return this.#fail('invalid version', end + 1);
      this.#value = parsed;
    } else this.#value = text;
    return this.#take(end, Token.Value);
  }

  #operandEnd(p: number, stops: (unit: number) => boolean): number {
    let at = p;
    while (at < this.end) {
      const unit = this.text.charCodeAt(at);
      if (unit === 37 && this.expand) {
        if (this.#unit(at + 1) === 37) at += 2;
        else {
          const end = macroEnd(this.text, at + 1, this.end);
          at = end < 0 ? this.end : end;
        }
      } else if (stops(unit)) break;
      else at++;
    }
    return Math.min(at, this.end);
  }

  #piece(start: number, end: number): string | undefined {
    if (this.#discard || start === end) return '';
    return this.expand ? this.host.expandPiece(start, end) : this.text.slice(start, end);
  }

  /** The offset of the `(` of a call `lua:name(`, or -1. */
  #functionCall(p: number): number {
    let at = p + 1;
    for (;;) {
      const unit = this.#unit(at);
      if (!(isAlpha(unit) || isDigit(unit) || unit === 95 || unit === 46 || unit === 58)) return unit === 40 ? at : -1;
      at++;
    }
  }

  #ternary(): ExpressionValue | undefined {
    if (++this.#depth > deepest) return this.#giveUp();
    const value = this.#ternaryInside();
    this.#depth--;
    return value;
  }

  #ternaryInside(): ExpressionValue | undefined {
    const discard = this.#discard;
    const condition = this.#logical();
    if (condition === undefined || this.#token !== Token.Question) return condition;
    const truth = expressionTruth(condition);
    if (!truth) this.#discard = true;
    const first = this.#next() ? this.#ternary() : undefined;
    if (first === undefined) return undefined;
    if ((this.#token as Token) !== Token.Colon) return this.#error('syntax error in expression', this.#at);
    this.#discard = discard || truth;
    const second = this.#next() ? this.#ternary() : undefined;
    this.#discard = discard;
    if (second === undefined) return undefined;
    if (typeOf(first) !== typeOf(second)) return this.#error('types must match', undefined);
    return truth ? first : second;
  }

  #logical(): ExpressionValue | undefined {
    const discard = this.#discard;
    let left = this.#relational();
    while (left !== undefined && (this.#token === Token.And || this.#token === Token.Or)) {
      const and = this.#token === Token.And;
      const truth = expressionTruth(left);
      const shortCircuit = and !== truth;
      if (!this.host.features.modernExpressions) {
        const right: ExpressionValue | undefined = this.#next() ? this.#relational() : undefined;
        if (right === undefined) return undefined;
        if (typeOf(left) !== typeOf(right)) return this.#error('types must match', undefined);
        if (typeof left === 'string') return this.#error('&& and || not suported for strings', undefined);
        left = Number(and ? truth && expressionTruth(right) : truth || expressionTruth(right));
        continue;
      }
      if (shortCircuit) this.#discard = true;
      const right: ExpressionValue | undefined = this.#next() ? this.#relational() : undefined;
      this.#discard = discard;
      if (right === undefined) return undefined;
      if (typeOf(left) !== typeOf(right)) return this.#error('types must match', undefined);
      if (!shortCircuit) left = right;
    }
    return left;
  }

  #relational(): ExpressionValue | undefined {
    let left = this.#sum();
    while (left !== undefined && this.#token >= Token.Equal && this.#token <= Token.GreaterEqual) {
      const operator = this.#token;
      const right: ExpressionValue | undefined = this.#next() ? this.#sum() : undefined;
      if (right === undefined) return undefined;
      if (typeOf(left) !== typeOf(right)) return this.#error('types must match', undefined);
      const order = compare(left, right);
      left = Number(
        operator === Token.Equal ? order === 0
        : operator === Token.NotEqual ? order !== 0
        : operator === Token.Less ? order < 0
        : operator === Token.LessEqual ? order <= 0
        : operator === Token.Greater ? order > 0
        : order >= 0,
      );
    }
    return left;
  }

  #sum(): ExpressionValue | undefined {
    let left = this.#product();
    while (left !== undefined && (this.#token === Token.Plus || this.#token === Token.Minus)) {
      const minus = this.#token === Token.Minus;
      const caret = this.#at;
      const right: ExpressionValue | undefined = this.#next() ? this.#product() : undefined;
      if (right === undefined) return undefined;
      if (typeOf(left) !== typeOf(right)) return this.#error('types must match', undefined);
      if (typeof left === 'number') left = (minus ? left - (right as number) : left + (right as number)) | 0;
      else if (typeof left === 'object') return this.#error('+ and - not supported for versions', caret);
      else if (minus) return this.#error('- not supported for strings', caret);
      else left += right as string;
    }
    return left;
  }

  #product(): ExpressionValue | undefined {
    let left = this.#primary();
    while (left !== undefined && (this.#token === Token.Times || this.#token === Token.Divide)) {
      const times = this.#token === Token.Times;
      const caret = this.#at;
      const right: ExpressionValue | undefined = this.#next() ? this.#primary() : undefined;
      if (right === undefined) return undefined;
      if (typeOf(left) !== typeOf(right)) return this.#error('types must match', undefined);
      if (typeof left === 'number') {
        if (this.#discard) continue;
        if (times) left = Math.imul(left, right as number);
        else if (right === 0) return this.#error('division by zero', caret);
        else left = (left / (right as number)) | 0;
      } else return this.#error(typeof left === 'object' ? '* and / not supported for versions' : '* and / not supported for strings', caret);
    }
    return left;
  }

  #primary(): ExpressionValue | undefined {
    if (++this.#depth > deepest) return this.#giveUp();
    const value = this.#primaryInside();
    this.#depth--;
    return value;
  }

  #primaryInside(): ExpressionValue | undefined {
    const caret = this.#at;
    switch (this.#token) {
      case Token.Value: {
        const value = this.#value;
        return this.#next() ? value : undefined;
      }
      case Token.Function:
        return this.#call();
      case Token.Open: {
        if (!this.#next()) return undefined;
        const value = this.#ternary();
        if ((this.#token as Token) !== Token.Close) return this.#error('unmatched (', caret);
        return this.#next() ? value : undefined;
      }
      case Token.Minus: {
        const value = this.#next() ? this.#primary() : undefined;
        if (value === undefined) return undefined;
        return typeof value === 'number' ? -value | 0 : this.#error('- only on numbers', caret);
      }
      case Token.Not: {
        const value = this.#next() ? this.#primary() : undefined;
        if (value === undefined) return undefined;
        if (!this.host.features.modernExpressions && typeof value !== 'number') return this.#error('! only on numbers', caret);
        return Number(!expressionTruth(value));
      }
      case Token.End:
        return this.host.features.modernExpressions ? this.#error('unexpected end of expression', this.#at) : undefined;
      default:
        return this.host.features.modernExpressions ? this.#error('syntax error in expression', this.#at) : undefined;
    }
  }

  #call(): ExpressionValue | undefined {
    const name = this.#value as string;
    const args: ExpressionValue[] = [];
    if (!this.#next()) return undefined;
    while (this.#token !== Token.Close) {
      const value = this.#ternary();
      if (value === undefined) return undefined;
      args.push(value);
      if ((this.#token as Token) === Token.Close) break;
      if ((this.#token as Token) !== Token.Comma) return this.#error('syntax error in expression', this.#at);
      if (!this.#next()) return undefined;
      if ((this.#token as Token) === Token.Close) return this.#error('syntax error in expression', this.#at);
    }
    if (!this.#next()) return undefined;
    if (!name.startsWith('lua:')) return this.#error(this.host.features.version < 4_019_000_000 ? 'unsupported funcion' : 'unsupported function', this.#at);
    if (this.#discard) return '';
    for (const arg of args) if (typeof arg === 'object') return this.#error('unsupported function argument type', this.#at);
    return this.host.callLua(name.slice(4), args as (number | string)[]);
  }
}

function compare(a: ExpressionValue, b: ExpressionValue): number {
  if (typeof a === 'number') return (a - (b as number)) | 0;
  if (typeof a === 'object') return compareVersions(a, b as RpmVersion);
  return a === b ? 0 : a < (b as string) ? -1 : 1;
}

function isInteger(text: string): boolean {
  for (let i = text.charCodeAt(0) === 45 ? 1 : 0; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return false;
  return true;
}

/** C's atoi on a text of digits: what a long cannot hold becomes the nearest long, of which the low 32 bits remain. */
function toInt(text: string): number {
  if (text === '' || text === '-') return 0;
  if (text.length < 16) return Number(text) | 0;
  const whole = BigInt(text);
  const most = (1n << 63n) - 1n;
  return Number(BigInt.asIntN(32, whole > most ? most : whole < -most - 1n ? -most - 1n : whole));
}
