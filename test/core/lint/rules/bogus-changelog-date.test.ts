import { bogusChangelogDate as rule } from '#server/core/lint/rules/bogus-changelog-date.js';
import { check, checkFix } from '../../../support/lint.js';

check(rule, 'a wrong day of the week is reported at that day', `
%changelog
* Thu Feb 29 2024 A <a@b.c> - 1-2
- x
* Tue Jan  1 2024 A <a@b.c> - 1-1
  ^^^ Jan 1 2024 was a Mon, not a Tue.
- x
`);
check(rule, 'a day that is not in the month is reported whole', `
%changelog
* Wed Feb 29 2023 A <a@b.c> - 1-2
  ^^^^^^^^^^^^^^^ There is no such day as 'Feb 29 2023'.
- x
`);
checkFix(rule, 'the day of the week is put right', '%changelog\n* Tue Jan 01 2024 A <a@b.c> - 1-1\n- x\n', '%changelog\n* Mon Jan 01 2024 A <a@b.c> - 1-1\n- x\n');
