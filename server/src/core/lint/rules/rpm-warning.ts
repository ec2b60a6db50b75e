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
  check({ spec, judgedElsewhere, report }) {
    for (const { code, severity, message, span, related } of spec.problems) {
      if (severity !== 'error' && !judgedElsewhere.has(code)) report({ at: span, message: 'warned', severity, data: { words: message }, ...(related && { related }) });
    }
  },
});
