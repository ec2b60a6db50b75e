/**
 * What makes two changes the same, as data. From strict to loose: the blob id of the file, git's stable patch id, the
 * multiset of changed lines, one fingerprint per hunk, one per changed line.
 */

/** Raised whenever the normal form or a hash changes; an index that was built with another one is built anew. */
export const IDENTITY_FORMAT = 1;

/**
 * 53 bits of a hash, as a non-negative integer: what a JavaScript number (and a REAL-free SQLite INTEGER) holds exactly,
 * so that fingerprints can be keys of maps and columns without any conversion.
 */
export type Fingerprint = number;

export interface ChangeIdentity {
  readonly format: typeof IDENTITY_FORMAT;
  /** What `git patch-id --stable` prints for the change as it is written, 40 hex digits; undefined where git prints nothing. */
  readonly patchId: string | undefined;
  /** The same, of the change written as git would write it, in normal form: equals a commit's where only the format differs. */
  readonly normalPatchId: string | undefined;
  /** The added and removed lines of the whole change, whatever their order, place, file and white space; undefined without any. */
  readonly content: Fingerprint | undefined;
  /** One a hunk, in order: its added and removed lines. */
  readonly hunks: Float64Array;
  /** One a distinct changed line that says anything (blank ones and lone brackets do not), sorted. */
  readonly lines: Float64Array;
  /** How many lines are added and removed. */
  readonly changedLines: number;
  /** Paths in normal form, in order. */
  readonly paths: readonly string[];
}
