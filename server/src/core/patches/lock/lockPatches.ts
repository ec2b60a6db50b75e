import { relationStrength } from '../carrierMatch.js';
import { type ClaimContext, readClaims } from '../claims.js';
import { identifyChange } from '../identity.js';
import { parsePatch } from '../parsePatch.js';
import type { Decompressor, ParsedPatch, PatchChange } from '../patch.js';
import { blobId } from '../sha1.js';
import { AFTERMATH_FORMAT, type Aftermath, type ChangeVerdict, type Claim, type CommitFact, type HunkEvidence, type PatchTrace, VERDICT_FORMAT, aftermathNews } from '../verdict.js';
import { type Decision, dayOf, isInForce } from './decision.js';
import { type LockFile, type LockedAftermath, type LockedChange, type LockedCommit, type LockedIdentity, type LockedLater, type LockedVerdict, noAftermath } from './lockFile.js';

/** One patch as it is now, to be held against a lock. */
export interface CurrentPatch {
  readonly file: string;
  /** Its changes in order; a file without a readable change counts as one. Undefined where the file is missing. */
  readonly changes: readonly CurrentChange[] | undefined;
  /** What was found out about it; undefined where it was not traced. */
  readonly trace: PatchTrace | undefined;
}

export interface CurrentChange {
  readonly subject: string | undefined;
  readonly identity: LockedIdentity;
  /** What it says of itself, and the spec of it. */
  readonly claims: readonly Claim[];
}

/** Reads what a lock knows a patch by. `trace` is what was found out about these very bytes. */
export function currentPatch(file: string, bytes: Uint8Array | undefined, { trace, context = {}, decompressor }: { readonly trace?: PatchTrace | undefined; readonly context?: ClaimContext; readonly decompressor?: Decompressor | undefined } = {}): CurrentPatch {
  if (bytes === undefined) return { file, changes: undefined, trace };
  const patch = parsePatch(bytes, decompressor === undefined ? {} : { decompressor });
  if (patch.changes.length === 0) return { file, changes: [{ subject: undefined, identity: { diff: blobId(bytes), patchId: undefined, content: undefined }, claims: [] }], trace };
  return { file, changes: patch.changes.map((change) => ({ subject: change.subject, identity: lockedIdentity(patch, change), claims: readClaims(patch, change, { fileName: file, ...context }).claims })), trace };
}

function lockedIdentity(patch: ParsedPatch, change: PatchChange): LockedIdentity {
  const { patchId, normalPatchId, content } = identifyChange(patch, change);
  return { diff: blobId(diffBytes(patch, change)), patchId: patchId ?? normalPatchId, content: content?.toString(16) };
}

/** Everything of a change from its first diff on; the whole of one that has none. */
function diffBytes({ bytes }: ParsedPatch, { bytes: { start, end }, lines, header, files }: PatchChange): Uint8Array {
  if (files.length === 0) return bytes.subarray(start, end);
  let at = start;
  for (let line = lines.start; line < header.end; line++) {
    const feed = bytes.indexOf(10, at);
    if (feed === -1 || feed >= end) break;
    at = feed + 1;
  }
  return bytes.subarray(at, end);
}

export interface RenewOptions {
  /** `2026-11-25`. */
  readonly today: string;
  /** How a location is written into a file that other machines read; as it is where none is given. */
  readonly place?: (location: string) => string;
}

export interface Renewal {
  readonly lock: LockFile;
  /** Changes whose decision was not taken over, because they are not the same any more or have gone. */
  readonly dropped: readonly LockedChange[];
}

/**
 * The lock as the patches are now. Decisions stay with their change, whatever the file is called; of what was locked, only
 * what is found otherwise is written anew, and then with today's date.
 */
