/** Forms in which lint findings are printed: each a pure function from a report to text. */
import { githubReport } from './github.js';
import { gitlabReport } from './gitlab.js';
import { jsonReport } from './json.js';
import { junitReport } from './junit.js';
import type { Reporter } from './report.js';
import { sarifReport } from './sarif.js';
import { textReport } from './text.js';

export * from './report.js';

export const reporters: Readonly<Record<string, Reporter>> = { text: textReport, json: jsonReport, sarif: sarifReport, github: githubReport, gitlab: gitlabReport, junit: junitReport };
