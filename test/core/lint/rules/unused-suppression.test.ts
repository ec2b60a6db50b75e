import { unusedSuppression as rule } from '#server/core/lint/rules/unused-suppression.js';
import { check } from '../../../support/lint.js';

check(rule, 'a name that silences nothing is reported, one that does is not', `
# spectrail: ignore summary-ended-with-dot, trailing-whitespace -- the dot belongs to it
                                            ^^^^^^^^^^^^^^^^^^^ 'trailing-whitespace' finds nothing here that would have to be ignored.
Summary: A name, Inc.x.
`, { also: ['summary-ended-with-dot', 'trailing-whitespace'] });
