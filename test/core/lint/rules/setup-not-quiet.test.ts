import { setupNotQuiet as rule } from '#server/core/lint/rules/setup-not-quiet.js';
import { check, checkFix } from '../../../support/lint.js';

check(rule, '-q is missing', `
%prep
%setup -n x
^^^^^^ This %setup prints every file it unpacks.
`);
check(rule, 'quiet ones, and those that unpack nothing, are fine', '%prep\n%setup -q\n%setup -cqn x\n%setup -c -T\n#%%setup\n');
checkFix(rule, '-q is added', '%prep\n%setup -n x\n', '%prep\n%setup -q -n x\n');
