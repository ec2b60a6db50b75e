import { defineRule } from '../rule.js';

/** Reports a Summary of more than 80 characters. */
export const summaryTooLong = defineRule({
  id: 'summary-too-long',
  group: 'style',
  severity: 'information',
  summary: 'Report summaries of more than 80 characters',
  sources: [{ tool: 'rpmlint', id: 'summary-too-long', how: 'same' }],
  messages: {
    long: { what: 'The summary has {{length}} characters; {{limit}} are the limit.', why: 'Lists of packages cut it off.', help: 'Leave the details to the %description.' },
  },
  check({ spec, report }) {
    for (const { name, value, valueSpan, generated, incomplete } of spec.tags) {
      if (name !== 'Summary' || generated || incomplete) continue;
      const length = [...value].length;
      if (length > limit) report({ at: valueSpan, message: 'long', data: { length, limit } });
    }
  },
});

const limit = 80;
