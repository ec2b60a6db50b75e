/** What a version of rpm can do: looked up once, so that the expander asks booleans. */
export interface RpmFeatures {
  /** Comparable: 4.16.1.3 is 4_016_001_003. */
  readonly version: number;
  readonly versionText: string;
  /** `%[expression]` and `%{expr:}` (4.16). */
  readonly expressions: boolean;
  /** `v"1.2"` in expressions (4.16). */
  readonly versionLiterals: boolean;
  /** `a ? b : c` in expressions (4.16). */
  readonly ternary: boolean;
  /** `lua:name(args)` in expressions (4.17). */
  readonly functions: boolean;
  /** Bare words in expressions are strings (before 4.16). */
  readonly bareWords: boolean;
  /** `&&` and `||` give the operand, not 0 or 1, and skip what does not matter (4.16). */
  readonly logicalValues: boolean;
  /** Quotes of `%{quote:}` stay inside: they never reach the result (4.20). */
  readonly innerQuotes: boolean;
  /** `%[...]` expands in the scope of the macro it stands in (4.19). */
  readonly scopedExpressions: boolean;
  /** A macro without parameters that is given some is warned of (4.20). */
  readonly warnsOfArguments: boolean;
  /** A macro call's end frees every local definition, not only the topmost of each name (6.0). */
  readonly freesWholeStacks: boolean;
  /** `%{basename:}` and `%{dirname:}` are the C library's (4.19). */
  readonly libraryPaths: boolean;
  /** `Macro %x has empty body` is an error (4.15 on), a warning before. */
  readonly emptyBodyIsError: boolean;
}

/** Turns `4.16.1.3` into a number that compares as versions do; missing parts count as 0, what is no number too. */
export function rpmVersionNumber(version: string): number {
  let number = 0;
  const parts = version.split('.');
  for (let i = 0; i < 4; i++) number = number * 1000 + (Number.parseInt(parts[i] ?? '0', 10) || 0);
  return number;
}

const known = new Map<string, RpmFeatures>();

export function rpmFeatures(versionText: string): RpmFeatures {
  let features = known.get(versionText);
  if (features === undefined) {
    const version = rpmVersionNumber(versionText);
    const since = (first: string) => version >= rpmVersionNumber(first);
    features = {
      version,
      versionText,
      expressions: since('4.16'),
      versionLiterals: since('4.16'),
      ternary: since('4.16'),
      functions: since('4.17'),
      bareWords: !since('4.16'),
      logicalValues: since('4.16'),
      innerQuotes: since('4.20'),
      scopedExpressions: since('4.19'),
      warnsOfArguments: since('4.20'),
      freesWholeStacks: since('4.20'),
      libraryPaths: since('4.19'),
      emptyBodyIsError: since('4.16'),
    };
    known.set(versionText, features);
  }
  return features;
}
