import { type Cancellation, type Git, type GitOpenOptions, HostError, checkCancelled } from '../../host.js';
import { isBenignPath } from '../compare.js';
import { isTelling, lineFingerprint, oppositeFingerprint } from '../fingerprint.js';
import { messagesTask } from '../git/messagesTask.js';
import { identifyChange } from '../identity.js';
import { type MatchInput, subjectFingerprint } from '../match.js';
import type { FileDiff, Hunk, ParsedPatch, PatchChange } from '../patch.js';
import type { Location } from '../sources/location.js';
import { AFTERMATH_FORMAT, type Aftermath, type ChangeVerdict, type CommitFact, type FollowUpFact, type FollowUpState, type PartFact, type RevertFact, type SeriesFact, type VersionFact } from '../verdict.js';
import { type MadeByPatches, containmentOf } from './containment.js';
import { surveyHistory } from './gitUpstream.js';
import type { History } from './history.js';
import { diffFetcher } from './historyIndex.js';
import { type MessageReference, type ReferenceKind, readMessageReferences } from './messageReferences.js';
import { VersionFiles } from './versionFiles.js';

/** A change whose origin is known, with the file it stands in. */
export interface JudgedChange extends MatchInput {
  readonly fileName: string;
  readonly part?: PartFact | undefined;
  readonly verdict: ChangeVerdict;
}

export interface AftermathOptions {
  readonly project?: string;
  readonly version?: string;
  readonly network: GitOpenOptions['network'];
  readonly cancellation: Cancellation;
  readonly progress?: (step: string) => void;
  /** The history, where it was just read. */
  readonly history?: History;
}

/** A merge that brings more commits than this joins branches, not the parts of a series. */
const SERIES_LIMIT = 30;

/** Commits that speak of one origin are looked at up to this many: what is quoted more often is a landmark. */
const FOLLOWERS_LIMIT = 40;

/** A commit that merely names an origin goes on with it when this share of what it takes out was added by the origin. */
const SAME_LINES_SHARE = 0.5;

/** A package has a follow-up when its patches add this share of what the follow-up adds. */
const CARRIED_SHARE = 0.7;

/** A follow-up is for this code when this share of its hunks finds the lines it takes out, or stands beside. */
const APPLIES_SHARE = 0.5;
const LINES_SHARE = 0.6;

interface Reference {
  readonly from: number;
  readonly kind: ReferenceKind;
  readonly quote: string;
}

/**
 * What became of changes upstream, for all changes of a package at once: one pass over the messages of the history since the
 * oldest origin, the diffs of the few commits that speak of an origin, and the files of the packaged version that bear on
 * them. In the order of the changes; undefined for one without an origin, whose version is not known either.
 */
