import type { Claim } from '../../patches/index.js';
import { decisionOn } from '../../workspace/index.js';
import { defineRule } from '../rule.js';

/** Reports a patch for which no origin was found in what was searched, and which does not say that it has none. */
export const patchOriginUnknown = defineRule({
  id: 'patch-origin-unknown',
  group: 'provenance',
  severity: 'hint',
  summary: 'Report patches without a known origin',
  needs: ['traces'],
  messages: {
    unknown: { what: 'Patch{{number}} was found nowhere in {{searched}}.', why: 'Nobody can tell when it may be dropped, or who answers for it.', help: "Say that it is your own (in its header, or with 'spectrail decide --ours'), or trace it against more sources." },
  },
  check({ spec, facts, report }) {
    for (const { number, fileName, nameSpan } of spec.patches) {
      const trace = facts.traces.get(fileName);
      // A search that failed in part has not shown that there is nothing.
      if (trace === undefined || trace.relation !== 'none' || trace.claim === 'contradicted' || trace.coverage.searched.length === 0 || trace.coverage.failed.length > 0) continue;
      const isOpen = trace.changes.length === 0 ? decisionOn(facts, fileName, 0) === undefined : trace.changes.some(({ relation, claims }, i) => relation === 'none' && decisionOn(facts, fileName, i) === undefined && !claims.some(saysItIsOurs));
      if (!isOpen) continue;
      report({ at: nameSpan, message: 'unknown', data: { number, searched: [...new Set(trace.coverage.searched.map(({ source }) => source))].join(', ') } });
    }
  },
});

/** `Upstream-Status: Inappropriate [...]`, `Forwarded: not-needed`, `RHEL-only`: the patch says itself that upstream has no part in it. */
function saysItIsOurs({ kind, value }: Claim): boolean {
  return kind === 'downstream' || (kind === 'upstream-status' && /^(?:inappropriate|never|not[- ]applicable)\b/i.test(value.trim()));
}
