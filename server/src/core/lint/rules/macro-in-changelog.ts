import { defineRule } from '../rule.js';
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
  check({ spec, written, report }) {
    for (const line of written.readLines('changelog')) {
      // What fills the whole line was put there to be expanded: %autochangelog, %{?changelog}, %include.
      if (line.isComment || !/^\s*[-*\w]/.test(line.text)) continue;
      for (const { index, text } of uses(line.text)) {
        const start = line.span.start + index;
        const name = /^%[{?!]*(\w+)/.exec(text)?.[1];
        const expands = spec.macroUses.some((use) => use.span.start === start && use.definition !== undefined) || (name !== undefined && spec.lookup(name) !== undefined);
        if (expands) report({ at: { start, end: start + text.length }, message: 'expanded', data: { macro: text } });
      }
    }
  },
  fix: { safety: 'safe', title: 'Double the percent sign', edits: ({ at }) => [{ span: { start: at.start, end: at.start }, text: '%' }] },
});
