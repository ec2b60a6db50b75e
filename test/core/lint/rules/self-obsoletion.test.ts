import { selfObsoletion as rule } from '#server/core/lint/rules/self-obsoletion.js';
import { check } from '../../../support/lint.js';

check(rule, 'obsoleting what is provided is reported', `
Provides: old = 2
Obsoletes: old <= 2
^^^^^^^^^^^^^^^^^^^ 'Obsoletes: old <= 2' covers what this package provides itself.
Obsoletes: example
^^^^^^^^^^^^^^^^^^ 'Obsoletes: example' covers what this package provides itself.
`);
check(rule, 'older versions may go', 'Provides: old = 2\nObsoletes: old < 2\nObsoletes: example < 1\nObsoletes: other\n');
