import { defineRule } from '../rule.js';
import { readIn, scriptlets } from '../written.js';

/** Reports the build root in %prep, %build, or a scriptlet. */
export const rpmBuildrootUsage = defineRule({
  id: 'rpm-buildroot-usage',
  group: 'correctness',
  severity: 'warning',
  summary: 'Report the build root where there is none',
  sources: [{ tool: 'rpmlint', id: 'rpm-buildroot-usage', how: 'same' }],
  messages: {
    building: { what: "'{{use}}' is used in %{{section}}.", why: 'rpm empties the build root between %build and %install: what is put there before is lost, what is read there is not there.', help: 'Do it in %install.' },
    scriptlet: { what: "'{{use}}' is used in the scriptlet %{{section}}.", why: 'The scriptlet runs on the machine of a user, where there is no build root.', help: 'Name the file as it is installed.' },
  },
  lines: {
    at: readIn('prep', 'build', ...scriptlets),
    check(line, report) {
      if (line.isComment) return;
      const match = /(?<![%\\])(?:%%)*(%\{?buildroot\b\}?|\$\{?RPM_BUILD_ROOT\b\}?)/.exec(line.text);
      // A comment behind a command, and clearing the folder, harm nobody.
      if (match === null || /#/.test(line.text.slice(0, match.index)) || /\brm\s+-\w*r/.test(line.text)) return;
      const start = match.index + match[0].length - match[1]!.length;
      report({ at: { start, end: start + match[1]!.length }, message: scriptlets.has(line.section) ? 'scriptlet' : 'building', data: { use: match[1]!, section: line.section } });
    },
  },
});
