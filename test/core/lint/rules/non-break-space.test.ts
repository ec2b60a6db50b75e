import { nonBreakSpace as rule } from '#server/core/lint/rules/non-break-space.js';
import { check, checkFix } from '../../../support/lint.js';

check(rule, 'in a tag it is reported, in prose it is typography', `
Requires: a\u00a0b
           ^ This is a no-break space.
# a\u00a0b

%changelog
* Mon Jan 01 2024 A <a@b.c> - 1-1
- 5\u00a0MB
`);
checkFix(rule, 'a space takes its place', 'Requires: a,\u00a0b\n', 'Requires: a, b\n');