export function renewLock(lock: LockFile, patches: readonly CurrentPatch[], { today, place = (location) => location }: RenewOptions): Renewal {
  const pairs = pairUp(lock, patches);
  const changes = pairs.paired.map(({ patch, change, at, locked, how }): LockedChange => {
    const verdict = at === undefined ? undefined : verdictOf(patch.trace, at, today, place);
    const before = how === 'changed' ? undefined : locked;
    const isAftermathKnown = at !== undefined && patch.trace?.changes[at]?.aftermath !== undefined;
    const aftermath = (isAftermathKnown ? verdict?.aftermath : undefined) ?? before?.verdict?.aftermath ?? noAftermath;
    const keepsBefore = before?.verdict !== undefined && (verdict === undefined || differenceOf(before.verdict, patch.trace!.changes[at!]!) === undefined);
    return {
      file: patch.file,
      subject: change.subject,
      identity: change.identity,
      verdict: keepsBefore ? { ...before.verdict!, firstRelease: before.verdict!.firstRelease ?? (verdict !== undefined && verdict.commits[0]?.id === before.verdict!.commits[0]?.id ? verdict.firstRelease : undefined), aftermath } : verdict,
      decision: before?.decision,
      notes: locked?.notes ?? [],
    };
  });
  const taken = new Set(pairs.paired.flatMap(({ locked, how }) => (locked === undefined || how === 'changed' ? [] : [locked])));
  return { lock: { changes }, dropped: lock.changes.filter((locked) => locked.decision !== undefined && !taken.has(locked) && !changes.some(({ identity, decision }) => decision !== undefined && identity.diff === locked.identity.diff)) };
}

/** One reason why patches are not as they were locked, or a remark. */
export interface LockDifference {
  /**
   * `judged`: the same change, found to come from elsewhere or to claim otherwise. `expired`: a waiver has ended. `later`:
   * upstream has gone on since.
   */
  readonly kind: 'new' | 'changed' | 'gone' | 'missing' | 'judged' | 'unjudged' | 'expired' | 'renamed' | 'later';
  readonly file: string;
  /** Zero-based number of the change in a patch of several; undefined where the patch has one or is not there. */
  readonly change: number | undefined;
  /** What has changed, as a sentence. */
  readonly message: string;
  /** What to do about it, as a sentence. */
  readonly help: string;
  /** False for a remark: the lock still says what is so. */
  readonly fails: boolean;
}

/** Holds patches against their lock: the differences, by patch in the order given, then those that have gone. Verdicts are compared as far as the patches were traced. */
export function compareWithLock(lock: LockFile, patches: readonly CurrentPatch[], today: string): readonly LockDifference[] {
  const differences: LockDifference[] = [];
  const renew = "Look at the patch, then renew the lock with 'spectrail trace --lock' and commit it.";
  const { paired, gone } = pairUp(lock, patches);
  for (const { patch, change, at, locked, how } of paired) {
    const number = patch.changes!.length > 1 ? at : undefined;
    const add = (kind: LockDifference['kind'], message: string, help: string, fails = true): void => void differences.push({ kind, file: patch.file, change: number, message, help, fails });
    if (locked === undefined) {
      add('new', 'It is not in the lock.', renew);
      continue;
    }
    if (how === 'changed') {
      const also = locked.decision === undefined ? '' : ` The decision of ${locked.decision.owner} was about what it was before.`;
      add('changed', `It is not the change that was locked${locked.subject !== undefined && locked.subject !== change.subject ? ` ('${locked.subject}')` : ''}.${also}`, renew);
      continue;
    }
    if (how === 'rewritten') {
      const same = locked.identity.patchId !== undefined && locked.identity.patchId === change.identity.patchId;
      add('changed', `Its diff was written anew: ${same ? 'the patch id is the same, white space, line numbers or what stands around the diff are not' : 'the same lines are added and removed, context, position or white space are not the same'}.`, renew);
    } else if (locked.file !== patch.file) add('renamed', `It was locked as ${locked.file}.`, "'spectrail trace --lock' writes the new name.", false);
    const { decision } = locked;
    if (decision !== undefined && !isInForce(decision, today)) add('expired', `The waiver of ${decision.owner} ended on ${decision.until}: ${decision.reason}`, "Mend the patch, or decide again with 'spectrail decide'.");
    const now = at === undefined || patch.trace === undefined || !isTraced(patch.trace) ? undefined : patch.trace.changes[at];
    if (now === undefined) continue;
    if (locked.verdict === undefined) {
      if (decision === undefined) add('unjudged', 'The lock has no verdict on it.', renew);
      continue;
    }
    const difference = differenceOf(locked.verdict, now);
    if (difference !== undefined) add('judged', difference, `Compare both ('spectrail trace --details'), then renew the lock with 'spectrail trace --lock' and commit it.`);
    // What is ours on purpose, or waived for now, nobody wants to hear of again.
    const isOpen = decision === undefined || decision.kind === 'accepted' || !isInForce(decision, today);
    if (isOpen) for (const message of newsSince(locked.verdict.aftermath, now)) add('later', message, "Look whether it bears on this package; 'spectrail trace --lock' takes it down.", false);
  }
  for (const patch of patches) if (patch.changes === undefined) differences.push({ kind: 'missing', file: patch.file, change: undefined, message: 'The file is missing.', help: 'Put it beside the spec or into SOURCES.', fails: true });
  const absent = new Set(patches.filter(({ changes }) => changes === undefined).map(({ file }) => file));
  for (const [file, count] of countBy(gone.filter(({ file }) => !absent.has(file)))) {
    const isLeft = patches.some((patch) => patch.file === file);
    differences.push({ kind: 'gone', file, change: undefined, message: isLeft ? `${count === 1 ? 'A change' : `${count} changes`} of it that the lock has ${count === 1 ? 'is' : 'are'} gone.` : 'The lock has it, and the package does not.', help: renew.replace('Look at the patch', 'If that is meant'), fails: true });
  }
  const order = new Map(patches.map(({ file }, i) => [file, i]));
  return differences.sort((a, b) => (order.get(a.file) ?? Infinity) - (order.get(b.file) ?? Infinity) || 0);
}

