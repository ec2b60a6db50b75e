import { defineRule } from '../rule.js';

/** Reports what rpm itself refuses, in rpm's words and at rpm's line. */
export const rpmError = defineRule({
  id: 'rpm-error',
  group: 'rpm',
  severity: 'error',
  summary: 'Report what rpm itself refuses',
  sources: [{ tool: 'rpmlint', id: 'specfile-error', how: 'same' }],
  messages: {
    unknown: { what: 'What stands here cannot be known without running it: {{words}}.', why: 'Nothing of a spec is run while it is read here, so the spec was read up to this place only.', help: 'Define the macro for the lint (--define), or ignore this.' },
    refused: { what: '{{words}}', why: 'rpm refuses to read this spec.', help: 'Mend what rpm names; the words are its own.' },
  },
  check({ spec, isJudgedElsewhere, report }) {
    for (const problem of spec.problems) {
      const { severity, message, span, related } = problem;
      if (severity === 'error' && !isJudgedElsewhere(problem)) {
        // A limit of ours, where rpm would go on.
        if (/not permitted in this context/.test(message)) report({ at: span, message: 'unknown', severity: 'information', data: { words: message } });
        else report({ at: span, message: 'refused', data: { words: message }, ...(related && { related }) });
      }
    }
  },
});
