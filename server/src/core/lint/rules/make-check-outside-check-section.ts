import { defineRule } from '../rule.js';
import { readIn } from '../written.js';

/** Reports `make check` and its kin outside %check. */
export const makeCheckOutsideCheckSection = defineRule({
  id: 'make-check-outside-check-section',
  group: 'packaging',
  severity: 'warning',
  summary: 'Report test suites that run outside %check',
  sources: [{ tool: 'rpmlint', id: 'make-check-outside-check-section', how: 'inspired' }],
  messages: {
    outside: { what: "'{{command}}' runs in %{{section}}.", why: 'Tests in %check can be switched off with --nocheck, where they cannot run or take too long.', help: 'Move it to %check.' },
  },
  lines: {
    at: readIn('prep', 'build', 'install'),
    check({ text, section, isComment }, report) {
      if (isComment) return;
      const match = /^\s*((?:make|%\{?__make\}?|%\{?make_build\}?|ninja|%\{?ninja_test\}?|ctest|%\{?ctest\}?|%\{?meson_test\}?|%\{?pytest\}?)(?:\s+-\S+|\s+\w+=\S+)*\s+(?:check|test)|%\{?(?:ctest|meson_test|pytest|ninja_test)\}?)(?=\s|$|;|\|)/.exec(text);
      if (match === null) return;
      const start = match[0].length - match[1]!.length;
      report({ at: { start, end: start + match[1]!.length }, message: 'outside', data: { command: match[1]!, section } });
    },
  },
});
