import { defineRule } from '../rule.js';
import { readIn } from '../written.js';
import { uses } from './macro-in-comment.js';

/** Reports a macro in a changelog entry, which rpm expands. */
export const macroInChangelog = defineRule({
  id: 'macro-in-changelog',
  group: 'suspicious',
  severity: 'warning',
  summary: 'Report macros in changelog entries, which rpm expands',
  sources: [{ tool: 'rpmlint', id: 'macro-in-%changelog', how: 'inspired' }],
  messages: {
    expanded: {
      what: "The macro '{{macro}}' in this changelog entry is expanded.",
      why: 'The entry then says what the macro means in the newest build, not what was written; some macros break the spec.',
      help: 'Double the percent sign.',
    },
  },
  lines: {
    at: readIn('changelog'),
    check(line, report) {
      // What fills the whole line was put there to be expanded: %autochangelog, %{?changelog}, %include.
      if (line.isComment || !/^\s*[-*\w]/.test(line.text)) return;
      for (const { index, text } of uses(line.text)) report({ at: { start: index, end: index + text.length }, message: 'expanded', data: { macro: text } });
    },
    holds({ at, data }, { spec }) {
      const name = /^%[{?!]*(\w+)/.exec(String(data.macro))?.[1];
      return (name !== undefined && spec.lookup(name) !== undefined) || spec.macroUses.some((use) => use.span.start === at.start && use.definition !== undefined);
    },
  },
  fix: { safety: 'safe', title: 'Double the percent sign', edits: ({ at }) => [{ span: { start: at.start, end: at.start }, text: '%' }] },
});
