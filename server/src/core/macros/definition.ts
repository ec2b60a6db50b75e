import type { Span } from '../text/index.js';

/** Where a macro was defined. */
export type DefinitionSite =
  | { readonly kind: 'builtin' }
  /** A fact of the target, such as its `dist` tag. */
  | { readonly kind: 'target'; readonly target: string }
  /** `-D/--define` or a setting. */
  | { readonly kind: 'command-line' }
  | { readonly kind: 'settings'; readonly file: string }
  /** A macro file; the line is zero-based. */
  | { readonly kind: 'file'; readonly file: string; readonly line: number }
  /** `%define`, `%global`, `%bcond` in the spec, or a macro that rpm defines for a tag (`%name`, `%{PATCH1}`): the span of what was written. */
  | { readonly kind: 'spec'; readonly span: Span }
  /** Defined by rpm itself while it reads (`%{_builddir}`, `%1`, `%*`). */
  | { readonly kind: 'automatic' };

/** One definition on a macro's stack. */
export interface MacroDefinition {
  readonly name: string;
  /** getopt letters of a parametric macro (`''` for plain `name()`), undefined for one without parameters. */
  readonly options: string | undefined;
  /** As it stands in the table: `%global` has expanded it, `%define` has not. `<builtin>` for what rpm implements itself. */
  readonly body: string;
  /** Nesting level it belongs to, as in rpm's macro table; 0 is the spec's own level and global, negative come from macro files and the command line. */
  readonly level: number;
  readonly site: DefinitionSite;
  /** The body is a value, used as it stands and never expanded again (`%1`, `rpm.define` with a literal, `%{SOURCE1}`). */
  readonly literal: boolean;
  /** Made from an answer that had not arrived: its body will change once it has. */
  readonly tainted: boolean;
}

/** The levels of rpm's macro table (RMIL_* of rpmmacro.h): where a definition came from decides which it hides. */
export const macroLevel = { builtin: -20, defaults: -15, macroFiles: -13, rpmrc: -11, commandLine: -7, spec: -3, oldSpec: -1, global: 0 } as const;

export const builtinSite: DefinitionSite = { kind: 'builtin' };
export const automaticSite: DefinitionSite = { kind: 'automatic' };
export const commandLineSite: DefinitionSite = { kind: 'command-line' };
