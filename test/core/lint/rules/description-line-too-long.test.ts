import { descriptionLineTooLong as rule } from '#server/core/lint/rules/description-line-too-long.js';
import { check } from '../../../support/lint.js';

check(rule, 'what goes beyond the limit is reported', `
%description
${'word '.repeat(16)}x
${' '.repeat(79)}^^ This line of the description has 81 characters; 79 are the limit.
https://example.org/${'x'.repeat(80)}
`);
