/** Every rule, one alphabetical line each. */
import type { Rule } from '../rule.js';
import { patchNotApplied } from './patch-not-applied.js';
import { rpmError } from './rpm-error.js';
import { rpmWarning } from './rpm-warning.js';

export const rules: readonly Rule[] = [
  patchNotApplied,
  rpmError,
  rpmWarning,
];
