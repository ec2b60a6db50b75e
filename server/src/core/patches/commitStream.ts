import type { Fingerprint } from './identity.js';

/** One commit of a history, reduced to what the index keeps. */
export interface CommitRecord {
  /** 40 (or 64) hex digits. */
  readonly id: string;
  readonly parents: readonly string[];
  readonly authorName: string;
  readonly authorEmail: string;
  /** Seconds since 1970-01-01 UTC. */
  readonly authorDate: number;
  readonly commitDate: number;
  readonly subject: string;
  /** The message without its subject. */
  readonly body: string;
  /** `git patch-id --stable` of the diff as git printed it; undefined without one. */
  readonly patchId: string | undefined;
  /** See ChangeIdentity; undefined without changed lines. */
  readonly content: Fingerprint | undefined;
  /** One a hunk, in order. */
  readonly hunks: Float64Array;
  /** Distinct changed lines that say anything, sorted. */
  readonly lines: Float64Array;
  /** How many lines were added and removed in all. */
  readonly changedLines: number;
  /** Paths of the diff, new ones for renames, in order. */
  readonly paths: readonly string[];
  /** Whether git found a rename or copy, so that its patch id without rename detection is another. */
  readonly hasRenames: boolean;
  /** Bytes of the diff as git printed it. */
  readonly diffBytes: number;
}
