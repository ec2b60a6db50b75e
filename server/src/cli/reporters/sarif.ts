import { type Rule, rulePage, rules } from '../../core/lint/index.js';
import type { Severity } from '../../core/text/index.js';
import { type LintReport, type Range, type ReportedFinding, type Trouble, messageWithTargets } from './report.js';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', information: 'note', hint: 'note' };

/** SARIF 2.1.0, as code scanning services read it: one run, every rule that is used, fixes and fingerprints. */
export function sarifReport({ version, files, troubles }: LintReport): string {
  const used = new Set(files.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  const described = rules.filter(({ id }) => used.has(id));
  const indexes = new Map(described.map(({ id }, index) => [id, index]));
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'spectrail', semanticVersion: version, rules: described.map(reportingDescriptor) } },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { SRCROOT: { description: { text: 'The folder in which the command was started.' } } },
        invocations: [{ executionSuccessful: !troubles.some(({ severity }) => severity === 'error'), toolExecutionNotifications: troubles.map(notification) }],
        artifacts: files.map(({ name }) => ({ location: artifactLocation(name), sourceLanguage: 'rpmspec' })),
        results: files.flatMap(({ name, findings }, index) => findings.map((finding) => result(finding, name, index, indexes.get(finding.rule)))),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function reportingDescriptor({ id, summary, severity, group, isSecurity, messages }: Rule): object {
  const [message] = Object.values(messages);
  const page = rulePage(id);
  // Values are only known at a finding; its own message has them filled in.
  const plain = (text: string) => text.replace(/\{\{\w+\}\}/g, '…');
  return {
    id,
    name: id.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase()),
    shortDescription: { text: `${summary}.` },
    fullDescription: { text: plain(message?.why ?? summary) },
    help: { text: plain(message?.help ?? summary), ...(page !== undefined && { markdown: page }) },
    defaultConfiguration: { level: levels[severity] },
    // Services rank findings on security by a score from 0 to 10; from 7 on they call it high.
    properties: { tags: ['rpm', group, ...(isSecurity === true ? ['security'] : [])], ...(isSecurity === true && { 'security-severity': '7.0' }) },
  };
}

function result(finding: ReportedFinding, name: string, fileIndex: number, ruleIndex: number | undefined): object {
  const { rule, severity, why, help, range, fingerprint, related, fix, targets } = finding;
  return {
    ruleId: rule,
    ...(ruleIndex !== undefined && { ruleIndex }),
    level: levels[severity],
    message: { text: `${messageWithTargets(finding)} ${why} ${help}` },
    locations: [{ physicalLocation: { artifactLocation: { ...artifactLocation(name), index: fileIndex }, region: region(range) } }],
    partialFingerprints: { 'spectrailFinding/v1': fingerprint },
    ...(related.length > 0 && { relatedLocations: related.map((place, id) => ({ id, physicalLocation: { artifactLocation: artifactLocation(name), region: region(place.range) }, message: { text: place.message } })) }),
    ...(fix !== undefined && {
      fixes: [
        {
          description: { text: fix.title },
          artifactChanges: [{ artifactLocation: artifactLocation(name), replacements: fix.edits.map((edit) => ({ deletedRegion: region(edit.range), insertedContent: { text: edit.text } })) }],
          properties: { safety: fix.safety },
        },
      ],
    }),
    ...(targets.length > 0 && { properties: { targets } }),
  };
}

function notification({ file, position, severity, code, message }: Trouble): object {
  return {
    level: severity,
    descriptor: { id: code },
    message: { text: message },
    locations: [{ physicalLocation: { artifactLocation: artifactLocation(file), ...(position && { region: region({ start: position, end: position }) }) } }],
  };
}

/** SARIF counts lines and columns from one; the end column is exclusive. */
function region({ start, end }: Range): object {
  return { startLine: start.line + 1, startColumn: start.column + 1, endLine: end.line + 1, endColumn: end.column + 1 };
}

function artifactLocation(name: string): { readonly uri: string; readonly uriBaseId?: string } {
  const uri = name.split('/').map(encodeURIComponent).join('/');
  const isAbsolute = name.startsWith('/') || /^[A-Za-z]:\//.test(name);
  if (!isAbsolute) return { uri, uriBaseId: 'SRCROOT' };
  return { uri: name.startsWith('/') ? `file://${uri}` : `file:///${uri.replace('%3A', ':')}` };
}
