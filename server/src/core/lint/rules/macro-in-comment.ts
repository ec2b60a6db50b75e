import type { Evaluation } from '../../spec/index.js';
import { defineRule } from '../rule.js';
import { buildScripts, scriptlets } from '../written.js';

/** Reports a macro in a comment line, which rpm expands all the same. */
export const macroInComment = defineRule({
  id: 'macro-in-comment',
  group: 'suspicious',
  severity: 'warning',
  summary: 'Report macros in comments, which rpm expands',
  sources: [{ tool: 'rpmlint', id: 'macro-in-comment', how: 'inspired' }],
  judges: ['rpm-warning/macro-in-comment'],
  messages: {
    expanded: {
      what: "The macro '{{macro}}' in this comment is expanded.",
      why: 'rpm expands macros before it looks for comments: one of several lines escapes the comment, and newer rpm warns at every build.',
      help: 'Double the percent sign, or remove the line.',
    },
    escapes: {
      what: "The macro '{{macro}}' stands for several lines, and only the first stays in this comment.",
      why: 'rpm expands macros before the shell sees a comment: the other lines are run.',
      help: 'Double the percent sign, or remove the line.',
    },
  },
  check({ spec, written, lines, text, report }) {
    for (const { code, span } of spec.problems) {
      if (code !== 'rpm-warning/macro-in-comment') continue;
      const line = written.at(span.start, lines);
      const all = uses(line.text);
      const at = all.find((use) => isKnown(spec, use.text)) ?? all[0];
      const start = line.span.start + (at?.index ?? 0);
      report({ at: at === undefined ? line.span : { start, end: start + at.text.length }, message: 'expanded', data: { macro: at?.text ?? line.text.trim() } });
    }
    // In scripts rpm does not warn, since the shell's comments are not its own; what spans lines escapes them all the same.
    for (const { span, value, definition } of spec.macroUses) {
      if (definition === undefined || value === undefined || !value.trimEnd().includes('\n')) continue;
      const line = written.at(span.start, lines);
      const isScript = buildScripts.has(line.section) || scriptlets.has(line.section);
      if (isScript && line.isComment && !line.isSkipped && span.end <= line.span.end) report({ at: span, message: 'escapes', data: { macro: text.slice(span.start, span.end) } });
    }
  },
  fix: {
    safety: 'safe',
    title: 'Double the percent signs of the comment',
    edits({ at }, { written, lines }) {
      const line = written.at(at.start, lines);
      // Those inside another use as well: once the outer one is text, they are uses of their own.
      return [...line.text.matchAll(/(?<!%)(?:%%)*%(?=[{([A-Za-z_?!*#0-9])/g)].map((match) => {
        const at = line.span.start + match.index + match[0].length;
        return { span: { start: at, end: at }, text: '%' };
      });
    },
  },
});

function isKnown(spec: Evaluation, use: string): boolean {
  const name = /^%[{?!]*([A-Za-z_]\w*)/.exec(use)?.[1];
  return name === undefined || spec.lookup(name) !== undefined;
}

/** Macro uses in a line: each percent sign that is not doubled, with what it seems to take. */
export function uses(text: string): readonly { readonly index: number; readonly text: string }[] {
  const found: { index: number; text: string }[] = [];
  // Most lines have none, and are looked at after every keystroke.
  if (!text.includes('%')) return found;
  for (const match of text.matchAll(/(?<!%)(?:%%)*%(?=[{([A-Za-z_?!*#0-9])(\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\([^)]*\)|\[[^\]]*\]|[?!]*\w+|[*#0-9]+)?/g)) {
    const body = match[1] ?? '';
    const index = match.index + match[0].length - body.length - 1;
    found.push({ index, text: `%${body}` });
  }
  return found;
}
