import { patchOldSyntax as rule } from '#server/core/lint/rules/patch-old-syntax.js';
import { check, checkFix } from '../../../support/lint.js';

check(rule, 'each %patchN in %prep is reported, also in a false branch, but not in a comment or doubled', `
Patch0: a.patch
Patch12: b.patch

%prep
%setup -q
%patch0 -p1
^^^^^^^ '%patch0' is the old form of '%patch -P 0'.
%if 0
%patch12 -p1 -b .b
^^^^^^^^ '%patch12' is the old form of '%patch -P 12'.
%endif
#patch12 -p1
echo %%patch0
`);
check(rule, 'the forms that rpm takes today are silent', 'Patch1: a.patch\n\n%prep\n%setup -q\n%patch -P1 -p1\n%patch 1 -p1\n%autopatch -p1\n');
check(rule, 'a changelog may speak of it', '%changelog\n* Mon Jan 01 2024 A <a@b.c> - 1-1\n- drop %%patch1\n');
checkFix(rule, 'the number moves behind -P', 'Patch7: a.patch\n\n%prep\n%setup -q\n%patch7 -p1 -b .orig\n', 'Patch7: a.patch\n\n%prep\n%setup -q\n%patch -P 7 -p1 -b .orig\n');
