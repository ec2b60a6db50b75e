import { defineRule } from '../rule.js';

/** Reports an `Obsoletes` without a version. */
export const unversionedExplicitObsoletes = defineRule({
  id: 'unversioned-explicit-obsoletes',
  group: 'packaging',
  severity: 'warning',
  summary: 'Report Obsoletes without a version',
  sources: [{ tool: 'rpmlint', id: 'unversioned-explicit-obsoletes', how: 'same' }],
  judges: [{ code: 'rpm-warning/dependency', words: /unversioned Obsoletes/ }],
  messages: {
    unversioned: { what: "Obsoletes '{{name}}' in every version.", why: 'A package of that name can never come back: whoever installs it loses it again.', help: "Add the version that was obsoleted, as in 'Obsoletes: {{name}} < 1.2-3'." },
  },
  check({ spec, report }) {
    for (const { dependencies } of spec.packages) {
      for (const { kind, name, comparison, tag } of dependencies) {
        if (kind !== 'Obsoletes' || comparison !== undefined || tag === undefined || name.startsWith('/') || name.startsWith('(') || name.includes('%')) continue;
        report({ at: spec.tags[tag]!.span, message: 'unversioned', data: { name } });
      }
    }
  },
});
