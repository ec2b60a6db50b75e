import { defineRule } from '../rule.js';

/** Reports tags that rpm ignores or has a better one for. */
export const obsoleteTag = defineRule({
  id: 'obsolete-tag',
  group: 'style',
  severity: 'information',
  summary: 'Report tags that have had their day',
  sources: [{ tool: 'rpmlint', id: 'obsolete-tag', how: 'inspired' }, { tool: 'rpmlint', id: 'prereq-use', how: 'same' }, { tool: 'rpmlint', id: 'buildprereq-use', how: 'same' }],
  messages: {
    ignored: { what: "The tag '{{tag}}' does nothing.", why: 'rpm has chosen the build root itself since version 4.6.', help: 'Remove the line.' },
    replaced: { what: "The tag '{{tag}}' is an old name of '{{better}}'.", why: 'rpm keeps the old name only for old specs.', help: "Write '{{better}}'." },
  },
  check({ spec, report }) {
    for (const { written, nameSpan, span, generated } of spec.tags) {
      if (generated) continue;
      const tag = written.toLowerCase();
      const better = replacements.get(tag);
      if (tag === 'buildroot') report({ at: span, message: 'ignored', data: { tag: written } });
      else if (better !== undefined) report({ at: nameSpan, message: 'replaced', data: { tag: written, better } });
    }
  },
  fix: {
    safety: 'safe',
    title: 'Remove or rename {{tag}}',
    edits(finding, { lines }) {
      if (finding.message === 'replaced') return finding.data.tag.toString().toLowerCase() === 'prereq' ? undefined : [{ span: finding.at, text: String(finding.data.better) }];
      const first = lines.lineAt(finding.at.start);
      const last = lines.lineAt(Math.max(finding.at.start, finding.at.end - 1));
      return [{ span: { start: lines.lineStart(first), end: lines.lineStart(last + 1) }, text: '' }];
    },
  },
});

const replacements: ReadonlyMap<string, string> = new Map([
  ['prereq', 'Requires'],
  ['buildprereq', 'BuildRequires'],
  ['buildarchitectures', 'BuildArch'],
]);
