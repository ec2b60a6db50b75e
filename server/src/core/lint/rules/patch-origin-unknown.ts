import { defineRule } from '../rule.js';

/** Reports a patch for which no origin was found in what was searched. */
export const patchOriginUnknown = defineRule({
  id: 'patch-origin-unknown',
  group: 'provenance',
  severity: 'hint',
  summary: 'Report patches without a known origin',
  needs: ['traces'],
  messages: {
    unknown: { what: 'Patch{{number}} was found nowhere in {{searched}}.', why: 'Nobody can tell when it may be dropped, or who answers for it.', help: 'Say in a comment or in its header that it is your own, or trace it against more sources.' },
  },
  check({ spec, facts, report }) {
    for (const { number, fileName, nameSpan } of spec.patches) {
      const trace = facts.traces.get(fileName);
      // A search that failed in part has not shown that there is nothing.
      if (trace === undefined || trace.relation !== 'none' || trace.claim === 'contradicted' || trace.coverage.searched.length === 0 || trace.coverage.failed.length > 0) continue;
      report({ at: nameSpan, message: 'unknown', data: { number, searched: [...new Set(trace.coverage.searched.map(({ source }) => source))].join(', ') } });
    }
  },
});
