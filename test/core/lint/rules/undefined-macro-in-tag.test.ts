import { undefinedMacroInTag as rule } from '#server/core/lint/rules/undefined-macro-in-tag.js';
import { check } from '../../../support/lint.js';

check(rule, 'a macro defined too late is reported where it is used', `
Source0: %{commit}.tar.gz
         ^^^^^^^^^ 'commit' is only defined further down.
%global commit abc
`);
check(rule, 'a slip of the pen is told from what was meant', `
%global shortcommit abc
Source0: %{shortcomit}.tar.gz
         ^^^^^^^^^^^^^ 'shortcomit' is not defined; did you mean 'shortcommit'?
`);
check(rule, 'a definition in a false branch does not count', `
%if 0
%global soversion 4
%endif
Provides: libx.so = %{soversion}
                    ^^^^^^^^^^^^ 'soversion' is only defined in a branch that is not read here.
`);
check(rule, 'what is unknown but may come from elsewhere is a hint', `
Requires: foo-%{from_some_macro_package}
              ^^^^^^^^^^^^^^^^^^^^^^^^^^ 'from_some_macro_package' is not defined in this spec or for this target.
`);
check(rule, 'asking whether it is defined is fine', 'Requires: foo%{?nonsense}\n');
check(rule, 'a name that is merely like another one is no slip', `
%global fontname1 a
Provides: %{fontname2}
          ^^^^^^^^^^^^ 'fontname2' is not defined in this spec or for this target.
Provides: %{goname}
          ^^^^^^^^^ 'goname' is not defined in this spec or for this target.
`);
