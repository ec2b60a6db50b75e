import { type Cancellation, type Clock, type Git, type GitOpenOptions, HostError, type Store, checkCancelled } from '../../host.js';
import type { Location } from '../sources/location.js';
import { readFacts } from './factReader.js';
import { surveyHistory } from './gitUpstream.js';

const TABLE = 'indexed-repository';

/** Commits between two reports of progress. */
const STEP = 2000;

export interface IndexProgress {
  /** Commits done and in all, without merges. */
  readonly done: number;
  readonly total: number;
  /** Commits read from git in a second; 0 while all were known. */
  readonly rate: number;
}

/** What is known of a repository whose whole history was indexed. */
export interface IndexedRepository {
  readonly name: string;
  readonly location: string;
  readonly kind: Location['kind'];
  /** Commits without merges, of which this many could not be read. */
  readonly commits: number;
  readonly unreadable: number;
  /** State of its branches and tags when it was indexed. */
  readonly state: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly when: number;
}

export interface IndexOptions {
  readonly network: GitOpenOptions['network'];
  readonly cancellation: Cancellation;
  readonly clock: Clock;
  readonly progress?: (progress: IndexProgress) => void;
}

/**
 * Indexes the whole history of a repository, so that tracing reads nothing but names from git. What is known already is not
 * read again: the work goes on where it was broken off, by whichever process, and a moved branch costs its new commits.
 */
export async function indexHistory(git: Git, store: Store, location: Location, { network, cancellation, clock, progress = () => {} }: IndexOptions): Promise<IndexedRepository> {
  const repository = await git.open(location, { network, cancellation });
  const history = await surveyHistory(git, repository, location, [], cancellation);
  const ids: string[] = [];
  for (let number = 0; number < history.size; number++) if (!history.isMerge(number)) ids.push(history.id(number));
  let unreadable = 0;
  let read = 0;
  let began: number | undefined;
  for (let at = 0; at < ids.length; at += STEP) {
    checkCancelled(cancellation);
    const step = ids.slice(at, at + STEP);
    let missing = 0;
    try {
      const reading = await readFacts(git, repository, store, step, () => {}, cancellation, (count) => {
        began ??= clock.now();
        missing = count;
      });
      unreadable += reading.unreadable.length;
    } catch (error) {
      // A stretch of history without contents (a shallow or filtered clone) does not end the work.
      if (!(error instanceof HostError) || error.code !== 'object-missing') throw error;
      unreadable += missing;
    }
    read += missing;
    progress({ done: Math.min(at + STEP, ids.length), total: ids.length, rate: began === undefined ? 0 : read / Math.max((clock.now() - began) / 1000, 0.001) });
  }
  const entry: IndexedRepository = { name: location.name, location: location.location, kind: location.kind, commits: ids.length, unreadable, state: repository.state, when: clock.now() };
  await store.write([{ table: TABLE, key: location.location, value: new TextEncoder().encode(JSON.stringify(entry)) }]);
  return entry;
}

/** The repositories that were indexed, by location. */
export async function indexedRepositories(store: Store): Promise<IndexedRepository[]> {
  return (await store.scan(TABLE, '')).map(({ value }) => JSON.parse(new TextDecoder().decode(value)) as IndexedRepository);
}
