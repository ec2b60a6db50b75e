import { defineRule } from '../rule.js';
import { hasSources } from './patch-file-missing.js';

/** Reports a local source file that is not beside the spec. */
export const sourceFileMissing = defineRule({
  id: 'source-file-missing',
  group: 'correctness',
  severity: 'warning',
  summary: 'Report local source files that are not there',
  needs: ['files'],
  messages: {
    missing: {
      what: "Source{{number}} names '{{file}}', which is not there.",
      why: 'rpmbuild stops when it cannot find a source.',
      help: 'Add the file beside the spec or in SOURCES, mend the name, or remove the tag.',
    },
  },
  check({ spec, facts, report }) {
    if (!hasSources(facts)) return;
    for (const { number, fileName, location, incomplete, valueSpan } of spec.sources) {
      // Archives live in a look-aside cache, not beside the spec, and URLs are fetched.
      if (incomplete || fileName === '' || location.includes('://') || archive.test(fileName) || facts.files!.has(fileName)) continue;
      report({ at: valueSpan, message: 'missing', data: { number, file: fileName } });
    }
  },
});

const archive = /\.(tar(\.\w+)?|t[gbx]z2?|tzst|zip|gem|crate|jar|whl|gz|bz2|xz|zst|7z|rpm|obscpio|bin|iso|img|asc|sig|sign|keyring)$/i;
