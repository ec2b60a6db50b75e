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
  check({ written, text, report }) {
    if (!text.includes('\u00a0')) return;
    for (const line of written.lines) {
      // In prose it is typography.
      if (line.section === 'changelog' || line.section === 'description' || line.isComment || /^\s*Summary/i.test(line.text)) continue;
      for (const { index } of line.text.matchAll(/\u00a0/g)) report({ at: { start: line.span.start + index, end: line.span.start + index + 1 }, message: 'space' });
    }
  },
  fix: { safety: 'unsafe', title: 'Replace it by a space', edits: ({ at }) => [{ span: at, text: ' ' }] },
});
