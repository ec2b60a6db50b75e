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

/** Paths that match a pattern, sorted; a pattern without wildcards is itself, whether there is such a file or not. */
export function globFiles(pattern: string, files: FileReader): string[] {
  if (!/[*?[]/.test(pattern)) return [pattern];
  let paths = [pattern.startsWith('/') ? '/' : ''];
  const parts = pattern.split('/').filter((piece) => piece !== '');
  for (const [index, part] of parts.entries()) {
    const join = (path: string) => (path === '' || path.endsWith('/') ? path + part : `${path}/${part}`);
    if (!/[*?[]/.test(part)) {
      // Within the path a listing tells; at its end only a look.
      paths = paths.map(join).filter((path) => index < parts.length - 1 || files.stat(path) !== undefined);
      continue;
    }
    const matches = globPart(part);
    paths = paths.flatMap((path) => files.list(path === '' ? '.' : path).filter(matches).map((name) => (path === '' || path.endsWith('/') ? path + name : `${path}/${name}`)));
  }
  return paths.sort();
}

/** A test for one part of a path; without regular expressions, since the pattern is anybody's. */
function globPart(pattern: string): (name: string) => boolean {
  const matches = (name: string, at: number, p: number): boolean => {
    for (; p < pattern.length; p++, at++) {
      const unit = pattern[p]!;
      if (unit === '*') {
        for (let rest = name.length; rest >= at; rest--) if (matches(name, rest, p + 1)) return true;
        return false;
      }
      if (at >= name.length) return false;
      if (unit === '?') continue;
      if (unit === '[') {
        const close = pattern.indexOf(']', p + 2);
        if (close > 0) {
          const negated = pattern[p + 1] === '!' || pattern[p + 1] === '^';
          if (inSet(pattern.slice(p + (negated ? 2 : 1), close), name[at]!) === negated) return false;
          p = close;
          continue;
        }
      }
      if (unit !== name[at]) return false;
    }
    return at === name.length;
  };
  // A name that begins with a dot is only found by a pattern that does.
  return (name) => (name[0] !== '.' || pattern[0] === '.') && matches(name, 0, 0);
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
