import { useOfRpmSourceDir as rule } from '#server/core/lint/rules/use-of-rpm-source-dir.js';
import { check } from '../../../support/lint.js';

check(rule, 'both spellings are reported', `
%prep
cp $RPM_SOURCE_DIR/x .
   ^^^^^^^^^^^^^^^ '$RPM_SOURCE_DIR' reads the source folder.
cp %{_sourcedir}/y .
   ^^^^^^^^^^^^^ '%{_sourcedir}' reads the source folder.
cp %{SOURCE1} .
# $RPM_SOURCE_DIR
`);
