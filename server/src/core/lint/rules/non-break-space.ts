import { defineRule } from '../rule.js';

/** Reports no-break spaces, which look like spaces and are none to rpm and the shell. */
export const nonBreakSpace = defineRule({
  id: 'non-break-space',
  group: 'suspicious',
  severity: 'warning',
  summary: 'Report no-break spaces outside prose',
  per: 'spec',
  sources: [{ tool: 'rpmlint', id: 'non-break-space', how: 'inspired' }],
  messages: {
    space: { what: 'This is a no-break space.', why: 'It looks like a space, but neither rpm nor the shell takes it for one.', help: 'Replace it by a space.' },
  },
  lines: {
    // In prose it is typography.
    at: ({ section }) => section !== 'changelog' && section !== 'description',
    check({ text, isComment }, report) {
      if (isComment || !text.includes('\u00a0') || /^\s*Summary/i.test(text)) return;
      for (const { index } of text.matchAll(/\u00a0/g)) report({ at: { start: index, end: index + 1 }, message: 'space' });
    },
  },
  fix: { safety: 'unsafe', title: 'Replace it by a space', edits: ({ at }) => [{ span: at, text: ' ' }] },
});
