import { type Cancellation, checkCancelled } from '../host.js';
import type { CandidateIndex, CommitKey, FetchChanges, FetchedChange, IndexedCommit, Posting } from './candidateIndex.js';
import type { ChangeClaims } from './claims.js';
import { type Comparison, type PreparedChange, compareChanges, haveSameId, isAutomationPath, isBenignPath, prepareChange, relationOf } from './compare.js';
import { isAddition, isTelling, oppositeFingerprint, textFingerprint } from './fingerprint.js';
import { type ChangeIdentity, type Fingerprint, identifyChange } from './identity.js';
import type { ParsedPatch, PatchChange } from './patch.js';
import type { ChangeVerdict, Claim, ClaimAnswer, ClaimFinding, CommitFact, Evidence, HunkEvidence, Relation } from './verdict.js';

/** One change to find the origin of. */
export interface MatchInput {
  readonly patch: ParsedPatch;
  readonly change: PatchChange;
  readonly claims: ChangeClaims;
  /** Made anew where it is not given. */
  readonly identity?: ChangeIdentity;
}

export interface MatchOptions {
  /** How many commits a change is really compared with. */
  readonly comparisons?: number;
  /** A line that more commits have than this nominates nobody. */
  readonly commonLine?: number;
  /** How many changes are worked on at once, which bounds the diffs in memory. */
  readonly batch?: number;
  /** Told of every comparison, best first, for benchmarks that fit and explain. */
  readonly observe?: (input: MatchInput, candidates: readonly ObservedCandidate[]) => void;
}

/** What a comparison said, in figures. */
export interface ObservedCandidate {
  readonly id: string;
  readonly subject: string;
  readonly siblings: readonly string[];
  readonly comparison: Comparison | undefined;
  readonly hasSameId: boolean;
  readonly surprise: number;
  readonly totalSurprise: number;
  readonly chance: number;
  readonly share: number;
  readonly resemblance: number;
  readonly evidence: number;
  readonly features: EvidenceFeatures | undefined;
}

/**
 * What speaks for a commit being a patch's origin: weights of a logistic regression, see {@link evidenceFor}. Fitted on
 * one distribution's patches of one package (systemd in Enterprise Linux 8) with all headers masked, each compared with every
 * commit that was nominated for it; patches that come from nowhere count four times, since there are few of them. Held
 * against others by `npm run bench:match`.
 */
const weightsOfEvidence = {
  constant: -7.52,
  /** Share of the patch's nats that the commit has. Less than nothing beside the next: lines removed say little. */
  share: -2.91,
  /** Of the added lines alone: a line removed says that the code was there, a line added says who wrote it. */
  addedShare: 4.34,
  /** The same, where lines that are alike count by their likeness: a changed word, a renamed variable. */
  addedResemblance: 0.88,
  /** Nats beyond chance that stand in the same surroundings, where no other commit comes near. */
  depth: 1.66,
  /** Share of the commit's lines, but news and tests left out, that the patch has. */
  core: 2.31,
  /** The same, where lines that are alike count by their likeness. */
  coreResemblance: 2.3,
  /** Share of the patch's lines outside news and tests that the commit has, alike ones by their likeness. */
  patchCore: 3.12,
  /** Files that drive automation are copied from anywhere to anywhere; that says less the more of both agrees. */
  automation: -5.47,
  /** How much of the lines around is the same. */
  surroundings: 0.37,
  /** How many commits with other subjects come near: what all of them share is boilerplate. */
  crowd: -0.67,
  /** Share of the hunks that are equal, context and all. */
  equal: 2.51,
  both: -2.24,
  bothAlike: 2.24,
  /** All of the patch is in the commit, and is more than a line or two. */
  whole: 1.76,
  /** In another file, and in other surroundings. */
  elsewhere: -4.29,
  /** In files of other names. */
  renamed: 0.56,
  /** The patch names the commit, or has its subject. Not fitted: what is masked has neither. */
  named: 2.5,
} as const;

/**
 * The sum of evidence from which on a commit is named: chosen on the patches that the weights were fitted on, where it gives a
 * commit to 2 of 60 that come from nowhere.
 */
const enoughEvidence = -0.6;

/** Nats beyond chance from which on a patch that is wholly in a commit is there for a reason. */
const surpriseOfWhole = 15;

/** Fewer nats than chance has, by so many, are too few whatever else agrees: one line that stands everywhere. */
const leastSurprise = -4;

/** The subject's fingerprint, as {@link CandidateIndex.bySubject} wants it; undefined for a subject that says nothing. */
export function subjectFingerprint(subject: string): Fingerprint | undefined {
  const words = subject.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.length < 2 ? undefined : textFingerprint(words.join(' '));
}

interface Candidate {
  readonly commit: IndexedCommit;
  /** Others with the same patch id: cherry-picks. */
  readonly siblings: IndexedCommit[];
  readonly found: Set<string>;
  isClaimed: boolean;
  hasSameId: boolean;
  hasSameSubject: boolean;
  prepared: PreparedChange | undefined;
  comparison: Comparison | undefined;
  /** Nats of the lines shared, and their share of the patch's. */
  surprise: number;
  share: number;
  /** Their share where lines that are alike count by their likeness. */
  resemblance: number;
  /** The same of the added lines alone; of all where none is added. */
  addedShare: number;
  addedResemblance: number;
  /** The sum of what speaks for it, as log-odds; only told for those that were compared. */
  evidence: number;
}

