import { makeCheckOutsideCheckSection as rule } from '#server/core/lint/rules/make-check-outside-check-section.js';
import { check } from '../../../support/lint.js';

check(rule, 'a test suite in %build is reported', `
%build
make
make -k V=1 check || :
^^^^^^^^^^^^^^^^^ 'make -k V=1 check' runs in %build.

%check
make check
`);
check(rule, 'targets that only begin alike are fine', '%build\nmake checkout tests-all\n# make check\n');
