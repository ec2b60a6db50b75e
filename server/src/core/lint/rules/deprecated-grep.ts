import { defineRule } from '../rule.js';
import { readIn, scriptlets } from '../written.js';

/** Reports `egrep` and `fgrep`. */
export const deprecatedGrep = defineRule({
  id: 'deprecated-grep',
  group: 'style',
  severity: 'information',
  summary: 'Report egrep and fgrep',
  sources: [{ tool: 'rpmlint', id: 'deprecated-grep', how: 'same' }],
  messages: {
    deprecated: { what: "'{{command}}' is deprecated.", why: 'grep 3.8 and later print a warning, and the commands may go.', help: "Write '{{better}}'." },
  },
  lines: {
    at: readIn('prep', 'build', 'install', 'check', 'generate_buildrequires', ...scriptlets),
    check({ text, isComment }, report) {
      if (isComment) return;
      for (const match of text.matchAll(/(?:^|[\s|;&(`!])([ef]grep)(?=\s)/g)) {
        const start = match.index + match[0].length - match[1]!.length;
        report({ at: { start, end: start + match[1]!.length }, message: 'deprecated', data: { command: match[1]!, better: match[1] === 'egrep' ? 'grep -E' : 'grep -F' } });
      }
    },
  },
  fix: { safety: 'safe', title: 'Write {{better}}', edits: ({ at, data }) => [{ span: at, text: String(data.better) }] },
});
