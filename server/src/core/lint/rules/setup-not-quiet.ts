import { defineRule } from '../rule.js';
import { readIn } from '../written.js';

/** Reports a `%setup` that unpacks without `-q`. */
export const setupNotQuiet = defineRule({
  id: 'setup-not-quiet',
  group: 'style',
  severity: 'hint',
  summary: 'Report %setup without -q',
  sources: [{ tool: 'rpmlint', id: 'setup-not-quiet', how: 'same' }],
  messages: {
    loud: { what: 'This %setup prints every file it unpacks.', why: 'The names bury what matters in the build log.', help: 'Add -q.' },
  },
  lines: {
    at: readIn('prep'),
    check({ text, isComment }, report) {
      const match = /^\s*(%setup)(?=\s|$)(.*)$/.exec(text);
      if (isComment || match === null) return;
      const options = match[2]!;
      const unpacks = !/\s-[a-zA-Z]*T/.test(options) || /\s-[a-zA-Z]*[ab]/.test(options);
      const start = text.indexOf('%setup');
      if (unpacks && !/\s-[a-zA-Z]*q/.test(options)) report({ at: { start, end: start + '%setup'.length }, message: 'loud' });
    },
  },
  fix: { safety: 'safe', title: 'Add -q', edits: ({ at }) => [{ span: { start: at.end, end: at.end }, text: ' -q' }] },
});
