import { nonUtf8SpecFile as rule } from '#server/core/lint/rules/non-utf8-spec-file.js';
import { check } from '../../../support/lint.js';

check(rule, 'the first byte that is not UTF-8 is reported', `
Summary: K\u00e4se
          ^ This spec is not UTF-8; the first byte that is not is 0xe4.
`, { encoding: 'latin-1' });
check(rule, 'UTF-8 is fine', 'Summary: K\u00e4se\n');
