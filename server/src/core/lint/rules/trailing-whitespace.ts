import { defineRule } from '../rule.js';

/** Reports white space at the end of a line. */
export const trailingWhitespace = defineRule({
  id: 'trailing-whitespace',
  group: 'style',
  severity: 'hint',
  summary: 'Report white space at the end of lines',
  per: 'spec',
  messages: {
    trailing: { what: 'White space at the end of the line.', why: 'It shows in every diff that touches the line.', help: 'Remove it.' },
  },
  lines: {
    // Nobody touches old changelog entries any more.
    at: ({ section }) => section !== 'changelog',
    check({ text }, report) {
      const last = text.charCodeAt(text.length - 1);
      if (last !== 32 && last !== 9) return;
      const kept = text.replace(/[ \t]+$/, '').length;
      // Behind a backslash it changes what the line means.
      if (text[kept - 1] !== '\\') report({ at: { start: kept, end: text.length }, message: 'trailing' });
    },
  },
  fix: {
    safety: 'safe',
    title: 'Remove it',
    edits({ at }, { written, lines }) {
      const { number, section } = written.at(at.start, lines);
      // In a here-document it is content. Where one ends only the shell knows, so what follows one is left alone.
      for (let above = number; above >= 0 && written.places[above]!.section === section; above--) if (written.texts[above]!.includes('<<')) return undefined;
      return [{ span: at, text: '' }];
    },
  },
});
