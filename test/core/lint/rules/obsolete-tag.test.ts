import { obsoleteTag as rule } from '#server/core/lint/rules/obsolete-tag.js';
import { check, checkFix } from '../../../support/lint.js';

check(rule, 'BuildRoot and old names are reported', `
BuildRoot: %{_tmppath}/x
^^^^^^^^^^^^^^^^^^^^^^^^ The tag 'BuildRoot' does nothing.
BuildPreReq: gcc
^^^^^^^^^^^ The tag 'BuildPreReq' is an old name of 'BuildRequires'.
`);
checkFix(rule, 'BuildRoot goes with its line', 'BuildRoot: %{_tmppath}/x\nURL: https://example.org\n', 'URL: https://example.org\n');
checkFix(rule, 'BuildPreReq gets its name of today', 'BuildPreReq: gcc\n', 'BuildRequires: gcc\n');
