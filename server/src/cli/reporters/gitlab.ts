import type { Severity } from '../../core/text/index.js';
import { type LintReport, messageWithTargets } from './report.js';

const severities: Readonly<Record<Severity, string>> = { error: 'critical', warning: 'major', information: 'minor', hint: 'info' };

/** GitLab's code quality report. A fingerprint must differ between files, so the path is part of it. */
export function gitlabReport({ files, troubles }: LintReport): string {
  const issues = [
    ...troubles.map(({ file, position, severity, code, message }) => ({ description: message, check_name: code, fingerprint: `${file}:${code}:${message}`, severity: severities[severity], location: { path: file, lines: { begin: (position?.line ?? 0) + 1 } } })),
    ...files.flatMap(({ name, findings }) =>
      findings.map((finding) => ({
        description: `${messageWithTargets(finding)} ${finding.help}`,
        check_name: finding.rule,
        fingerprint: `${name}:${finding.fingerprint}`,
        severity: severities[finding.severity],
        location: { path: name, lines: { begin: finding.range.start.line + 1, end: finding.range.end.line + 1 } },
      })),
    ),
  ];
  return `${JSON.stringify(issues, null, 2)}\n`;
}
