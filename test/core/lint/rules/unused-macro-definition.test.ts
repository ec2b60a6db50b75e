import { unusedMacroDefinition as rule } from '#server/core/lint/rules/unused-macro-definition.js';
import { check } from '../../../support/lint.js';

check(rule, 'a name that occurs once is reported', `
%global used 1
%global mine 2
        ^^^^ The macro 'mine' is defined and never used.
Provides: x = %{used}
`);
check(rule, 'what tools read is not ours to judge', '%global debug_package %{nil}\n%define _hardened_build 1\n%global commit abc\n');
check(rule, 'an unknown macro may use anything', '%global mine 2\n\n%build\n%some_unknown_macro\n');
