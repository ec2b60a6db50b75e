import { defineRule } from '../rule.js';

/** Reports an `%if` that is written to be always true or always false. */
export const constantCondition = defineRule({
  id: 'constant-condition',
  group: 'style',
  severity: 'hint',
  summary: 'Report conditions that are constants',
  per: 'spec',
  messages: {
    constant: { what: "The condition '{{condition}}' is always {{value}}.", why: 'One of the branches is never read, and no longer mended when its surroundings are.', help: 'Remove the branch, or make the condition a %bcond.' },
  },
  check({ spec, written, lines, report }) {
    for (const { keyword, span } of spec.conditionals) {
      if (keyword.replace(/^%/, '') !== 'if') continue;
      const line = written.at(span.start, lines);
      const match = /^(\s*%if\s+)(\d+|!\s*\d+)\s*$/.exec(line.text);
      if (match === null) continue;
      const condition = match[2]!;
      const isTrue = condition.startsWith('!') ? /^!\s*0+$/.test(condition) : !/^0+$/.test(condition);
      const start = line.span.start + match[1]!.length;
      report({ at: { start, end: start + condition.length }, message: 'constant', data: { condition, value: isTrue ? 'true' : 'false' } });
    }
  },
});
