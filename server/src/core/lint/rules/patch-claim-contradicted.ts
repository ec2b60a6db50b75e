import { decisionOn } from '../../workspace/index.js';
import { defineRule } from '../rule.js';

/** Reports a patch that names an upstream commit which its content contradicts. */
export const patchClaimContradicted = defineRule({
  id: 'patch-claim-contradicted',
  group: 'provenance',
  severity: 'warning',
  isSecurity: true,
  summary: 'Report patches that are not what they say they are',
  needs: ['traces'],
  messages: {
    other: { what: 'Patch{{number}} says it is {{claimed}}; its content is that of {{found}}.', why: 'Whoever reviews the claim reviews another change than the one that is built.', help: "Look at both, and mend the patch's header or the patch." },
    none: { what: 'Patch{{number}} says it is {{claimed}}; that commit has none of its changes.', why: 'Whoever reviews the claim reviews another change than the one that is built.', help: "Find out where the patch comes from, and mend its header." },
  },
  check({ spec, facts, report }) {
    for (const { number, fileName, nameSpan } of spec.patches) {
      for (const [i, { claim, claims, commit }] of (facts.traces.get(fileName)?.changes ?? []).entries()) {
        // A decision counts where the person knew of the contradiction: one that came up later is news.
        if (claim !== 'contradicted' || decisionOn(facts, fileName, i)?.about?.claim === 'contradicted') continue;
        const claimed = claims.find(({ commit: named }) => named !== undefined && commit?.id.startsWith(named) !== true)?.value ?? 'another commit';
        const shown = /^[0-9a-f]{13,}$/.test(claimed) ? claimed.slice(0, 12) : claimed;
        if (commit === undefined) report({ at: nameSpan, message: 'none', data: { number, claimed: shown } });
        else report({ at: nameSpan, message: 'other', data: { number, claimed: shown, found: `${commit.id.slice(0, 12)} (${commit.subject})` } });
      }
    }
  },
});