/** The lock with a decision on a patch, on one change of it or on all; without a decision, those there are are taken back. What the lock says of other patches stays, true or not. */
export function recordDecision(lock: LockFile, patch: CurrentPatch, decision: Omit<Decision, 'about'> | undefined, { change, ...options }: RenewOptions & { readonly change?: number | undefined }): LockFile {
  const renewed = renewLock(lock, [patch], options).lock.changes.map((locked, i): LockedChange => {
    if (change !== undefined && change !== i) return locked;
    const { verdict } = locked;
    return { ...locked, decision: decision === undefined ? undefined : { ...decision, about: verdict === undefined ? undefined : { relation: verdict.relation, claim: verdict.claim } } };
  });
  return { changes: [...lock.changes.filter(({ file }) => file !== patch.file), ...renewed] };
}

/** What people decided about a patch as it is now. */
export interface PatchDecisions {
  readonly file: string;
  /** One for each change, in order; undefined for a change that nobody decided about. Ended waivers are left out. */
  readonly changes: readonly (Decision | undefined)[];
  /** Waivers that have ended. */
  readonly expired: readonly Decision[];
}

export interface LockKnowledge {
  /** By the patch's file, for patches about which something was decided. */
  readonly decisions: readonly PatchDecisions[];
  /** Traces as far as the lock has them: of patches whose every change is as it was locked, and has a verdict. */
  readonly traces: readonly PatchTrace[];
}

/** What a lock says of patches as they are now; of a patch that is not what was locked it says nothing. */
export function lockKnowledge(lock: LockFile, patches: readonly CurrentPatch[], today: string): LockKnowledge {
  const byPatch = new Map<CurrentPatch, (LockedChange | undefined)[]>(patches.map((patch) => [patch, patch.changes?.map(() => undefined) ?? []]));
  for (const { patch, at, locked, how } of pairUp(lock, patches).paired) if (at !== undefined && how !== 'changed') byPatch.get(patch)![at] = locked;
  const decisions: PatchDecisions[] = [];
  const traces: PatchTrace[] = [];
  for (const [{ file, trace, changes }, locked] of byPatch) {
    const decided = locked.map((each) => each?.decision);
    if (decided.some((decision) => decision !== undefined)) {
      decisions.push({ file, changes: decided.map((decision) => (decision !== undefined && isInForce(decision, today) ? decision : undefined)), expired: decided.filter((decision) => decision !== undefined && !isInForce(decision, today)) as Decision[] });
    }
    // What the lock knows of an older form of the diff is not known of this one.
    if (trace === undefined && locked.length > 0 && locked.every((each) => each?.verdict !== undefined)) traces.push(lockedTrace(file, locked as LockedChange[], changes!, patches));
  }
  return { decisions, traces };
}

/** Whether a place was searched for origins: without one, "none" would be no answer. */
function isTraced({ coverage }: PatchTrace): boolean {
  return coverage.searched.length > 0;
}

