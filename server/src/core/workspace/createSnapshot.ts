import type { Cancellation } from '../host.js';
import type { Settings } from '../settings.js';
import type { Evaluation } from '../spec/index.js';
import type { SpecTree } from '../syntax/index.js';
import type { Target } from '../targets/index.js';
import { type DecodedText, LineIndex, type TextEdit } from '../text/index.js';
import type { PackageFacts } from './facts.js';
import type { Snapshot } from './snapshot.js';
import { unevaluated } from './unevaluated.js';

/** One text and all that is known around it. */
export interface SnapshotInput {
  readonly uri: string;
  readonly path: string | undefined;
  readonly version: number;
  readonly text: string;
  readonly encoding?: DecodedText['encoding'];
  /** The lines of `text`, where somebody has them already. */
  readonly lines?: LineIndex;
  readonly settings: Settings;
  readonly facts: PackageFacts;
  /** The primary one first; at least one. */
  readonly targets: readonly Target[];
  /** Leaves out what the text means: an earlier attempt did not come to an end. */
  readonly isWithheld?: boolean;
  readonly cancellation?: Cancellation;
}

/** A snapshot that the new one may take over from, and what was done to its text since, in order. */
export interface PreviousSnapshot {
  readonly snapshot: Snapshot;
  readonly edits: readonly TextEdit[];
}

/** How a text is read both ways; made once per process. */
export interface SnapshotReaders {
  parse(text: string, previous: { readonly tree: SpecTree; readonly text: string; readonly edits: readonly TextEdit[] } | undefined): SpecTree;
  evaluate(input: SnapshotInput, target: Target, previous: { readonly evaluation: Evaluation; readonly edits: readonly TextEdit[] } | undefined): Evaluation;
}

let live = 0;

/** How many snapshots of this thread were made and not released: what keeps trees in WebAssembly memory. */
export function liveSnapshots(): number {
  return live;
}

/**
 * Reads a text both ways. What `previous` knows is used as far as the edits left it true; `previous` stays valid and
 * has still to be released by whoever holds it. Throws CancelledError, and then leaves nothing behind.
 */
export function createSnapshot(readers: SnapshotReaders, input: SnapshotInput, previous?: PreviousSnapshot): Snapshot {
  const { uri, path, version, text, settings, facts, targets, encoding = 'utf-8', lines = new LineIndex(text) } = input;
  const before = previous?.snapshot;
  const tree = readers.parse(text, before === undefined ? undefined : { tree: before.tree, text: before.text, edits: previous!.edits });
  let evaluations: readonly Evaluation[];
  try {
    evaluations = targets.map((target) => {
      if (input.isWithheld === true) return unevaluated(target);
      const evaluation = before?.evaluations.find((candidate) => candidate.target.id === target.id);
      return readers.evaluate(input, target, evaluation === undefined ? undefined : { evaluation, edits: previous!.edits });
    });
  } catch (error) {
    tree.release();
    throw error;
  }
  const evaluation = evaluations[0];
  if (evaluation === undefined) {
    tree.release();
    throw new Error('a snapshot needs a target');
  }
  live++;
  let isLive = true;
  return Object.freeze<Snapshot>({
    uri,
    path,
    version,
    text,
    encoding,
    lines,
    tree,
    evaluations,
    evaluation,
    facts,
    settings,
    release() {
      if (!isLive) return;
      isLive = false;
      live--;
      tree.release();
    },
  });
}
