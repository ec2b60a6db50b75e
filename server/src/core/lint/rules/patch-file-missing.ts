import { type RuleContext, defineRule } from '../rule.js';

/** Reports a patch whose file is not beside the spec. */
export const patchFileMissing = defineRule({
  id: 'patch-file-missing',
  group: 'correctness',
  severity: 'error',
  summary: 'Report patches whose file is not there',
  needs: ['files'],
  messages: {
    missing: {
      what: "Patch{{number}} names '{{file}}', which is not there.",
      why: 'rpmbuild stops when it cannot find a patch.',
      help: 'Add the file beside the spec or in SOURCES, mend the name, or remove the tag.',
    },
  },
  check({ spec, facts, report }) {
    if (!hasSources(facts)) return;
    for (const { number, fileName, location, incomplete, valueSpan } of spec.patches) {
      // What a URL names may still have to be fetched, as spectool does.
      if (incomplete || /^[a-z]+:\/\//i.test(location) || fileName === '' || facts.files!.has(fileName)) continue;
      report({ at: valueSpan, message: 'missing', data: { number, file: fileName } });
    }
  },
});

/** Whether the folder holds a package and not only specs: of a lone spec one cannot say that something is missing. */
export function hasSources(facts: RuleContext['facts']): boolean {
  for (const name of facts.files!) if (!name.endsWith('.spec') && !name.startsWith('.') && name !== 'spectrail.toml' && !/^README/i.test(name)) return true;
  return false;
}
