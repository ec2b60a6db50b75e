/** Character classes of the C locale, which rpm uses whatever the locale is (rpmstring.h). */

/** Space, tab, line break, carriage return, form feed, vertical tab. */
export function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}

export function isBlank(unit: number): boolean {
  return unit === 32 || unit === 9;
}

export function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

export function isAlpha(unit: number): boolean {
  const lower = unit | 32;
  return lower >= 97 && lower <= 122;
}

export function isAlnum(unit: number): boolean {
  return isDigit(unit) || isAlpha(unit);
}

/** The first offset at or behind `at` that is no space; the text's length if there is none. */
export function skipSpace(text: string, at: number): number {
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** The first offset at or behind `at` that is a space; the text's length if there is none. */
export function skipNonSpace(text: string, at: number): number {
  while (at < text.length && !isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** The offset behind the last character that is no space. */
export function trimmedEnd(text: string): number {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  return end;
}

/**
 * What rpm's parseUnsignedNum reads: blanks, then decimal digits and nothing behind them, up to 2^32 - 1.
 * Undefined where it refuses.
 */
export function parseUnsigned(text: string): number | undefined {
  const match = /^[ \t\n\v\f\r]*(\d+)$/.exec(text);
  if (match === null) return undefined;
  const value = Number(match[1]);
  return value <= 0xffff_ffff ? value : undefined;
}
