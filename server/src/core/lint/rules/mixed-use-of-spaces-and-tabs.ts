import { defineRule } from '../rule.js';

/** Reports the lesser of two ways of aligning tag values: tabs or spaces. */
export const mixedUseOfSpacesAndTabs = defineRule({
  id: 'mixed-use-of-spaces-and-tabs',
  group: 'style',
  severity: 'hint',
  summary: 'Report tag values aligned now with tabs, now with spaces',
  per: 'spec',
  sources: [{ tool: 'rpmlint', id: 'mixed-use-of-spaces-and-tabs', how: 'inspired' }],
  messages: {
    mixed: { what: 'This value is aligned with {{here}}, {{count}} others with {{there}}.', why: 'They stand under one another only for one width of tabs.', help: 'Use one of them.' },
  },
  check({ spec, text, report }) {
    const gaps = spec.tags.filter(({ generated }) => !generated).map(({ nameSpan, valueSpan }) => ({ span: { start: text.indexOf(':', nameSpan.end) + 1, end: valueSpan.start }, gap: text.slice(text.indexOf(':', nameSpan.end) + 1, valueSpan.start) })).filter(({ gap }) => /^[ \t]+$/.test(gap));
    const tabs = gaps.filter(({ gap }) => gap.includes('\t'));
    // A single space is no alignment.
    const spaces = gaps.filter(({ gap }) => /^ {2,}$/.test(gap));
    if (tabs.length === 0 || spaces.length === 0) return;
    const isTabs = tabs.length <= spaces.length;
    const [fewer, more] = isTabs ? [tabs, spaces] : [spaces, tabs];
    report({ at: fewer[0]!.span, message: 'mixed', data: { here: isTabs ? 'tabs' : 'spaces', there: isTabs ? 'spaces' : 'tabs', count: more.length } });
  },
});
