import { hardcodedLibraryPath as rule } from '#server/core/lint/rules/hardcoded-library-path.js';
import { check } from '../../../support/lint.js';

check(rule, 'libraries and pkgconfig files under /usr/lib are reported', `
%install
mv %{buildroot}/usr/lib/libx.la x
               ^^^^^^^^^^^^^^^^ '/usr/lib/libx.la' is the library folder of some architectures only.

rm %{buildroot}/usr/lib/liby.la

%files
%{_prefix}/lib/pkgconfig/x.pc
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ '%{_prefix}/lib/pkgconfig/x.pc' is the library folder of some architectures only.
/usr/lib/libx.so.1*
^^^^^^^^^^^^^^^^^^^ '/usr/lib/libx.so.1*' is the library folder of some architectures only.
`);
check(rule, 'what lives in /usr/lib everywhere is silent', '%files\n/usr/lib/systemd/system/x.service\n/usr/lib/firmware/x\n/usr/lib/x/plugins/y.so\n%{_libdir}/libx.so\n');
check(rule, 'a noarch package has no library folder of its own', 'BuildArch: noarch\n\n%files\n/usr/lib/libx.so\n');
