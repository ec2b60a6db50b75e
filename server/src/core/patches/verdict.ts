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

/** What became of one commit that a patch names as its origin. */
export interface ClaimFinding {
  /** As the patch names it: hex, possibly short. */
  readonly commit: string;
  /**
   * `same`: it is the commit found, or has the same content. `pick`: the commit found is another of the same subject that the patch is closer to,
   * as when a fix was taken from a stable branch and names the main one. `close`: it has as much of the patch as the commit found.
   * `other`: it is known, and the comparison names another. `absent`: it is known, and nothing of it to speak of is in the patch.
   * `unread`: it is known, and its diff cannot be had. `unknown`: it is nowhere in what was searched.
   */
  readonly finding: 'same' | 'pick' | 'close' | 'other' | 'absent' | 'unread' | 'unknown';
  /** Share of the patch's changed lines that it has, and of its that the patch has; undefined where they were not compared. */
  readonly coverOfPatch?: number;
  readonly coverOfCommit?: number;
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
  /** What became of each commit that it claims; undefined where only the answer was kept. */
  readonly claimed?: readonly ClaimFinding[];
  readonly evidence: Evidence | undefined;
  /** How sure the relation is, 0 to 1. */
  readonly confidence: number;
  /** Which part of a series its subject says it is; undefined where it says none, or nobody knows the package's other patches. */
  readonly part?: PartFact;
  /** What became of it upstream, and whether the packaged version has it already; undefined where nobody looked. */
  readonly aftermath?: Aftermath;
}

/** What `[PATCH 2/5]` says of a change, and what of that series the package has. */
export interface PartFact {
  readonly number: number;
  readonly of: number;
  /** The other parts that the package has, by number. */
  readonly has: readonly { readonly number: number; readonly fileName: string }[];
  /** Numbers of the parts that it lacks. */
  readonly lacks: readonly number[];
}

/** Raised whenever a field of an aftermath changes its meaning; older ones are made anew. */
export const AFTERMATH_FORMAT = 2;

/** What is known of a change beyond its origin: the packaged version, and what upstream did later. */
export interface Aftermath {
  readonly format: typeof AFTERMATH_FORMAT;
  /** The packaged version; undefined where no tag is named after it. */
  readonly version: VersionFact | undefined;
  /** Commits that take the origin back, the oldest first. */
  readonly reverts: readonly RevertFact[];
  /** Commits that speak of the origin and go on with it or mend it, the oldest first. */
  readonly followUps: readonly FollowUpFact[];
  /** Other commits that came upstream together with the origin; undefined where there are none. */
  readonly series: SeriesFact | undefined;
  /** For a change without origin: the commit of the same subject and author, whose lines are others. */
  readonly namesake?: CommitFact;
}

export interface VersionFact {
  readonly tag: string;
  /** Whether the tag's history has the origin, or a pick of it: it may have been taken out again all the same. */
  readonly reached: boolean;
  /** Whether the tag's files have the change, by content; `unknown` where they cannot be had or are of another form. */
  readonly content: 'contained' | 'partly' | 'lacking' | 'unknown';
  /** Hunks that are there, that are not, and of which nobody can say. */
  readonly hunks: { readonly there: number; readonly absent: number; readonly unknown: number };
  /** File of another patch of the package that takes the change out first, so that this one puts it back. */
  readonly undoneBy?: string;
}

export interface RevertFact {
  readonly commit: CommitFact;
  /** The words of its message that name the origin. */
  readonly quote: string;
  /** Whether only a part is taken back. */
  readonly partial: boolean;
  /** A later commit that takes the revert back, or brings the same change again. */
  readonly undoneBy?: CommitFact;
  /** File of the patch of this package that does the same. */
  readonly carriedBy?: string;
}

/**
 * `carried`, `in-version`: the package has it, by a patch or in its version. `missing`: it mends what the change does, and the
 * package has it not. `elsewhere`: it is about other files than the change; `benign`: only about news, tests, manuals and white
 * space. `not-applicable`: the code that it changes is not in the packaged version. `reverted`: it was taken back itself.
 * `unknown`: its content, or the version's, cannot be had.
 */
