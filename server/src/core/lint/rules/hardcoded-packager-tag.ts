import { defineRule } from '../rule.js';

/** Reports a `Packager` tag: who builds a package is not known to its spec. */
export const hardcodedPackagerTag = defineRule({
  id: 'hardcoded-packager-tag',
  group: 'packaging',
  severity: 'information',
  summary: 'Report Packager tags',
  sources: [{ tool: 'rpmlint', id: 'hardcoded-packager-tag', how: 'same' }],
  messages: {
    packager: { what: 'The packager is written into the spec.', why: 'Whoever rebuilds the package signs with that name.', help: 'Remove the tag; the build system defines %packager.' },
  },
  check({ spec, report }) {
    for (const tag of spec.tags) if (tag.name === 'Packager' && !tag.generated && !/^%/.test(tag.value)) report({ at: tag.span, message: 'packager' });
  },
});
