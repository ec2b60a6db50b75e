/**
 * What a spec means for one target: plain, immutable data that lint rules, hovers and reports read.
 * Spans are places in the text as written (the main spec's); they are undefined only for things that came from an
 * included file. Every name follows rpm's.
 */
import type { ExplanationStep, MacroDefinition, MacroMessage } from '../macros/index.js';
import type { Problem, Span } from '../text/index.js';
import type { Target } from '../targets/index.js';

/** A problem found while evaluating. `code` is `rpm-error` or `rpm-warning` plus a finer name: `rpm-error/unclosed-if`. */
export interface EvaluationProblem extends Problem {
  /** Zero-based line that rpm would name, in the file it would name. */
  readonly line: number;
  /** Names of the macros, outermost first, whose expansion led here; empty for written text. */
  readonly macros: readonly string[];
  /** Stands behind a line that rpm refuses: rpm would say it once that line is mended. */
  readonly behindRefusal?: true;
}

/** A text made by expansion that knows where each piece came from. */
export interface ExpandedText {
  readonly text: string;
  /** The place in the written text that made this offset of the expanded text, or undefined for text from an included file. */
  originOf(offset: number): ExpandedOrigin | undefined;
  /** Every place in the expanded text that the written offset went into; a macro body used twice has several. */
  expansionsOf(writtenOffset: number): readonly Span[];
}

export interface ExpandedOrigin {
  /** The written span: the character itself where it was written, the whole macro use where it came from a macro. */
  readonly span: Span;
  /** Macros between the written use and the text, outermost first; empty for written text. */
  readonly macros: readonly string[];
}

/** One use of a macro in the written text (uses inside macro bodies belong to the use that expanded them). */
export interface MacroUse {
  readonly name: string;
  /** From `%` to the end of the use, arguments included. */
  readonly span: Span;
  /** The name alone. */
  readonly nameSpan: Span;
  /** `%{?x}`, `%{!?x}`: asks whether it is defined. */
  readonly conditional: boolean;
  /** The definition in force there, undefined for an unknown macro. */
  readonly definition: MacroDefinition | undefined;
  /** What it became there; undefined where rpm never expanded it (a false branch). */
  readonly value: string | undefined;
}

/** One `%if`, `%elif`, `%else`, `%ifarch` ... `%endif` line. */
export interface ConditionalLine {
  readonly keyword: string;
  readonly span: Span;
  readonly keywordSpan: Span;
  /** Index in `conditionals` of the `%if` this line belongs to; its own for an `%if`. */
  readonly opener: number;
  /** Whether the lines behind it, up to the next line of the same conditional, are read. Undefined for an `%endif`. */
  readonly taken: boolean | undefined;
}

/** A preamble line that was read: `Name: value`. */
export interface Tag {
  /** rpm's canonical spelling: `Requires`, `Source0` gives `Source`, `BuildArchitectures` gives `BuildArch`. */
  readonly name: string;
  /** As written, without the colon and qualifier: `source0`, `BUILDREQUIRES`. */
  readonly written: string;
  /** In `Requires(post,postun)` the list, in `Summary(de)` the language. */
  readonly qualifier: string | undefined;
  /** Number of a Source or Patch, explicit or counted. */
  readonly number: number | undefined;
  /** Expanded and trimmed. */
  readonly value: string;
  /** Whether the value still holds a macro nobody defined. */
  readonly incomplete: boolean;
  /** Package it belongs to, by index in `packages`. */
  readonly package: number;
  /** The whole line, the tag's name, the value, as written. The spans of a tag that a macro made are those of the macro use. */
  readonly span: Span;
  readonly nameSpan: Span;
  readonly valueSpan: Span;
  /** True where the line came out of a macro. */
  readonly generated: boolean;
}

/** A dependency as rpm normalises it: `foo >= 1:2-3`. */
export interface Dependency {
  /** `Requires`, `BuildRequires`, `Provides`, `Conflicts`, ... */
  readonly kind: string;
  /** Name, or the whole text of a rich dependency in parentheses. */
  readonly name: string;
  /** `<`, `<=`, `=`, `>=`, `>`; undefined without a version. */
  readonly comparison: string | undefined;
  readonly version: string | undefined;
  /** `pre`, `post`, `interp`, ...; empty for a plain one. */
  readonly qualifiers: readonly string[];
  /** Index in `tags`; undefined for one that rpm adds by itself. */
  readonly tag: number | undefined;
}

