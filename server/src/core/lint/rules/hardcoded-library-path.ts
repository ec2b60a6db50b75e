import { defineRule } from '../rule.js';
import { readIn } from '../written.js';

/** Reports `/usr/lib` where only `%{_libdir}` can be right: shared libraries and pkgconfig files of a package with an architecture. */
export const hardcodedLibraryPath = defineRule({
  id: 'hardcoded-library-path',
  group: 'packaging',
  severity: 'warning',
  summary: 'Report /usr/lib where %{_libdir} is meant',
  sources: [{ tool: 'rpmlint', id: 'hardcoded-library-path', how: 'inspired' }],
  messages: {
    path: {
      what: "'{{path}}' is the library folder of some architectures only.",
      why: 'On 64-bit architectures the folder is /usr/lib64, so the build fails or the file is looked for in vain.',
      help: "Write '{{better}}'.",
    },
  },
  lines: {
    at: readIn('files', 'install', 'build'),
    check({ text }, report) {
      // Removing what is there only now and then breaks nothing.
      if (/^\s*(#|.*\brm\b)/.test(text)) return;
      for (const match of text.matchAll(libraryPath)) {
        const start = match.index + match[0].length - match[1]!.length;
        // A path that an architecture-dependent conditional chose on purpose names lib64 nearby.
        report({ at: { start, end: start + match[1]!.length }, message: 'path', data: { path: match[1]!, better: match[1]!.replace(/^(?:\/usr|%\{?_prefix\}?|%\{?_exec_prefix\}?)?\/lib/, '%{_libdir}') } });
      }
    },
    holds: (_, { spec }) => spec.packages[0]?.arch !== 'noarch',
  },
});

/** The folder's shared libraries, static libraries and pkgconfig files; other things under /usr/lib belong there. */
const libraryPath = /(?:^|[\s=}"'])((?:\/usr|%\{?_(?:exec_)?prefix\}?)\/lib\/(?:pkgconfig\b[^\s"']*|[^\s\/"']*\.(?:so(?:\.[\w*.]+)?|a|la)(?=[\s"']|$)))/g;
