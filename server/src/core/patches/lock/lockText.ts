/**
 * Lines of a lock file: the part of TOML that the writer uses and people write by hand. A reader of TOML gives up at the
 * first wrong line; here every line stands for itself, so that a merge that went wrong takes nothing else along.
 */

export type LockValue = string | number | { readonly day: string } | readonly string[];

export type LockLine =
  | { readonly kind: 'comment'; readonly line: number; readonly text: string }
  /** `[[a."b"]]`, or `[a."b"]` where not a list. */
  | { readonly kind: 'header'; readonly line: number; readonly path: readonly string[]; readonly isList: boolean }
  | { readonly kind: 'fact'; readonly line: number; readonly key: string; readonly value: LockValue; readonly comment: string | undefined };

export interface LockLines {
  readonly lines: readonly LockLine[];
  readonly unreadable: readonly { readonly line: number; readonly reason: string }[];
}

/** One row of a file, with its number there, from zero. */
export interface Row {
  readonly line: number;
  readonly text: string;
}

export interface Sides {
  /** The whole file as each side of a merge has it; one where nothing is left to merge. */
  readonly sides: readonly (readonly Row[])[];
  /** Zero-based lines of the markers of merge conflicts; `end` undefined where one does not end. */
  readonly conflicts: readonly { readonly start: number; readonly end: number | undefined }[];
}

/**
 * Takes a file with the markers of merge conflicts apart. What both sides have in common often stands between two conflicts and
 * belongs to other sections on either side, so each side is read as a whole.
 */
export function sidesOf(text: string): Sides {
  const conflicts: { start: number; end: number | undefined }[] = [];
  const ours: Row[] = [];
  const theirs: Row[] = [];
  let within: 'both' | 'ours' | 'base' | 'theirs' = 'both';
  for (const [line, row] of text.replace(/^\ufeff/, '').split(/\r?\n/).entries()) {
    const marker = /^(?:<{7}|\|{7}|={7}|>{7})(?=\s|$)/.exec(row)?.[0][0];
    if (marker === '<') {
      conflicts.push({ start: line, end: undefined });
      within = 'ours';
    } else if (marker === '|' && within === 'ours') within = 'base';
    else if (marker === '=' && (within === 'ours' || within === 'base')) within = 'theirs';
    else if (marker === '>' && within !== 'both') {
      conflicts.at(-1)!.end = line;
      within = 'both';
    } else {
      if (within === 'both' || within === 'ours') ours.push({ line, text: row });
      if (within === 'both' || within === 'theirs') theirs.push({ line, text: row });
    }
  }
  return { sides: conflicts.length === 0 ? [ours] : [ours, theirs], conflicts };
}

