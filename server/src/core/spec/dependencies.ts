/** Dependencies: read and brought into rpm's form (parseReqs.c, rpmds.c). */
import { isAlnum, isAlpha, isDigit, isSpace, skipSpace } from './characters.js';

export interface ParsedDependency {
  /** A name, a path, or a whole rich dependency in its normal form. */
  readonly name: string;
  /** `<`, `<=`, `=`, `>=`, `>`; undefined without a version. */
  readonly comparison: string | undefined;
  readonly version: string | undefined;
  /** Offset in the field and length of what was written. */
  readonly start: number;
  readonly end: number;
}

/** rpm takes either order of the two characters. */
const comparisons: Readonly<Record<string, string>> = { '<=': '<=', '=<': '<=', '<': '<', '==': '=', '=': '=', '>=': '>=', '=>': '>=', '>': '>' };

export function isComparison(word: string): boolean {
  return Object.hasOwn(comparisons, word);
}

export interface DependencyRules {
  /** `Requires`, `BuildRequires`, `Provides`, ... or a trigger's name; decides about rich dependencies. */
  readonly kind: string;
  /** Checks a version's characters as rpmCharCheck does; false refuses the line (and has reported why). */
  checkVersionCharacters(version: string): boolean;
  /** Checks the characters of a name in Obsoletes. */
  checkNameCharacters(name: string): boolean;
  /** `%{?_wrong_version_format_terminate_build}` is set. */
  readonly strictVersions: boolean;
}

export interface DependencyParse {
  readonly dependencies: readonly ParsedDependency[];
  /** rpm's words for the first thing it refuses, or undefined. Empty where the check has reported already. */
  readonly error: string | undefined;
  /** rpm's words for the last thing it only warns of. */
  readonly warning: string | undefined;
}

const richKinds: ReadonlySet<string> = new Set(['Requires', 'Recommends', 'Suggests', 'Supplements', 'Enhances', 'Conflicts', 'PreReq', 'BuildRequires', 'BuildPreReq', 'BuildConflicts']);
/** Kinds in which the outermost operator of a rich dependency counts as `or`; in all others as `and` (rpmrichParseForTag). */
const orKinds: ReadonlySet<string> = new Set(['Conflicts', 'BuildConflicts', 'Supplements', 'Enhances']);

class Refused extends Error {}

/** Reads the value of a dependency tag. */
export function parseDependencies(field: string, rules: DependencyRules): DependencyParse {
  const dependencies: ParsedDependency[] = [];
  let warning: string | undefined;
  try {
    for (let at = skipWhite(field, 0); at < field.length; at = skipWhite(field, at)) {
      if (field[at] === '(') {
        if (!richKinds.has(rules.kind)) throw new Refused('No rich dependencies allowed for this type');
        const rich = new RichParser(field, rules);
        const end = rich.parseForKind(at);
        dependencies.push({ name: rich.normal, comparison: undefined, version: undefined, start: at, end });
        warning = rich.warning ?? warning;
        at = end;
        continue;
      }
      const start = at;
      const nameEnd = skipNonWhite(field, at);
      const name = field.slice(at, nameEnd);
      const wordStart = skipWhite(field, nameEnd);
      const wordEnd = skipNonWhite(field, wordStart);
      const word = field.slice(wordStart, wordEnd);
      let end = nameEnd;
      at = wordStart;
      let comparison: string | undefined;
      let version: string | undefined;
      if (isComparison(word)) {
        comparison = comparisons[word]!;
        const versionStart = skipWhite(field, wordEnd);
        const versionEnd = skipNonWhite(field, versionStart);
        if (versionEnd === versionStart) throw new Refused('Version required');
        version = field.slice(versionStart, versionEnd);
        at = end = versionEnd;
      }
      warning = checkDependency(name, version, rules) ?? warning;
      if (rules.kind === 'Obsoletes') {
        if (!rules.checkNameCharacters(name)) throw new Refused('Only package names are allowed in Obsoletes');
        if (version === undefined) warning = "It's not recommended to have unversioned Obsoletes";
        else if (comparison!.includes('>')) warning = "It's not recommended to use '>' in Obsoletes";
      }
      if (/filetrigger/.test(rules.kind) && name[0] !== '/') warning = 'Only absolute paths are allowed in file triggers';
      if (name.startsWith('rpmlib(') && rules.kind === 'Provides') throw new Refused('invalid dependency');
      dependencies.push({ name, comparison, version, start, end });
    }
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return { dependencies, error: error.message, warning: undefined };
  }
  return { dependencies, error: undefined, warning };
}

