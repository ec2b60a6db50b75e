import type { LintReport, Range } from './report.js';
import { countSeverities } from './report.js';

/** Raised whenever a field changes its meaning or goes away; docs/lint.md describes the fields. */
export const LINT_FORMAT = 1;

/** For programs. Lines and columns are one-based, columns count UTF-16 code units, ends are exclusive. */
export function jsonReport({ version, files, troubles }: LintReport): string {
  const report = {
    format: LINT_FORMAT,
    tool: { name: 'spectrail', version },
    summary: { specs: files.length, ...countSeverities(files) },
    files: files.map(({ name, fixed, findings }) => ({
      path: name,
      fixed,
      findings: findings.map(({ rule, group, severity, message, why, help, range, span, targets, related, fix, fingerprint }) => ({
        rule,
        group,
        severity,
        message,
        why,
        help,
        range: oneBased(range),
        offset: span.start,
        length: span.end - span.start,
        targets,
        fingerprint,
        related: related.map((place) => ({ range: oneBased(place.range), message: place.message })),
        fix: fix === undefined ? null : { safety: fix.safety, title: fix.title, edits: fix.edits.map((edit) => ({ range: oneBased(edit.range), text: edit.text })) },
      })),
    })),
    troubles: troubles.map(({ file, position, severity, code, message }) => ({ path: file, severity, code, message, ...(position && { line: position.line + 1, column: position.column + 1 }) })),
  };
  return `${JSON.stringify(report, null, 2)}\n`;
}

function oneBased({ start, end }: Range): object {
  return { startLine: start.line + 1, startColumn: start.column + 1, endLine: end.line + 1, endColumn: end.column + 1 };
}
