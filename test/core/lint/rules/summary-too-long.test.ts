import { summaryTooLong as rule } from '#server/core/lint/rules/summary-too-long.js';
import { check } from '../../../support/lint.js';

check(rule, '81 characters are one too many, after expansion', `
Summary: ${'x'.repeat(73)} %{name}
         ${'^'.repeat(81)} The summary has 81 characters; 80 are the limit.
`);
check(rule, '80 characters are fine', `Summary: ${'ä'.repeat(80)}\n`);
