import { defineRule } from '../rule.js';

/** Reports a Summary that ends with a full stop. */
export const summaryEndedWithDot = defineRule({
  id: 'summary-ended-with-dot',
  group: 'style',
  severity: 'information',
  summary: 'Report summaries that end with a full stop',
  sources: [{ tool: 'rpmlint', id: 'summary-ended-with-dot', how: 'same' }],
  messages: {
    dot: { what: 'The summary ends with a full stop.', why: 'Summaries are shown in lists, side by side with others that are no sentences.', help: 'Remove the full stop.' },
  },
  check({ spec, text, report }) {
    for (const { name, value, valueSpan, generated } of spec.tags) {
      if (name !== 'Summary' || generated || !/[^.]\.$/.test(value) || /\b(etc|Inc|Ltd|Co)\.$/.test(value) || text[valueSpan.end - 1] !== '.') continue;
      report({ at: { start: valueSpan.end - 1, end: valueSpan.end }, message: 'dot' });
    }
  },
  fix: { safety: 'unsafe', title: 'Remove the full stop', edits: ({ at }) => [{ span: at, text: '' }] },
});
