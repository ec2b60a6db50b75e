import { defineRule } from '../rule.js';

/** Reports a package that obsoletes itself, or what it provides in the same version. */
export const selfObsoletion = defineRule({
  id: 'self-obsoletion',
  group: 'correctness',
  severity: 'warning',
  summary: 'Report packages that obsolete themselves',
  sources: [{ tool: 'rpmlint', id: 'self-obsoletion', how: 'inspired' }],
  messages: {
    self: { what: "'Obsoletes: {{dependency}}' covers what this package provides itself.", why: 'An update then removes the package, or goes round in circles.', help: "Obsolete only older versions, with '<'." },
  },
  check({ spec, report }) {
    for (const { name: own, version, release, epoch, dependencies } of spec.packages) {
      const evr = `${epoch === undefined ? '' : `${epoch}:`}${version}-${release}`;
      const provided = new Map<string, Set<string>>([[own, new Set([evr])]]);
      for (const dependency of dependencies) {
        if (dependency.kind !== 'Provides' || dependency.comparison !== '=' || dependency.version === undefined) continue;
        const versions = provided.get(dependency.name) ?? new Set();
        provided.set(dependency.name, versions.add(dependency.version));
      }
      for (const { kind, name, comparison, version: limit, tag } of dependencies) {
        const versions = kind === 'Obsoletes' && tag !== undefined ? provided.get(name) : undefined;
        if (versions === undefined) continue;
        const isCovered = comparison === undefined || ((comparison === '<=' || comparison === '=' || comparison === '>=') && limit !== undefined && [...versions].some((one) => one === limit || one.startsWith(`${limit}-`)));
        if (isCovered) report({ at: spec.tags[tag!]!.span, message: 'self', data: { dependency: comparison === undefined ? name : `${name} ${comparison} ${limit}` } });
      }
    }
  },
});
