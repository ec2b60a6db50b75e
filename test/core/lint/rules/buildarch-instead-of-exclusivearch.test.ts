import { buildarchInsteadOfExclusivearch as rule } from '#server/core/lint/rules/buildarch-instead-of-exclusivearch.js';
import { check } from '../../../support/lint.js';

check(rule, 'an architecture is reported', `
BuildArch: x86_64
           ^^^^^^ BuildArch is 'x86_64'.
`);
check(rule, 'noarch is what it is for', 'BuildArch: noarch\n');
