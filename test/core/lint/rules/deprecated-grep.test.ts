import { deprecatedGrep as rule } from '#server/core/lint/rules/deprecated-grep.js';
import { check, checkFix } from '../../../support/lint.js';

check(rule, 'commands are reported, words and comments are not', `
%check
cat x | fgrep y
        ^^^^^ 'fgrep' is deprecated.
# egrep x
echo no-egrep-here pcregrep x

%post
if egrep x /etc/y; then :; fi
   ^^^^^ 'egrep' is deprecated.
`);
checkFix(rule, 'grep -E does the same', '%check\negrep -v x y\n', '%check\ngrep -E -v x y\n');
