import { invalidSuppression as rule } from '#server/core/lint/rules/invalid-suppression.js';
import { check } from '../../../support/lint.js';

check(rule, 'no name, an unknown one, a misspelt one', `
# spectrail: ignore
^^^^^^^^^^^^^^^^^^^ This comment names no rule to ignore.
# spectrail: ignore-file everything-of-all
                         ^^^^^^^^^^^^^^^^^ There is no rule 'everything-of-all'.
# spectrail: ignore patch-not-aplied -- reason
                    ^^^^^^^^^^^^^^^^ There is no rule 'patch-not-aplied'; did you mean 'patch-not-applied'?
`);
