import { summaryEndedWithDot as rule } from '#server/core/lint/rules/summary-ended-with-dot.js';
import { check, checkFix } from '../../../support/lint.js';

check(rule, 'the full stop is reported, dots and abbreviations are not', `
Summary: A tool.
               ^ The summary ends with a full stop.

%package a
Summary: And so on...

%description a
x

%package b
Summary: Icons, sounds, etc.

%description b
x
`);
checkFix(rule, 'it is removed', 'Summary: A tool.\n', 'Summary: A tool\n');