interface Pair {
  readonly patch: CurrentPatch;
  readonly change: CurrentChange;
  readonly at: number | undefined;
  readonly locked: LockedChange | undefined;
  /** `same`: the diff byte for byte. `rewritten`: the same patch id or lines. `changed`: only the file's name is the same. */
  readonly how: 'same' | 'rewritten' | 'changed' | undefined;
}

/** Finds for each change the locked one it is, strictest first, each locked one once. */
function pairUp(lock: LockFile, patches: readonly CurrentPatch[]): { readonly paired: readonly Pair[]; readonly gone: readonly LockedChange[] } {
  const open = patches.flatMap((patch) => (patch.changes ?? []).map((change, at) => ({ patch, change, at, locked: undefined as LockedChange | undefined, how: undefined as Pair['how'] })));
  const left = new Set(lock.changes);
  const pair = (how: NonNullable<Pair['how']>, keyOfLocked: (locked: LockedChange) => string | undefined, keyOfChange: (change: CurrentChange, file: string) => string | undefined): void => {
    const byKey = new Map<string, LockedChange[]>();
    for (const locked of left) {
      const key = keyOfLocked(locked);
      if (key === undefined) continue;
      const same = byKey.get(key);
      if (same === undefined) byKey.set(key, [locked]);
      else same.push(locked);
    }
    for (const each of open) {
      if (each.locked !== undefined) continue;
      const key = keyOfChange(each.change, each.patch.file);
      const locked = key === undefined ? undefined : byKey.get(key)?.shift();
      if (locked === undefined) continue;
      left.delete(locked);
      each.locked = locked;
      each.how = how;
    }
  };
  const inFile = (key: string | undefined, file: string): string | undefined => (key === undefined ? undefined : `${file}\0${key}`);
  const keys: readonly ((identity: LockedIdentity) => string | undefined)[] = [({ diff }) => diff, ({ patchId }) => patchId, ({ content }) => content];
  for (const [i, keyOf] of keys.entries()) {
    const how = i === 0 ? 'same' : 'rewritten';
    pair(how, ({ identity, file }) => inFile(keyOf(identity), file), ({ identity }, file) => inFile(keyOf(identity), file));
    pair(how, ({ identity }) => keyOf(identity), ({ identity }) => keyOf(identity));
  }
  pair('changed', ({ file }) => file, (_, file) => file);
  // Two sides of a merge may both have locked the same change.
  const known = new Set(open.flatMap(({ locked }) => (locked === undefined ? [] : [`${locked.file}\0${locked.identity.diff}`])));
  return { paired: open, gone: [...left].filter(({ file, identity }) => !known.has(`${file}\0${identity.diff}`)) };
}

/** What is found otherwise than it was locked, as a sentence; undefined where the same is found. */
function differenceOf(before: LockedVerdict, now: ChangeVerdict): string | undefined {
  if (before.claim !== now.claim) return `Its claim was locked as ${before.claim} and is found ${now.claim}${now.relation === before.relation ? '' : `; its relation was ${before.relation} and is ${now.relation}`}.`;
  if (before.relation !== now.relation) {
    const commit = now.commit ?? undefined;
    return `It was locked as '${before.relation}'${before.commits[0] === undefined ? '' : ` (${before.commits[0].id.slice(0, 12)})`} and is found '${now.relation}'${commit === undefined ? '' : ` (${commit.id.slice(0, 12)} ${commit.subject})`}.`;
  }
  const ids = new Set([...now.commits, ...now.equivalent].map(({ id }) => id));
  const lost = before.commits.find(({ id }) => !ids.has(id));
  if (lost === undefined || now.commit === undefined) return undefined;
  return `It was locked as commit ${lost.id.slice(0, 12)} (${lost.subject}) and is found to be ${now.commit.id.slice(0, 12)} (${now.commit.subject}).`;
}

