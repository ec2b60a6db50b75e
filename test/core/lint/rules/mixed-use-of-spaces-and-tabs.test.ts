import { mixedUseOfSpacesAndTabs as rule } from '#server/core/lint/rules/mixed-use-of-spaces-and-tabs.js';
import { check } from '../../../support/lint.js';

check(rule, 'the less usual way is reported once', 'URL:\thttps://example.org\nProvides:\tx\nRequires:  y\n         ^^ This value is aligned with spaces, 2 others with tabs.\nRequires:  z\nProvides:\ta\nProvides: b\n'.replace('2 others', '3 others'));
check(rule, 'single spaces beside tabs are no alignment', 'URL:\thttps://example.org\nProvides: x\n');
