import type { FileReader } from '../host.js';
import { rpmVersionNumber } from './features.js';
import { isBlank } from './scan.js';

/** A definition of a macro file, continuation lines joined as rpm joins them; `text` begins behind the percent sign. */
export interface MacroFileLine {
  readonly text: string;
  /** Zero-based first line. */
  readonly first: number;
  /** The number, counted from 1, that rpm gives: that of the last line. */
  readonly last: number;
}

/** The definitions in the text of a macro file. A line goes on in the next while it ends with a backslash or holds an open `%{`, `%(` or `%[`. */
export function* logicalLines(text: string): Generator<MacroFileLine, void, undefined> {
  let line = 0;
  let at = 0;
  while (at < text.length) {
    const first = line;
    let lineStart = at;
    let begin = at;
    while (begin < text.length && isBlank(text.charCodeAt(begin))) begin++;
    const isDefinition = text.charCodeAt(begin) === 37;
    let scanned = begin;
    let braces = 0;
    let parentheses = 0;
    let brackets = 0;
    let end: number;
    for (;;) {
      let stop = text.indexOf('\n', lineStart);
      const complete = stop >= 0;
      if (!complete) stop = text.length;
      line++;
      end = stop;
      while (end > lineStart && (text.charCodeAt(end - 1) === 13 || text.charCodeAt(end - 1) === 10)) end--;
      at = complete ? stop + 1 : stop;
      if (!isDefinition) break;
      for (; scanned < end; scanned++) {
        switch (text.charCodeAt(scanned)) {
          case 92:
            scanned++;
            break;
          case 37: {
            const second = text.charCodeAt(scanned + 1);
            if (second === 123) braces++;
            else if (second === 40) parentheses++;
            else if (second === 91) brackets++;
            else if (second !== 37) break;
            scanned++;
            break;
          }
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
      const open = (end > lineStart && text.charCodeAt(end - 1) === 92) || braces > 0 || parentheses > 0 || brackets > 0;
      if (!complete || !open) break;
      scanned = at;
      lineStart = at;
      if (at >= text.length) break;
    }
    if (isDefinition) yield { text: text.slice(begin + 1, end).replaceAll('\r\n', '\n'), first, last: line };
  }
}

/**
 * The files that a macro path names, in the order rpm reads them: patterns separated by colons, with `*`, `?` and `[...]`
 * in any part, `~` for the home folder. Package managers' left-overs (`.rpmnew`, `.rpmsave`, `.rpmorig`) are left out, and since
 * rpm 6.0 what does not end with a letter or digit, as editors' backups.
 */
export function macroPathFiles(path: string, files: FileReader, home: string, rpmVersion: string): string[] {
  const skipsBackups = rpmVersionNumber(rpmVersion) >= rpmVersionNumber('6.0');
  const found: string[] = [];
  for (const pattern of path.split(':')) {
    if (pattern === '') continue;
    const absolute = pattern === '~' || pattern.startsWith('~/') ? home + pattern.slice(1) : pattern;
    for (const file of globFiles(absolute, files)) if (!/\.rpm(?:new|save|orig)$/.test(file) && !(skipsBackups && /[^A-Za-z0-9]$/.test(file))) found.push(file);
  }
  return found;
}

/** Paths that match a pattern as C's glob finds them, with braces; a pattern without wildcards is itself, whether there is such a file or not. */
export function globFiles(pattern: string, files: FileReader): string[] {
  const alternatives = braceAlternatives(pattern);
  if (alternatives.length === 1 && !isWild(pattern)) return [pattern];
  return alternatives.flatMap((one) => (alternatives.length === 1 || isWild(one) ? globOne(one, files) : files.stat(one) === undefined ? [] : [one]));
}

function isWild(pattern: string): boolean {
  return /[*?[\\]/.test(pattern);
}

/** `a{b,c}d` is `abd` and `acd`; more of them than anybody writes are not made. */
function braceAlternatives(pattern: string): string[] {
  const done: string[] = [];
  const open = [pattern];
  while (open.length > 0 && done.length + open.length < 1000) {
    const text = open.shift()!;
    const braces = /\{([^{}]*,[^{}]*)\}/.exec(text);
    if (braces === null) done.push(text);
    else open.unshift(...braces[1]!.split(',').map((part) => text.slice(0, braces.index) + part + text.slice(braces.index + braces[0].length)));
  }
  return done;
}

function globOne(pattern: string, files: FileReader): string[] {
  let paths = [pattern.startsWith('/') ? '/' : ''];
  const parts = pattern.split('/').filter((piece) => piece !== '');
  for (const [index, part] of parts.entries()) {
    const join = (path: string, name: string) => (path === '' || path.endsWith('/') ? path + name : `${path}/${name}`);
    if (!isWild(part)) {
      // Within the path a listing tells; at its end only a look.
      paths = paths.map((path) => join(path, part)).filter((path) => index < parts.length - 1 || files.stat(path) !== undefined);
      continue;
    }
    const list = (path: string) => [...(part[0] === '.' ? ['.', '..'] : []), ...files.list(path === '' ? '.' : path)];
    // A name that begins with a dot is only found by a pattern that does.
    paths = paths.flatMap((path) => list(path).filter((name) => (name[0] !== '.' || part[0] === '.') && matchesGlob(name, part)).map((name) => join(path, name)));
  }
  return paths.sort();
}

/** Whether a name fits one part of a pattern; without regular expressions or deep backtracking, since the pattern is anybody's. */
function matchesGlob(name: string, pattern: string): boolean {
  let at = 0;
  let p = 0;
  // Where the last star may take one character more.
  let star = -1;
  let taken = 0;
  while (at < name.length) {
    const unit = pattern[p];
    let next = -1;
    if (unit === '*') {
      star = ++p;
      taken = at;
      continue;
    }
    if (unit === '?') next = p + 1;
    else if (unit === '[') next = setEnd(pattern, p, name[at]!);
    else if (unit === '\\' && p + 1 < pattern.length) next = pattern[p + 1] === name[at] ? p + 2 : -1;
    else if (unit === name[at]) next = p + 1;
    if (next >= 0) {
      p = next;
      at++;
    } else if (star >= 0) {
      p = star;
      at = ++taken;
    } else return false;
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** Where a pattern goes on behind a set that has the character; -1 for one that has not. A bracket that nothing closes is one. */
function setEnd(pattern: string, open: number, unit: string): number {
  const negated = pattern[open + 1] === '!' || pattern[open + 1] === '^';
  const from = open + (negated ? 2 : 1);
  const close = pattern.indexOf(']', from + 1);
  if (close < 0) return unit === '[' ? open + 1 : -1;
  return inSet(pattern.slice(from, close), unit) === negated ? -1 : close + 1;
}

function inSet(set: string, unit: string): boolean {
  for (let i = 0; i < set.length; i++) {
    if (set[i + 1] === '-' && i + 2 < set.length) {
      if (set[i]! <= unit && unit <= set[i + 2]!) return true;
      i += 2;
    } else if (set[i] === unit) return true;
  }
  return false;
}
