import { defineRule } from '../rule.js';

/** Reports a spec that lets patches apply where they do not quite fit. */
export const patchFuzzIsChanged = defineRule({
  id: 'patch-fuzz-is-changed',
  group: 'suspicious',
  severity: 'warning',
  summary: 'Report specs that let patches apply with fuzz',
  sources: [{ tool: 'rpmlint', id: 'patch-fuzz-is-changed', how: 'inspired' }],
  messages: {
    fuzz: { what: 'Patches may apply here with a fuzz of {{fuzz}}.', why: 'A hunk whose context does not fit may land in the wrong place, and the build goes on.', help: 'Rebase the patches and remove the setting.' },
  },
  check({ spec, text, report }) {
    for (const { definition, by, span } of spec.definitions) {
      if (definition.name === '_default_patch_fuzz' && by !== 'undefine' && /^\s*[1-9]\d*\s*$/.test(definition.body)) report({ at: { start: span.start, end: span.start + text.slice(span.start, span.end).trimEnd().length }, message: 'fuzz', data: { fuzz: definition.body.trim() } });
    }
  },
});
