import { missingSystemdScriptlets as rule } from '#server/core/lint/rules/missing-systemd-scriptlets.js';
import { check } from '../../../support/lint.js';

check(rule, 'the first unit of each package without scriptlets is reported', `
%package d
Summary: D

%description d
x

%post d
%systemd_post d.service

%files
%dir /usr/lib/systemd/system/x.service.d
/usr/lib/systemd/system/x.service
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ The unit 'x.service' is packaged without scriptlets for it.
/usr/lib/systemd/system/y.service

%files d
%{_unitdir}/d.service
`);
check(rule, 'templates and user units are left alone', '%files\n%{_unitdir}/x@.service\n%{_userunitdir}/x.service\n');
