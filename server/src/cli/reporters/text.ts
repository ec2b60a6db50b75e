import type { Severity } from '../../core/text/index.js';
import { type LintReport, type ReportOptions, type ReportedFinding, countSeverities, messageWithTargets } from './report.js';

const colors: Readonly<Record<Severity | 'bold' | 'dim' | 'off', string>> = {
  error: '\x1b[1;31m',
  warning: '\x1b[1;33m',
  information: '\x1b[1;34m',
  hint: '\x1b[1;36m',
  bold: '\x1b[1m',
  dim: '\x1b[2m',
  off: '\x1b[0m',
};

/** Lines longer than this are shown from near the finding on. */
const widest = 200;

/**
 * For people: place, severity, message and rule, the source line with a caret, and at a rule's first finding why it
 * matters and what to do. A summary closes it.
 */
export function textReport({ files, troubles }: LintReport, { color }: ReportOptions): string {
  const paint = (name: keyof typeof colors, text: string) => (color ? `${colors[name]}${text}${colors.off}` : text);
  const explained = new Set<string>();
  let out = '';
  for (const { file, position, severity, message } of troubles) {
    const place = position === undefined ? file : `${file}:${position.line + 1}:${position.column + 1}`;
    out += `${paint('bold', printable(place))}: ${paint(severity, severity)}: ${printable(message)}\n`;
  }
  if (troubles.length > 0) out += '\n';
  for (const { name, findings } of files) {
    for (const finding of findings) {
      const { rule, severity, range, why, help, fix } = finding;
      out += `${paint('bold', `${printable(name)}:${range.start.line + 1}:${range.start.column + 1}`)}: ${paint(severity, severity)}: ${printable(messageWithTargets(finding))} ${paint('dim', `[${rule}]`)}\n`;
      out += excerpt(finding, paint);
      if (!explained.has(rule)) {
        explained.add(rule);
        const margin = ' '.repeat(String(range.start.line + 1).length + 3);
        out += `${margin}${paint('dim', '=')} ${printable(why)}\n${margin}${paint('dim', '=')} ${printable(help)}${fix === undefined ? '' : ` (${fix.safety === 'safe' ? '--fix' : '--fix-unsafe'} does it)`}\n`;
      }
      out += '\n';
    }
  }
  return `${out}${paint('bold', summary(files, troubles))}\n`;
}

/** The source line and a caret line under the finding. */
function excerpt({ range, sourceLine, severity }: ReportedFinding, paint: (name: keyof typeof colors, text: string) => string): string {
  const number = String(range.start.line + 1);
  const last = range.end.line === range.start.line ? range.end.column : sourceLine.length;
  const from = range.start.column > widest / 2 ? range.start.column - 40 : 0;
  const shown = sourceLine.slice(from, from + widest);
  const column = range.start.column - from;
  const length = Math.max(1, Math.min(last, from + widest) - range.start.column);
  // Tabs stay tabs, so that the carets stand right whatever a tab is worth.
  const indent = shown.slice(0, column).replace(/[^\t]/g, ' ');
  return ` ${paint('dim', `${number} |`)} ${from > 0 ? '…' : ''}${printable(shown)}${from + widest < sourceLine.length ? '…' : ''}\n ${paint('dim', `${' '.repeat(number.length)} |`)} ${from > 0 ? ' ' : ''}${indent}${paint(severity, '^'.repeat(length))}\n`;
}

/** A text without control characters: what a spec contains must not drive the terminal. */
function printable(text: string): string {
  return text.replace(/[\x00-\x08\x0a-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}

function summary(files: LintReport['files'], troubles: LintReport['troubles']): string {
  const counts = countSeverities(files);
  const words = [plural(counts.error, 'error'), plural(counts.warning, 'warning'), counts.information > 0 ? `${counts.information} for information` : '', plural(counts.hint, 'hint')].filter((word) => word !== '');
  const withFindings = files.filter(({ findings }) => findings.length > 0).length;
  const safe = files.reduce((sum, { findings }) => sum + findings.filter(({ fix }) => fix?.safety === 'safe').length, 0);
  const fixed = files.reduce((sum, file) => sum + file.fixed, 0);
  const failed = new Set(troubles.filter(({ severity }) => severity === 'error').map(({ file }) => file)).size;
  const parts = [words.length === 0 ? `No findings in ${plural(files.length, 'spec') || 'any spec'}` : `${words.join(', ')} in ${withFindings} of ${plural(files.length, 'spec')}`];
  if (fixed > 0) parts.push(`${fixed} fixed`);
  if (safe > 0) parts.push(`${safe} can be fixed with --fix`);
  if (failed > 0) parts.push(`${plural(failed, 'file')} could not be looked at`);
  return `${parts.join('; ')}.`;
}

function plural(count: number, noun: string): string {
  return count === 0 ? '' : count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}
