import { defineRule } from '../rule.js';

/** Reports `foo>=1`: without spaces the operator is part of the name. */
export const comparisonOperatorInDependency = defineRule({
  id: 'comparison-operator-in-dependency',
  group: 'correctness',
  severity: 'error',
  summary: 'Report dependencies whose operator has become part of the name',
  sources: [{ tool: 'rpmlint', id: 'comparison-operator-in-deptoken', how: 'same' }],
  messages: {
    glued: { what: "The dependency's name is '{{name}}', operator and all.", why: 'rpm splits a dependency at spaces: nothing has such a name.', help: 'Put spaces around the operator.' },
  },
  check({ spec, report }) {
    for (const { dependencies } of spec.packages) {
      for (const { name, tag } of dependencies) {
        if (tag === undefined || name.startsWith('(') || !/[\w.)][<>=]=?[\w.%(]/.test(name.replace(/\([^()]*\)/g, '')) || name.startsWith('/')) continue;
        report({ at: spec.tags[tag]!.valueSpan, message: 'glued', data: { name } });
      }
    }
  },
});
