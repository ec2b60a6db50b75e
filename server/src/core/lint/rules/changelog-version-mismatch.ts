import { defineRule } from '../rule.js';

/** Reports a newest changelog entry whose version is not that of the package. */
export const changelogVersionMismatch = defineRule({
  id: 'changelog-version-mismatch',
  group: 'packaging',
  severity: 'warning',
  summary: 'Report a newest changelog entry of another version',
  sources: [{ tool: 'rpmlint', id: 'incoherent-version-in-changelog', how: 'inspired' }],
  messages: {
    version: {
      what: "The newest changelog entry is of {{written}}, the package is {{actual}}.",
      why: 'The changelog is where users look for what an update brings.',
      help: 'Add an entry for this version, or mend the one that is there.',
    },
  },
  check({ spec, lines, text, report }) {
    const [entry] = spec.changelog;
    const [main] = spec.packages;
    if (entry === undefined || main === undefined || main.version === '' || /%/.test(main.version)) return;
    const { start } = entry.span;
    const line = text.slice(start, lines.lineSpan(lines.lineAt(start)).end).trimEnd();
    // Only the forms that people write: "- 1.2-3", "1:1.2-3" or "[1.2-3]" at the end of the header.
    const match = /(?:\s-\s*|\s\[?)((?:\d+:)?(\d[\w.+~^]*)(?:-([\w.+~^%{}?]+))?)\]?:?$/.exec(line);
    if (match === null || (!/\s-\s*\S+$/.test(line) && match[3] === undefined)) return;
    const written = match[2]!;
    if (written === main.version) return;
    const at = start + match.index + match[0].indexOf(match[1]!);
    report({ at: { start: at, end: at + match[1]!.length }, message: 'version', data: { written: match[1]!, actual: main.release === '' || /%/.test(main.release) ? main.version : `${main.version}-${main.release}` } });
  },
});
