import { defineRule } from '../rule.js';

/** Reports `%{!?name: %define name ...}`, whose definition does not last. */
export const defineInCondition = defineRule({
  id: 'define-in-condition',
  group: 'suspicious',
  severity: 'information',
  summary: 'Report %define inside %{!?...}, which may not last',
  messages: {
    define: { what: "'{{name}}' is defined with %define inside a macro.", why: 'Such a definition belongs to the nesting level it is made in, and vanishes when a macro with parameters ends that level.', help: 'Write %global.' },
  },
  lines: {
    at: ({ isSkipped }) => !isSkipped,
    check({ text, isComment }, report) {
      const match = isComment ? null : /%\{[!?]+\w+:\s*(%define)\s+(\w+)/.exec(text);
      if (match === null) return;
      const start = match.index + match[0].indexOf('%define');
      report({ at: { start, end: start + '%define'.length }, message: 'define', data: { name: match[2]! } });
    },
  },
  fix: { safety: 'unsafe', title: 'Write %global', edits: ({ at }) => [{ span: at, text: '%global' }] },
});
