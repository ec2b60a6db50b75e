import { defineRule } from '../rule.js';

const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Reports a changelog date whose day of the week is not that of the date, as rpm warns. */
export const bogusChangelogDate = defineRule({
  id: 'bogus-changelog-date',
  group: 'rpm',
  severity: 'warning',
  summary: 'Report changelog dates that cannot be',
  sources: [{ tool: 'rpm', id: 'bogus date in %changelog', how: 'same' }],
  judges: ['rpm-warning/bogus-date'],
  messages: {
    weekday: {
      what: '{{date}} was a {{day}}, not a {{written}}.',
      why: 'rpm warns of a bogus date at every build, and takes the date and not the day.',
      help: 'Mend whichever of the two is wrong.',
    },
    impossible: {
      what: "There is no such day as '{{date}}'.",
      why: 'rpm warns of a bogus date at every build.',
      help: 'Mend the date.',
    },
  },
  check({ spec, written, lines, report }) {
    for (const { code, span } of spec.problems) {
      if (code !== 'rpm-warning/bogus-date') continue;
      const line = written.at(span.start, lines);
      const match = datePattern.exec(line.text);
      if (match === null) {
        report({ at: line.span, message: 'impossible', data: { date: line.text.trim() } });
        continue;
      }
      const [whole, before, weekday, month, day, year] = match as unknown as [string, string, string, string, string, string];
      const date = new Date(Date.UTC(Number(year), months.indexOf(month), Number(day)));
      const start = line.span.start + match.index + before.length;
      const isReal = date.getUTCDate() === Number(day);
      if (isReal) report({ at: { start, end: start + weekday.length }, message: 'weekday', data: { date: `${month} ${day} ${year}`, day: days[date.getUTCDay()]!, written: weekday } });
      else report({ at: { start, end: line.span.start + match.index + whole.length }, message: 'impossible', data: { date: `${month} ${day} ${year}` } });
    }
  },
  fix: {
    safety: 'safe',
    title: 'Put the day of the week right',
    edits: (finding) => (finding.message === 'weekday' ? [{ span: finding.at, text: String(finding.data.day) }] : undefined),
  },
});

const datePattern = /^(\s*\*\s*)(\w+)\s+(\w+)\s+(\d+)\s+(?:\d+:\d+:\d+\s+\S+\s+)?(\d{4})/;
