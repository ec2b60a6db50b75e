import { rpmWarning as rule } from '#server/core/lint/rules/rpm-warning.js';
import { check } from '../../../support/lint.js';

check(rule, "rpm's words at rpm's line", `
%if 1
%endif foo
^^^^^^^^^^ extra tokens at the end of %endif directive in line 7:  %endif foo
`, { targets: ['el9'] });
check(rule, 'what another rule words better is left to it', '# %{name}\n');
