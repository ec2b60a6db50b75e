import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rules } from '#server/core/lint/index.js';
import { type LintReport, type ReportedFinding, reporters } from '#server/cli/reporters/index.js';

const at = (startLine: number, startColumn: number, endLine: number, endColumn: number) => ({ start: { line: startLine, column: startColumn }, end: { line: endLine, column: endColumn } });

function finding(over: Partial<ReportedFinding>): ReportedFinding {
  return {
    rule: 'patch-not-applied', group: 'correctness', severity: 'warning', message: 'Patch1 is declared but never applied.', why: 'Why.', help: 'Help.',
    span: { start: 10, end: 16 }, range: at(4, 0, 4, 6), sourceLine: 'Patch1: a.patch', fingerprint: '0123456789abcdef', related: [], targets: [], fix: undefined, ...over,
  };
}

const report: LintReport = {
  version: '1.2.3',
  files: [
    {
      name: 'a b/x.spec',
      fixed: 0,
      findings: [
        finding({}),
        finding({ rule: 'trailing-whitespace', severity: 'hint', message: 'White <space>, 100% & "more"\nof it.', range: at(6, 5, 6, 7), sourceLine: '\tURL:  ', targets: ['el9'], related: [{ range: at(1, 0, 1, 4), message: 'Here.' }], fix: { safety: 'safe', title: 'Remove it', edits: [{ range: at(6, 5, 6, 7), span: { start: 40, end: 42 }, text: '' }] } }),
        finding({ range: at(9, 2, 11, 1), sourceLine: 'one\u001b[31m line', severity: 'error' }),
      ],
    },
    { name: 'clean.spec', fixed: 0, findings: [] },
  ],
  troubles: [{ file: 'gone.spec', position: undefined, severity: 'error', code: 'not-found', message: 'There is no such file or folder.' }, { file: 'spectrail.toml', position: { line: 2, column: 3 }, severity: 'warning', code: 'settings/unknown-key', message: "There is no setting 'x'." }],
};

const print = (format: string, color = false) => reporters[format]!(report, { color });

test('text: place, message, source with carets, why and help once a rule, a summary', () => {
  assert.equal(
    print('text'),
    `gone.spec: error: There is no such file or folder.
spectrail.toml:3:4: warning: There is no setting 'x'.

a b/x.spec:5:1: warning: Patch1 is declared but never applied. [patch-not-applied]
 5 | Patch1: a.patch
   | ^^^^^^
    = Why.
    = Help.

a b/x.spec:7:6: hint: White <space>, 100% & "more"\ufffdof it. (for el9) [trailing-whitespace]
 7 | \tURL:  
   | \t    ^^
    = Why.
    = Help. (--fix does it)

a b/x.spec:10:3: error: Patch1 is declared but never applied. [patch-not-applied]
 10 | one\ufffd[31m line
    |   ^^^^^^^^^^^

1 error, 1 warning, 1 hint in 1 of 2 specs; 1 can be fixed with --fix; 1 file could not be looked at.
`,
  );
});

