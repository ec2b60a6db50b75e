import { macroInChangelog as rule } from '#server/core/lint/rules/macro-in-changelog.js';
import { check, checkFix } from '../../../support/lint.js';

check(rule, 'a known macro in an entry is reported, an unknown one is left as it stands by rpm too', `
%changelog
* Mon Jan 01 2024 A <a@b.c> - 1-1
- use %{name} and %no_such_macro_at_all, 50% less, %%{name}
      ^^^^^^^ The macro '%{name}' in this changelog entry is expanded.
`);
check(rule, 'a line that is a macro is meant', '%global history * Mon Jan 01 2024 A <a@b.c> - 1-1\n\n%changelog\n%{history}\n');
checkFix(rule, 'the percent sign is doubled', '%changelog\n* Mon Jan 01 2024 A <a@b.c> - 1-1\n- use %{name}\n', '%changelog\n* Mon Jan 01 2024 A <a@b.c> - 1-1\n- use %%{name}\n');
