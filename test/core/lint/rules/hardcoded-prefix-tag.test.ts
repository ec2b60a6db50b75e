import { hardcodedPrefixTag as rule } from '#server/core/lint/rules/hardcoded-prefix-tag.js';
import { check } from '../../../support/lint.js';

check(rule, 'a written path is reported, a macro is not', `
Prefix: /opt/x
        ^^^^^^ The Prefix tag is the fixed path '/opt/x'.
Prefix: %{_prefix}
`);
