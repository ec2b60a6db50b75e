import { unversionedExplicitObsoletes as rule } from '#server/core/lint/rules/unversioned-explicit-obsoletes.js';
import { check } from '../../../support/lint.js';

check(rule, 'each name without a version is reported at its tag', `
Obsoletes: old < 2
Obsoletes: older
^^^^^^^^^^^^^^^^ Obsoletes 'older' in every version.
`);
