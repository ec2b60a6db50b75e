import { defineRule } from '../rule.js';

/** Reports a suppression comment that silences nothing. */
export const unusedSuppression = defineRule({
  id: 'unused-suppression',
  group: 'style',
  severity: 'information',
  summary: 'Report suppression comments that silence nothing',
  per: 'findings',
  messages: {
    unused: { what: "'{{rule}}' finds nothing here that would have to be ignored.", why: 'The comment would hide the next finding that is real.', help: 'Remove it.' },
  },
  check({ unusedSuppressions, report }) {
    for (const { id, span } of unusedSuppressions) report({ at: span, message: 'unused', data: { rule: id } });
  },
});
