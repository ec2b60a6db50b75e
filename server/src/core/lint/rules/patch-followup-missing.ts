import type { FollowUpFact } from '../../patches/index.js';
import { newsOf } from '../../workspace/index.js';
import { defineRule } from '../rule.js';

/** Reports a patch whose origin was mended or gone on with upstream by a commit that the package lacks. */
export const patchFollowupMissing = defineRule({
  id: 'patch-followup-missing',
  group: 'provenance',
  severity: 'information',
  summary: 'Report patches that upstream mended later, where the package lacks the mending',
  needs: ['traces'],
  messages: {
    fixes: { what: 'The commit of Patch{{number}} brought a bug that {{commit}} mends; the package lacks that.', why: 'The bug came into this package with the patch.', help: "Take that commit as well, or say with 'spectrail decide' why not." },
    'follow-up': { what: 'The commit of Patch{{number}} was followed up by {{commit}}; the package lacks that.', why: 'Upstream found the change incomplete without it.', help: "Look whether it is needed here, and take it as well; or say with 'spectrail decide' why not." },
    'same-lines': { what: 'What Patch{{number}} adds was changed again by {{commit}}, which names its commit; the package lacks that.', why: 'Upstream found something amiss with those lines.', help: "Look whether it is needed here, and take it as well; or say with 'spectrail decide' why not." },
  },
  check({ spec, facts, report }) {
    for (const { number, fileName, nameSpan } of spec.patches) {
      for (const followUp of newsOf(facts, fileName).followUps) report({ at: nameSpan, message: followUp.kind, data: { number, commit: shown(followUp) } });
    }
  },
});

function shown({ commit: { id, subject, firstTag } }: FollowUpFact): string {
  return `${id.slice(0, 12)} (${subject}${firstTag === undefined ? '' : `, ${firstTag}`})`;
}
