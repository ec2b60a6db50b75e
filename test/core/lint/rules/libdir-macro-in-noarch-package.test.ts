import { libdirMacroInNoarchPackage as rule } from '#server/core/lint/rules/libdir-macro-in-noarch-package.js';
import { check } from '../../../support/lint.js';

check(rule, 'a noarch sub-package is reported, its main package is not', `
%package doc
Summary: Doc
BuildArch: noarch

%description doc
x

%files
%{_libdir}/x

%files doc
%{_libdir}/x/doc
^^^^^^^^^^ The noarch package 'example-doc' has files in '%{_libdir}'.
%{_datadir}/x
`);
