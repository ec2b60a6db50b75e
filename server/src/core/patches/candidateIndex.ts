import type { Cancellation } from '../host.js';
import type { Fingerprint } from './identity.js';
import type { PatchChange, ParsedPatch } from './patch.js';
import type { CommitFact } from './verdict.js';

/** A commit of one index by its number there: small, dense, stable for the life of the index. */
export type CommitKey = number;

/** What a posting list answers for one fingerprint. */
export interface Posting {
  /** The commits that have it, at most as many as were asked for, in ascending order. */
  readonly commits: readonly CommitKey[];
  /** How many commits have it in all: a fingerprint that thousands have says nothing. */
  readonly count: number;
}

/** What the index keeps of a commit beside its postings. */
export interface IndexedCommit {
  readonly key: CommitKey;
  readonly fact: CommitFact;
  /** `git patch-id --stable`, with git's rename detection; undefined for commits without a diff. */
  readonly patchId: string | undefined;
  readonly content: Fingerprint | undefined;
  /** Number of distinct line fingerprints it was indexed with. */
  readonly lineCount: number;
  /** How good the ref is that reaches it: 2 a branch or tag of the project, 1 anything else, 0 nothing. */
  readonly reach: 0 | 1 | 2;
}

/**
 * Batched look-ups in what has been seen. Every method answers in the order of its question, one answer each; unknown
 * ones get an empty answer. `limit` bounds the commits a list returns, never its count.
 */
export interface CandidateIndex {
  /** How many commits with a diff are indexed: what rarity is measured against. */
  readonly size: number;
  byPatchId(patchIds: readonly string[]): Promise<readonly (readonly CommitKey[])[]>;
  byContent(contents: readonly Fingerprint[]): Promise<readonly (readonly CommitKey[])[]>;
  byLine(lines: readonly Fingerprint[], limit: number): Promise<readonly Posting[]>;
  byHunk(hunks: readonly Fingerprint[], limit: number): Promise<readonly Posting[]>;
  /** By the fingerprint of the subject ({@link subjectFingerprint}). */
  bySubject(subjects: readonly Fingerprint[]): Promise<readonly (readonly CommitKey[])[]>;
  /** By full or short commit id, hex; all that begin with it. */
  byId(ids: readonly string[]): Promise<readonly (readonly CommitKey[])[]>;
  commits(keys: readonly CommitKey[]): Promise<readonly IndexedCommit[]>;
}

/** A commit's own diff, to compare with. */
export interface FetchedChange {
  readonly patch: ParsedPatch;
  readonly change: PatchChange;
}

/** Gets the diffs of commits, in the order asked, undefined where a commit or a blob of it cannot be had. */
export type FetchChanges = (commits: readonly IndexedCommit[], cancellation: Cancellation) => Promise<readonly (FetchedChange | undefined)[]>;
