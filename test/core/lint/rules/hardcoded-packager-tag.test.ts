import { hardcodedPackagerTag as rule } from '#server/core/lint/rules/hardcoded-packager-tag.js';
import { check } from '../../../support/lint.js';

check(rule, 'the tag is reported', `
Packager: A <a@b.c>
^^^^^^^^^^^^^^^^^^^ The packager is written into the spec.
`);
