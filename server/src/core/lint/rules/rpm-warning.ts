import { defineRule } from '../rule.js';

/** Reports what rpm itself warns of, in rpm's words and at rpm's line. */
export const rpmWarning = defineRule({
  id: 'rpm-warning',
  group: 'rpm',
  severity: 'warning',
  summary: 'Report what rpm itself warns of',
  sources: [{ tool: 'rpmlint', id: 'specfile-warning', how: 'same' }],
  messages: {
    warned: { what: '{{words}}', why: 'rpm prints this warning at every build.', help: 'Mend what rpm names; the words are its own.' },
  },
  check({ spec, isJudgedElsewhere, report }) {
    for (const problem of spec.problems) {
      const { severity, message, span, related } = problem;
      if (severity !== 'error' && !problem.code.startsWith('unsure/') && !isJudgedElsewhere(problem)) report({ at: span, message: 'warned', severity, data: { words: message }, ...(related && { related }) });
    }
  },
});