interface Work {
  readonly input: MatchInput;
  readonly identity: ChangeIdentity;
  readonly prepared: PreparedChange;
  /** Share of the lines that stand in files that drive automation. */
  readonly automationShare: number;
  /** Nats that the best of all commits has by chance. */
  readonly chance: number;
  /** Nats of each distinct telling line. */
  readonly weights: ReadonlyMap<Fingerprint, number>;
  readonly totalWeight: number;
  candidates: Candidate[];
}

/**
 * Finds where changes come from: nominates commits by identities, fingerprints, subjects and claims, compares the likeliest
 * line by line, and says `none` where no comparison convinces. Claims nominate and break ties; they prove nothing.
 * Verdicts come in the order of the inputs.
 */
export async function matchChanges(
  inputs: readonly MatchInput[],
  index: CandidateIndex,
  fetch: FetchChanges,
  cancellation: Cancellation,
  options: MatchOptions = {},
): Promise<ChangeVerdict[]> {
  const verdicts: ChangeVerdict[] = [];
  const batch = options.batch ?? 32;
  for (let at = 0; at < inputs.length; at += batch) {
    checkCancelled(cancellation);
    const works = await nominate(inputs.slice(at, at + batch), index, options);
    await compareCandidates(works, fetch, cancellation);
    const combinations = await findCombinations(works, index, fetch, cancellation, options);
    for (const work of works) {
      checkCancelled(cancellation);
      const claimed = await claimedCommits(work.input.claims.claims, index);
      options.observe?.(work.input, work.candidates.map((candidate) => observed(work, candidate)));
      verdicts.push(judge(work, claimed, combinations.get(work)));
    }
  }
  return verdicts;
}

/** Lines of one change that are looked up; of more, the smallest fingerprints, which is a fair sample of them. */
const maxAsked = 4000;

async function nominate(inputs: readonly MatchInput[], index: CandidateIndex, options: MatchOptions): Promise<Work[]> {
  const commonLine = options.commonLine ?? 64;
  const comparisons = options.comparisons ?? 10;
  const identities = inputs.map((input) => input.identity ?? identifyChange(input.patch, input.change));
  const lines = [...new Set(identities.flatMap((identity) => [...identity.lines.subarray(0, maxAsked)]))];
  const postings = new Map<Fingerprint, { commits: readonly CommitKey[]; count: number }>();
  for (const [i, posting] of (await index.byLine(lines, commonLine)).entries()) postings.set(lines[i]!, posting);
  const runs = [...new Set(identities.flatMap((identity) => [...identity.hunks].slice(0, maxAsked / 4)))];
  const runPostings = new Map<Fingerprint, { commits: readonly CommitKey[]; count: number }>();
  for (const [i, posting] of (await index.byHunk(runs, commonLine)).entries()) runPostings.set(runs[i]!, posting);

  const works: Work[] = [];
  for (const [i, input] of inputs.entries()) {
    const identity = identities[i]!;
    const votes = new Map<CommitKey, number>();
    const found = new Map<CommitKey, Set<string>>();
    const note = (keys: Iterable<CommitKey>, how: string, weight: number): void => {
      for (const key of keys) {
        votes.set(key, (votes.get(key) ?? 0) + weight);
        const ways = found.get(key);
        if (ways) ways.add(how);
        else found.set(key, new Set([how]));
      }
    };
    const weights = new Map<Fingerprint, number>();
    let totalWeight = 0;
    for (const line of identity.lines.subarray(0, maxAsked)) {
      const posting = postings.get(line);
      const weight = rarity(index.size, posting?.count ?? 0);
      weights.set(line, weight);
      totalWeight += weight;
      if (posting && posting.count <= commonLine) note(posting.commits, 'lines', weight);
    }
    for (const run of new Set(identity.hunks)) {
      const posting = runPostings.get(run);
      // A run of common lines can be rare as a whole; it counts less than a line, which also counts by itself.
      if (posting && posting.count <= commonLine) note(posting.commits, 'lines', rarity(index.size, posting.count) / 4);
    }
    const ids = [...new Set([identity.patchId, identity.normalPatchId].filter((id) => id !== undefined))];
    for (const keys of await index.byPatchId(ids)) note(keys, 'patch-id', 1e6);
    if (identity.content !== undefined) for (const keys of await index.byContent([identity.content])) note(keys, 'content-hash', 1e5);
    const claimedIds = claimedIdsOf(input.claims.claims);
    const claimedKeys = new Set((await index.byId(claimedIds)).flat());
    note(claimedKeys, 'claim', 1e4);
    const subject = input.change.subject === undefined ? undefined : subjectFingerprint(input.change.subject);
    const subjectKeys = new Set(subject === undefined ? [] : (await index.bySubject([subject])).flat());
    if (subjectKeys.size <= 20) note(subjectKeys, 'subject', 1e3);

    const prepared = prepareChange(input.patch, input.change);
    const ranked = topVoted(votes, 40);
    const ofFiles = prepared.files.length < 2 ? [] : topVotedOfFiles(prepared, postings, weights, commonLine);
    const commits = await index.commits([...new Set([...ranked, ...ofFiles])]);
    const candidates: Candidate[] = [];
    const byPatchId = new Map<string, Candidate>();
    for (const commit of inTurns(commits, ranked, ofFiles, votes)) {
      const isClaimed = claimedKeys.has(commit.key);
      const same = commit.patchId === undefined ? undefined : byPatchId.get(commit.patchId);
      if (same) {
        same.siblings.push(commit);
        same.isClaimed ||= isClaimed;
        for (const way of found.get(commit.key) ?? []) same.found.add(way);
        continue;
      }
      if (candidates.length >= comparisons) continue;
      const candidate = newCandidate(commit, found.get(commit.key) ?? new Set());
      candidate.isClaimed = isClaimed;
      candidate.hasSameId = haveSameId(identity, commit);
      candidate.hasSameSubject = subjectKeys.has(commit.key);
      candidates.push(candidate);
      if (commit.patchId !== undefined) byPatchId.set(commit.patchId, candidate);
    }
    // Where one has the very same diff, the others are compared only if the patch names them.
    const same = candidates.filter((candidate) => candidate.hasSameId);
    const compared = same.length > 0 ? candidates.filter((candidate) => candidate.hasSameId || candidate.isClaimed) : candidates;
    const automationLines = prepared.files.reduce((sum, file) => sum + (isAutomationPath(file.path) ? file.lines.length : 0), 0);
    works.push({ input, identity, prepared, automationShare: automationLines / Math.max(prepared.lineCount, 1), chance: Math.log(index.size + 1), weights, totalWeight, candidates: compared });
  }
  return works;
}