export const followUpStates = ['carried', 'in-version', 'missing', 'elsewhere', 'benign', 'not-applicable', 'reverted', 'unknown'] as const;

export type FollowUpState = (typeof followUpStates)[number];

/** How a later commit speaks of the origin. `same-lines`: it quotes it, and changes lines that it added. */
export const followUpKinds = ['fixes', 'follow-up', 'same-lines'] as const;

export interface FollowUpFact {
  readonly commit: CommitFact;
  readonly kind: (typeof followUpKinds)[number];
  /** The words of its message that name the origin. */
  readonly quote: string;
  readonly state: FollowUpState;
  /** File of the patch of this package that carries it. */
  readonly carriedBy?: string;
}

export interface SeriesFact {
  /**
   * Why they are taken for one: the merge that brought them, or the request (`#123`) that all of them say they close, or the
   * number of the patch's subject (`[PATCH 2/5]`), where as many commits of its author were put upstream one on the other at one time.
   */
  readonly merge?: CommitFact;
  readonly request?: string;
  readonly counted?: { readonly number: number; readonly of: number };
  /** `number`: which part of a counted series it is. */
  readonly commits: readonly { readonly commit: CommitFact; readonly number?: number; readonly carriedBy?: string; readonly inVersion: boolean }[];
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

/** What of an aftermath asks for somebody's attention. */
export interface AftermathNews {
  /** Tag of the packaged version, where it has every change of the patch already and no other patch took one out. */
  readonly containedIn: string | undefined;
  /** Whole reverts that nobody made good, and that no patch of the package does likewise. */
  readonly reverts: readonly RevertFact[];
  /** Later commits that mend what the patch does, and that the package lacks. */
  readonly followUps: readonly FollowUpFact[];
}

/** Sums up what became of a patch's changes; of a patch of which nothing is known, nothing. */
export function aftermathNews({ changes }: Pick<PatchTrace, 'changes'>): AftermathNews {
  const all = changes.flatMap(({ aftermath }) => aftermath ?? []);
  const contained = changes.length > 0 && changes.every(({ aftermath }) => aftermath?.version?.content === 'contained' && aftermath.version.undoneBy === undefined);
  const distinct = <T extends { readonly commit: CommitFact }>(facts: readonly T[]): readonly T[] => [...new Map(facts.map((fact) => [fact.commit.id, fact])).values()];
  return {
    containedIn: contained ? all[0]?.version?.tag : undefined,
    reverts: distinct(all.flatMap(({ reverts }) => reverts.filter(({ partial, undoneBy, carriedBy }) => !partial && undoneBy === undefined && carriedBy === undefined))),
    followUps: distinct(all.flatMap(({ followUps }) => followUps.filter(({ state }) => state === 'missing'))),
  };
}

/** What became of a claimed commit, in words that follow its id; undefined where the answer to the claim says all there is. */
export function wordsOfFinding({ finding, coverOfPatch }: ClaimFinding, found: CommitFact | undefined): string | undefined {
  switch (finding) {
    case 'pick':
      return `is the same fix, but the patch is closer to ${found === undefined ? 'another pick of it' : `${found.id.slice(0, 12)}${found.reachedBy === undefined ? '' : ` on ${found.reachedBy}`}`}`;
    case 'close':
      return `has as much of the patch${found === undefined ? '' : ` as ${found.id.slice(0, 12)}`}`;
    case 'other':
      return `is known, and has ${coverOfPatch === undefined || coverOfPatch === 0 ? 'none' : `${Math.round(coverOfPatch * 100)} %`} of the patch's lines`;
    case 'absent':
      return 'is known, and nothing of it is in the patch';
    case 'unread':
      return 'is known, but its content cannot be had';
    case 'unknown':
      return 'is in none of the places searched';
    case 'same':
      return undefined;
  }
}
