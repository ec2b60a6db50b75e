/** What is known of made-up patches, for tests of what is shown of it. */
import { type CommitFact, type PatchTrace, VERDICT_FORMAT } from '#server/core/patches/index.js';

const commit: CommitFact = { place: { source: 'upstream', location: 'https://x.example/curl' }, id: '1a2b3c4d5e6f7a8b9c0d1a2b3c4d5e6f7a8b9c0d', subject: 'url: fix *it*', author: 'A Person', date: 1715040000, firstTag: 'curl-8_0_0', reachedBy: 'master' };
/** `fix.patch`, traced to a commit of curl and carried by one distribution. */
export const traced: PatchTrace = {
  format: VERDICT_FORMAT,
  fileName: 'fix.patch',
  number: 1,
  blob: undefined,
  relation: 'same-change',
  claim: 'confirmed',
  changes: [{ subject: 'url: fix it', relation: 'same-change', commit, commits: [commit], equivalent: [], claim: 'confirmed', claims: [{ kind: 'cherry-picked', value: '1a2b3c4', where: 'header' }], evidence: undefined, confidence: 1 }],
  carriers: [{ name: 'stream', place: { source: 'stream', location: 'x' }, relation: 'same-file' }],
  coverage: { searched: [{ source: 'upstream', location: 'x', refs: [{ name: 'master', commit: 'f'.repeat(40) }], upTo: 1767225600 }], failed: [] },
  problems: [],
};
