import { macroInComment as rule } from '#server/core/lint/rules/macro-in-comment.js';
import { check, checkFix } from '../../../support/lint.js';

check(rule, 'a macro in a comment is reported', `
# needs %{name} and %version
        ^^^^^^^ The macro '%{name}' in this comment is expanded.
  # %{name}
    ^^^^^^^ The macro '%{name}' in this comment is expanded.
`);
check(rule, 'in a script only a macro of several lines escapes from a comment', `
%global steps %{expand:make
make install}

%build
# %{name}
# %steps
  ^^^^^^ The macro '%steps' stands for several lines, and only the first stays in this comment.
`);
check(rule, 'a number sign inside a command begins no comment', "%build\nsed -e 's#@x@#%{name}#' x\necho a # %{name}\n");
check(rule, 'a doubled percent sign and a percentage are silent', '# 50% of %%{name}\n# 100 %\n');
check(rule, 'what rpm does not know it leaves as it stands', '# %{no_such_macro_at_all}\n');
checkFix(rule, 'every macro of the comment is doubled', '# %{name}-%version %%x %{!?name:%{name}}\n', '# %%{name}-%%version %%x %%{!?name:%%{name}}\n');
