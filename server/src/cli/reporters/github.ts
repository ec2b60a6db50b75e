import type { Severity } from '../../core/text/index.js';
import { type LintReport, messageWithTargets } from './report.js';

const commands: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'notice', hint: 'notice' };

/** Workflow commands of GitHub Actions: each finding becomes an annotation in the pull request. */
export function githubReport({ files, troubles }: LintReport): string {
  const lines: string[] = [];
  for (const { file, position, severity, message } of troubles) {
    lines.push(`::${severity} file=${property(file)}${position === undefined ? '' : `,line=${position.line + 1},col=${position.column + 1}`}::${data(message)}`);
  }
  for (const { name, findings } of files) {
    for (const finding of findings) {
      const { rule, severity, range, why, help } = finding;
      // Columns are only understood where begin and end stand on one line.
      const columns = range.start.line === range.end.line ? `,col=${range.start.column + 1},endColumn=${Math.max(range.end.column, range.start.column + 1)}` : '';
      lines.push(`::${commands[severity]} file=${property(name)},line=${range.start.line + 1},endLine=${range.end.line + 1}${columns},title=${property(rule)}::${data(`${messageWithTargets(finding)}\n${why}\n${help}`)}`);
    }
  }
  return lines.map((line) => `${line}\n`).join('');
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
