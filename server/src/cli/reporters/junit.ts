import { type LintReport, messageWithTargets } from './report.js';

/** JUnit's XML: a test suite per spec, a failed test case per finding of severity error or warning, so that CI services without annotations show them. */
export function junitReport({ files, troubles }: LintReport): string {
  let tests = 0;
  let failures = 0;
  let suites = '';
  for (const { name, findings } of files) {
    const failed = findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
    const cases = failed.map((finding) => {
      const place = `${name}:${finding.range.start.line + 1}:${finding.range.start.column + 1}`;
      const text = messageWithTargets(finding);
      return `    <testcase classname="${xml(name)}" name="${xml(`${finding.rule} at line ${finding.range.start.line + 1}`)}">\n      <failure type="${finding.severity}" message="${xml(text)}">${xml(`${place}: ${text}\n${finding.why}\n${finding.help}\n${finding.sourceLine}`)}</failure>\n    </testcase>\n`;
    });
    if (cases.length === 0) cases.push(`    <testcase classname="${xml(name)}" name="lint"/>\n`);
    tests += cases.length;
    failures += failed.length;
    suites += `  <testsuite name="${xml(name)}" tests="${cases.length}" failures="${failed.length}" errors="0">\n${cases.join('')}  </testsuite>\n`;
  }
  const errors = troubles.filter(({ severity }) => severity === 'error');
  for (const { file, code, message } of errors) {
    suites += `  <testsuite name="${xml(file)}" tests="1" failures="0" errors="1">\n    <testcase classname="${xml(file)}" name="lint">\n      <error type="${xml(code)}" message="${xml(message)}"/>\n    </testcase>\n  </testsuite>\n`;
  }
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="spectrail lint" tests="${tests + errors.length}" failures="${failures}" errors="${errors.length}">\n${suites}</testsuites>\n`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;', '\t': '&#9;' };

/** Text for XML 1.0, which has no way at all to write most control characters. */
function xml(text: string): string {
  return text.replace(/[\x00-\x08\x0b-\x1f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd').replace(/[&<>"\n\t]/g, (character) => entities[character]!);
}
