import { superfluousCleanSection as rule } from '#server/core/lint/rules/superfluous-clean-section.js';
import { check, checkFix } from '../../../support/lint.js';

check(rule, 'a section that removes the build root, or nothing, is reported', `
%clean
^^^^^^ This %clean section does what rpm does by itself.
rm -rf $RPM_BUILD_ROOT
`);
check(rule, 'a section that does more is needed', '%clean\nrm -rf %{buildroot}\nrm -rf /tmp/x\n');
checkFix(rule, 'the section goes as a whole', '%clean\nrm -rf %{buildroot}\n\n%files\n/x\n', '%files\n/x\n');
