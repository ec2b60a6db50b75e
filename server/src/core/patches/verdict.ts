/**
 * The answers about a patch, as plain data with a version, so that they can be stored, locked, printed and sent.
 * Relation, claim and coverage are three answers and are never mixed (see the design's words).
 */

/** Raised whenever a field changes its meaning; readers refuse a newer one with a clear message. */
export const VERDICT_FORMAT = 1;

export const relations = ['same-file', 'same-change', 'rebased', 'adapted', 'partial', 'combined', 'none'] as const;

export type Relation = (typeof relations)[number];

export const claimAnswers = ['confirmed', 'contradicted', 'unverifiable', 'absent'] as const;

export type ClaimAnswer = (typeof claimAnswers)[number];

/** Where something stands: a repository (by the name the user gave it) and, in it, a commit, a path, a line. */
export interface Place {
  /** Name of the source: `upstream`, `stream`, `oracle`. */
  readonly source: string;
  /** Location as the user gave it. */
  readonly location: string;
  readonly commit?: string;
  readonly path?: string;
}

/** A commit that a change was compared with. */
export interface CommitFact {
  readonly place: Place;
  readonly id: string;
  readonly subject: string;
  readonly author: string;
  /** Author date, seconds since 1970-01-01 UTC. */
  readonly date: number;
  /** The first release that has it, by the oldest tag that reaches it; undefined where none does. */
  readonly firstTag: string | undefined;
  /** A branch or tag that reaches it: what makes it upstream's. */
  readonly reachedBy: string | undefined;
}

export type ClaimKind =
  | 'mbox-from'
  | 'cherry-picked'
  | 'commit-line'
  | 'upstream-commit'
  | 'upstream-status'
  | 'dep3-origin'
  | 'git-commit'
  | 'url'
  | 'pull-request'
  | 'forwarded'
  | 'downstream'
  | 'cve'
  | 'bug';

/** What a patch says of itself, and where it says so. */
export interface Claim {
  readonly kind: ClaimKind;
  /** Commit id (possibly short), URL or identifier; for `downstream` and `upstream-status` the words. */
  readonly value: string;
  /** The commit it names, hex, possibly short; undefined where it names none (a pull request, a CVE). */
  readonly commit?: string;
  readonly where: 'header' | 'file-name' | 'spec-comment' | 'changelog' | 'spec-url';
  /** Zero-based line in the patch, where it stood in one. */
  readonly line?: number;
}

/** One comparison of one hunk. */
export interface HunkEvidence {
  /** Path as the patch has it. */
  readonly path: string;
  /** Zero-based number of the hunk within its file diff. */
  readonly hunk: number;
  readonly state: 'equal' | 'moved' | 'different' | 'missing-upstream' | 'missing-here';
  readonly commit?: string;
}

export interface Evidence {
  /** How the best commit was found: `patch-id`, `content-hash`, `lines`, `claim`, `subject`. */
  readonly found: readonly string[];
  /** Share of the patch's changed lines that the commit has, and of the commit's that the patch has, 0 to 1. */
  readonly coverOfPatch: number;
  readonly coverOfCommit: number;
  readonly hunks: readonly HunkEvidence[];
  /** Paths of the commit that the patch lacks although nothing is lost by it: NEWS, ChangeLog, tests. */
  readonly benignlyDropped: readonly string[];
}

export interface Coverage {
  readonly searched: readonly {
    readonly source: string;
    readonly location: string;
    /** Refs that were searched, and the commit each stood at. */
    readonly refs: readonly { readonly name: string; readonly commit: string }[];
    /** Date of the newest commit searched, seconds since 1970-01-01 UTC. */
    readonly upTo: number | undefined;
  }[];
  /** Sources that were asked for and could not be searched, with the reason. */
  readonly failed: readonly { readonly source: string; readonly location: string; readonly reason: string }[];
}

/** The verdict on one change of a patch. */
export interface ChangeVerdict {
  readonly subject: string | undefined;
  readonly relation: Relation;
  /** The best commit; for `combined` the first of `commits`. */
  readonly commit: CommitFact | undefined;
  /** All commits it was made from, for `combined`. */
  readonly commits: readonly CommitFact[];
  /** Other commits with the same content: cherry-picks on release branches. */
  readonly equivalent: readonly CommitFact[];
  readonly claim: ClaimAnswer;
  readonly claims: readonly Claim[];
  readonly evidence: Evidence | undefined;
  /** How sure the relation is, 0 to 1. */
  readonly confidence: number;
}

/** A distribution that ships the patch. */
export interface CarrierFact {
  readonly name: string;
  readonly place: Place;
  readonly relation: Relation;
}

/** Everything known about one patch file. */
export interface PatchTrace {
  readonly format: typeof VERDICT_FORMAT;
  readonly fileName: string;
  /** Number in the spec; undefined for a patch that is traced without one. */
  readonly number: number | undefined;
  /** git's blob id of the file. */
  readonly blob: string | undefined;
  /** Roll-up: the weakest relation of its changes, and the worst claim. */
  readonly relation: Relation;
  readonly claim: ClaimAnswer;
  readonly changes: readonly ChangeVerdict[];
  readonly carriers: readonly CarrierFact[];
  readonly coverage: Coverage;
  /** What could not be read of it, as sentences. */
  readonly problems: readonly string[];
}
