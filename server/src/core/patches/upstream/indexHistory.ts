import { type Cancellation, type Clock, type Git, type GitOpenOptions, HostError, type Store, checkCancelled } from '../../host.js';
import { commitListTask } from '../git/commitListTask.js';
import type { Location } from '../sources/location.js';
import { CommitList } from './commitList.js';
import { readFacts } from './factReader.js';
import { PostingReader, PostingWriter, dropPostings, postingsOf, verifyPostings } from './postingStore.js';

const TABLE = 'indexed-repository';

/** Commits asked of the store, and then of git, at a time. */
const STEP = 16_000;

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
  /** Postings of a segment, where it is not the usual number. */
  readonly segment?: number;
}

/**
 * Indexes the whole history of a repository, so that tracing reads nothing but names from git. What is known already is not
 * read again: the work goes on where it was broken off, by whichever process, and a moved branch costs its new commits.
 * Where another process is indexing the same repository, this one reads commits for it and leaves the posting lists to it.
 */
export async function indexHistory(git: Git, store: Store, location: Location, { network, cancellation, clock, progress = () => {}, segment }: IndexOptions): Promise<IndexedRepository> {
  const repository = await git.open(location, { network, cancellation });
  const task = commitListTask();
  const ids = await task.parse(git.read(repository, task.args, { cancellation }));
  if (ids.size === 0) throw new HostError('repository-empty', `${location.location}: the repository has no branch and no tag; fetch into it first`);
  const name = postingsOf(location.location);
  const writer = await PostingWriter.acquire(store, name, ids.idLength, segment);
  let unreadable = 0;
  try {
    const posted = (writer === undefined ? (await (await PostingReader.open(store, name))?.commits())?.list : await writer.posted()) ?? new CommitList();
    const open: number[] = [];
    for (let number = 0; number < ids.size; number++) if (posted.find(ids.bytesOf(number)) === undefined) open.push(number);
    let done = ids.size - open.length;
    let read = 0;
    let began: number | undefined;
    progress({ done, total: ids.size, rate: 0 });
    for (let at = 0; at < open.length; at += STEP) {
      checkCancelled(cancellation);
      const step = open.slice(at, at + STEP).map((number) => ids.id(number));
      let missing = 0;
      let stored = 0;
      const reading = await readFacts(git, repository, store, step, () => {}, cancellation, {
        // A stretch of history without contents (a shallow or filtered clone) does not end the work.
        isPatient: true,
        onMissing: (count) => {
          began ??= clock.now();
          missing = count;
        },
        onStored: async (facts) => {
          for (const [id, each] of facts) writer?.add(id, each);
          if (writer?.isFull === true) await writer.flush();
          stored += facts.length;
          if (missing > 0) read += facts.length;
          progress({ done: done + stored, total: ids.size, rate: began === undefined ? 0 : read / Math.max((clock.now() - began) / 1000, 0.001) });
        },
      });
      unreadable += reading.unreadable.length;
      done += step.length;
    }
    await writer?.flush();
    if (open.length > ids.size / 2) await writer?.compact();
  } finally {
    await writer?.release();
  }
  const entry: IndexedRepository = { name: location.name, location: location.location, kind: location.kind, commits: ids.size, unreadable, state: repository.state, when: clock.now() };
  await store.write([{ table: TABLE, key: location.location, value: new TextEncoder().encode(JSON.stringify(entry)) }]);
  return entry;
}

/** The repositories that were indexed, by location. */
export async function indexedRepositories(store: Store): Promise<IndexedRepository[]> {
  return (await store.scan(TABLE, '')).map(({ value }) => JSON.parse(new TextDecoder().decode(value)) as IndexedRepository);
}

/** How far the posting lists of a repository have come. */
export async function postingState(store: Store, location: string): Promise<{ readonly commits: number; readonly postings: number; readonly segments: number }> {
  const reader = await PostingReader.open(store, postingsOf(location));
  return { commits: reader?.size ?? 0, postings: reader?.postings ?? 0, segments: reader?.segments ?? 0 };
}

/** Sentences about what is damaged in the index of a repository. What is damaged is taken out, to be made anew by the next update. */
export async function verifyIndex(store: Store, location: string, progress?: (done: number, total: number) => void): Promise<readonly string[]> {
  const name = postingsOf(location);
  const problems = await verifyPostings(store, name, progress);
  if (problems.length > 0) await dropPostings(store, name);
  return problems;
}

/** Joins the posting lists of a repository into one segment; false while another process is indexing it. */
export async function compactIndex(store: Store, location: string): Promise<boolean> {
  const name = postingsOf(location);
  const reader = await PostingReader.open(store, name);
  if (reader === undefined) return true;
  const writer = await PostingWriter.acquire(store, name, reader.idLength);
  if (writer === undefined) return false;
  try {
    await writer.compact();
  } finally {
    await writer.release();
  }
  return true;
}