/** The keys with most votes, most first. */
function topVoted(votes: ReadonlyMap<CommitKey, number>, count: number): CommitKey[] {
  return [...votes]
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, count)
    .map(([key]) => key);
}

/** Files whose lines vote apart. */
const maxVotingFiles = 8;

/**
 * For each file the commits that its lines alone vote for: the test that came with a fix has more lines than the fix, and
 * looks like all other tests.
 */
function topVotedOfFiles(prepared: PreparedChange, postings: ReadonlyMap<Fingerprint, Posting>, weights: ReadonlyMap<Fingerprint, number>, commonLine: number): CommitKey[] {
  const files = [...prepared.files].sort((a, b) => Number(isBenignPath(a.path)) - Number(isBenignPath(b.path)) || b.lines.length - a.lines.length).slice(0, maxVotingFiles);
  const tops = files.map((file) => {
    const votes = new Map<CommitKey, number>();
    for (const line of new Set(file.lines)) {
      const posting = postings.get(line);
      if (!posting || posting.count > commonLine) continue;
      for (const key of posting.commits) votes.set(key, (votes.get(key) ?? 0) + (weights.get(line) ?? 0));
    }
    return topVoted(votes, 2);
  });
  return [0, 1].flatMap((n) => tops.flatMap((top) => (top[n] === undefined ? [] : [top[n]])));
}

/** Commits in the order they are compared in: by turns the most voted, the one most of which the patch has, the most voted of a file. */
function inTurns(commits: readonly IndexedCommit[], ranked: readonly CommitKey[], ofFiles: readonly CommitKey[], votes: ReadonlyMap<CommitKey, number>): IndexedCommit[] {
  const byKey = new Map(commits.map((commit) => [commit.key, commit]));
  const dense = (key: CommitKey): number => votes.get(key)! / Math.sqrt(byKey.get(key)!.lineCount + 1);
  const lists = [ranked, [...ranked].sort((a, b) => dense(b) - dense(a) || a - b), ofFiles];
  const order = new Set<CommitKey>(ranked.slice(0, 3));
  for (let i = 0; i < Math.max(...lists.map((list) => list.length)); i++) for (const list of lists) if (list[i] !== undefined) order.add(list[i]!);
  return [...order].map((key) => byKey.get(key)!);
}

/** Nats of surprise in a line that `count` of `size` commits have. */
function rarity(size: number, count: number): number {
  return Math.log((size + 2) / (count + 1));
}

function observed(work: Work, candidate: Candidate): ObservedCandidate {
  const { commit, siblings, comparison, hasSameId, surprise, share, resemblance, evidence } = candidate;
  const features = comparison ? featuresOf(work, candidate) : undefined;
  return { id: commit.fact.id, subject: commit.fact.subject, siblings: siblings.map((each) => each.fact.id), comparison, hasSameId, surprise, totalSurprise: work.totalWeight, chance: work.chance, share, resemblance, evidence, features };
}

async function compareCandidates(works: readonly Work[], fetch: FetchChanges, cancellation: Cancellation): Promise<void> {
  const wanted = new Map<CommitKey, IndexedCommit>();
  for (const work of works) for (const { commit } of work.candidates) wanted.set(commit.key, commit);
  const commits = [...wanted.values()];
  const fetched = await fetch(commits, cancellation);
  const byKey = new Map<CommitKey, FetchedChange | undefined>(commits.map((commit, i) => [commit.key, fetched[i]]));
  const prepared = new Map<CommitKey, PreparedCommit>();
  for (const [key, change] of byKey) if (change) prepared.set(key, prepareCommit(change));
  for (const work of works) {
    for (const candidate of work.candidates) {
      const theirs = prepared.get(candidate.commit.key);
      if (!theirs) continue;
      candidate.prepared = theirs.change;
      candidate.hasSameId ||= haveSameId(work.identity, { patchId: theirs.identity.patchId, normalPatchId: theirs.identity.normalPatchId });
      candidate.comparison = compareChanges(work.prepared, theirs.change);
      rate(work, candidate);
    }
    for (const candidate of work.candidates) if (candidate.comparison) candidate.evidence = evidenceFor(work, candidate);
    work.candidates.sort(byPreference);
  }
}