function skipWhite(text: string, at: number): number {
  while (at < text.length && (isSpace(text.charCodeAt(at)) || text[at] === ',')) at++;
  return at;
}

function skipNonWhite(text: string, at: number): number {
  while (at < text.length && !isSpace(text.charCodeAt(at)) && text[at] !== ',') at++;
  return at;
}

/** Throws what rpm refuses; returns what it warns of. */
function checkDependency(name: string, version: string | undefined, rules: DependencyRules): string | undefined {
  const first = name.charCodeAt(0);
  if (first < 128 && !(isAlnum(first) || first === 95 || first === 47)) throw new Refused("Dependency tokens must begin with alpha-numeric, '_' or '/'");
  if (version === undefined) return undefined;
  if (first === 47) throw new Refused('Versioned file name not permitted');
  if (!rules.checkVersionCharacters(version)) throw new Refused('');
  const message = doubled(version, '-') ?? doubled(version, ':') ?? badEpoch(version);
  if (message !== undefined && rules.strictVersions) throw new Refused(message);
  return message;
}

function doubled(version: string, separator: string): string | undefined {
  return version.indexOf(separator) !== version.lastIndexOf(separator) ? `Invalid version (double separator '${separator}'): ${version}` : undefined;
}

function badEpoch(version: string): string | undefined {
  const colon = version.indexOf(':');
  for (let i = 0; i < colon; i++) if (!isDigit(version.charCodeAt(i))) return `Invalid version (epoch must be unsigned integer): ${version}`;
  return undefined;
}

type RichOperator = 'and' | 'or' | 'if' | 'unless' | 'else' | 'with' | 'without';
const richOperators: ReadonlySet<string> = new Set<RichOperator>(['and', 'or', 'if', 'unless', 'else', 'with', 'without']);

/** What the parts of a rich dependency have ruled out for those around them. */
interface RichCheck {
  noWith: boolean;
  noAnd: boolean;
  noOr: boolean;
}

/** `(a and (b >= 1 or c))`, checked and brought into rpm's spacing. */
class RichParser {
  normal = '';
  warning: string | undefined;
  constructor(
    private readonly text: string,
    private readonly rules: DependencyRules,
  ) {}

  parseForKind(at: number): number {
    const check: RichCheck = { noWith: false, noAnd: false, noOr: false };
    const end = this.#parse(at, check);
    checkOperator(orKinds.has(this.rules.kind) ? 'or' : 'and', check);
    return end;
  }

