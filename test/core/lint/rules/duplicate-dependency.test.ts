import { duplicateDependency as rule } from '#server/core/lint/rules/duplicate-dependency.js';
import { check } from '../../../support/lint.js';

check(rule, 'the second declaration is reported, per package and with its version', `
BuildRequires: gcc
BuildRequires: make, gcc
^^^^^^^^^^^^^^^^^^^^^^^^ 'BuildRequires: gcc' is declared before.
Requires: gcc
BuildRequires: gcc >= 4
`);
check(rule, 'a branch that is not read does not count', '%if 0\nBuildRequires: gcc\n%endif\nBuildRequires: gcc\n');
check(rule, 'for a scriptlet is another dependency', 'Requires: x\nRequires(post): x\n');
