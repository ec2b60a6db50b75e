import { type Cancellation, type Git, type GitRepository, HostError, checkCancelled } from '../../host.js';
import type { CommitRecord } from '../commitStream.js';
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

/**
 * Reads the diffs of commits. In a partial clone git ends at the first blob it lacks: that commit is noted, and reading
 * goes on behind it. Throws HostError `object-missing` where hardly any commit can be read.
 */
export async function readDiffs(
  git: Git,
  repository: GitRepository,
  ids: readonly string[],
  take: (record: CommitRecord) => void,
  cancellation: Cancellation,
  options: { readonly keepDiffBytes?: number; readonly lanes?: number } = {},
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
  const share = async (commits: readonly string[]): Promise<void> => {
    let rest = commits;
    while (rest.length > 0) {
      checkCancelled(cancellation);
      const { done, error } = await run(rest);
      if (error === undefined) return;
      // The commit behind the last whole one may be the bad one, or may only have been cut off by it.
      const suspect = rest[done];
      if (suspect === undefined) return;
      if (rest.length === 1 || (await run([suspect])).error !== undefined) unreadable.push(suspect);
      if (unreadable.length >= HOPELESS && unreadable.length > readable) throw new HostError('object-missing', `${repository.location.location}: this copy of the repository lacks the contents of its files; give a full clone, or run 'git fetch --refetch --no-filter' in it`);
      rest = rest.slice(done + 1);
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