export async function readAftermath(git: Git, location: Location, changes: readonly JudgedChange[], { project, version, network, cancellation, progress = () => {}, history: known }: AftermathOptions): Promise<(Aftermath | undefined)[]> {
  const repository = await git.open(location, { network, cancellation });
  const history = known ?? (await surveyHistory(git, repository, location, undefined, cancellation));
  checkCancelled(cancellation);
  progress(`reading what ${location.name} says of the origins`);
  const origins = changes.map((change) => originsOf(change, history));
  const dates = origins.flat().map((number) => history.date(number));
  // A commit's author is never later than its committer, by whose date git cuts; a day is for clocks that were wrong.
  const since = dates.length === 0 ? undefined : dates.reduce((oldest, date) => Math.min(oldest, date)) - 86400;
  const talk = new Talk(history);
  if (dates.length > 0) {
    const task = messagesTask({ since });
    for await (const { id, message } of task.parse(git.read(repository, task.args, { cancellation }))) talk.add(id, message);
  }
  const families = origins.map((numbers) => talk.family(numbers));
  const tag = version === undefined ? undefined : history.tagOf(version, project);
  const reached = tag === undefined ? undefined : history.reachable(tag.commit);

  // The commits that speak of an origin, with their diffs.
  const speakers = families.map((family) => talk.about(family).slice(0, FOLLOWERS_LIMIT));
  const wanted = [...new Set(speakers.flat().filter(({ kind }) => kind !== 'reverts').map(({ from }) => from))];
  const fetch = diffFetcher(git, repository);
  const diffs = new Map<number, { readonly patch: ParsedPatch; readonly change: PatchChange }>();
  const asked = wanted.map((number) => ({ key: number, fact: history.fact(number), patchId: undefined, content: undefined, lineCount: 0, reach: history.reach(number) }));
  for (const [i, fetched] of (await orWithout(fetch(asked, cancellation), [])).entries()) if (fetched !== undefined) diffs.set(wanted[i]!, fetched);
  checkCancelled(cancellation);
  const pathsOf = (change: PatchChange): string[] => change.files.flatMap(({ path, renamedFrom }) => (renamedFrom === undefined ? [path] : [path, renamedFrom]));
  const files = tag === undefined ? undefined : await orWithout(VersionFiles.read(git, repository, tag.commit, new Set([...changes.flatMap(({ change }) => pathsOf(change)), ...[...diffs.values()].flatMap(({ change }) => pathsOf(change))]), cancellation), undefined);

  const patches = new PackageLines(changes);
  const carriers = new Map<number, string>();
  for (const [i, family] of families.entries()) for (const number of [...family, ...talk.family(claimedBy(changes[i]!, history))]) if (!carriers.has(number)) carriers.set(number, changes[i]!.fileName);
  const subjects = new Map<number, string>(changes.flatMap(({ change: { subject }, fileName }) => (subject === undefined ? [] : [[subjectFingerprint(subject) ?? 0, fileName] as const])));
  const carrierOf = (number: number): string | undefined => talk.family([number]).map((each) => carriers.get(each)).find((file) => file !== undefined) ?? subjects.get(subjectFingerprint(history.subject(number)) ?? -1);
  const versionLines = new Map<string, ReadonlySet<number> | undefined>();
  const linesOf = (path: string): ReadonlySet<number> | undefined => {
    if (!versionLines.has(path)) versionLines.set(path, lineSet(files?.file(path)));
    return versionLines.get(path);
  };

  const versionOf = (i: number): VersionFact | undefined => {
    if (tag === undefined || files === undefined) return undefined;
    const { patch, change, identity } = changes[i]!;
    const { answer, there, absent, unknown } = containmentOf(patch, change, (path) => files.file(path), patches);
    const undoneBy = answer === 'contained' ? patches.undoes((identity ?? identifyChange(patch, change)).lines, changes[i]!.fileName) : undefined;
    return { tag: tag.name, reached: families[i]!.some((number) => reached!.has(number)), content: answer, hunks: { there, absent, unknown }, ...(undoneBy === undefined ? {} : { undoneBy }) };
  };
  const stateOf = (i: number, from: number): { readonly state: FollowUpState; readonly carriedBy?: string } => {
    const relatives = talk.family([from]);
    const carriedBy = carrierOf(from);
    if (carriedBy !== undefined) return { state: 'carried', carriedBy };
    if (reached !== undefined && relatives.some((number) => reached.has(number))) return { state: 'in-version' };
    if (talk.about(relatives).some((each) => each.kind === 'reverts' && talk.undoer(each.from) === undefined)) return { state: 'reverted' };
    const diff = diffs.get(from);
    if (diff === undefined) return { state: 'unknown' };
    const telling = diff.change.files.filter(({ path }) => !isBenignPath(path) && !isProse(path));
    if (telling.length === 0 || telling.every((file) => isCosmetic(diff.patch, file))) return { state: 'benign' };
    const own = new Set(changes[i]!.change.files.flatMap(({ path, renamedFrom }) => [nameOf(path), ...(renamedFrom === undefined ? [] : [nameOf(renamedFrom)])]));
    const here = telling.filter(({ path }) => own.has(nameOf(path)));
    if (here.length === 0) return { state: 'elsewhere' };
    const added = patches.addsMost(diff.patch, diff.change);
    if (added !== undefined) return { state: 'carried', carriedBy: added };
    if (files === undefined) return { state: 'unknown' };
    if (containmentOf(diff.patch, diff.change, (path) => files.file(path)).answer === 'contained') return { state: 'in-version' };
    let hunks = 0;
    let applicable = 0;
    for (const { path, renamedFrom, hunks: all } of here) {
      const lines = linesOf(path) ?? (renamedFrom === undefined ? undefined : linesOf(renamedFrom));
      for (const hunk of all) {
        const before = linesBefore(diff.patch, hunk);
        if (before.length === 0) continue;
        hunks++;
        const found = before.filter((line) => lines?.has(line) === true || patches.adds(line, path)).length;
        if (found >= LINES_SHARE * before.length) applicable++;
      }
    }
    return { state: hunks > 0 && applicable >= APPLIES_SHARE * hunks ? 'missing' : 'not-applicable' };
  };

  return changes.map((judged, i): Aftermath | undefined => {
    const family = families[i]!;
    const versionFact = versionOf(i);
    if (family.length === 0) {
      const namesake = talk.namesake(judged.change);
      if (versionFact === undefined && namesake === undefined) return undefined;
      return { format: AFTERMATH_FORMAT, version: versionFact, reverts: [], followUps: [], series: undefined, ...(namesake === undefined ? {} : { namesake: history.fact(namesake) }) };
    }
    const reverts: RevertFact[] = [];
    const followUps: FollowUpFact[] = [];
    const ownAdded = new Set([...(judged.identity ?? identifyChange(judged.patch, judged.change)).lines].filter((line) => line % 2 === 1));
    for (const { from, kind, quote } of speakers[i]!) {
      const commit = history.fact(from);
      if (kind === 'reverts' || kind === 'partly-reverts') {
        const undoer = talk.undoer(from) ?? talk.again(family, from);
        const carriedBy = carrierOf(from);
        reverts.push({ commit, quote, partial: kind === 'partly-reverts', ...(undoer === undefined ? {} : { undoneBy: history.fact(undoer) }), ...(carriedBy === undefined ? {} : { carriedBy }) });
        continue;
      }
      if (kind === 'picked-from') continue;
      if (kind === 'mentions') {
        const diff = diffs.get(from);
        const removed = diff === undefined ? [] : [...identifyChange(diff.patch, diff.change).lines].filter((line) => line % 2 === 0);
        const ours = removed.filter((line) => ownAdded.has(oppositeFingerprint(line)));
        // Who only passes by those lines on the way to something else does not mend them.
        if (ours.length === 0 || ours.length < SAME_LINES_SHARE * removed.length) continue;
      }
      followUps.push({ commit, kind: kind === 'mentions' ? 'same-lines' : kind, quote, ...stateOf(i, from) });
    }
    return { format: AFTERMATH_FORMAT, version: versionFact, reverts, followUps, series: seriesOf(history, talk, judged, family, changes, carrierOf, reached) };
  });
}

