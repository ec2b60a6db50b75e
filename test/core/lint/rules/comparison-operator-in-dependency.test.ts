import { comparisonOperatorInDependency as rule } from '#server/core/lint/rules/comparison-operator-in-dependency.js';
import { check } from '../../../support/lint.js';

check(rule, 'an operator without spaces is reported', `
Requires: foo>=1
          ^^^^^^ The dependency's name is 'foo>=1', operator and all.
`);
check(rule, 'an operator within parentheses belongs to a name', 'Requires: config(foo=bar)\nRequires: (a >= 1 or b)\n');
