import { patchNotApplied as rule } from '#server/core/lint/rules/patch-not-applied.js';
import { check } from '../../../support/lint.js';

check(rule, 'a patch that no %patch names is reported at its tag', `
Patch0: a.patch
Patch1: b.patch
^^^^^^ Patch1 is declared but never applied.

%prep
%setup -q
%patch -P 0 -p1
`);
check(rule, 'without %prep nothing is applied', `
Patch0: a.patch
^^^^^^ Patch0 is declared but never applied.
`);
check(rule, '%autosetup and %autopatch apply all of them, or the range they are given', `
Patch1: a.patch
Patch2: b.patch
Patch9: c.patch
^^^^^^ Patch9 is declared but never applied.

%prep
%setup -q
%autopatch -p1 -M 5
`);
check(rule, '%autosetup', 'Patch0: a.patch\n\n%prep\n%autosetup -p1\n');
check(rule, 'a macro of the spec may wrap %autosetup', '%define unpack(n:) %autosetup -p1 %{-n}\nPatch0: a.patch\n\n%prep\n%unpack -n x\n');
check(rule, 'a patch applied for another target only is no oversight', 'Patch0: a.patch\n\n%prep\n%setup -q\n%if 0%{?rhel}\n%patch -P 0 -p1\n%endif\n');
check(rule, 'a patch that is declared for another target only is none here', '%if 0%{?rhel}\nPatch0: a.patch\n%endif\n\n%prep\n%setup -q\n');
check(rule, 'patch reads it in the shell', 'Patch0: a.patch\nPatch1: b.patch\nPatch2: c.patch\n\n%prep\n%setup -q\npatch -p1 < %{PATCH0}\npatch -p1 -i %{PATCH1}\ncat %{P:2} | patch -p1\n');
check(rule, 'a patch that waits for a build condition is no oversight', 'Patch0: a.patch\n\n%prep\n%setup -q\n%{?with_x:%patch -P 0 -p1}\n');
check(rule, 'an unknown macro that sets up the sources may apply them', 'Patch0: a.patch\n\n%prep\n%forgeautosetup -p1\n');
check(rule, 'a loop over all patches applies them', 'Patch0: a.patch\n\n%prep\n%setup -q\nfor p in %{patches}; do patch -p1 < $p; done\n');
check(rule, 'a commented application does not count', `
Patch0: a.patch
^^^^^^ Patch0 is declared but never applied.

%prep
%setup -q
#patch -P 0 -p1
`);