export function readLockLines(rows: readonly Row[]): LockLines {
  const lines: LockLine[] = [];
  const unreadable: { line: number; reason: string }[] = [];
  /** A list that has begun and not ended. */
  let list: { readonly line: number; readonly key: string; readonly items: string[] } | undefined;
  for (const { line, text: row } of rows) {
    const scanner = new Scanner(row);
    scanner.space();
    if (list !== undefined) {
      if (scanner.atEnd() || scanner.peek() === '#') continue;
      // The end of the list was lost: what looks like a line of its own is one.
      if (/^\s*(?:\[\[?[\w"']|[\w-]+\s*=)/.test(row)) {
        unreadable.push({ line: list.line, reason: `The list of '${list.key}' has no ']' at its end.` });
        lines.push({ kind: 'fact', line: list.line, key: list.key, value: list.items, comment: undefined });
        list = undefined;
      } else {
        const isDone = scanner.items(list.items);
        if (isDone === undefined || (isDone && !scanner.rest())) unreadable.push({ line, reason: 'An item of a list is a text in quotes, with a comma behind it.' });
        if (isDone === true) {
          lines.push({ kind: 'fact', line: list.line, key: list.key, value: list.items, comment: scanner.comment });
          list = undefined;
        }
        continue;
      }
    }
    if (scanner.atEnd()) continue;
    if (scanner.peek() === '#') {
      lines.push({ kind: 'comment', line, text: row.trim().replace(/^# ?/, '') });
      continue;
    }
    if (scanner.peek() === '[') {
      const isList = scanner.take('[[');
      if (!isList) scanner.take('[');
      const path = scanner.path();
      if (path === undefined || !scanner.take(isList ? ']]' : ']') || !scanner.rest()) unreadable.push({ line, reason: 'A section begins with [[patch."NAME"]].' });
      else lines.push({ kind: 'header', line, path, isList });
      continue;
    }
    const key = scanner.path()?.join('.');
    if (key === undefined || !scanner.take('=')) {
      unreadable.push({ line, reason: 'A fact is written as key = value.' });
      continue;
    }
    scanner.space();
    if (scanner.take('[')) {
      const items: string[] = [];
      const isDone = scanner.items(items);
      if (isDone === undefined || (isDone && !scanner.rest())) unreadable.push({ line, reason: 'A list holds texts in quotes, with commas between them.' });
      else if (isDone) lines.push({ kind: 'fact', line, key, value: items, comment: scanner.comment });
      else list = { line, key, items };
      continue;
    }
    const value = scanner.value();
    if (value === undefined || !scanner.rest()) unreadable.push({ line, reason: 'A value is a text in quotes, a number, a date, or a list of texts.' });
    else lines.push({ kind: 'fact', line, key, value, comment: scanner.comment });
  }
  if (list !== undefined) {
    unreadable.push({ line: list.line, reason: `The list of '${list.key}' has no ']' at its end.` });
    lines.push({ kind: 'fact', line: list.line, key: list.key, value: list.items, comment: undefined });
  }
  return { lines, unreadable };
}

/** Reads one row from left to right. */
class Scanner {
  readonly #row: string;
  #at = 0;
  /** The comment at the end of the row, once `rest` has met it. */
  comment: string | undefined;

  constructor(row: string) {
    this.#row = row;
  }

  peek(): string | undefined {
    return this.#row[this.#at];
  }

  atEnd(): boolean {
    return this.#at >= this.#row.length;
  }

  space(): void {
    while (this.peek() === ' ' || this.peek() === '\t') this.#at++;
  }

  take(word: string): boolean {
    if (!this.#row.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  /** Whether nothing but a comment follows. */
  rest(): boolean {
    this.space();
    if (this.peek() === '#') {
      this.comment = this.#row.slice(this.#at).trim().replace(/^# ?/, '');
      this.#at = this.#row.length;
    }
    return this.atEnd();
  }

  /** Keys with dots between them. */
  path(): string[] | undefined {
    const path: string[] = [];
    do {
      this.space();
      const bare = this.#match(/[A-Za-z0-9_-]+/y);
      const key = bare ?? this.string();
      if (key === undefined) return undefined;
      path.push(key);
      this.space();
    } while (this.take('.'));
    return path;
  }

  value(): LockValue | undefined {
    const day = this.#match(/\d{4}-\d{2}-\d{2}/y);
    if (day !== undefined) return { day };
    const number = this.#match(/[+-]?\d+(?:\.\d+)?/y);
    return number === undefined ? this.string() : Number(number);
  }

  /** Items of a list up to its end. True at `]`, false where the row ends before it, undefined where something else stands there. */
  items(items: string[]): boolean | undefined {
    for (;;) {
      this.space();
      if (this.atEnd() || this.peek() === '#') return false;
      if (this.take(']')) return true;
      const item = this.string();
      if (item === undefined) return undefined;
      items.push(item);
      this.space();
      if (!this.take(',') && !this.atEnd() && this.peek() !== ']' && this.peek() !== '#') return undefined;
    }
  }

  /** A text in double quotes with escapes, or in single quotes without. */
  string(): string | undefined {
    const literal = this.#match(/'[^']*'/y);
    if (literal !== undefined) return literal.slice(1, -1);
    const basic = this.#match(/"(?:[^"\\]|\\(?:[btnfre"\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}))*"/y);
    if (basic === undefined) return undefined;
    let isGood = true;
    const text = basic.slice(1, -1).replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four: string | undefined, eight: string | undefined, letter: string | undefined) => {
      if (letter !== undefined) return escapes[letter]!;
      const code = Number.parseInt((four ?? eight)!, 16);
      isGood &&= code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
      return isGood ? String.fromCodePoint(code) : '';
    });
    return isGood ? text : undefined;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const [found] = pattern.exec(this.#row) ?? [];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

const escapes: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', e: '\u001b', '"': '"', '\\': '\\' };
