import current from 'spdx-license-ids/index.json' with { type: 'json' };
import deprecated from 'spdx-license-ids/deprecated.json' with { type: 'json' };

export interface LicenseName {
  readonly text: string;
  /** Offset in the expression. */
  readonly at: number;
  /** SPDX's spelling, when it is an SPDX identifier in any case; undefined for all other names. */
  readonly known: string | undefined;
}

export interface LicenseExpression {
  readonly names: readonly LicenseName[];
  /** The first thing that breaks the expression. */
  readonly problem: { readonly reason: string; readonly at: number; readonly length: number } | undefined;
}

const spellings = new Map([...current, ...deprecated].map((id) => [id.toLowerCase(), id]));

/**
 * Reads a license expression, SPDX's or the older kind (`GPLv2+ and (ASL 2.0 or Public Domain)`), where names may hold
 * spaces. Operators count in any case, as SPDX 3 has it.
 */
export function parseLicense(text: string): LicenseExpression {
  const names: LicenseName[] = [];
  let problem: LicenseExpression['problem'];
  const open: number[] = [];
  /** The operator or parenthesis that a name must follow; undefined behind a name. */
  let waiting: { text: string; at: number } | undefined = { text: '', at: 0 };
  const complain = (reason: string, at: number, length: number) => void (problem ??= { reason, at, length });
  for (const match of text.matchAll(/[()]|[^()\s]+(?:[ \t]+(?!(?:and|or|with)\b)[^()\s]+)*/gi)) {
    const [token] = match;
    for (const { text: word, at } of splitOperators(token, match.index)) {
      if (word === '(') {
        // "MIT (see LICENSE)" is no expression, "foo(bar)" neither.
        if (waiting === undefined) complain('an operator must stand before this parenthesis', at, 1);
        open.push(at);
        waiting = { text: word, at };
      } else if (word === ')') {
        if (waiting !== undefined) complain(waiting.text === '(' || waiting.text === '' ? 'there is nothing in these parentheses' : `a name must follow '${waiting.text}'`, waiting.at, Math.max(waiting.text.length, 1));
        if (open.pop() === undefined) complain('this parenthesis was not opened', at, 1);
        waiting = undefined;
      } else if (/^(and|or|with)$/i.test(word)) {
        if (waiting !== undefined) complain(`a name must stand before '${word}'`, at, word.length);
        waiting = { text: word, at };
      } else {
        // What follows WITH is an exception, which the list of licenses does not hold.
        if (!/^with$/i.test(waiting?.text ?? '')) names.push({ text: word, at, known: spellings.get(word.toLowerCase()) ?? spellings.get(word.toLowerCase().replace(/\+$/, ''))?.concat('+') });
        waiting = undefined;
      }
    }
  }
  if (open.length > 0) complain('this parenthesis is not closed', open.at(-1)!, 1);
  if (waiting !== undefined && waiting.text !== '') complain(`a name must follow '${waiting.text}'`, waiting.at, waiting.text.length);
  return { names, problem };
}

/** Words of a token, operators apart from the names around them; a name keeps its spaces. */
function splitOperators(token: string, start: number): readonly { readonly text: string; readonly at: number }[] {
  const parts: { text: string; at: number }[] = [];
  let from = 0;
  for (const match of token.matchAll(/(?<!\S)(?:and|or|with)(?!\S)/gi)) {
    push(from, match.index);
    parts.push({ text: match[0], at: start + match.index });
    from = match.index + match[0].length;
  }
  push(from, token.length);
  return parts;

  function push(begin: number, end: number): void {
    const piece = token.slice(begin, end);
    const trimmed = piece.trim();
    if (trimmed !== '') parts.push({ text: trimmed, at: start + begin + piece.indexOf(trimmed) });
  }
}