/** How much the comparison says, in nats. */
function rate(work: Work, candidate: Candidate): void {
  const comparison = candidate.comparison!;
  const seen = new Set<Fingerprint>();
  let surprise = 0;
  let alike = 0;
  const added = { total: 0, shared: 0, alike: 0 };
  let n = 0;
  for (const file of work.prepared.files) {
    for (const line of file.lines) {
      const at = n++;
      if (!isTelling(line) || seen.has(line)) continue;
      const weight = work.weights.get(line) ?? 0;
      const isAdded = isAddition(line);
      if (isAdded) added.total += weight;
      if (comparison.matchedOfPatch[at]) {
        seen.add(line);
        surprise += weight;
        if (isAdded) added.shared += weight;
      } else {
        alike += weight * comparison.likenessOfPatch[at]!;
        if (isAdded) added.alike += weight * comparison.likenessOfPatch[at]!;
      }
    }
  }
  candidate.surprise = surprise;
  candidate.share = work.totalWeight > 0 ? surprise / work.totalWeight : comparison.coverOfPatch;
  candidate.resemblance = work.totalWeight > 0 ? Math.min((surprise + alike) / work.totalWeight, 1) : comparison.coverOfPatch;
  candidate.addedShare = added.total > 0 ? added.shared / added.total : candidate.share;
  candidate.addedResemblance = added.total > 0 ? Math.min((added.shared + added.alike) / added.total, 1) : candidate.resemblance;
}

/** The better candidate first; of equals the claimed, the one a better ref reaches, the older. */
function byPreference(a: Candidate, b: Candidate): number {
  return (
    Number(b.hasSameId) - Number(a.hasSameId) ||
    Math.round((b.evidence - a.evidence) * 1e6) ||
    Number(b.isClaimed) - Number(a.isClaimed) ||
    b.commit.reach - a.commit.reach ||
    a.commit.fact.date - b.commit.fact.date ||
    a.commit.key - b.commit.key
  );
}

/**
 * Whether the comparison is enough to call the commit the origin. A patch that came from nowhere shares lines with many
 * commits as well: `return 0;`, an include, a line of a list. So it is rarity that counts, not the number of lines, and
 * how much of both is shared, and where it stands.
 */
function isConvincing(candidate: Candidate, work: Work): boolean {
  if (candidate.hasSameId) return true;
  const { comparison } = candidate;
  if (!comparison || comparison.matchedLines === 0) return false;
  const isNamed = candidate.isClaimed || candidate.hasSameSubject;
  // All of both, in the same file and place: a patch of one common line has nothing more to show.
  if (comparison.coverOfPatch === 1 && comparison.coverOfCommit === 1 && comparison.moved.length === 0 && comparison.anchored >= 0.5) return true;
  if (!isNamed && candidate.surprise - work.chance < leastSurprise) return false;
  return candidate.evidence >= enoughEvidence;
}

/** What speaks for a candidate, in figures: what {@link weightsOfEvidence} weighs. */
export type EvidenceFeatures = Readonly<Record<Exclude<keyof typeof weightsOfEvidence, 'constant'>, number>>;

