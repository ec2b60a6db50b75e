import { type Cancellation, HostError, type Store } from '../host.js';
import { commitText, comparableText } from './comparableText.js';
import type { CommitRecord } from './commitStream.js';
import { commitUrl } from './commitUrl.js';
import { parsePatch } from './parsePatch.js';
import { type TraceHost, type TraceRequest, knownTraces } from './trace.js';
import { readDiffs } from './upstream/diffReader.js';
import type { CommitFact } from './verdict.js';

/** Bytes of a commit's diff that are shown; beyond them it is cut. */
const diffLimit = 8 << 20;

/** One change of a patch and what it comes from, as texts to be shown. */
export interface OriginTexts {
  /** The commits, those of a `combined` change in their order. */
  readonly commits: readonly CommitFact[];
  /** Each commit as `git show` prints it. */
  readonly commitTexts: readonly string[];
  /** Where each commit can be seen in a browser; undefined where nobody knows. */
  readonly urls: readonly (string | undefined)[];
  /** The two sides, in a form that shows nothing but what differs in the change itself; see {@link comparableText}. */
  readonly originText: string;
  readonly patchText: string;
}

/**
 * Reads the commits that a change was traced to, from the repository they were found in; nothing is searched and nothing
 * fetched. Undefined where the change has no known origin. Throws {@link HostError} where the repository cannot be read.
 */
export async function originTexts(host: TraceHost, store: Store, request: TraceRequest, fileName: string, change: number, cancellation: Cancellation): Promise<OriginTexts | undefined> {
  const patches = request.patches.filter((patch) => patch.fileName === fileName).slice(0, 1);
  const [trace] = await knownTraces(host, store, { ...request, patches });
  const bytes = patches[0]?.bytes;
  const verdict = trace?.changes[change];
  if (bytes === undefined || verdict?.commit === undefined || verdict.relation === 'none') return undefined;
  const commits = verdict.commits.length > 0 ? verdict.commits : [verdict.commit];
  const { source, location: text } = verdict.commit.place;
  const location = request.upstreams.find((each) => each.location === text && each.name === source);
  if (location === undefined) throw new HostError('repository-missing', `${text}: this repository is no longer among the upstream repositories`);
  const repository = await host.git.open(location, { network: 'never', cancellation });
  const records = new Map<string, CommitRecord>();
  await readDiffs(host.git, repository, commits.map(({ id }) => id), (record) => records.set(record.id, record), cancellation, { keepDiffBytes: diffLimit });
  const found = commits.map(({ id }) => records.get(id));
  const missing = commits.find((_, i) => found[i] === undefined);
  if (missing !== undefined) throw new HostError('object-missing', `${text}: the contents of commit ${missing.id} are not in this copy of the repository`);
  const own = parsePatch(bytes, { decompressor: host.archives });
  const mine = own.changes[change];
  if (mine === undefined) return undefined;
  const order = mine.files.map(({ path }) => path);
  return {
    commits,
    commitTexts: found.map((record) => commitText(record!)),
    urls: commits.map(({ id }) => commitUrl(text, id)),
    originText: found.map((record) => {
      const theirs = parsePatch(record!.diff ?? new Uint8Array());
      return comparableText(theirs, theirs.changes, order);
    }).join('\n'),
    patchText: comparableText(own, [mine], order),
  };
}
