import type { Cancellation, Git, GitRepository, Store, StoreChange } from '../../host.js';
import type { CommitRecord } from '../commitStream.js';
import { type CommitFacts, commitFactsChange, loadCommitFacts } from './commitFacts.js';
import { type DiffReading, readDiffs } from './diffReader.js';

/** Commits written to the store at a time: what is lost when the process is killed is read again in a second or two. */
const BATCH = 500;

export interface FactReadingOptions {
  /** Told how many commits have to be read from git. */
  readonly onMissing?: (count: number) => void;
  /** Goes on to the end where hardly any commit can be read. */
  readonly isPatient?: boolean;
  /** Told of facts that are in the store, whether they were or have just been written; waited for before more is written. */
  readonly onStored?: (facts: readonly (readonly [id: string, facts: CommitFacts])[]) => Promise<void>;
}

/** Gets the facts of commits from the store, and from git those it has not, which it then keeps. */
export async function readFacts(git: Git, repository: GitRepository, store: Store, ids: readonly string[], take: (id: string, facts: CommitFacts) => void, cancellation: Cancellation, { onMissing = () => {}, isPatient = false, onStored }: FactReadingOptions = {}): Promise<DiffReading> {
  const known: [string, CommitFacts][] = [];
  const missing = await loadCommitFacts(store, ids, (id, facts) => {
    take(id, facts);
    if (onStored !== undefined) known.push([id, facts]);
  });
  if (known.length > 0) await onStored?.(known);
  if (missing.length === 0) return { unreadable: [] };
  onMissing(missing.length);
  let pending: StoreChange[] = [];
  let read: [string, CommitFacts][] = [];
  let writing: Promise<unknown> = Promise.resolve();
  let failure: unknown;
  const flush = (): void => {
    const changes = pending;
    const facts = read;
    pending = [];
    read = [];
    writing = writing.then(() => store.write(changes)).then(() => onStored?.(facts));
    // Awaited below; until then a failure must not count as one that nobody looks at.
    writing.catch((error: unknown) => (failure ??= error));
  };
  try {
    return await readDiffs(
      git,
      repository,
      missing,
      (record: CommitRecord) => {
        // What cannot be kept any more (the disk is full) is not read either.
        if (failure !== undefined) throw failure;
        take(record.id, record);
        pending.push(commitFactsChange(record));
        if (onStored !== undefined) read.push([record.id, { patchId: record.patchId, content: record.content, hunks: record.hunks, lines: record.lines }]);
        if (pending.length >= BATCH) flush();
      },
      cancellation,
      { isPatient },
    );
  } finally {
    // Whatever ended the reading, what was read is kept.
    if (pending.length > 0 && failure === undefined) flush();
    await writing;
  }
}