/** What a clone without contents cannot give is done without. */
async function orWithout<T, U>(work: Promise<T>, without: U): Promise<T | U> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof HostError && error.code === 'object-missing') return without;
    throw error;
  }
}

/** The commits that a change is judged to come from, and those that are the same. */
function originsOf({ verdict }: JudgedChange, history: History): number[] {
  if (verdict.relation === 'none') return [];
  return [...verdict.commits, ...verdict.equivalent].flatMap(({ id }) => history.number(id) ?? []);
}

/** The commits that a change says it comes from, right or wrong: whoever claims a follow-up has at least thought of it. */
function claimedBy({ claims: { claims } }: JudgedChange, history: History): number[] {
  return claims.flatMap(({ kind, commit }) => (commit === undefined || kind === 'mbox-from' ? [] : history.withPrefix(commit).slice(0, 1)));
}

/** What the messages of a history say of its commits, looked up by commit. */
class Talk {
  readonly #history: History;
  /** Who speaks of a commit, by its number. */
  readonly #about = new Map<number, Reference[]>();
  /** Commits that are picks of one another. */
  readonly #picks = new Map<number, number[]>();
  /** References by subject, which are looked up where somebody asks. */
  readonly #bySubject = new Map<number, Reference[]>();
  #subjects: Map<number, number[]> | undefined;
  /** The request that a commit says it closes, and who closes each. */
  readonly #requests = new Map<number, string>();
  readonly #closing = new Map<string, number[]>();

  constructor(history: History) {
    this.#history = history;
  }

