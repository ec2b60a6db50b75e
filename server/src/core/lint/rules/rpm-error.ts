import { defineRule } from '../rule.js';

/** Reports what rpm itself refuses, in rpm's words and at rpm's line. */
export const rpmError = defineRule({
  id: 'rpm-error',
  group: 'rpm',
  severity: 'error',
  summary: 'Report what rpm itself refuses',
  sources: [{ tool: 'rpmlint', id: 'specfile-error', how: 'same' }],
  messages: {
    refused: { what: '{{words}}', why: 'rpm refuses to read this spec.', help: 'Mend what rpm names; the words are its own.' },
  },
  check({ spec, isJudgedElsewhere, report }) {
    for (const problem of spec.problems) {
      const { severity, message, span, related } = problem;
      if (severity === 'error' && !isJudgedElsewhere(problem)) report({ at: span, message: 'refused', data: { words: message }, ...(related && { related }) });
    }
  },
});
