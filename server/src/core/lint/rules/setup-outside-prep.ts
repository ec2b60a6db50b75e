import { defineRule } from '../rule.js';
import { readIn } from '../written.js';

/** Reports `%setup`, `%autosetup`, `%autopatch` or `%patch` in another section than %prep. */
export const setupOutsidePrep = defineRule({
  id: 'setup-outside-prep',
  group: 'correctness',
  severity: 'error',
  summary: 'Report %setup and patches outside %prep',
  sources: [{ tool: 'rpmlint', id: 'setup-not-in-prep', how: 'same' }, { tool: 'rpmlint', id: '%autosetup-not-in-prep', how: 'same' }, { tool: 'rpmlint', id: '%autopatch-not-in-prep', how: 'same' }],
  messages: {
    outside: { what: "'{{macro}}' stands in %{{section}}.", why: 'rpm unpacks sources and applies patches in %prep only; elsewhere the line goes to the shell as it stands.', help: 'Move it to %prep.' },
  },
  lines: {
    at: readIn('build', 'install', 'check', 'files', 'description'),
    check({ text, section, isComment }, report) {
      const match = isComment ? null : /^\s*(%(?:setup|patch\d*))(?=\s|$)/.exec(text);
      if (match === null) return;
      const start = match[0].length - match[1]!.length;
      report({ at: { start, end: start + match[1]!.length }, message: 'outside', data: { macro: match[1]!, section } });
    },
  },
});