export interface SpecPackage {
  /** Full name: `curl-devel`. */
  readonly name: string;
  readonly epoch: string | undefined;
  readonly version: string;
  readonly release: string;
  readonly arch: string;
  readonly summary: string | undefined;
  readonly license: string | undefined;
  readonly url: string | undefined;
  readonly group: string | undefined;
  readonly dependencies: readonly Dependency[];
  /** Text of %description, expanded. */
  readonly description: string | undefined;
  /** Has a %files section, so that a binary package is made. */
  readonly hasFiles: boolean;
  /** Where it was opened: the `%package` line; the Name tag for the main package. */
  readonly span: Span | undefined;
}

/** A `Source` or `Patch` declaration, also from %sourcelist and %patchlist. */
export interface SourceEntry {
  readonly kind: 'source' | 'patch';
  readonly number: number;
  /** Expanded value: a file name or URL. */
  readonly location: string;
  /** Last part of the location (behind `#/` if there is one): the file's name in the source folder. */
  readonly fileName: string;
  readonly incomplete: boolean;
  /** Whole written line. */
  readonly span: Span;
  readonly nameSpan: Span;
  readonly valueSpan: Span;
  /** Index in `tags`; undefined for a line of %sourcelist or %patchlist. */
  readonly tag: number | undefined;
}

/** One application of a patch in %prep, in the order rpm would run it. */
export interface PatchApplication {
  readonly number: number;
  /** `-p`; undefined where the tool guesses (`%autosetup -S git_am`). */
  readonly strip: number | undefined;
  readonly reverse: boolean;
  /** The macro that did it: `%patch`, `%autosetup`, `%autopatch`, or `shell` for `patch -p1 < %{PATCH1}` and the like. */
  readonly by: string;
  readonly span: Span;
}

/** A section as it was read: `%prep`, `%package devel`, `%files -n x`. The unnamed start of the spec is `preamble`. */
export interface Section {
  /** Without the percent sign: `prep`, `package`, `files`, `changelog`, `preamble`. */
  readonly name: string;
  /** Rest of the header line, expanded. */
  readonly arguments: string;
  readonly package: number | undefined;
  /** Header line; empty for the preamble. */
  readonly headerSpan: Span;
  /** Everything from the header to the next section, as written. */
  readonly span: Span;
  /** Expanded text, without the header. */
  readonly text: string;
  readonly generated: boolean;
}

export interface ChangelogEntry {
  /** Without the leading star: `Tue May 07 2024 A Name <a@b> - 1.2-3`. */
  readonly header: string;
  /** Seconds since 1970-01-01, noon UTC of that day as rpm stores it; undefined where the date cannot be read. */
  readonly time: number | undefined;
  readonly text: string;
  readonly span: Span;
}

/** A macro definition made while reading the spec. */
export interface DefinitionEvent {
  readonly definition: MacroDefinition;
  /** `define`, `global`, `undefine`, `bcond`, `tag`. */
  readonly by: string;
  readonly span: Span;
  readonly nameSpan: Span;
}

/** An answer that had not arrived when the evaluation ran; what depends on it is tainted. */
export interface PendingQuestion {
  readonly kind: 'shell' | 'lua';
  /** What has to be answered: the shell text, fully expanded. */
  readonly text: string;
}

export interface Evaluation {
  readonly target: Target;
  /** Whether rpm would accept the spec, as far as could be told: no problem of severity error. */
  readonly accepted: boolean;
  /** True where rpm refuses the spec and the rest was read all the same, the refused lines taken for blank ones. */
  readonly readsOn?: true | undefined;
  readonly problems: readonly EvaluationProblem[];
  /** What `rpmspec -P` prints, were the refused lines blank. */
  readonly expanded: ExpandedText;
  /** The main package first, then in order of their %package lines. */
  readonly packages: readonly SpecPackage[];
  readonly tags: readonly Tag[];
  readonly sources: readonly SourceEntry[];
  readonly patches: readonly SourceEntry[];
  readonly applications: readonly PatchApplication[];
  readonly sections: readonly Section[];
  readonly changelog: readonly ChangelogEntry[];
  readonly conditionals: readonly ConditionalLine[];
  readonly macroUses: readonly MacroUse[];
  readonly definitions: readonly DefinitionEvent[];
  /** Spans of written lines that a false conditional skipped. */
  readonly skipped: readonly Span[];
  readonly pending: readonly PendingQuestion[];
  /** Expands text with the macros as they stand at the end of the spec; for hovers and `--eval`. */
  expand(text: string): string;
  /** Expands text after text, so that what one defines counts for the next: rpm's macro shell. */
  session(): (text: string) => { readonly text: string; readonly messages: readonly MacroMessage[] };
  /** The steps from a text to its value with the macros as they stand at the end of the spec; nothing of it stays. */
  explain(text: string): readonly ExplanationStep[];
  /** The definition in force at the end of the spec. */
  lookup(name: string): MacroDefinition | undefined;
  /** Names of all macros at the end of the spec, for completion. */
  macroNames(): readonly string[];
}