test('text: colours only when asked for, and no escape of a spec gets through', () => {
  assert.doesNotMatch(print('text'), /\x1b/);
  assert.match(print('text', true), /\x1b\[1;33mwarning\x1b\[0m/);
  assert.doesNotMatch(print('text', true), /one\x1b/);
});

test('text: nothing found is said', () => {
  assert.equal(reporters['text']!({ ...report, troubles: [], files: [report.files[1]!] }, { color: false }), 'No findings in 1 spec.\n');
});

test('json: a format number, one-based places, fixes', () => {
  const data = JSON.parse(print('json'));
  assert.deepEqual([data.format, data.tool, data.summary], [1, { name: 'spectrail', version: '1.2.3' }, { specs: 2, error: 1, warning: 1, information: 0, hint: 1 }]);
  assert.deepEqual(data.files.map(({ path }: { path: string }) => path), ['a b/x.spec', 'clean.spec']);
  const [first, second] = data.files[0].findings;
  assert.deepEqual(first.range, { startLine: 5, startColumn: 1, endLine: 5, endColumn: 7 });
  assert.deepEqual([first.offset, first.length, first.fix, first.fingerprint], [10, 6, null, '0123456789abcdef']);
  assert.deepEqual(second.fix, { safety: 'safe', title: 'Remove it', edits: [{ range: { startLine: 7, startColumn: 6, endLine: 7, endColumn: 8 }, text: '' }] });
  assert.deepEqual(data.troubles[1], { path: 'spectrail.toml', severity: 'warning', code: 'settings/unknown-key', message: "There is no setting 'x'.", line: 3, column: 4 });
});

test('sarif: what the schema of 2.1.0 asks for', () => {
  const log = JSON.parse(print('sarif'));
  assert.deepEqual([log.version, log.$schema, log.runs.length], ['2.1.0', 'https://json.schemastore.org/sarif-2.1.0.json', 1]);
  const [run] = log.runs;
  assert.equal(run.columnKind, 'utf16CodeUnits');
  const { driver } = run.tool;
  assert.deepEqual([driver.name, driver.semanticVersion], ['spectrail', '1.2.3']);
  assert.deepEqual(driver.rules.map(({ id }: { id: string }) => id), ['patch-not-applied', 'trailing-whitespace']);
  for (const rule of driver.rules) {
    const declared = rules.find(({ id }) => id === rule.id)!;
    assert.equal(rule.shortDescription.text, `${declared.summary}.`);
    assert.ok(rule.help.text.length > 0 && rule.help.markdown.startsWith(`# ${rule.id}\n`));
    assert.ok(['error', 'warning', 'note'].includes(rule.defaultConfiguration.level));
    assert.doesNotMatch(JSON.stringify(rule), /\{\{/);
  }
  assert.equal(run.results.length, 3);
  for (const result of run.results) {
    assert.equal(driver.rules[result.ruleIndex].id, result.ruleId);
    assert.ok(['error', 'warning', 'note'].includes(result.level));
    const { artifactLocation, region } = result.locations[0].physicalLocation;
    assert.deepEqual(artifactLocation, { uri: 'a%20b/x.spec', uriBaseId: 'SRCROOT', index: 0 });
    assert.ok(region.startLine >= 1 && region.startColumn >= 1 && region.endLine >= region.startLine && (region.endLine > region.startLine || region.endColumn >= region.startColumn));
    assert.match(result.partialFingerprints['spectrailFinding/v1'], /^[0-9a-f]{16}$/);
  }
  const [, second] = run.results;
  assert.deepEqual(second.fixes[0].artifactChanges[0], { artifactLocation: { uri: 'a%20b/x.spec', uriBaseId: 'SRCROOT' }, replacements: [{ deletedRegion: { startLine: 7, startColumn: 6, endLine: 7, endColumn: 8 }, insertedContent: { text: '' } }] });
  assert.equal(second.relatedLocations[0].message.text, 'Here.');
  const [invocation] = run.invocations;
  assert.equal(invocation.executionSuccessful, false);
  assert.deepEqual(invocation.toolExecutionNotifications.map(({ level }: { level: string }) => level), ['error', 'warning']);
});

test('github: one command a finding, everything escaped', () => {
  assert.deepEqual(print('github').split('\n'), [
    '::error file=gone.spec::There is no such file or folder.',
    "::warning file=spectrail.toml,line=3,col=4::There is no setting 'x'.",
    '::warning file=a b/x.spec,line=5,endLine=5,col=1,endColumn=6,title=patch-not-applied::Patch1 is declared but never applied.%0AWhy.%0AHelp.',
    '::notice file=a b/x.spec,line=7,endLine=7,col=6,endColumn=7,title=trailing-whitespace::White <space>, 100%25 & "more"%0Aof it. (for el9)%0AWhy.%0AHelp.',
    '::error file=a b/x.spec,line=10,endLine=12,title=patch-not-applied::Patch1 is declared but never applied.%0AWhy.%0AHelp.',
    '',
  ]);
  assert.equal(reporters['github']!({ ...report, files: [{ name: 'a,b:c.spec', fixed: 0, findings: [finding({})] }], troubles: [] }, { color: false }).split(',line')[0], '::warning file=a%2Cb%3Ac.spec');
});

test('gitlab: issues with severities and fingerprints of their own', () => {
  const issues = JSON.parse(print('gitlab'));
  assert.deepEqual(issues.map(({ severity }: { severity: string }) => severity), ['critical', 'major', 'major', 'info', 'critical']);
  assert.deepEqual(issues[2].location, { path: 'a b/x.spec', lines: { begin: 5, end: 5 } });
  for (const issue of issues) assert.deepEqual(Object.keys(issue).sort(), ['check_name', 'description', 'fingerprint', 'location', 'severity']);
});

test('junit: suites by spec, counts that fit, escaped text', () => {
  const xml = print('junit');
  assert.match(xml, /^<\?xml version="1.0" encoding="UTF-8"\?>\n<testsuites name="spectrail lint" tests="4" failures="2" errors="1">\n/);
  assert.equal([...xml.matchAll(/<testcase /g)].length, 4);
  assert.equal([...xml.matchAll(/<failure /g)].length, 2);
  assert.doesNotMatch(xml, /\x1b/);
  assert.match(xml, /<testsuite name="clean.spec" tests="1" failures="0" errors="0">/);
});
