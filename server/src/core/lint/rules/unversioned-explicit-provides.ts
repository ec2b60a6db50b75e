import { defineRule } from '../rule.js';

/** Reports a `Provides` without a version beside an `Obsoletes` of the same name: a rename that loses the version. */
export const unversionedExplicitProvides = defineRule({
  id: 'unversioned-explicit-provides',
  group: 'packaging',
  severity: 'warning',
  summary: 'Report Provides without a version for a renamed package',
  sources: [{ tool: 'rpmlint', id: 'unversioned-explicit-provides', how: 'inspired' }],
  messages: {
    unversioned: {
      what: "'{{name}}' is replaced, but provided without a version.",
      why: 'Packages that require it in some version can no longer be installed.',
      help: "Write 'Provides: {{name}} = %{version}-%{release}'.",
    },
  },
  check({ spec, report }) {
    for (const { dependencies } of spec.packages) {
      const obsoleted = new Set(dependencies.filter(({ kind }) => kind === 'Obsoletes').map(({ name }) => name));
      for (const { kind, name, comparison, tag } of dependencies) {
        if (kind === 'Provides' && comparison === undefined && tag !== undefined && obsoleted.has(name)) report({ at: spec.tags[tag]!.span, message: 'unversioned', data: { name } });
      }
    }
  },
});
