/** Versions as rpm compares them (rpmvercmp, rpmver.c). */
import { isAlpha, isAlnum, isDigit } from './characters.js';

/** Compares two version or release strings: below 0, 0, above 0. `~` sorts before everything, even the end; `^` after the end. */
export function compareVersions(a: string, b: string): number {
  if (a === b) return 0;
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    while (i < a.length && !isSignificant(a.charCodeAt(i))) i++;
    while (j < b.length && !isSignificant(b.charCodeAt(j))) j++;
    const tildeA = a[i] === '~';
    const tildeB = b[j] === '~';
    if (tildeA || tildeB) {
      if (!tildeA) return 1;
      if (!tildeB) return -1;
      i++;
      j++;
      continue;
    }
    const caretA = a[i] === '^';
    const caretB = b[j] === '^';
    if (caretA || caretB) {
      if (i >= a.length) return -1;
      if (j >= b.length) return 1;
      if (!caretA) return 1;
      if (!caretB) return -1;
      i++;
      j++;
      continue;
    }
    if (i >= a.length || j >= b.length) break;
    const numeric = isDigit(a.charCodeAt(i));
    const inSegment = numeric ? isDigit : isAlpha;
    const startA = i;
    const startB = j;
    while (i < a.length && inSegment(a.charCodeAt(i))) i++;
    while (j < b.length && inSegment(b.charCodeAt(j))) j++;
    // A number is newer than letters.
    if (j === startB) return numeric ? 1 : -1;
    let segmentA = a.slice(startA, i);
    let segmentB = b.slice(startB, j);
    if (numeric) {
      segmentA = segmentA.replace(/^0+/, '');
      segmentB = segmentB.replace(/^0+/, '');
      if (segmentA.length !== segmentB.length) return segmentA.length > segmentB.length ? 1 : -1;
    }
    if (segmentA !== segmentB) return segmentA < segmentB ? -1 : 1;
  }
  if (i >= a.length && j >= b.length) return 0;
  return i >= a.length ? -1 : 1;
}

function isSignificant(unit: number): boolean {
  return isAlnum(unit) || unit === 126 || unit === 94;
}

/** The parts of `epoch:version-release`; the epoch and the release are undefined where they are not written. */
export interface Evr {
  readonly epoch: string | undefined;
  readonly version: string;
  readonly release: string | undefined;
}

/** Splits as rpm's parseEVR: the epoch is the digits before a first colon, the release what follows the last hyphen. */
export function parseEvr(text: string): Evr {
  let digits = 0;
  while (digits < text.length && isDigit(text.charCodeAt(digits))) digits++;
  const colon = text[digits] === ':';
  const rest = colon ? text.slice(digits + 1) : text;
  const hyphen = rest.lastIndexOf('-');
  return {
    epoch: colon ? text.slice(0, digits) || '0' : undefined,
    version: hyphen >= 0 ? rest.slice(0, hyphen) : rest,
    release: hyphen >= 0 ? rest.slice(hyphen + 1) : undefined,
  };
}

/** Compares epoch, version and release; a missing epoch counts as 0, releases count only where both have one. */
export function compareEvr(a: Evr, b: Evr): number {
  const epochs = compareVersions(a.epoch ?? '0', b.epoch ?? '0');
  if (epochs !== 0) return epochs;
  const versions = compareVersions(a.version, b.version);
  if (versions !== 0 || a.release === undefined || b.release === undefined) return versions;
  return compareVersions(a.release, b.release);
}
