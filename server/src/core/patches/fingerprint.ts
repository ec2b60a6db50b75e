import type { Fingerprint } from './identity.js';

/** What git's `isspace` calls white space: tab, line feed, carriage return, blank. */
export function isGitSpace(byte: number): boolean {
  return byte === 32 || byte === 9 || byte === 10 || byte === 13;
}

/** 1 for letters, digits, `_` and everything beyond ASCII. */
const wordBytes = new Uint8Array(256);
for (let byte = 0; byte < 256; byte++) {
  if ((byte >= 48 && byte <= 57) || (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte === 95 || byte >= 128) wordBytes[byte] = 1;
}

/** A line with fewer word bytes (`}`, `fi`) stands everywhere and tells nothing about where it comes from. */
const tellingWordBytes = 3;

/**
 * The fingerprint of a changed line: 52 bits of a hash of its content without white space, and one that says whether it
 * was added (1) or removed (0), so that {@link oppositeFingerprint} finds who undid it.
 * Zero where the line is blank, negative where it tells nothing (see {@link isTelling}).
 */
export function lineFingerprint(bytes: Uint8Array, start: number, end: number, added: boolean): Fingerprint {
  let low = 0x2c1b3c6d;
  let high = 0x297a2d39;
  let words = 0;
  let length = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    if (byte === 32 || byte === 9 || byte === 13 || byte === 10) continue;
    // git reads lines as C strings: what follows a NUL is not there.
    if (byte === 0) break;
    length++;
    words += wordBytes[byte]!;
    low = Math.imul(low ^ byte, 0x9e3779b1);
    high = Math.imul(high ^ byte, 0x5f356495);
    high = (high << 15) | (high >>> 17);
  }
  if (length === 0) return 0;
  const mark = finish(low, high) * 2 + (added ? 1 : 0);
  return words < tellingWordBytes ? -mark : mark;
}

/** Whether a line fingerprint is of a line that is worth looking up. */
export function isTelling(fingerprint: Fingerprint): boolean {
  return fingerprint > 0;
}

/** Whether a line fingerprint is of a line that was added. */
export function isAddition(fingerprint: Fingerprint): boolean {
  return Math.abs(fingerprint) % 2 === 1;
}

/** Of the same line, removed where it was added and added where it was removed. */
export function oppositeFingerprint(fingerprint: Fingerprint): Fingerprint {
  const mark = Math.abs(fingerprint);
  const opposite = mark % 2 === 0 ? mark + 1 : mark - 1;
  return fingerprint < 0 ? -opposite : opposite;
}

/** Of a text without regard to case and white space: subjects. Zero for a blank one. */
export function textFingerprint(text: string): Fingerprint {
  const bytes = new TextEncoder().encode(text.toLowerCase());
  return Math.abs(lineFingerprint(bytes, 0, bytes.length, false));
}

/** Of a sequence of line fingerprints, in order; blank lines do not count. */
export function sequenceFingerprint(lines: ArrayLike<Fingerprint>, start = 0, end = lines.length): Fingerprint {
  let low = 0x165667b1;
  let high = 0x27d4eb2f;
  for (let i = start; i < end; i++) {
    const line = Math.abs(lines[i]!);
    if (line === 0) continue;
    low = Math.imul(low ^ (line % 0x100000000 | 0), 0x9e3779b1);
    low = (low << 13) | (low >>> 19);
    high = Math.imul(high ^ (line / 0x100000 | 0), 0x5f356495);
    high = (high << 15) | (high >>> 17);
  }
  return finish(low, high) * 2;
}

/** Adds a line to a sum that does not depend on order; blank lines do not count. */
export class ContentSum {
  #low = 0;
  #high = 0;
  #count = 0;

  reset(): void {
    this.#low = 0;
    this.#high = 0;
    this.#count = 0;
  }

  add(line: Fingerprint): void {
    const value = Math.abs(line);
    if (value === 0) return;
    const low = value % 0x100000000 | 0;
    const high = value / 0x200000 | 0;
    // Mixed once more before it is summed, or sums of related lines would collide.
    this.#low = (this.#low + mix(low ^ 0x51ed270b ^ (high << 7))) | 0;
    this.#high = (this.#high + mix(high ^ Math.imul(low, 0x2545f491))) | 0;
    this.#count++;
  }

  /** Undefined where no line was added. */
  value(): Fingerprint | undefined {
    if (this.#count === 0) return undefined;
    return finish(this.#low ^ this.#count, this.#high) * 2;
  }
}

function mix(value: number): number {
  let x = value;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}

/** 52 bits out of two lanes. */
function finish(low: number, high: number): number {
  const a = mix(low ^ (high >>> 7));
  const b = mix(high ^ Math.imul(low, 0x846ca68b));
  return (b & 0xfffff) * 0x100000000 + (a >>> 0);
}