/** What has become of a change that its lock does not know of, as sentences. */
function newsSince(before: LockedAftermath, now: ChangeVerdict): string[] {
  const { containedIn, reverts, followUps } = aftermathNews({ changes: [now] });
  const shown = ({ commit: { id, subject } }: { readonly commit: CommitFact }): string => `${id.slice(0, 12)} (${subject})`;
  const isNew = (known: readonly LockedLater<string>[], state: string) => ({ commit }: { readonly commit: CommitFact }): boolean => !known.some((later) => later.id === commit.id && later.state === state);
  return [
    ...(containedIn === undefined || before.inVersion !== undefined ? [] : [`The packaged version has it already: ${containedIn}.`]),
    ...reverts.filter(isNew(before.reverts, 'holds')).map((revert) => `Upstream reverted its commit by ${shown(revert)}, which the lock does not know of.`),
    ...followUps.filter(isNew(before.followUps, 'missing')).map((followUp) => `Upstream went on with its commit by ${shown(followUp)}, which the package lacks and the lock does not know of.`),
  ];
}

function lockedAftermath(aftermath: Aftermath | undefined): LockedAftermath {
  if (aftermath === undefined) return noAftermath;
  const { version, reverts, followUps } = aftermath;
  const later = <State extends string>(state: State, { id, subject, date }: CommitFact): LockedLater<State> => ({ state, id, date: dayOf(date * 1000), subject });
  return {
    inVersion: version?.content === 'contained' && version.undoneBy === undefined ? version.tag : undefined,
    reverts: reverts.map(({ commit, partial, undoneBy, carriedBy }) => later(partial ? 'partly' : undoneBy !== undefined ? 'made-good' : carriedBy !== undefined ? 'carried' : 'holds', commit)),
    followUps: followUps.map(({ commit, kind, state }) => ({ ...later(state, commit), kind })),
  };
}

/** The verdict on one change as a lock keeps it; undefined where nothing was searched. */
function verdictOf(trace: PatchTrace | undefined, at: number, today: string, place: (location: string) => string): LockedVerdict | undefined {
  const change = trace?.changes[at];
  if (trace === undefined || change === undefined || !isTraced(trace)) return undefined;
  const { commit, evidence } = change;
  const commits = change.relation === 'none' ? [] : change.commits.length > 0 ? change.commits : commit === undefined ? [] : [commit];
  const carrier = trace.carriers.find(({ relation }) => relation === 'same-file' || relation === 'same-change') ?? trace.carriers[0];
  const best = commits[0];
  return {
    relation: change.relation,
    claim: change.claim,
    commits: commits.map(lockedCommit),
    from:
      best !== undefined
        ? { source: best.place.source, location: place(best.place.location), ref: best.reachedBy, path: undefined }
        : carrier !== undefined
          ? { source: carrier.name, location: place(carrier.place.location), ref: carrier.place.commit, path: carrier.place.path }
          : undefined,
    firstRelease: best?.firstTag,
    coverOfPatch: best === undefined || evidence === undefined ? undefined : digits(evidence.coverOfPatch),
    coverOfCommit: best === undefined || evidence === undefined ? undefined : digits(evidence.coverOfCommit),
    differs: best === undefined || evidence === undefined ? [] : differing(evidence.hunks),
    leftOut: best === undefined || evidence === undefined ? [] : evidence.benignlyDropped,
    searched: best !== undefined ? [] : trace.coverage.searched.map(({ source, location, refs, upTo }) => [source, place(location), ...(refs.length === 0 ? [] : [refs.slice(0, 3).map(({ name }) => name).join(' ') + (refs.length > 3 ? ` and ${refs.length - 3} more` : '')]), ...(upTo === undefined ? [] : [`up to ${dayOf(upTo * 1000)}`])].join(', ')),
    aftermath: lockedAftermath(change.aftermath),
    judged: today,
  };
}

function lockedCommit({ id, subject, author, date }: CommitFact): LockedCommit {
  return { id, subject, author, date: dayOf(date * 1000) };
}

function digits(share: number): number {
  // Not all of it is never written as all of it.
  return share >= 1 ? 1 : Math.min(Math.round(share * 100) / 100, 0.99);
}

const hunkWords: Readonly<Record<HunkEvidence['state'], string | undefined>> = { equal: undefined, moved: undefined, different: 'differs', 'missing-upstream': 'is not upstream', 'missing-here': 'is left out' };
const shownHunks = 12;

