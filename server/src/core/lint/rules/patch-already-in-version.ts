import { newsOf } from '../../workspace/index.js';
import { defineRule } from '../rule.js';

/** Reports a patch whose changes the packaged version has already, by the content of its files. */
export const patchAlreadyInVersion = defineRule({
  id: 'patch-already-in-version',
  group: 'provenance',
  severity: 'warning',
  summary: 'Report patches that the packaged version has already',
  needs: ['traces'],
  messages: {
    contained: { what: 'Patch{{number}} is in {{tag}} already: all of its changes are in the files of that tag.', why: 'It does not apply, or changes nothing; and whoever reads the spec takes it for needed.', help: 'Drop the patch, or correct the version.' },
  },
  check({ spec, facts, report }) {
    for (const { number, fileName, nameSpan } of spec.patches) {
      const { containedIn } = newsOf(facts, fileName);
      if (containedIn !== undefined) report({ at: nameSpan, message: 'contained', data: { number, tag: containedIn } });
    }
  },
});
