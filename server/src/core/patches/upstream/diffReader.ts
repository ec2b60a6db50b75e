import { type Cancellation, type Git, type GitRepository, HostError, checkCancelled } from '../../host.js';
import type { CommitRecord } from '../commitStream.js';
import { blobsOfCommitsTask, presentObjectsTask } from '../git/absentBlobsTask.js';
import { logPatchTask } from '../git/logPatchTask.js';
import { LINES_OF_COMMIT } from './commitFacts.js';

/** After this many commits that cannot be read, with fewer that can, the repository has no contents to speak of. */
const HOPELESS = 40;

/**
 * Commits that one git process is given at a time. Starting one costs more than reading a hundred commits (it maps the packs
 * and unpacks the same bases anew), so the work is cut into as few pieces as keep every lane busy to the end.
 */
const SHARE = 4000;
const LEAST_SHARE = 100;

export interface DiffReading {
  /** Commits whose diff cannot be had: a blob is not in this copy of the repository. */
  readonly unreadable: string[];
}

export interface DiffReadingOptions {
  readonly keepDiffBytes?: number;
  /** How many git processes run at once. */
  readonly lanes?: number;
  /** Goes on to the end where hardly any commit can be read. */
  readonly isPatient?: boolean;
}

/** With fewer commits to read, the bad ones are found one by one. */
const WORTH_LISTING = 50;

/**
 * Reads the diffs of commits. In a partial clone git ends at the first blob it lacks. Which commits lack one is then found
 * out for all of them at once, since every start of git is dear; what still fails is noted, and reading goes on behind it.
 * Throws HostError `object-missing` where hardly any commit can be read, unless it is to be patient.
 */
export async function readDiffs(
  git: Git,
  repository: GitRepository,
  ids: readonly string[],
  take: (record: CommitRecord) => void,
  cancellation: Cancellation,
  options: DiffReadingOptions = {},
): Promise<DiffReading> {
  const unreadable: string[] = [];
  let readable = 0;
  const run = async (commits: readonly string[]): Promise<{ readonly done: number; readonly error: HostError | undefined }> => {
    const places = new Map(commits.map((id, i) => [id, i]));
    let done = 0;
    const task = logPatchTask({ commits, maxLines: LINES_OF_COMMIT, keepDiffBytes: options.keepDiffBytes ?? 0 });
    try {
      for await (const records of task.parse(git.read(repository, task.args, { ...(task.input === undefined ? {} : { input: task.input }), cancellation }))) {
        for (const record of records) {
          done = (places.get(record.id) ?? done) + 1;
          readable++;
          take(record);
        }
      }
    } catch (error) {
      if (error instanceof HostError && error.code === 'object-missing') return { done, error };
      throw error;
    }
    return { done: commits.length, error: undefined };
  };
  let listing: Promise<ReadonlySet<string>> | undefined;
  const note = (commits: readonly string[]): void => {
    unreadable.push(...commits);
    if (options.isPatient === true || unreadable.length < HOPELESS || unreadable.length <= readable) return;
    throw new HostError('object-missing', `${repository.location.location}: this copy of the repository lacks the contents of its files; give a full clone, or run 'git fetch --refetch --no-filter' in it`);
  };
  const share = async (commits: readonly string[]): Promise<void> => {
    let rest = commits;
    let isListed = false;
    for (;;) {
      checkCancelled(cancellation);
      if (listing !== undefined && !isListed) {
        isListed = true;
        const lacking = await listing;
        note(rest.filter((id) => lacking.has(id)));
        rest = rest.filter((id) => !lacking.has(id));
      }
      if (rest.length === 0) return;
      const { done, error } = await run(rest);
      if (error === undefined) return;
      rest = rest.slice(done);
      if (!isListed && ids.length >= WORTH_LISTING) {
        listing ??= commitsLackingBlobs(git, repository, ids, cancellation);
        continue;
      }
      // The commit behind the last whole one may be the bad one, or may only have been cut off by it.
      const suspect = rest[0];
      if (suspect === undefined) return;
      if (rest.length === 1 || (await run([suspect])).error !== undefined) note([suspect]);
      rest = rest.slice(1);
    }
  };
  const queue: (readonly string[])[] = [];
  const lanes = options.lanes ?? 2;
  const length = Math.max(LEAST_SHARE, Math.min(SHARE, Math.ceil(ids.length / lanes)));
  for (let at = 0; at < ids.length; at += length) queue.push(ids.slice(at, at + length));
  const lane = async (): Promise<void> => {
    for (let commits = queue.shift(); commits !== undefined; commits = queue.shift()) await share(commits);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, queue.length) }, lane));
  return { unreadable };
}

/** Those of the commits whose diffs need a blob that is not there; none where even trees are missing. */
async function commitsLackingBlobs(git: Git, repository: GitRepository, ids: readonly string[], cancellation: Cancellation): Promise<ReadonlySet<string>> {
  const blobs = blobsOfCommitsTask(ids);
  try {
    const found = await blobs.parse(git.read(repository, blobs.args, { input: blobs.input!, cancellation }));
    const absent = new Set([...found.values()].flat());
    const present = presentObjectsTask(absent);
    await present.parse(git.read(repository, present.args, { cancellation }));
    return new Set([...found].filter(([, its]) => its.some((blob) => absent.has(blob))).map(([id]) => id));
  } catch (error) {
    if (error instanceof HostError && error.code === 'object-missing') return new Set();
    throw error;
  }
}
