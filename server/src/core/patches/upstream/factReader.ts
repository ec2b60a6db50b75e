import type { Cancellation, Git, GitRepository, Store, StoreChange } from '../../host.js';
import type { CommitRecord } from '../commitStream.js';
import { type CommitFacts, commitFactsChange, loadCommitFacts } from './commitFacts.js';
import { type DiffReading, readDiffs } from './diffReader.js';

/** Commits written to the store at a time: what is lost when the process is killed is read again in a second or two. */
const BATCH = 500;

/** Gets the facts of commits from the store, and from git those it has not, which it then keeps. */
export async function readFacts(git: Git, repository: GitRepository, store: Store, ids: readonly string[], take: (id: string, facts: CommitFacts) => void, cancellation: Cancellation, onMissing: (count: number) => void = () => {}): Promise<DiffReading> {
  const missing = await loadCommitFacts(store, ids, take);
  if (missing.length === 0) return { unreadable: [] };
  onMissing(missing.length);
  let pending: StoreChange[] = [];
  let writing: Promise<unknown> = Promise.resolve();
  const flush = (): void => {
    const changes = pending;
    pending = [];
    writing = writing.then(() => store.write(changes));
    // Awaited below; until then a failure must not count as one that nobody looks at.
    writing.catch(() => {});
  };
  try {
    return await readDiffs(
      git,
      repository,
      missing,
      (record: CommitRecord) => {
        take(record.id, record);
        pending.push(commitFactsChange(record));
        if (pending.length >= BATCH) flush();
      },
      cancellation,
    );
  } finally {
    // Whatever ended the reading, what was read is kept.
    if (pending.length > 0) flush();
    await writing;
  }
}
