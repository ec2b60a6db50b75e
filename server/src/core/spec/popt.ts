/** Command lines inside a spec (`%setup -q -n x`, `%files -f y`), read as the popt library reads them. */
import { isSpace } from './characters.js';

/** popt's words for what went wrong (poptStrerror). */
export const poptError = { quoting: 'error in parameter quoting', missingArgument: 'missing argument', unknownOption: 'unknown option', invalidNumber: 'invalid numeric value', numberRange: 'number too large or too small' } as const;

/** Splits a line into words, with quotes and backslashes; undefined where it ends in a backslash. An empty quoted word vanishes, as in popt. */
export function splitArguments(line: string): string[] | undefined {
  const words: string[] = [];
  let word = '';
  let quote = 0;
  for (let i = 0; i < line.length; i++) {
    const unit = line.charCodeAt(i);
    if (quote !== 0 && unit === quote) quote = 0;
    else if (quote !== 0) {
      if (unit === 92) {
        i++;
        if (i >= line.length) return undefined;
        if (line.charCodeAt(i) !== quote) word += '\\';
      }
      word += line[i];
    } else if (isSpace(unit)) {
      if (word !== '') words.push(word);
      word = '';
    } else if (unit === 34 || unit === 39) quote = unit;
    else {
      if (unit === 92) {
        i++;
        if (i >= line.length) return undefined;
      }
      word += line[i];
    }
  }
  if (word !== '') words.push(word);
  return words;
}

/** What follows an option letter. */
export type OptionKind = 'flag' | 'string' | 'int';

export interface ParsedOption {
  readonly letter: string;
  /** Undefined for a flag. */
  readonly value: string | undefined;
}

export interface ParsedArguments {
  /** In the order written. */
  readonly options: readonly ParsedOption[];
  /** What is no option, in the order written. */
  readonly rest: readonly string[];
  /** The first thing popt refuses: the word it was found in and popt's words for it; what follows it is not read. */
  readonly error: { readonly word: string; readonly message: string } | undefined;
}

/** Reads the options of `words`, whose first is the macro itself; options and other words may be mixed. */
export function parseOptions(words: readonly string[], kinds: Readonly<Record<string, OptionKind>>): ParsedArguments {
  const options: ParsedOption[] = [];
  const rest: string[] = [];
  for (let i = 1; i < words.length; i++) {
    const word = words[i]!;
    if (word === '--') {
      rest.push(...words.slice(i + 1));
      break;
    }
    if (word.length < 2 || word[0] !== '-') {
      rest.push(word);
      continue;
    }
    if (word[1] === '-') return { options, rest, error: { word, message: poptError.unknownOption } };
    for (let at = 1; at < word.length; ) {
      const letter = word[at++]!;
      const kind = Object.hasOwn(kinds, letter) ? kinds[letter]! : undefined;
      if (kind === undefined) return { options, rest, error: { word, message: poptError.unknownOption } };
      if (kind === 'flag') {
        if (word[at] === '=') at++;
        options.push({ letter, value: undefined });
        continue;
      }
      let value: string | undefined;
      if (at < word.length) {
        value = word.slice(word[at] === '=' ? at + 1 : at);
        at = word.length;
      } else value = words[++i];
      if (value === undefined) return { options, rest, error: { word, message: poptError.missingArgument } };
      if (kind === 'int' && parseInteger(value) === undefined) return { options, rest, error: { word: words[i]!, message: poptError.invalidNumber } };
      options.push({ letter, value });
    }
  }
  return { options, rest, error: undefined };
}

/** What strtol with base 0 reads of a whole word. */
export function parseInteger(text: string): number | undefined {
  const match = /^\s*([+-]?)(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9]\d*)$/.exec(text);
  if (match === null) return undefined;
  const digits = match[2]!;
  const value = /^0[xX]/.test(digits) ? Number.parseInt(digits, 16) : digits.startsWith('0') ? Number.parseInt(digits, 8) : Number.parseInt(digits, 10);
  return match[1] === '-' ? -value : value;
}
