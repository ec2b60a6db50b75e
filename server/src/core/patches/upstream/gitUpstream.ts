import { type Cancellation, type Git, type GitOpenOptions, type GitRepository, HostError, type Store, checkCancelled } from '../../host.js';
import type { ChangeClaims } from '../claims.js';
import { isBenignPath } from '../compare.js';
import { type ChangeIdentity, identifyChange } from '../identity.js';
import { headTask, refsTask } from '../git/refsTask.js';
import { surveyTask } from '../git/surveyTask.js';
import { type MatchInput, matchChanges, subjectFingerprint } from '../match.js';
import type { Location } from '../sources/location.js';
import type { ChangeVerdict, CommitFact, Coverage } from '../verdict.js';
import { readFacts } from './factReader.js';
import { History } from './history.js';
import { HistoryIndex, diffFetcher } from './historyIndex.js';
import { PostingReader, postingsOf } from './postingStore.js';
import { StoredIndex } from './storedIndex.js';

/** An origin touches at least this share of a change's files, the rare ones counting most. */
const MOST_FILES = 0.5;

/** A commit that explains this share of a change leaves nothing for another one. */
const NEARLY_ALL = 0.9;

/** So many commits that the index lacks are read for a trace; with more, only those that bear on its changes. */
const MOST_RECENT = 3000;

export interface UpstreamOptions {
  /** The project's name and the packaged version: what its tag has already is searched last. */
  readonly project?: string;
  readonly version?: string;
  readonly network: GitOpenOptions['network'];
  readonly cancellation: Cancellation;
  /** Told what is being done, for a person who waits. */
  readonly progress?: (step: string) => void;
}

export interface UpstreamAnswer {
  /** In the order of the changes given. */
  readonly verdicts: readonly ChangeVerdict[];
  readonly searched: Coverage['searched'][number];
  /** Sentences about what could not be read. */
  readonly problems: readonly string[];
  /** What was read of the history, for whoever goes on from here. */
  readonly history: History;
}

/**
 * Finds the origins of changes in one upstream repository, reading only what bears on them: first every commit's subject
 * and file names, then the diffs of commits that are claimed or bear the same subject, then of those that touch a changed
 * file and are newer than the packaged version, then, for changes still without an origin, of the older ones.
 */
