import type { Evaluation } from '../spec/index.js';
import type { SpecTree } from '../syntax/index.js';
import type { DecodedText, LineIndex } from '../text/index.js';
import type { Settings } from '../settings.js';
import type { PackageFacts } from './facts.js';

/** One text, read both ways, with what is known around it, as it was at one moment. Immutable; a change makes a new one. */
export interface Snapshot {
  readonly uri: string;
  /** Absolute path, undefined for a text that is not in a file. */
  readonly path: string | undefined;
  readonly version: number;
  readonly text: string;
  /** How the bytes were read; an editor's text is always `utf-8`. */
  readonly encoding: DecodedText['encoding'];
  readonly lines: LineIndex;
  /** What is written: parsed when first asked for, released with the snapshot. */
  readonly tree: SpecTree;
  /** What it means, for each target asked for; the first is the primary one. */
  readonly evaluations: readonly Evaluation[];
  /** `evaluations[0]`. */
  readonly evaluation: Evaluation;
  readonly facts: PackageFacts;
  readonly settings: Settings;
  /**
   * What is worked out of it and wanted again, kept as long as it is: `make` is called once for a key. (A WeakMap in its place
   * would hold what belongs to dead snapshots, texts and all, until the engine collects everything, which it seldom does.)
   */
  memo<T>(key: symbol, make: () => T): T;
  /** Releases the tree. Using the tree afterwards is a bug and throws. */
  release(): void;
}
