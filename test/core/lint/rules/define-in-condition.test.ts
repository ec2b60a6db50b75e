import { defineInCondition as rule } from '#server/core/lint/rules/define-in-condition.js';
import { check, checkFix } from '../../../support/lint.js';

check(rule, '%define in a conditional macro is reported', `
%{!?docs: %define docs 1}
          ^^^^^^^ 'docs' is defined with %define inside a macro.
%{!?tests: %global tests 1}
%define plain 1
`);
checkFix(rule, '%global takes its place', '%{!?docs: %define docs 1}\n', '%{!?docs: %global docs 1}\n');