export async function searchUpstream(git: Git, store: Store, location: Location, inputs: readonly MatchInput[], { project, version, network, cancellation, progress = () => {} }: UpstreamOptions): Promise<UpstreamAnswer> {
  const repository = await git.open(location, { network, cancellation });
  progress(`reading the history of ${location.name}`);
  const identities = inputs.map(({ patch, change, identity }) => identity ?? identifyChange(patch, change));
  const indexed = await openIndexed(git, store, repository, location, identities, cancellation);
  const history = indexed?.history ?? (await surveyHistory(git, repository, location, inputs, cancellation));
  const index = indexed?.recent ?? new HistoryIndex(history, identities);
  const fetch = diffFetcher(git, repository);
  const unreadableIds = new Set<string>();
  let asked = 0;
  const verdicts = new Array<ChangeVerdict | undefined>(inputs.length);
  const read = async (numbers: Iterable<number>): Promise<void> => {
    // In the order of history: neighbours share what git has unpacked.
    const ids = [...new Set(numbers)].filter((number) => !index.has(number)).sort((a, b) => a - b).map((number) => history.id(number));
    if (ids.length === 0) return;
    const { unreadable } = await readFacts(git, repository, store, ids, (id, facts) => index.add(id, facts), cancellation, { isPatient: indexed !== undefined, onMissing: (count) => progress(`reading ${count} commits of ${location.name}`) });
    asked += ids.filter((id) => !unreadableIds.has(id)).length;
    for (const id of unreadable) unreadableIds.add(id);
  };
  const judge = async (open: readonly number[], isSettled: (verdict: ChangeVerdict) => boolean): Promise<number[]> => {
    checkCancelled(cancellation);
    const found = await matchChanges(open.map((i) => inputs[i]!), indexed?.index ?? index, fetch, cancellation);
    for (const [n, i] of open.entries()) verdicts[i] = found[n]!;
    return open.filter((i) => !isSettled(verdicts[i]!));
  };

  const packaged = version === undefined ? undefined : history.tagOf(version, project);
  const old = packaged === undefined ? undefined : history.reachable(packaged.commit);
  // A pick of it counts as well, as release branches have them.
  const isOld = ({ id, subject, author }: CommitFact): boolean => old !== undefined && (old.has(history.number(id) ?? -1) || [...old].some((number) => history.subject(number) === subject && history.author(number) === author));
  const answer = (): UpstreamAnswer => {
    const tips = history.refs.filter(({ kind }) => kind !== 'tag');
    return {
      verdicts: (verdicts as ChangeVerdict[]).map((verdict) => withoutChance(verdict, isOld)),
      searched: {
        source: location.name,
        location: location.location,
        refs: (tips.length > 0 ? tips : history.refs).map(({ name, commit }) => ({ name, commit })),
        upTo: history.newest,
      },
      problems: unreadableIds.size === 0 ? [] : [`${location.location}: ${unreadableIds.size} of ${asked} commits could not be compared, since this copy of the repository lacks contents of theirs`],
      history,
    };
  };

  if (indexed !== undefined) {
    await read(indexed.missing);
    await judge(inputs.map((_, i) => i), () => true);
    return answer();
  }

  // What is claimed or bears the same subject costs next to nothing, and settles what it is equal to.
  const named = new Set<number>();
  for (const { claims, change } of inputs) {
    for (const id of claimedIds(claims)) for (const number of history.withPrefix(id).slice(0, 4)) named.add(number);
    const subject = change.subject === undefined ? undefined : subjectFingerprint(change.subject);
    if (subject !== undefined) for (const number of ((await index.bySubject([subject]))[0] ?? []).slice(0, 8)) named.add(number);
  }
  await read(named);
  let open = await judge(inputs.map((_, i) => i), isSettledByName);

  const touching = (changes: readonly number[], share: number): readonly number[] => changes.flatMap((i) => history.touching(tellingNames(inputs[i]!), share));
  const isFound = ({ relation, claim }: ChangeVerdict): boolean => relation !== 'none' && claim !== 'contradicted';
  // What one commit leaves unexplained may be another's, which need not touch most of the files.
  const isWhole = (verdict: ChangeVerdict): boolean => isFound(verdict) && (verdict.evidence?.coverOfPatch ?? 0) >= NEARLY_ALL;
  // From the likeliest to the least likely: an origin touches most of the files that the change touches, and is newer than
  // what is packaged. Each round is for the changes that the rounds before left without an origin.
  const isNew = (number: number): boolean => old?.has(number) !== true;
  const rounds: readonly { readonly commits: () => Iterable<number>; readonly isSettled: (verdict: ChangeVerdict) => boolean }[] = [
    { commits: () => touching(open, MOST_FILES).filter(isNew), isSettled: isWhole },
    { commits: () => touching(open, 0).filter(isNew), isSettled: isFound },
    { commits: () => touching(open, 0), isSettled: () => true },
  ];
  for (const { commits, isSettled } of rounds) {
    if (open.length === 0) break;
    const before = index.diffs;
    await read(commits());
    if (index.diffs === before) {
      open = open.filter((i) => !isSettled(verdicts[i]!));
      continue;
    }
    progress(`comparing with ${index.diffs} commits of ${location.name}`);
    open = await judge(open, isSettled);
  }
  return answer();
}

/**
 * A verdict, but for one that rests on a likeness alone to a commit that the packaged version has behind it: a patch is made
 * against that version, and what it has already is what its new code resembles.
 */
