import { defineRule } from '../rule.js';
import { readIn } from '../written.js';

/** Reports sources that are read past their tags, through the source folder. */
export const useOfRpmSourceDir = defineRule({
  id: 'use-of-rpm-source-dir',
  group: 'packaging',
  severity: 'information',
  summary: 'Report sources that are read by the name of their folder',
  sources: [{ tool: 'rpmlint', id: 'use-of-RPM_SOURCE_DIR', how: 'same' }],
  messages: {
    folder: { what: "'{{use}}' reads the source folder.", why: 'A file that no Source tag names is missing in the source package.', help: "Name the file by its tag, as in '%{SOURCE1}'." },
  },
  lines: {
    at: readIn('prep', 'build', 'install', 'check', 'generate_buildrequires'),
    check({ text, isComment }, report) {
      if (isComment) return;
      const match = /^[^#]*?(?<!%)(?:%%)*(\$\{?RPM_SOURCE_DIR\b\}?|%\{?_sourcedir\b\}?)/.exec(text);
      if (match === null) return;
      const end = match[0].length;
      report({ at: { start: end - match[1]!.length, end }, message: 'folder', data: { use: match[1]! } });
    },
  },
});
