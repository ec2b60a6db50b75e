import { constantCondition as rule } from '#server/core/lint/rules/constant-condition.js';
import { check } from '../../../support/lint.js';

check(rule, 'numbers as they are written are reported', `
%if 0
    ^ The condition '0' is always false.
%endif
%if 1
    ^ The condition '1' is always true.
%endif
%if 0%{?fedora}
%endif
`);
