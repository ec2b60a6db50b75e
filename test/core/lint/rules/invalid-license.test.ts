import { invalidLicense as rule } from '#server/core/lint/rules/invalid-license.js';
import { check, checkFix } from '../../../support/lint.js';

check(rule, 'a parenthesis that is not closed', `
License: MIT AND (BSD-3-Clause OR X11
                 ^ The license is no expression: this parenthesis is not closed.
`);
check(rule, 'an operator without a name behind it', `
License: MIT AND
             ^^^ The license is no expression: a name must follow 'AND'.
`);
check(rule, 'a spelling that SPDX does not know', `
License: mit OR gpl-2.0-only
         ^^^ 'mit' is spelt 'MIT' in SPDX.
                ^^^^^^^^^^^^ 'gpl-2.0-only' is spelt 'GPL-2.0-only' in SPDX.
`);
check(rule, 'one foreign name among SPDX identifiers', `
License: Apache-2.0 AND GPLv2+ AND LicenseRef-Fedora-Public-Domain
                        ^^^^^^ 'GPLv2+' is not an SPDX identifier; the expression mixes two ways of naming licenses.
`);
check(rule, 'the old way alone is left alone', 'License: GPLv2+ with exceptions and (ASL 2.0 or BSD)\n');
checkFix(rule, 'the spelling is put right', 'License: mit\n', 'License: MIT\n');
