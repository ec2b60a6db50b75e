import { defineRule } from '../rule.js';

/** Reports `%{_libdir}` among the files of a noarch package. */
export const libdirMacroInNoarchPackage = defineRule({
  id: 'libdir-macro-in-noarch-package',
  group: 'correctness',
  severity: 'warning',
  summary: 'Report %{_libdir} in noarch packages',
  sources: [{ tool: 'rpmlint', id: 'libdir-macro-in-noarch-package', how: 'same' }],
  messages: {
    libdir: { what: "The noarch package '{{package}}' has files in '{{macro}}'.", why: 'That folder has another name on other architectures, but a noarch package is built once for all.', help: 'Put the files elsewhere, or make the package depend on the architecture.' },
  },
  check({ spec, written, lines, report }) {
    for (const { name, package: index, headerSpan, span, generated } of spec.sections) {
      const owner = index === undefined ? undefined : spec.packages[index];
      if (name !== 'files' || generated || owner?.arch !== 'noarch') continue;
      for (let number = lines.lineAt(headerSpan.start) + 1; number < lines.count && lines.lineStart(number) < span.end; number++) {
        const line = written.line(number);
        const match = line.isSkipped || line.isComment || line.isConditional ? null : /^(?!.*%(?:ghost|exclude))[^#]*?(?<!%)(?:%%)*(%\{?_lib(?:dir)?\b\}?)/.exec(line.text);
        if (match === null) continue;
        const end = line.span.start + match[0].length;
        report({ at: { start: end - match[1]!.length, end }, message: 'libdir', data: { package: owner.name, macro: match[1]! } });
      }
    }
  },
});
