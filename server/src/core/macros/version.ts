/** `[epoch:]version[-release]` in its parts; a missing epoch differs from `0` only where rpm says so. */
export interface RpmVersion {
  readonly epoch: string | undefined;
  readonly version: string;
  readonly release: string | undefined;
}

/** Splits at the first colon behind leading digits and at the last hyphen behind that; undefined for the empty text. */
export function parseVersion(text: string): RpmVersion | undefined {
  if (text === '') return undefined;
  let at = 0;
  while (isDigit(text.charCodeAt(at))) at++;
  const hyphen = text.lastIndexOf('-');
  const end = hyphen >= at ? hyphen : text.length;
  const release = hyphen >= at ? text.slice(hyphen + 1) : undefined;
  if (text[at] === ':') return { epoch: at === 0 ? '0' : text.slice(0, at), version: text.slice(Math.min(at + 1, end), end), release };
  return { epoch: undefined, version: text.slice(0, end), release };
}

/** The text of a version, as rpm writes it back. */
export function formatVersion({ epoch, version, release }: RpmVersion): string {
  return (epoch === undefined ? '' : `${epoch}:`) + version + (release === undefined ? '' : `-${release}`);
}

/** Orders whole versions: by epoch, where none is 0; then version; then release, where none comes before any. */
export function compareVersions(a: RpmVersion, b: RpmVersion): number {
  return rpmVersionCompare(a.epoch ?? '0', b.epoch ?? '0') || rpmVersionCompare(a.version, b.version) || compareReleases(a.release, b.release);
}

function compareReleases(a: string | undefined, b: string | undefined): number {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? -1 : 1;
  return rpmVersionCompare(a, b);
}

const tilde = 126;
const caret = 94;

/**
 * Orders two version texts as rpm's rpmvercmp: runs of digits by value, runs of letters by code, a number above letters;
 * `~` comes before everything, the end of the text included; `^` behind the end, but before anything else.
 * Gives -1, 0 or 1.
 */
export function rpmVersionCompare(a: string, b: string): number {
  if (a === b) return 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while (i < a.length && isSeparator(a.charCodeAt(i))) i++;
    while (j < b.length && isSeparator(b.charCodeAt(j))) j++;
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(j);
    if (x === tilde || y === tilde) {
      if (x !== y) return x === tilde ? -1 : 1;
      i++;
      j++;
      continue;
    }
    if (x === caret || y === caret) {
      if (i >= a.length) return -1;
      if (j >= b.length) return 1;
      if (x !== y) return x === caret ? -1 : 1;
      i++;
      j++;
      continue;
    }
    if (i >= a.length || j >= b.length) break;
    const numeric = isDigit(x);
    const belongs = numeric ? isDigit : isLetter;
    let endA = i;
    let endB = j;
    while (belongs(a.charCodeAt(endA))) endA++;
    while (belongs(b.charCodeAt(endB))) endB++;
    if (endB === j) return numeric ? 1 : -1;
    if (numeric) {
      while (a[i] === '0' && i < endA) i++;
      while (b[j] === '0' && j < endB) j++;
      if (endA - i !== endB - j) return endA - i > endB - j ? 1 : -1;
    }
    const one = a.slice(i, endA);
    const two = b.slice(j, endB);
    if (one !== two) return one < two ? -1 : 1;
    i = endA;
    j = endB;
  }
  if (i >= a.length && j >= b.length) return 0;
  return i >= a.length ? -1 : 1;
}

function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

function isLetter(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90);
}

function isSeparator(unit: number): boolean {
  return !isDigit(unit) && !isLetter(unit) && unit !== tilde && unit !== caret;
}
