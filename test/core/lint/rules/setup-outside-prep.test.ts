import { setupOutsidePrep as rule } from '#server/core/lint/rules/setup-outside-prep.js';
import { check } from '../../../support/lint.js';

check(rule, 'a %patch in %build is reported', `
Patch0: x.patch

%build
%patch -P 0 -p1
^^^^^^ '%patch' stands in %build.
`);
check(rule, 'in %prep it is at home', 'Patch0: x.patch\n\n%prep\n%setup -q\n%patch -P 0\n');
