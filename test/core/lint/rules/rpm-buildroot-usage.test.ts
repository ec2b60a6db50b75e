import { rpmBuildrootUsage as rule } from '#server/core/lint/rules/rpm-buildroot-usage.js';
import { check } from '../../../support/lint.js';

check(rule, '%build and scriptlets are reported, %install and comments are not', `
%build
make install DESTDIR=$RPM_BUILD_ROOT
                     ^^^^^^^^^^^^^^^ '$RPM_BUILD_ROOT' is used in %build.
# %%{buildroot}
rm -rf %{buildroot}

%install
make install DESTDIR=%{buildroot}

%post
ldconfig %{buildroot}
         ^^^^^^^^^^^^ '%{buildroot}' is used in the scriptlet %post.
`);
