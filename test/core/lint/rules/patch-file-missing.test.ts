import { patchFileMissing as rule } from '#server/core/lint/rules/patch-file-missing.js';
import { check } from '../../../support/lint.js';

check(rule, 'a patch that is not beside the spec is reported at its value', `
Patch0: there.patch
Patch5: gone-%{version}.patch
        ^^^^^^^^^^^^^^^^^^^^^ Patch5 names 'gone-1.patch', which is not there.
==> there.patch <==
x
`);
check(rule, 'a URL may still be fetched', `
Patch0: https://example.org/x.patch
==> other.patch <==
x
`);
check(rule, 'a spec alone in its folder says nothing of what is missing', 'Patch0: gone.patch\n==> other.spec <==\nx\n');
check(rule, 'nothing is said where nobody looked', 'Patch0: gone.patch\n');