  #parse(start: number, outer: RichCheck): number {
    const { text } = this;
    const check: RichCheck = { noWith: false, noAnd: false, noOr: false };
    let operator: RichOperator | undefined;
    let first: RichOperator | undefined;
    let chain: RichOperator | undefined;
    let at = start + 1;
    this.normal += '(';
    for (;;) {
      at = skipWhite(text, at);
      if (text[at] === ')') throw new Refused(chain === undefined ? 'Empty rich dependency' : 'Missing argument to rich dependency op');
      if (text[at] === '(') {
        const inner: RichCheck = { noWith: false, noAnd: false, noOr: false };
        at = this.#parse(at, inner);
        if (operator === 'if' || operator === 'unless') inner.noAnd = inner.noOr = false;
        merge(check, inner);
      } else at = this.#simple(at);
      at = skipWhite(text, at);
      if (at >= text.length) throw new Refused(`Unterminated rich dependency: ${text.slice(start)}`);
      if (text[at] === ')') break;
      let end = at;
      while (end < text.length && !isSpace(text.charCodeAt(end)) && text[end] !== ')') end++;
      const word = text.slice(at, end);
      if (!richOperators.has(word)) throw new Refused(`Unknown rich dependency op '${word}'`);
      operator = word as RichOperator;
      first ??= operator;
      if (operator === 'else' && (chain === 'if' || chain === 'unless')) chain = undefined;
      if (chain !== undefined && operator !== chain) throw new Refused('Cannot chain different ops');
      if (chain !== undefined && operator !== 'and' && operator !== 'or' && operator !== 'with') throw new Refused('Can only chain and/or/with ops');
      this.normal += ` ${operator} `;
      chain = operator;
      at = end;
    }
    checkOperator(first, check);
    if (first === 'if') check.noOr = true;
    if (first === 'unless') check.noAnd = true;
    if (operator === 'and' || operator === 'or') check.noAnd = check.noOr = false;
    if (operator !== undefined && operator !== 'with' && operator !== 'without' && operator !== 'or') check.noWith = true;
    this.normal += ')';
    merge(outer, check);
    return at + 1;
  }

  #simple(start: number): number {
    const { text } = this;
    const nameEnd = skipRichWord(text, start);
    if (nameEnd === start) throw new Refused('Name required');
    const name = text.slice(start, nameEnd);
    let at = skipWhite(text, nameEnd);
    const wordEnd = skipRichWord(text, at);
    const word = text.slice(at, wordEnd);
    let version: string | undefined;
    this.normal += name;
    if (isComparison(word)) {
      const versionStart = skipWhite(text, wordEnd);
      at = skipRichWord(text, versionStart);
      version = text.slice(versionStart, at);
      if (version === '') throw new Refused('Version required');
      this.normal += ` ${comparisons[word]!} ${version}`;
    }
    this.warning = checkDependency(name, version, this.rules) ?? this.warning;
    return at;
  }
}

function merge(into: RichCheck, from: RichCheck): void {
  into.noWith ||= from.noWith;
  into.noAnd ||= from.noAnd;
  into.noOr ||= from.noOr;
}

function checkOperator(operator: RichOperator | undefined, check: RichCheck): void {
  if ((operator === 'with' || operator === 'without') && check.noWith) throw new Refused('Illegal ops in with/without');
  if ((operator === 'and' || operator === 'if') && check.noAnd) throw new Refused("Illegal context for 'unless', please use 'or' instead");
  if ((operator === 'or' || operator === 'unless') && check.noOr) throw new Refused("Illegal context for 'if', please use 'and' instead");
}

/** Parentheses within a word belong to it: `foo(bar)`. */
function skipRichWord(text: string, at: number): number {
  for (let depth = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (isSpace(unit) || unit === 44) break;
    if (unit === 41 && depth-- <= 0) break;
    if (unit === 40) depth++;
  }
  return at;
}

/** The words of `Requires(pre,post)`; undefined where rpm refuses them. */
export function parseQualifiers(text: string, known: readonly string[]): readonly string[] | undefined {
  const qualifiers: string[] = [];
  let at = 0;
  for (;;) {
    at = skipSpace(text, at);
    const start = at;
    while (at < text.length && isAlpha(text.charCodeAt(at))) at++;
    if (at === start) return at < text.length || qualifiers.length > 0 ? undefined : qualifiers;
    const word = text.slice(start, at);
    if (!known.includes(word)) return undefined;
    qualifiers.push(word);
    at = skipSpace(text, at);
    if (at >= text.length) return qualifiers;
    if (text[at] !== ',') return undefined;
    at++;
  }
}