function differing(hunks: readonly HunkEvidence[]): string[] {
  const different = hunks.flatMap(({ path, hunk, state }) => (hunkWords[state] === undefined ? [] : [`${path} hunk ${hunk + 1} ${hunkWords[state]}`]));
  return different.length <= shownHunks ? different : [...different.slice(0, shownHunks), `and ${different.length - shownHunks} more`];
}

/** A trace as far as a lock has one: for who has no better. */
function lockedTrace(file: string, locked: readonly LockedChange[], current: readonly CurrentChange[], all: readonly CurrentPatch[]): PatchTrace {
  const changes = locked.map(({ subject, verdict }, n): ChangeVerdict => {
    const { relation, claim, commits, from, firstRelease, coverOfPatch, coverOfCommit, leftOut } = verdict!;
    const facts = commits.map(({ id, subject: title, author, date }, i): CommitFact => ({ place: { source: from?.source ?? '', location: from?.location ?? '' }, id, subject: title, author, date: Date.parse(`${date}T00:00:00Z`) / 1000, firstTag: i === 0 ? firstRelease : undefined, reachedBy: from?.ref }));
    return {
      subject,
      relation,
      commit: facts[0],
      commits: facts,
      equivalent: [],
      claim,
      claims: current[n]!.claims,
      evidence: coverOfPatch === undefined || coverOfCommit === undefined ? undefined : { found: ['lock'], coverOfPatch, coverOfCommit, hunks: [], benignlyDropped: leftOut },
      confidence: 1,
      ...aftermathOf(verdict!, all),
    };
  });
  const weakest = changes.reduce((weak, each) => (relationStrength(each.relation) < relationStrength(weak.relation) ? each : weak));
  const worst = changes.reduce((bad, each) => (claimOrder.indexOf(each.claim) < claimOrder.indexOf(bad.claim) ? each : bad));
  const places = new Set(locked.flatMap(({ verdict }) => (verdict!.searched.length > 0 ? verdict!.searched : verdict!.from === undefined ? [] : [`${verdict!.from.source}, ${verdict!.from.location}`])));
  const searched = [...places].map((place) => {
    const [source = '', location = ''] = place.split(', ');
    return { source, location, refs: [], upTo: undefined };
  });
  return { format: VERDICT_FORMAT, fileName: file, number: undefined, blob: undefined, relation: weakest.relation, claim: worst.claim, changes, carriers: [], coverage: { searched, failed: [] }, problems: [] };
}

/** What a lock knows of what became of a change; of a later commit that a patch has meanwhile, by its words, nothing. */
function aftermathOf({ aftermath: { inVersion, reverts, followUps }, from }: LockedVerdict, all: readonly CurrentPatch[]): { readonly aftermath?: Aftermath } {
  const changes = all.flatMap((patch) => patch.changes ?? []);
  const isThere = ({ id, subject }: LockedLater<string>): boolean => changes.some((change) => change.subject === subject || change.claims.some(({ commit }) => commit !== undefined && id.startsWith(commit.toLowerCase())));
  const fact = ({ id, subject, date }: LockedLater<string>): CommitFact => ({ place: { source: from?.source ?? '', location: from?.location ?? '' }, id, subject, author: '', date: Date.parse(`${date}T00:00:00Z`) / 1000, firstTag: undefined, reachedBy: undefined });
  const aftermath: Aftermath = {
    format: AFTERMATH_FORMAT,
    version: inVersion === undefined ? undefined : { tag: inVersion, reached: false, content: 'contained', hunks: { there: 0, absent: 0, unknown: 0 } },
    reverts: reverts.filter((later) => (later.state === 'holds' || later.state === 'partly') && !isThere(later)).map((later) => ({ commit: fact(later), quote: '', partial: later.state === 'partly' })),
    followUps: followUps.filter((later) => later.state !== 'carried' && !isThere(later)).map((later) => ({ commit: fact(later), kind: later.kind, quote: '', state: later.state })),
    series: undefined,
  };
  return aftermath.version === undefined && aftermath.reverts.length + aftermath.followUps.length === 0 ? {} : { aftermath };
}

/** The worst first, as in a trace. */
const claimOrder: readonly ChangeVerdict['claim'][] = ['contradicted', 'unverifiable', 'absent', 'confirmed'];

function countBy(changes: readonly LockedChange[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { file } of changes) counts.set(file, (counts.get(file) ?? 0) + 1);
  return counts;
}
