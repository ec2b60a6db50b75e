import { rpmError as rule } from '#server/core/lint/rules/rpm-error.js';
import { check } from '../../../support/lint.js';

check(rule, "rpm's words at rpm's line", `
Epoch: one
^^^^^^^^^^ line 6: Epoch field must be an unsigned number: Epoch: one
`);
check(rule, 'what another rule words better is left to it', 'Patch0: x.patch\n\n%prep\n%patch0 -p1\n');
check(rule, "a macro that only a distribution's package defines is no error of the spec", `
%some_distribution_macro -x
^^^^^^^^^^^^^^^^^^^^^^^^^^^ '%some_distribution_macro' is not known for Fedora 43, so what stands here cannot be read.
`);
