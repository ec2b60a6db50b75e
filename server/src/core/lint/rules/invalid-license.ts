import { defineRule } from '../rule.js';
import { parseLicense } from '../license.js';

/** Reports a License tag that is no well-formed expression, or names what is nearly an SPDX identifier. */
export const invalidLicense = defineRule({
  id: 'invalid-license',
  group: 'packaging',
  severity: 'warning',
  summary: 'Report License tags that are no valid expression',
  sources: [{ tool: 'rpmlint', id: 'invalid-license', how: 'inspired' }],
  messages: {
    syntax: { what: 'The license is no expression: {{reason}}.', why: 'Tools that collect licenses cannot read it.', help: "Join identifiers with AND, OR and WITH, and group with parentheses." },
    spelling: { what: "'{{written}}' is spelt '{{right}}' in SPDX.", why: 'Tools that collect licenses know it by that name only.', help: "Write '{{right}}'." },
    old: { what: "'{{written}}' is not an SPDX identifier; the expression mixes two ways of naming licenses.", why: 'In one expression all names must come from the same list.', help: 'Name it as SPDX does, or as LicenseRef-... when it is not in the list.' },
  },
  check({ spec, text, report }) {
    for (const { name, value, valueSpan, incomplete, generated } of spec.tags) {
      if (name !== 'License' || incomplete || generated) continue;
      const { problem, names } = parseLicense(value);
      // The place is only known where nothing was expanded.
      const isWritten = text.slice(valueSpan.start, valueSpan.end) === value;
      const place = (at: number, length: number) => (isWritten ? { start: valueSpan.start + at, end: valueSpan.start + at + length } : valueSpan);
      if (problem !== undefined) {
        report({ at: place(problem.at, problem.length), message: 'syntax', data: { reason: problem.reason } });
        continue;
      }
      // The older lists have names of their own that differ from SPDX's in case alone (zlib).
      const isOlder = names.some(({ known }) => known === undefined);
      const isSpdx = names.some(({ text: id, known }) => known === id && id.includes('-'));
      for (const { text: id, at, known } of names) {
        if (known === id) continue;
        if (known !== undefined) {
          if (!isOlder || isSpdx) report({ at: place(at, id.length), message: 'spelling', severity: 'information', data: { written: id, right: known } });
        }
        else if (isSpdx && !/^(LicenseRef-|DocumentRef-)/.test(id)) report({ at: place(at, id.length), message: 'old', severity: 'information', data: { written: id } });
      }
    }
  },
  fix: { safety: 'unsafe', title: 'Spell it as SPDX does', edits: (finding, { text }) => (finding.message === 'spelling' && text.slice(finding.at.start, finding.at.end) === finding.data.written ? [{ span: finding.at, text: String(finding.data.right) }] : undefined) },
});
