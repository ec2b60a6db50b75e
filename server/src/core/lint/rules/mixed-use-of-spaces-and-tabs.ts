import type { Tag } from '../../spec/index.js';
import type { Span } from '../../text/index.js';
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
    const tabs: Tag[] = [];
    const spaces: Tag[] = [];
    for (const tag of spec.tags) {
      const kind = tag.generated ? undefined : gapKind(text, gapOf(tag, text));
      if (kind === 'tabs') tabs.push(tag);
      else if (kind === 'spaces') spaces.push(tag);
    }
    if (tabs.length === 0 || spaces.length === 0) return;
    const isTabs = tabs.length <= spaces.length;
    const [fewer, more] = isTabs ? [tabs, spaces] : [spaces, tabs];
    report({ at: gapOf(fewer[0]!, text), message: 'mixed', data: { here: isTabs ? 'tabs' : 'spaces', there: isTabs ? 'spaces' : 'tabs', count: more.length } });
  },
});

function gapOf({ nameSpan, valueSpan }: Tag, text: string): Span {
  return { start: text.indexOf(':', nameSpan.end) + 1, end: valueSpan.start };
}

/** What a gap is filled with; undefined for a single space, which is no alignment, and for anything else. */
function gapKind(text: string, { start, end }: Span): 'tabs' | 'spaces' | undefined {
  let hasTab = false;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit !== 32 && unit !== 9) return undefined;
    hasTab ||= unit === 9;
  }
  return hasTab ? 'tabs' : end - start >= 2 ? 'spaces' : undefined;
}
