import { type Finding, fingerprints } from '../../core/lint/index.js';
import type { LineIndex, Position, Severity, Span } from '../../core/text/index.js';

/** A finding with everything a report says of it, so that reports need no text: plain data that crosses threads. */
export interface ReportedFinding extends Omit<Finding, 'related' | 'fix'> {
  readonly range: Range;
  /** The line the finding begins on, without its line break. */
  readonly sourceLine: string;
  /** Stays the same when other lines of the file come or go. */
  readonly fingerprint: string;
  readonly related: readonly { readonly range: Range; readonly message: string }[];
  readonly fix: ReportedFix | undefined;
}

export interface ReportedFix {
  readonly safety: 'safe' | 'unsafe';
  readonly title: string;
  readonly edits: readonly { readonly range: Range; readonly span: Span; readonly text: string }[];
}

/** Zero-based lines, columns in UTF-16 code units; the end is exclusive. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export interface LintedFile {
  /** As it is shown: relative to where the command was started, where it lies below. With `/` on every system. */
  readonly name: string;
  readonly findings: readonly ReportedFinding[];
  /** How many fixes were applied to it. */
  readonly fixed: number;
}

/** What kept a file from being read or linted in full, or is wrong in a settings file. */
export interface Trouble {
  readonly file: string;
  readonly position: Position | undefined;
  /** An `error` means that something was not looked at. */
  readonly severity: 'error' | 'warning';
  readonly code: string;
  readonly message: string;
}

export interface LintReport {
  readonly version: string;
  /** In the order in which they were given, folders in order of name. */
  readonly files: readonly LintedFile[];
  readonly troubles: readonly Trouble[];
}

export interface ReportOptions {
  /** Whether to use terminal colours. */
  readonly color: boolean;
}

/** Turns a report into text. Pure. */
export type Reporter = (report: LintReport, options: ReportOptions) => string;

export function reportedFindings(findings: readonly Finding[], text: string, lines: LineIndex): ReportedFinding[] {
  const marks = fingerprints(findings, text, lines);
  const range = ({ start, end }: Span): Range => ({ start: lines.positionAt(start), end: lines.positionAt(end) });
  return findings.map((finding, index) => {
    const { start, end } = lines.lineSpan(lines.lineAt(finding.span.start));
    return {
      ...finding,
      range: range(finding.span),
      sourceLine: text.slice(start, end).replace(/[\r\n]+$/, ''),
      fingerprint: marks[index]!,
      related: finding.related.map((place) => ({ range: range(place.span), message: place.message })),
      fix: finding.fix && { ...finding.fix, edits: finding.fix.edits.map((edit) => ({ ...edit, range: range(edit.span) })) },
    };
  });
}

/** How many findings there are of each severity. */
export function countSeverities(files: readonly LintedFile[]): Readonly<Record<Severity, number>> {
  const counts = { error: 0, warning: 0, information: 0, hint: 0 };
  for (const { findings } of files) for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** The message, with the targets it holds for where it does not hold for all. */
export function messageWithTargets({ message, targets }: Pick<Finding, 'message' | 'targets'>): string {
  return targets.length === 0 ? message : `${message} (for ${targets.join(', ')})`;
}
