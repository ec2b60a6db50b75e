import { nearest } from '../../text/index.js';
import { defineRule } from '../rule.js';

/** Reports a suppression comment that names no rule, or one that does not exist. */
export const invalidSuppression = defineRule({
  id: 'invalid-suppression',
  group: 'correctness',
  severity: 'warning',
  summary: 'Report suppression comments that name no rule',
  per: 'spec',
  messages: {
    empty: { what: 'This comment names no rule to ignore.', why: 'It silences nothing.', help: "Write '# spectrail: ignore RULE -- reason'." },
    unknown: { what: "There is no rule '{{rule}}'.", why: 'The comment silences nothing.', help: "'spectrail lint --list-rules' lists them." },
    misspelt: { what: "There is no rule '{{rule}}'; did you mean '{{guess}}'?", why: 'The comment silences nothing.', help: 'Mend the name.' },
  },
  check({ suppressions, ruleIds, report }) {
    for (const { rules, span } of suppressions) {
      if (rules.length === 0) report({ at: span, message: 'empty' });
      for (const { id, span: at } of rules) {
        if (ruleIds.has(id)) continue;
        const guess = nearest(id, ruleIds);
        if (guess === undefined) report({ at, message: 'unknown', data: { rule: id } });
        else report({ at, message: 'misspelt', data: { rule: id, guess } });
      }
    }
  },
});
