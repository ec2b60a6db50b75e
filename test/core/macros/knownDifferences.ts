/** Texts that give something else than some rpm gives, each with why that is so and stays so. */
export interface KnownDifference {
  /** The versions of rpm, as they begin. */
  readonly rpm: string;
  readonly text: RegExp;
  readonly why: string;
}

export const knownDifferences: readonly KnownDifference[] = [
  { rpm: '4.16', text: /rpm\.vercmp\("[^"]*", ""\)/, why: 'rpm goes on behind its own argument error, with nothing to print' },
  { rpm: '4.16', text: /%\{verbose:\}/, why: 'with -v rpm takes the empty argument for all the text behind it' },
  { rpm: '6', text: /rpm\.ver\("1"\) < "2"/, why: 'Lua 5.4 calls the comparison lt in its message, Lua 5.3 __lt' },
];

/** Whether a difference of this text from this rpm is known. */
export function isKnown(text: string, rpmVersion: string): boolean {
  return knownDifferences.some((known) => rpmVersion.startsWith(known.rpm) && known.text.test(text));
}