function withoutChance(verdict: ChangeVerdict, isOld: (commit: CommitFact) => boolean): ChangeVerdict {
  const { relation, claim, commits, evidence } = verdict;
  if (relation !== 'adapted' && relation !== 'partial' && relation !== 'combined') return verdict;
  if (claim === 'confirmed' || claim === 'contradicted' || evidence === undefined || evidence.coverOfPatch >= NEARLY_ALL || evidence.found.some((way) => way !== 'lines') || !commits.every(isOld)) return verdict;
  return { ...verdict, relation: 'none', commit: undefined, commits: [], equivalent: [], evidence: undefined, confidence: Math.max(0.5, 1 - evidence.coverOfPatch) };
}

/**
 * Whether the commit that a change names, or that bears its subject, is so much of it that no other needs to be looked for:
 * a nearer one would be a pick of the same commit, and bear the same subject.
 */
function isSettledByName({ relation, claim, evidence }: ChangeVerdict): boolean {
  if (relation === 'same-change' || relation === 'rebased') return claim !== 'contradicted';
  return (relation === 'adapted' || relation === 'partial') && claim === 'confirmed' && (evidence?.coverOfPatch ?? 0) >= 0.75;
}

interface Indexed {
  readonly history: History;
  readonly index: StoredIndex;
  /** Of the commits that have come since the repository was indexed, once they are read. */
  readonly recent: HistoryIndex;
  readonly missing: readonly number[];
}

/** Undefined where the repository was not indexed, or so much has come since that reading what bears on the changes is less. */
async function openIndexed(git: Git, store: Store, repository: GitRepository, location: Location, identities: readonly ChangeIdentity[], cancellation: Cancellation): Promise<Indexed | undefined> {
  const reader = await PostingReader.open(store, postingsOf(location.location));
  if (reader === undefined || reader.size === 0) return undefined;
  const history = await surveyHistory(git, repository, location, undefined, cancellation);
  const recent = new HistoryIndex(history, identities);
  const index = await StoredIndex.open(reader, history, recent);
  const missing = index?.missing();
  return index === undefined || missing!.length > MOST_RECENT ? undefined : { history, index, recent, missing: missing! };
}

/** @param inputs Changes whose files will be asked for; undefined where names of files are not wanted at all. */
export async function surveyHistory(git: Git, repository: GitRepository, location: Location, inputs: readonly MatchInput[] | undefined, cancellation: Cancellation): Promise<History> {
  const run = <T>(task: { readonly args: readonly string[]; parse(output: AsyncIterable<Uint8Array>): T }): T => task.parse(git.read(repository, task.args, { cancellation }));
  const refs = await run(refsTask());
  if (refs.length === 0) throw new HostError('repository-empty', `${location.location}: the repository has no branch and no tag; fetch into it first`);
  const head = await run(headTask()).catch(() => undefined);
  const names = new Set(inputs?.flatMap(tellingNames));
  const survey = async (withNames: boolean): Promise<History> => {
    const history = new History({ source: location.name, location: location.location }, refs, head, names);
    for await (const commit of run(surveyTask({ names: withNames }))) history.add(commit);
    return history;
  };
  try {
    return await survey(inputs !== undefined);
  } catch (error) {
    // A clone without trees: ids and subjects are still there, and what is claimed can be said to exist.
    if (error instanceof HostError && error.code === 'object-missing') return survey(false);
    throw error;
  }
}

/** Names of the files that a change is about; of those that say little (NEWS, tests) only where there are no others. */
function tellingNames({ change }: MatchInput): string[] {
  const paths = change.files.map(({ path }) => path);
  const telling = paths.filter((path) => !isBenignPath(path));
  return (telling.length > 0 ? telling : paths).map((path) => path.slice(path.lastIndexOf('/') + 1));
}

function claimedIds({ claims }: ChangeClaims): string[] {
  return [...new Set(claims.flatMap(({ commit }) => (commit === undefined ? [] : [commit])))];
}
