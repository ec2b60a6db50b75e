import { defineRule } from '../rule.js';

/** Reports a `Prefix` tag with a path written out. */
export const hardcodedPrefixTag = defineRule({
  id: 'hardcoded-prefix-tag',
  group: 'packaging',
  severity: 'warning',
  summary: 'Report Prefix tags with a path written out',
  sources: [{ tool: 'rpmlint', id: 'hardcoded-prefix-tag', how: 'same' }],
  messages: {
    hardcoded: { what: "The Prefix tag is the fixed path '{{path}}'.", why: 'A relocatable package follows %{_prefix} of the distribution it is built for.', help: "Write 'Prefix: %{_prefix}', or remove the tag when the package is not meant to be relocated." },
  },
  check({ spec, text, report }) {
    for (const { name, valueSpan, value, generated } of spec.tags) {
      if ((name !== 'Prefix' && name !== 'Prefixes') || generated) continue;
      const written = text.slice(valueSpan.start, valueSpan.end);
      if (!written.startsWith('%')) report({ at: valueSpan, message: 'hardcoded', data: { path: value } });
    }
  },
});
