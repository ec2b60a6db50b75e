/** Where things end in macro text: the questions that need no macro table. */

const percent = 37;
const backslash = 92;
const newline = 10;

export function isBlank(unit: number): boolean {
  return unit === 32 || unit === 9;
}

export function isLineEnd(unit: number): boolean {
  return unit === newline || unit === 13;
}

/** C's isspace in the C locale. */
export function isSpace(unit: number): boolean {
  return unit === 32 || (unit >= 9 && unit <= 13);
}

export function isDigit(unit: number): boolean {
  return unit >= 48 && unit <= 57;
}

export function isAlpha(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90);
}

/** A letter, a digit or an underscore: what a macro's name is made of. */
export function isNameUnit(unit: number): boolean {
  return (unit >= 97 && unit <= 122) || (unit >= 65 && unit <= 90) || (unit >= 48 && unit <= 57) || unit === 95;
}

/**
 * The offset behind the `close` that matches the `open` at `start`, within `end`; -1 where there is none. A backslash
 * hides the character behind it, as in rpm; nothing else does.
 */
export function matchBracket(text: string, start: number, end: number, open: number, close: number): number {
  let level = 0;
  for (let i = start; i < end; i++) {
    const unit = text.charCodeAt(i);
    if (unit === backslash) i++;
    else if (unit === close) {
      if (--level <= 0) return i + 1;
    } else if (unit === open) level++;
  }
  return -1;
}

/**
 * The offset behind the macro use whose `%` stands directly before `start`: `{...}`, `(...)`, `[...]`, or a name with its
 * marks. -1 for one whose bracket is not closed before `end`.
 */
export function macroEnd(text: string, start: number, end: number): number {
  if (start >= end) return start;
  const first = text.charCodeAt(start);
  if (first === 123) return matchBracket(text, start, end, 123, 125);
  if (first === 40) return matchBracket(text, start, end, 40, 41);
  if (first === 91) return matchBracket(text, start, end, 91, 93);
  let i = start;
  while (i < end && (text.charCodeAt(i) === 63 || text.charCodeAt(i) === 33)) i++;
  if (i < end && text.charCodeAt(i) === 45) i++;
  while (i < end && isNameUnit(text.charCodeAt(i))) i++;
  if (i < end) {
    const unit = text.charCodeAt(i);
    if (unit === 42) i += i + 1 < end && text.charCodeAt(i + 1) === 42 ? 2 : 1;
    else if (unit === 35) i++;
  }
  return i;
}

/**
 * Whether rpm's spec parser would expand `text` (whole physical lines) as it stands, or first read one more line: it
 * reads on while a `%{`, `%(` or `%[` is open or the last line ends with a backslash.
 */
export function needsNextLine(text: string, start = 0, end = text.length): boolean {
  let braces = 0;
  let parentheses = 0;
  let brackets = 0;
  let continued = false;
  for (let i = start; i < end; i++) {
    switch (text.charCodeAt(i)) {
      case backslash:
        if (i + 1 >= end) break;
        i++;
        if (text.charCodeAt(i) === newline) continued = true;
        break;
      case newline:
        continued = false;
        break;
      case percent:
        switch (text.charCodeAt(i + 1)) {
          case 123:
            i++;
            braces++;
            break;
          case 40:
            i++;
            parentheses++;
            break;
          case 91:
            i++;
            brackets++;
            break;
          case percent:
            i++;
            break;
        }
        break;
      case 123:
        if (braces > 0) braces++;
        break;
      case 125:
        if (braces > 0) braces--;
        break;
      case 40:
        if (parentheses > 0) parentheses++;
        break;
      case 41:
        if (parentheses > 0) parentheses--;
        break;
      case 91:
        if (brackets > 0) brackets++;
        break;
      case 93:
        if (brackets > 0) brackets--;
        break;
    }
  }
  return braces > 0 || parentheses > 0 || brackets > 0 || continued;
}
