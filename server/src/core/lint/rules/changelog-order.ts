import { defineRule } from '../rule.js';

const outOfOrder = /not in descending chronological order/;

/** Reports changelog entries that are not in descending order, which rpm refuses. */
export const changelogOrder = defineRule({
  id: 'changelog-order',
  group: 'rpm',
  severity: 'error',
  summary: 'Report changelog entries out of order',
  sources: [{ tool: 'rpm', id: '%changelog not in descending chronological order', how: 'same' }],
  messages: {
    order: {
      what: 'This changelog entry is newer than the one above it.',
      why: 'rpm refuses a changelog that is not in descending chronological order.',
      help: 'Move the entry, or mend the date that is wrong.',
    },
  },
  judges: [{ code: 'rpm-error/changelog', words: outOfOrder }],
  check({ spec, written, lines, report }) {
    for (const { code, message, span } of spec.problems) {
      if (code === 'rpm-error/changelog' && outOfOrder.test(message)) report({ at: written.at(span.start, lines).span, message: 'order' });
    }
  },
});
