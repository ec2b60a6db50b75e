/** A text as code within a line. */
export function code(text: string): string {
  const line = text.replace(/\s*\n\s*/g, ' ⏎ ');
  if (line === '') return '*(empty)*';
  // Backticks inside want more of them outside; a space keeps them apart.
  const longest = Math.max(0, ...[...line.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return longest > 0 ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`;
}

/** A text as a block of code. */
export function codeBlock(text: string, language = 'rpmspec'): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** A text with nothing in it that Markdown would take for its own. */
export function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!<>|~]/g, '\\$&').replace(/\s*\n\s*/g, ' ');
}

/** Shortens a text to so many characters, with an ellipsis. */
export function shortened(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)!}`;
}

/** The day of a time in seconds since 1970, as `2024-05-07`. */
export function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
