import { changelogVersionMismatch as rule } from '#server/core/lint/rules/changelog-version-mismatch.js';
import { check } from '../../../support/lint.js';

check(rule, 'another version in the newest entry is reported', `
Version: 2.0
Release: 3

%changelog
* Tue Jan 02 2024 A <a@b.c> - 1:1.9-1
                              ^^^^^^^ The newest changelog entry is of 1:1.9-1, the package is 2.0-3.
- x
`);
check(rule, 'the same version is silent, whatever the release', 'Version: 2.0\nRelease: 3\n\n%changelog\n* Tue Jan 02 2024 A <a@b.c> 2.0-1\n- x\n');
check(rule, 'a header without a version says nothing', '%changelog\n* Tue Jan 02 2024 A <a@b.c>\n- x\n');
