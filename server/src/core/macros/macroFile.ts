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
