import { missingSection as rule } from '#server/core/lint/rules/missing-section.js';
import { check } from '../../../support/lint.js';

check(rule, 'files without %install', `
Name: example
^^^^ There are files to package and no %install section.

%files
/usr/bin/x
`);
check(rule, 'a meta package has nothing to install', '%files\n');
check(rule, 'archives that nothing unpacks', `
Name: example
^^^^ There are archives and no %prep section.
Source0: x.tar.gz

%install
cp x %{buildroot}
`);
