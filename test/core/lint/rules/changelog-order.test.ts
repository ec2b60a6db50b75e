import { changelogOrder as rule } from '#server/core/lint/rules/changelog-order.js';
import { check } from '../../../support/lint.js';

check(rule, 'an entry newer than the one above it is reported, equal days are fine', `
%changelog
* Mon Jan 01 2024 A <a@b.c> - 1-3
- x
* Mon Jan 01 2024 A <a@b.c> - 1-2
- x
* Tue Jan 02 2024 A <a@b.c> - 1-1
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ This changelog entry is newer than the one above it.
- x
`);
