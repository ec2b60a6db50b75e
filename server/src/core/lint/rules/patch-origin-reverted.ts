import type { RevertFact } from '../../patches/index.js';
import { newsOf } from '../../workspace/index.js';
import { defineRule } from '../rule.js';

/** Reports a patch whose origin was taken back upstream. */
export const patchOriginReverted = defineRule({
  id: 'patch-origin-reverted',
  group: 'provenance',
  severity: 'warning',
  summary: 'Report patches whose commit was reverted upstream',
  needs: ['traces'],
  messages: {
    reverted: { what: 'The commit of Patch{{number}} was reverted upstream by {{revert}}.', why: 'What made upstream take it back is wrong in this package too.', help: "Read why, then drop the patch or take the revert as well; if it is kept on purpose, say so with 'spectrail decide'." },
  },
  check({ spec, facts, report }) {
    for (const { number, fileName, nameSpan } of spec.patches) {
      for (const revert of newsOf(facts, fileName).reverts) report({ at: nameSpan, message: 'reverted', data: { number, revert: shown(revert) } });
    }
  },
});

function shown({ commit: { id, subject, firstTag } }: RevertFact): string {
  return `${id.slice(0, 12)} (${subject}${firstTag === undefined ? '' : `, ${firstTag}`})`;
}
