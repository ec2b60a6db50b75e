import { patchAppliedTwice as rule } from '#server/core/lint/rules/patch-applied-twice.js';
import { check } from '../../../support/lint.js';

check(rule, 'a %patch after %autosetup is reported', `
Patch0: a.patch
Patch1: b.patch

%prep
%autosetup -p1
%patch -P 1 -p1
^^^^^^^^^^^^^^^ Patch1 is applied again here, after %autosetup did it.
`);
check(rule, 'with -N nothing was applied before', 'Patch0: a.patch\n\n%prep\n%autosetup -N\n%patch -P 0 -p1\n');
check(rule, 'a patch applied by hand in two trees is meant', 'Patch0: a.patch\n\n%prep\n%setup -q\n%patch -P 0 -p1\ncd other\n%patch -P 0 -p1\n');
