/** What a version of rpm can do: looked up once, so that the expander asks booleans. */
export interface RpmFeatures {
  /** Comparable: 4.16.1.3 is 4_016_001_003. */
  readonly version: number;
  readonly versionText: string;

  // How builtins work.
  /** Builtins are known by their names alone and hide any definition (before 4.17, where they became macros like others). */
  readonly namedBuiltins: boolean;
  /** A builtin known by name complains of an argument too many or too few (4.16). */
  readonly checksArguments: boolean;
  /** What a builtin gives is expanded once more (before 4.15; 4.15 does so for a few). */
  readonly expandsResults: boolean;
  /** `%{basename:}` and `%{dirname:}` are the C library's (4.20). */
  readonly libraryPaths: boolean;
  /** Defining or undefining the name of a builtin is refused (4.15). */
  readonly refusesBuiltinNames: boolean;

  // How parametric macros work.
  /** Arguments are expanded before they are split (4.14). */
  readonly expandsArguments: boolean;
  /** Arguments are values (4.16); before, `%1` is expanded again where it is used. */
  readonly literalArguments: boolean;
  /** `%{name:argument}` gives a macro its argument (4.17). */
  readonly colonArguments: boolean;
  /** The letters `-` alone switch options off, and `-` before others lets operands pass (4.17); before, an operand is then wrong. */
  readonly optionlessMacros: boolean;
  /** Definitions belong to the depth of expansion they were made at, not to the macro call around them (before 4.14). */
  readonly depthLevels: boolean;
  /** A macro call's end frees every local definition, not only the topmost of each name (6.0). */
  readonly freesWholeStacks: boolean;
  /** Quotes of `%{quote:}` stay inside: they never reach the result (4.20). */
  readonly innerQuotes: boolean;
  /** A macro without parameters that is given some is warned of (4.20). */
  readonly warnsOfArguments: boolean;

  // Definitions and errors.
  /** Letters a name must have at least: 3 before 4.18. */
  readonly shortestName: number;
  /** `%define -e -g` and modifiers: `%define name<l> body` is a literal, `<o>` is expanded once, on first use (6.1). */
  readonly modifiers: boolean;
  /** A definition that is refused ends the expansion (4.14); before, it is only reported. */
  readonly definitionErrors: boolean;
  /** Messages begin with file and line (4.15). */
  readonly places: boolean;
  /** With `-v` an error tells which macros it came out of (4.17). */
  readonly tracesErrors: boolean;
  /** Expansions inside each other: 16 before 4.14, 64 since. */
  readonly depth: number;

  // Expressions.
  /** `%[expression]` (4.16). */
  readonly expressions: boolean;
  /** `%[...]` expands in the scope of the macro it stands in (4.19). */
  readonly scopedExpressions: boolean;
  /** The newer language: ternary, versions, `&&` and `||` that give an operand and skip what does not matter, no bare words (4.16). */
  readonly modernExpressions: boolean;
  /** Errors show the expression (4.15). */
  readonly expressionPlaces: boolean;
  /** `lua:name(arguments)` in expressions (4.18). */
  readonly functions: boolean;
}

/**
 * Turns `4.16.1.3` into a number that compares as versions do; missing parts count as 0, what is no number too. What rpm
 * calls `6.0.92` is a candidate of 6.1, and counts as that.
 */
export function rpmVersionNumber(version: string): number {
  const parts = Array.from({ length: 4 }, (_, i) => Number.parseInt(version.split('.')[i] ?? '0', 10) || 0);
  if (parts[2]! >= 90) parts.splice(1, 3, parts[1]! + 1, 0, 0);
  return parts.reduce((number, part) => number * 1000 + part, 0);
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
      namedBuiltins: !since('4.17'),
      checksArguments: since('4.16'),
      expandsResults: !since('4.15'),
      libraryPaths: since('4.20'),
      refusesBuiltinNames: since('4.15'),
      expandsArguments: since('4.14'),
      literalArguments: since('4.16'),
      colonArguments: since('4.17'),
      optionlessMacros: since('4.17'),
      depthLevels: !since('4.14'),
      freesWholeStacks: since('6.0'),
      innerQuotes: since('4.20'),
      warnsOfArguments: since('4.20'),
      shortestName: since('4.18') ? 1 : 3,
      modifiers: since('6.1'),
      definitionErrors: since('4.14'),
      places: since('4.15'),
      tracesErrors: since('4.17'),
      depth: since('4.14') ? 64 : 16,
      expressions: since('4.16'),
      scopedExpressions: since('4.19'),
      modernExpressions: since('4.16'),
      expressionPlaces: since('4.15'),
      functions: since('4.18'),
    };
    known.set(versionText, features);
  }
  return features;
}
