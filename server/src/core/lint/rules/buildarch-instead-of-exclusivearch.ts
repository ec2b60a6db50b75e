import { defineRule } from '../rule.js';

/** Reports a BuildArch other than noarch. */
export const buildarchInsteadOfExclusivearch = defineRule({
  id: 'buildarch-instead-of-exclusivearch',
  group: 'suspicious',
  severity: 'warning',
  summary: 'Report BuildArch with an architecture',
  sources: [{ tool: 'rpmlint', id: 'buildarch-instead-of-exclusivearch-tag', how: 'same' }],
  messages: {
    arch: { what: "BuildArch is '{{arch}}'.", why: 'It does not restrict where the package is built: it builds for that architecture everywhere, compiler or not.', help: "Write 'ExclusiveArch: {{arch}}'." },
  },
  check({ spec, report }) {
    for (const { name, value, valueSpan, generated, incomplete } of spec.tags) {
      if (name === 'BuildArch' && !generated && !incomplete && value !== '' && value !== 'noarch') report({ at: valueSpan, message: 'arch', data: { arch: value } });
    }
  },
});
