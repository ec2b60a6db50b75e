import { defineRule } from '../rule.js';

/** Reports `%patchN` and `%patch` without a number, which newer rpm no longer takes. */
export const patchOldSyntax = defineRule({
  id: 'patch-old-syntax',
  group: 'correctness',
  severity: 'warning',
  summary: 'Report %patchN, which rpm 4.20 and later refuse',
  sources: [{ tool: 'rpmlint', id: 'patch-macro-old-format', how: 'same' }],
  judges: ['rpm-error/numbered-patch'],
  messages: {
    numbered: {
      what: "'%patch{{number}}' is the old form of '%patch -P {{number}}'.",
      why: 'rpm 4.20 and later refuse it; every rpm understands the form with -P.',
      help: "Write '%patch -P {{number}}'.",
    },
  },
  lines: {
    at: ({ section, isHeader }) => section === 'prep' && !isHeader,
    check({ text, isComment }, report) {
      if (isComment) return;
      for (const match of text.matchAll(/(?<!%)(?:%%)*(%patch(\d+))\b/g)) {
        const start = match.index + match[0].length - match[1]!.length;
        report({ at: { start, end: start + match[1]!.length }, message: 'numbered', data: { number: match[2]! } });
      }
    },
  },
  fix: {
    safety: 'safe',
    title: 'Write %patch -P {{number}}',
    edits: ({ at, data }) => [{ span: at, text: `%patch -P ${data.number}` }],
  },
});
