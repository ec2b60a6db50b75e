import { patchFuzzIsChanged as rule } from '#server/core/lint/rules/patch-fuzz-is-changed.js';
import { check } from '../../../support/lint.js';

check(rule, 'a raised fuzz is reported, zero is not', `
%define _default_patch_fuzz 2
^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ Patches may apply here with a fuzz of 2.
%global _default_patch_fuzz 0
`);
