import { unversionedExplicitProvides as rule } from '#server/core/lint/rules/unversioned-explicit-provides.js';
import { check } from '../../../support/lint.js';

check(rule, 'a renamed package is provided without a version', `
Obsoletes: old < 2
Provides: old
^^^^^^^^^^^^^ 'old' is replaced, but provided without a version.
Provides: webserver
`);
check(rule, 'with a version it is fine', 'Obsoletes: old < 2\nProvides: old = 2\n');