  add(id: string, message: string): void {
    const from = this.#history.number(id);
    if (from === undefined || this.#history.isMerge(from)) return;
    const request = /^Closes:? +(#\d+)\s*$/im.exec(message)?.[1];
    if (request !== undefined) {
      this.#requests.set(from, request);
      push(this.#closing, request, from);
    }
    for (const reference of readMessageReferences(message)) this.#note(from, reference);
  }

  #note(from: number, { kind, commit, subject, quote }: MessageReference): void {
    if (commit === undefined) {
      const key = subject === undefined ? undefined : subjectFingerprint(subject);
      if (key !== undefined) push(this.#bySubject, key, { from, kind, quote });
      return;
    }
    const named = this.#history.withPrefix(commit);
    // An id that several commits begin with, or none, is nobody's.
    if (named.length !== 1 || named[0] === from) return;
    push(this.#about, named[0]!, { from, kind, quote });
    if (kind === 'picked-from') {
      push(this.#picks, named[0]!, from);
      push(this.#picks, from, named[0]!);
    }
  }

  /** The commits and all that were picked from them or that they were picked from. */
  family(numbers: readonly number[]): readonly number[] {
    const seen = new Set(numbers);
    for (const number of seen) for (const other of this.#picks.get(number) ?? []) seen.add(other);
    return [...seen];
  }

  /**
   * Commits of the same author that say they close the same request within a month, as projects have it that put the commits
   * of a request on their main line one by one; oldest first, itself included. Undefined where it stands alone.
   */
  closingWith(number: number, limit: number): { readonly request: string; readonly commits: readonly number[] } | undefined {
    const request = this.#requests.get(number);
    if (request === undefined) return undefined;
    const commits = this.#closing.get(request)!.filter((other) => this.#history.author(other) === this.#history.author(number) && this.#history.branchRank(other) === this.#history.branchRank(number) && Math.abs(this.#history.date(other) - this.#history.date(number)) < 30 * 86400);
    return commits.length < 2 || commits.length > limit ? undefined : { request, commits: commits.reverse() };
  }

  /** Who speaks of one of a family, once for each family of speakers, told by the one nearest to the main branch; oldest first. */
  about(family: readonly number[]): readonly Reference[] {
    const members = new Set(family);
    const best = new Map<string, Reference>();
    const consider = (reference: Reference): void => {
      if (members.has(reference.from)) return;
      // Picks of one commit bear its subject, whatever they say of it.
      const key = `${subjectFingerprint(this.#history.subject(reference.from)) ?? this.#history.id(reference.from)}`;
      const before = best.get(key);
      if (before === undefined || strength[reference.kind] > strength[before.kind] || (strength[reference.kind] === strength[before.kind] && this.#isNearer(reference.from, before.from))) best.set(key, reference);
    };
    for (const number of family) {
      for (const reference of this.#about.get(number) ?? []) consider(reference);
      const subject = subjectFingerprint(this.#history.subject(number));
      // By its subject only what came before is meant; and not what says the same of every release.
      if (subject !== undefined) for (const reference of this.#bySubject.get(subject) ?? []) if (this.#history.date(reference.from) >= this.#history.date(number)) consider(reference);
    }
    return [...best.values()].sort((a, b) => this.#history.date(a.from) - this.#history.date(b.from) || a.from - b.from);
  }

  #isNearer(a: number, b: number): boolean {
    return this.#history.branchRank(a) - this.#history.branchRank(b) < 0 || (this.#history.branchRank(a) === this.#history.branchRank(b) && this.#history.date(a) < this.#history.date(b));
  }

  /** The commit that takes a commit back and was not taken back itself; `depth` ends quarrels. */
  undoer(number: number, depth = 0): number | undefined {
    if (depth > 8) return undefined;
    return this.about(this.family([number])).find(({ kind, from }) => kind === 'reverts' && this.undoer(from, depth + 1) === undefined)?.from;
  }

  /** A commit of the same subject as one of the family, later than `behind` and on a branch as good. */
  again(family: readonly number[], behind: number): number | undefined {
    const subjects = new Set(family.flatMap((number) => subjectFingerprint(this.#history.subject(number)) ?? []));
    for (const subject of subjects) {
      const later = this.#withSubject(subject).find((number) => this.#history.date(number) > this.#history.date(behind) && this.#history.branchRank(number) <= this.#history.branchRank(behind));
      if (later !== undefined) return later;
    }
    return undefined;
  }

  /** The commit of a change's subject and author, on the best branch that has one. */
  namesake({ subject, author }: PatchChange): number | undefined {
    const print = subject === undefined ? undefined : subjectFingerprint(subject);
    if (print === undefined || author === undefined) return undefined;
    const name = nameOfPerson(author);
    const same = this.#withSubject(print).filter((number) => nameOfPerson(this.#history.author(number)) === name);
    return same.reduce<number | undefined>((best, number) => (best === undefined || this.#history.branchRank(number) < this.#history.branchRank(best) ? number : best), undefined);
  }

  #withSubject(subject: number): readonly number[] {
    if (this.#subjects === undefined) {
      this.#subjects = new Map();
      for (let number = 0; number < this.#history.size; number++) {
        const key = this.#history.isMerge(number) ? undefined : subjectFingerprint(this.#history.subject(number));
        if (key !== undefined) push(this.#subjects, key, number);
      }
    }
    return this.#subjects.get(subject) ?? [];
  }
}

/** Of two ways a commit speaks of another, the plainer one counts. */
const strength: Readonly<Record<ReferenceKind, number>> = { reverts: 5, 'partly-reverts': 4, fixes: 3, 'follow-up': 2, mentions: 1, 'picked-from': 0 };

/** The changed lines of all patches of a package, by file. */
class PackageLines implements MadeByPatches {
  readonly #added = new Map<number, Set<string>>();
  /** Paths of files that a patch makes. */
  readonly #made = new Set<string>();
  readonly #files: { readonly file: string; readonly lines: ReadonlySet<number> }[] = [];

  constructor(changes: readonly JudgedChange[]) {
    const byFile = new Map<string, Set<number>>();
    for (const { patch, change, fileName } of changes) {
      let lines = byFile.get(fileName);
      if (lines === undefined) byFile.set(fileName, (lines = new Set()));
      for (const { path, hunks, action } of change.files) {
        if (action === 'add' || action === 'rename' || action === 'copy') this.#made.add(path);
        for (const { content } of hunks) {
          for (const { op, start, end } of content) {
            if (op === ' ') continue;
            const line = lineFingerprint(patch.bytes, start, end, op === '+');
            if (!isTelling(line)) continue;
            lines.add(line);
            if (op === '-') continue;
            const names = this.#added.get(line);
            if (names === undefined) this.#added.set(line, new Set([nameOf(path)]));
            else names.add(nameOf(path));
          }
        }
      }
    }
    for (const [file, lines] of byFile) this.#files.push({ file, lines });
  }

  /** Whether a patch adds a line (as {@link lineFingerprint} of an added one) to a file of this name. */
  adds(line: number, path: string): boolean {
    return this.#added.get(line)?.has(nameOf(path)) === true;
  }

  makes(path: string): boolean {
    return this.#made.has(path);
  }

  /** Another patch that takes back at least half of the lines. */
  undoes(lines: Float64Array, except: string): string | undefined {
    if (lines.length === 0) return undefined;
    return this.#files.find(({ file, lines: other }) => file !== except && lines.filter((line) => other.has(oppositeFingerprint(line))).length * 2 >= lines.length)?.file;
  }

  /** The patch that has most of what a commit adds, where the commit adds enough to tell. */
  addsMost(patch: ParsedPatch, change: PatchChange): string | undefined {
    const added = new Set<number>();
    for (const { path, hunks } of change.files) {
      if (isBenignPath(path)) continue;
      for (const { content } of hunks) for (const { op, start, end } of content) if (op === '+') added.add(lineFingerprint(patch.bytes, start, end, true));
    }
    const telling = [...added].filter(isTelling);
    if (telling.length === 0) return undefined;
    const all = telling.filter((line) => this.#added.has(line)).length;
    if (all < CARRIED_SHARE * telling.length) return undefined;
    return this.#files.map(({ file, lines }) => ({ file, count: telling.filter((line) => lines.has(line)).length })).sort((a, b) => b.count - a.count)[0]?.file;
  }
}

/** What a hunk needs to find: the lines it takes out, or, where it only adds, those it stands beside; as fingerprints of added lines. */
function linesBefore(patch: ParsedPatch, { content }: Hunk): number[] {
  const prints = (op: '-' | ' '): number[] => content.filter((line) => line.op === op).map(({ start, end }) => lineFingerprint(patch.bytes, start, end, true)).filter(isTelling);
  const removed = prints('-');
  return removed.length > 0 ? removed : prints(' ');
}

/** The telling lines of a file as fingerprints of added lines; undefined where it is not there or cannot be read. */
function lineSet(content: Uint8Array | 'unreadable' | undefined): ReadonlySet<number> | undefined {
  if (content === undefined || content === 'unreadable') return undefined;
  const lines = new Set<number>();
  let start = 0;
  while (start < content.length) {
    const feed = content.indexOf(10, start);
    const end = feed < 0 ? content.length : feed;
    lines.add(lineFingerprint(content, start, end, true));
    start = end + 1;
  }
  return lines;
}

function seriesOf(history: History, talk: Talk, judged: JudgedChange, family: readonly number[], all: readonly JudgedChange[], carrierOf: (number: number) => string | undefined, reached: ReadonlySet<number> | undefined): SeriesFact | undefined {
  if (judged.verdict.commit === undefined) return undefined;
  const other = (commit: number): SeriesFact['commits'][number] => {
    const carriedBy = carrierOf(commit);
    return { commit: history.fact(commit), ...(carriedBy === undefined ? {} : { carriedBy }), inVersion: reached !== undefined && talk.family([commit]).some((each) => reached.has(each)) };
  };
  for (const number of family) {
    const merged = history.mergedWith(number, SERIES_LIMIT);
    const closing = merged === undefined ? talk.closingWith(number, SERIES_LIMIT) : undefined;
    const commits = ((merged ?? closing)?.commits ?? []).filter((commit) => !family.includes(commit)).map(other);
    if (commits.length > 0) return merged === undefined ? { request: closing!.request, commits } : { merge: history.fact(merged.merge), commits };
  }
  const { part } = judged;
  if (part === undefined || part.lacks.length === 0 || part.of > SERIES_LIMIT) return undefined;
  for (const number of family) {
    const line = history.appliedWith(number, part.number - 1, part.of - part.number);
    if (line === undefined || !agreesWith(line, part, all, history)) continue;
    return { counted: { number: part.number, of: part.of }, commits: line.flatMap((commit, i) => (commit === number ? [] : [{ ...other(commit), number: i + 1 }])) };
  }
  return undefined;
}

/** Whether the parts that the package has come from where they stand in the line: else the package's own people have counted. */
function agreesWith(line: readonly number[], { of, has }: PartFact, all: readonly JudgedChange[], history: History): boolean {
  return has.every(({ number, fileName }) => {
    const sibling = all.find(({ fileName: file, part }) => file === fileName && part?.number === number && part.of === of);
    const origins = sibling === undefined ? [] : originsOf(sibling, history);
    return origins.length === 0 || origins.includes(line[number - 1]!);
  });
}

/** Whether a diff takes out and adds the same lines, but for white space: columns were aligned, a block was indented. */
function isCosmetic({ bytes }: ParsedPatch, { hunks, isBinary, action }: FileDiff): boolean {
  const sum = (op: '+' | '-'): string => hunks.flatMap(({ content }) => content.filter((line) => line.op === op).map(({ start, end }) => Math.abs(lineFingerprint(bytes, start, end, true)))).filter((line) => line !== 0).sort((a, b) => a - b).join(' ');
  return !isBinary && action === 'modify' && sum('+') === sum('-');
}

/** Manuals and other texts: nothing that a package runs is amiss without their mending. */
function isProse(path: string): boolean {
  return /\.(?:md|markdown|rst|adoc|txt|[1-9]|d|html?|texi|pod|docbook)$/i.test(path) || /(?:^|\/)(?:docs?|man|documentation|manual)\//i.test(path);
}

/** Who somebody is, whatever address they wrote from. */
function nameOfPerson(author: string): string {
  return author.replace(/<[^>]*>/, '').trim().toLowerCase() || author.toLowerCase();
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

/** The one fact out of several places about the same change: what any of them knows. A change that one of them has the origin of wants no namesake. */
export function joinAftermaths(all: readonly (Aftermath | undefined)[], isWithoutOrigin: boolean): Aftermath | undefined {
  const there = all.filter((each) => each !== undefined).map(({ namesake, ...rest }): Aftermath => (isWithoutOrigin && namesake !== undefined ? { ...rest, namesake } : rest));
  if (there.length < 2) return there[0];
  const distinct = <T extends { readonly commit: CommitFact }>(facts: readonly T[]): T[] => [...new Map(facts.toReversed().map((fact) => [fact.commit.subject, fact])).values()].sort((a, b) => a.commit.date - b.commit.date);
  const versions = there.flatMap(({ version }) => version ?? []);
  return {
    format: AFTERMATH_FORMAT,
    version: versions.find(({ content }) => content !== 'unknown') ?? versions[0],
    reverts: distinct(there.flatMap(({ reverts }) => reverts)),
    followUps: distinct(there.flatMap(({ followUps }) => followUps)),
    series: there.find(({ series }) => series !== undefined)?.series,
    ...namesakeOf(there),
  };
}

function namesakeOf(all: readonly Aftermath[]): Pick<Aftermath, 'namesake'> {
  const namesake = all.find((each) => each.namesake !== undefined)?.namesake;
  return namesake === undefined ? {} : { namesake };
}