function featuresOf(work: Work, candidate: Candidate): EvidenceFeatures {
  const comparison = candidate.comparison!;
  const others = work.candidates.filter((each) => each !== candidate && each.comparison && each.commit.fact.subject !== candidate.commit.fact.subject);
  const own = mutualResemblance(candidate);
  const rivals = others.map(mutualResemblance);
  const second = own === 0 ? 1 : Math.max(0, ...rivals) / own;
  const crowd = rivals.filter((each) => each >= 0.85 * own).length;
  const hunks = comparison.hunks.filter((hunk) => hunk.state !== 'missing-here');
  const equal = hunks.filter((hunk) => hunk.state === 'equal').length / Math.max(hunks.length, 1);
  const beyond = candidate.surprise - work.chance;
  const isWhole = comparison.coverOfPatch === 1 && beyond >= surpriseOfWhole && work.automationShare === 0;
  return {
    share: candidate.share,
    addedShare: candidate.addedShare,
    addedResemblance: candidate.addedResemblance,
    depth: Math.min(Math.max(beyond, 0) / 100, 1) * comparison.anchored * (1 - Math.min(second, 1)),
    core: comparison.coverOfCommitCore,
    coreResemblance: comparison.resemblanceOfCommitCore,
    patchCore: comparison.resemblanceOfPatchCore,
    automation: work.automationShare * (1 - candidate.resemblance * comparison.coverOfCommit),
    surroundings: comparison.sharedSurroundings,
    crowd: Math.min(crowd, 3),
    equal,
    both: candidate.resemblance * comparison.coverOfCommitCore,
    bothAlike: candidate.resemblance * comparison.resemblanceOfCommitCore,
    whole: Number(isWhole),
    elsewhere: Number(!isWhole && comparison.moved.length > 0 && comparison.anchored < 0.5),
    renamed: Math.min(comparison.moved.filter(({ path, commitPath }) => baseName(path) !== baseName(commitPath)).length, 2) / 2,
    named: Number(candidate.isClaimed || candidate.hasSameSubject),
  };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** How much of both is in the other: a commit that moved whole files has much of a patch, and the patch little of it. */
function mutualResemblance({ resemblance, comparison }: Candidate): number {
  return Math.sqrt(resemblance * comparison!.resemblanceOfCommitCore);
}

/** The sum of what speaks for a candidate, as log-odds. */
function evidenceFor(work: Work, candidate: Candidate): number {
  let sum: number = weightsOfEvidence.constant;
  for (const [name, value] of Object.entries(featuresOf(work, candidate))) sum += weightsOfEvidence[name as keyof EvidenceFeatures] * value;
  return sum;
}

/** Commits that together make up one patch, each a comparison of its own. */
interface Combination {
  readonly parts: readonly Candidate[];
  readonly coverOfPatch: number;
}

/**
 * Nats that a commit must bring, beyond what others before it have, to count as a part of a patch: a few lines of its own where
 * all of it is there, and a fair share of a large patch where it is not, since neighbours share lines by chance.
 */
function leastGain(work: Work, shareOfPart: number): number {
  return shareOfPart >= wholePart ? 1.5 * work.chance : Math.max(0.03 * work.totalWeight, 0.9 * work.chance);
}

/** Share of a commit from which on all of it is in a patch, but for slips. */
const wholePart = 0.95;

/** Of the largest part, and of others that bring a fair share of the patch, at least so much must be in the patch; of those that bring little, all. */
const mainPart = 0.6;
const furtherPart = 0.8;
const fairShare = 0.2;

/** A combination in the making. */
interface Assembly {
  readonly work: Work;
  readonly lines: readonly Fingerprint[];
  readonly pool: Candidate[];
  readonly parts: Candidate[];
  readonly covered: Uint8Array;
}

/** Rounds of asking for more commits; each finds several parts. */
const maxRounds = 6;

/** For changes that no one commit explains, the commits that do together, greedily: the largest part first. */
async function findCombinations(
  works: readonly Work[],
  index: CandidateIndex,
  fetch: FetchChanges,
  cancellation: Cancellation,
  options: MatchOptions,
): Promise<ReadonlyMap<Work, Combination>> {
  const found = new Map<Work, Combination>();
  let open: Assembly[] = [];
  for (const work of works) {
    const best = work.candidates[0];
    if (!best?.comparison || best.hasSameId || best.comparison.coverOfPatch === 1 || work.prepared.lineCount < 4) continue;
    open.push({
      work,
      lines: work.prepared.files.flatMap((file) => file.lines),
      pool: work.candidates.filter((candidate) => candidate.comparison),
      parts: [],
      covered: new Uint8Array(work.prepared.lineCount),
    });
  }
  const all = open;
  const known = new Map<CommitKey, PreparedCommit | undefined>();
  for (let round = 0; open.length > 0 && round < maxRounds; round++) {
    checkCancelled(cancellation);
    for (const assembly of open) takeParts(assembly);
    // Lines that others have are outvoted while all lines vote; those left over vote alone now.
    open = await nominateForRest(open, index, fetch, known, cancellation, options);
  }
  for (const assembly of open) takeParts(assembly);
  for (const { work, parts } of all) found.set(work, combine(work, parts));
  return found;
}

/** Leaves out parts that are in the patch by chance, and says what the others cover. */
function combine(work: Work, taken: readonly Candidate[]): Combination {
  let parts = taken;
  for (;;) {
    const fit = parts.filter((part, i) => part.surprise >= work.chance && shareInFold(part, parts, hasCore(work)) >= (i === 0 ? mainPart : part.share >= fairShare ? furtherPart : wholePart));
    if (fit.length === parts.length) break;
    parts = fit;
  }
  const covered = new Uint8Array(work.prepared.lineCount);
  for (const part of parts) for (const [i, flag] of part.comparison!.matchedOfPatch.entries()) if (flag) covered[i] = 1;
  let count = 0;
  for (const flag of covered) count += flag;
  return { parts, coverOfPatch: count / Math.max(covered.length, 1) };
}

/** Takes the candidate that brings most, as long as one brings enough. */
function takeParts({ work, lines, pool, parts, covered }: Assembly): void {
  for (;;) {
    let chosen: Candidate | undefined;
    let chosenGain = 0;
    for (const candidate of pool) {
      if (parts.includes(candidate)) continue;
      const gain = gainOf(candidate, covered, lines, work.weights);
      if (gain <= chosenGain) continue;
      const part = shareInFold(candidate, [...parts, candidate], hasCore(work));
      if (gain < leastGain(work, part) || (parts.length > 0 && part < 0.5)) continue;
      chosen = candidate;
      chosenGain = gain;
    }
    if (!chosen) return;
    parts.push(chosen);
    for (const [i, flag] of chosen.comparison!.matchedOfPatch.entries()) if (flag) covered[i] = 1;
  }
}

/** Adds commits to the pools that have what is not covered yet; returns the assemblies that got any. */
async function nominateForRest(
  open: readonly Assembly[],
  index: CandidateIndex,
  fetch: FetchChanges,
  known: Map<CommitKey, PreparedCommit | undefined>,
  cancellation: Cancellation,
  options: MatchOptions,
): Promise<Assembly[]> {
  const commonLine = options.commonLine ?? 64;
  const rests = open.map(({ work, lines, covered }) => [...new Set(lines.filter((line, i) => !covered[i] && work.weights.has(line)))]);
  const asked = [...new Set(rests.flat())];
  const postings = new Map((await index.byLine(asked, commonLine)).map((posting, i) => [asked[i]!, posting]));
  const wanted: CommitKey[][] = [];
  for (const [n, { work, pool }] of open.entries()) {
    const votes = new Map<CommitKey, number>();
    for (const line of rests[n]!) {
      const posting = postings.get(line);
      if (!posting || posting.count > commonLine) continue;
      for (const key of posting.commits) votes.set(key, (votes.get(key) ?? 0) + (work.weights.get(line) ?? 0));
    }
    const pooled = new Set(pool.flatMap((candidate) => [candidate.commit, ...candidate.siblings].map((commit) => commit.key)));
    const enough = Math.min(leastGain(work, 0), leastGain(work, 1));
    const ranked = [...votes].filter(([key, weight]) => !pooled.has(key) && weight >= enough).sort((a, b) => b[1] - a[1] || a[0] - b[0]);
    wanted.push(ranked.slice(0, 4).map(([key]) => key));
  }
  const keys = [...new Set(wanted.flat())];
  const commits = new Map((await index.commits(keys)).map((commit) => [commit.key, commit]));
  const unknown = keys.filter((key) => !known.has(key)).map((key) => commits.get(key)!);
  if (unknown.length > 0) for (const [i, change] of (await fetch(unknown, cancellation)).entries()) known.set(unknown[i]!.key, change && prepareCommit(change));
  return open.filter(({ work, pool }, n) => {
    let hasFresh = false;
    for (const key of wanted[n]!) {
      const theirs = known.get(key);
      if (!theirs) continue;
      const candidate = newCandidate(commits.get(key)!, new Set(['lines']));
      candidate.prepared = theirs.change;
      candidate.comparison = compareChanges(work.prepared, theirs.change);
      rate(work, candidate);
      pool.push(candidate);
      hasFresh = true;
    }
    return hasFresh;
  });
}

interface PreparedCommit {
  readonly change: PreparedChange;
  readonly identity: ChangeIdentity;
}

function prepareCommit({ patch, change }: FetchedChange): PreparedCommit {
  return { change: prepareChange(patch, change), identity: identifyChange(patch, change) };
}

function newCandidate(commit: IndexedCommit, found: Set<string>): Candidate {
  return { commit, siblings: [], found, isClaimed: false, hasSameId: false, hasSameSubject: false, prepared: undefined, comparison: undefined, surprise: 0, share: 0, resemblance: 0, addedShare: 0, addedResemblance: 0, evidence: -Infinity };
}

/** Nats of the lines that a candidate has and nobody before it. */
function gainOf(candidate: Candidate, covered: Uint8Array, flat: readonly Fingerprint[], weights: ReadonlyMap<Fingerprint, number>): number {
  let gain = 0;
  const seen = new Set<Fingerprint>();
  for (const [i, flag] of candidate.comparison!.matchedOfPatch.entries()) {
    const line = flat[i]!;
    if (!flag || covered[i] || seen.has(line)) continue;
    seen.add(line);
    gain += weights.get(line) ?? 0;
  }
  return gain;
}

function judge(work: Work, claimed: ClaimedCommits, combination: Combination | undefined): ChangeVerdict {
  const { input } = work;
  const claims = input.claims.claims;
  const best = work.candidates.find((candidate) => isConvincing(candidate, work));
  const base = { subject: input.change.subject, claims };
  const alone = best ?? work.candidates[0];
  if (combination !== undefined && isCombination(work, combination, alone)) {
    const parts = combination.parts;
    return {
      ...base,
      relation: 'combined',
      commit: parts[0]!.commit.fact,
      commits: parts.map((part) => part.commit.fact),
      equivalent: [],
      ...answerClaims(claimed, parts, [], work),
      evidence: {
        found: [...new Set(parts.flatMap((part) => [...part.found]))].sort(),
        coverOfPatch: combination.coverOfPatch,
        coverOfCommit: parts.reduce((least, part) => Math.min(least, part.comparison!.coverOfCommit), 1),
        hunks: combinedHunks(parts),
        benignlyDropped: [...new Set(parts.flatMap((part) => part.comparison!.benignlyDropped))].filter((path) => !work.prepared.files.some((file) => file.path === path)),
      },
      confidence: round(Math.min(...parts.map((part) => 1 - Math.exp(-part.surprise / 25))) * combination.coverOfPatch),
    };
  }
  if (!best) {
    return {
      ...base,
      relation: 'none',
      commit: undefined,
      commits: [],
      equivalent: [],
      ...answerClaims(claimed, [], [], work),
      evidence: undefined,
      confidence: confidenceOfNone(work),
    };
  }
  const chosen = chooseSibling(best, claims);
  const equivalent = equivalents(best, work.candidates, chosen).map((commit) => commit.fact);
  return {
    ...base,
    relation: best.comparison ? relationWith(work, best) : 'same-change',
    commit: chosen.fact,
    commits: [chosen.fact],
    equivalent,
    ...answerClaims(claimed, [best], equivalent, work),
    evidence: evidenceOf(best, chosen),
    confidence: confidenceOf(best),
  };
}

/** Whether the parts explain what one commit alone does not. Parts that are there as a whole need not explain much. */
function isCombination(work: Work, { parts, coverOfPatch }: Combination, alone: Candidate | undefined): boolean {
  const gain = coverOfPatch - (alone?.comparison?.coverOfPatch ?? 0);
  if (parts.length < 2 || coverOfPatch < 0.8 || gain <= 0) return false;
  if (parts.slice(1).every((part) => shareInFold(part, parts, hasCore(work)) >= wholePart)) return true;
  return gain >= (coverOfPatch >= 0.98 ? 0.05 : 0.1);
}

/** Whether a patch changes more than news and tests, so that those of a commit may be left out of it. */
function hasCore({ prepared }: Work): boolean {
  return prepared.files.some((file) => !isBenignPath(file.path));
}

/** Share of a part's lines, but news and tests left out, that the patch has, or that another part of it undoes: folded, both are gone. */
function shareInFold(part: Candidate, parts: readonly Candidate[], hasCore: boolean): number {
  const undone = new Map<Fingerprint, number>();
  for (const other of parts) {
    if (other === part) continue;
    for (const [line, isMatched] of linesOf(other)) if (!isMatched) undone.set(oppositeFingerprint(line), (undone.get(oppositeFingerprint(line)) ?? 0) + 1);
  }
  let lines = 0;
  let there = 0;
  const dropped = new Set(hasCore ? part.comparison!.benignlyDropped : []);
  for (const [line, isMatched, path] of linesOf(part)) {
    if (dropped.has(path)) continue;
    lines++;
    const count = isMatched ? 0 : (undone.get(line) ?? 0);
    if (count > 0) undone.set(line, count - 1);
    if (isMatched || count > 0) there++;
  }
  return lines === 0 ? 0 : there / lines;
}

/** The changed lines of a candidate's commit, whether the patch has each, and where it stands. */
function* linesOf({ prepared, comparison }: Candidate): Generator<readonly [Fingerprint, boolean, string]> {
  for (const file of prepared!.files) for (const [i, line] of file.lines.entries()) yield [line, comparison!.matchedOfCommit[file.first + i] === 1, file.path];
}

function relationWith(work: Work, candidate: Candidate): Relation {
  if (candidate.hasSameId) return 'same-change';
  return relationOf(candidate.comparison!, work.identity, candidate.commit);
}

/** Of commits with the same diff: the claimed one, then what a better ref reaches, then the oldest: the others were picked from it. */
function chooseSibling(candidate: Candidate, claims: readonly Claim[]): IndexedCommit {
  const all = [candidate.commit, ...candidate.siblings];
  const ids = claimedIdsOf(claims);
  const isClaimed = (commit: IndexedCommit): boolean => ids.some((id) => commit.fact.id.startsWith(id));
  return all.reduce((best, each) => {
    const order = Number(isClaimed(each)) - Number(isClaimed(best)) || each.reach - best.reach || best.fact.date - each.fact.date || best.key - each.key;
    return order > 0 ? each : best;
  });
}

/**
 * Other commits with the same content: the same patch id, the same changed lines throughout, or, where the patch is a part of
 * them, no difference but in news and tests, which neither says anything about: a commit that was reverted and applied again.
 */
function equivalents(best: Candidate, candidates: readonly Candidate[], chosen: IndexedCommit): IndexedCommit[] {
  const same = [best.commit, ...best.siblings];
  const holdsAll = ({ comparison }: Candidate): boolean => comparison!.coverOfPatch === 1 && comparison!.coverOfCommitCore === 1 && comparison!.hunks.every(({ state }) => state === 'equal' || state === 'missing-here');
  for (const other of candidates) {
    if (other === best || !other.comparison || !best.comparison) continue;
    const isSame = other.commit.content !== undefined && other.commit.content === best.commit.content && other.comparison.matchedLines === best.comparison.matchedLines;
    if (isSame || (holdsAll(best) && holdsAll(other))) same.push(other.commit, ...other.siblings);
  }
  return same.filter((commit) => commit.key !== chosen.key);
}

function evidenceOf(candidate: Candidate, chosen: IndexedCommit): Evidence {
  const { comparison } = candidate;
  return {
    found: [...candidate.found].sort(),
    coverOfPatch: comparison?.coverOfPatch ?? 1,
    coverOfCommit: comparison?.coverOfCommit ?? 1,
    hunks: comparison ? comparison.hunks.map((hunk) => ({ ...hunk, commit: chosen.fact.id })) : [],
    benignlyDropped: comparison?.benignlyDropped ?? [],
  };
}

/** For each hunk of the patch the commit that explains it best. */
function combinedHunks(parts: readonly Candidate[]): HunkEvidence[] {
  const order: Readonly<Record<HunkEvidence['state'], number>> = { equal: 0, moved: 1, different: 2, 'missing-upstream': 3, 'missing-here': 4 };
  const best = new Map<string, HunkEvidence>();
  for (const part of parts) {
    for (const hunk of part.comparison!.hunks) {
      if (hunk.state === 'missing-here') continue;
      const key = `${hunk.path}\0${hunk.hunk}`;
      const known = best.get(key);
      if (!known || order[hunk.state] < order[known.state]) best.set(key, hunk.state === 'missing-upstream' ? hunk : { ...hunk, commit: part.commit.fact.id });
    }
  }
  return [...best.values()];
}

/** The evidence as a probability; nothing but an equal patch id is certain. */
function confidenceOf(candidate: Candidate): number {
  if (candidate.hasSameId) return 1;
  if (!candidate.comparison) return 0.5;
  return round(Math.min(0.99, 1 / (1 + Math.exp(enoughEvidence - 0.5 - candidate.evidence))));
}

/** The less the likeliest commit shares, the surer it is that none of those searched is the origin. */
function confidenceOfNone(work: Work): number {
  const best = work.candidates[0];
  if (work.totalWeight === 0) return 0.3;
  return round(1 - Math.min(best?.share ?? 0, 0.9));
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}

/** Kinds of claims that say `this is that commit`. */
const originKinds: ReadonlySet<Claim['kind']> = new Set(['mbox-from', 'cherry-picked', 'commit-line', 'upstream-commit', 'upstream-status', 'dep3-origin', 'git-commit', 'url']);

function claimedIdsOf(claims: readonly Claim[]): string[] {
  return [...new Set(claims.filter((claim) => originKinds.has(claim.kind) && claim.commit !== undefined).map((claim) => claim.commit!.toLowerCase()))];
}

interface ClaimedCommits {
  /** What the patch says in so many words: everything but the mbox line, which may name a commit of a vendor's own tree. */
  readonly explicit: readonly string[];
  readonly implicit: readonly string[];
  /** The commits of the index for each id. */
  readonly known: ReadonlyMap<string, readonly CommitKey[]>;
}

async function claimedCommits(claims: readonly Claim[], index: CandidateIndex): Promise<ClaimedCommits> {
  const explicit = claimedIdsOf(claims.filter((claim) => claim.kind !== 'mbox-from'));
  const implicit = claimedIdsOf(claims.filter((claim) => claim.kind === 'mbox-from'));
  const ids = [...explicit, ...implicit];
  const keys = await index.byId(ids);
  return { explicit, implicit, known: new Map(ids.map((id, i) => [id, keys[i] ?? []])) };
}

/**
 * Whether what the patch claims is what the comparison shows. Confirmed by any commit found that it names, by one that holds
 * as much of the patch, and by one that the commit found is a pick of on another branch. Contradicted where it names
 * commits that are known and none of them is it; unverifiable where none of them can be had. An mbox line alone contradicts
 * nothing: it may name a tree nobody can see.
 */
function answerClaims(claimed: ClaimedCommits, origins: readonly Candidate[], equivalent: readonly CommitFact[], work: Work): { readonly claim: ClaimAnswer; readonly claimed: readonly ClaimFinding[] } {
  const findings = [...new Set([...claimed.explicit, ...claimed.implicit])].map((id) => findClaimed(id, claimed.known.get(id)!, origins, equivalent, work));
  const isConfirmed = findings.some(({ finding }) => finding === 'same' || finding === 'pick' || finding === 'close');
  const isContradicted = findings.some(({ commit, finding }) => claimed.explicit.includes(commit) && (finding === 'other' || finding === 'absent'));
  return { claim: findings.length === 0 ? 'absent' : isConfirmed ? 'confirmed' : isContradicted ? 'contradicted' : 'unverifiable', claimed: findings };
}

/** The better a finding speaks for a claim, the earlier: a short id may be that of several commits. */
const findingOrder: readonly ClaimFinding['finding'][] = ['same', 'pick', 'close', 'other', 'absent', 'unread', 'unknown'];

function findClaimed(id: string, keys: readonly CommitKey[], origins: readonly Candidate[], equivalent: readonly CommitFact[], work: Work): ClaimFinding {
  let best: ClaimFinding = { commit: id, finding: 'unknown' };
  const same = new Set(equivalent.map((commit) => commit.id));
  for (const key of keys) {
    const origin = origins.find((each) => [each.commit, ...each.siblings].some((commit) => commit.key === key));
    const candidate = origin ?? work.candidates.find((each) => [each.commit, ...each.siblings].some((commit) => commit.key === key));
    const comparison = candidate?.comparison;
    const cover = comparison ? { coverOfPatch: round(comparison.coverOfPatch), coverOfCommit: round(comparison.coverOfCommit) } : {};
    const found: ClaimFinding = { commit: id, finding: origin ? 'same' : !candidate || !comparison ? 'unread' : findingOf(candidate, comparison, origins, same, work), ...cover };
    if (findingOrder.indexOf(found.finding) < findingOrder.indexOf(best.finding)) best = found;
  }
  return best;
}

/** Below this share of both, what a commit and a patch have in common is nothing to speak of. */
const leastOfClaimed = 0.1;

function findingOf(candidate: Candidate, comparison: Comparison, origins: readonly Candidate[], same: ReadonlySet<string>, work: Work): ClaimFinding['finding'] {
  // Equal lines in other surroundings are not the same diff.
  if ([candidate.commit, ...candidate.siblings].some((commit) => same.has(commit.fact.id))) return candidate.hasSameId || !origins.some((origin) => origin.hasSameId) ? 'same' : 'pick';
  if (isConvincing(candidate, work)) {
    if (origins.some((origin) => origin.commit.fact.subject === candidate.commit.fact.subject)) return 'pick';
    if (origins.some((origin) => origin.comparison && comparison.matchedLines >= 0.9 * origin.comparison.matchedLines)) return 'close';
  }
  return origins.length === 0 && comparison.coverOfPatch < leastOfClaimed && comparison.coverOfCommit < leastOfClaimed ? 'absent' : 'other';
}
