import { trailingWhitespace as rule } from '#server/core/lint/rules/trailing-whitespace.js';
import { check, checkFix } from '../../../support/lint.js';

check(rule, 'blanks at the end are reported', 'URL: x  \n      ^^ White space at the end of the line.\n\n%build\nmake\t\n    ^ White space at the end of the line.\nx \\ \ny\n');
checkFix(rule, 'they are removed', 'URL: x  \n', 'URL: x\n');
checkFix(rule, 'what may be the content of a here-document stays', 'URL: x \n\n%install\ncat > x <<EOF\na \nEOF\n', 'URL: x\n\n%install\ncat > x <<EOF\na \nEOF\n');
