import type { Place } from '../verdict.js';
import type { CommitFact } from '../verdict.js';
import type { Ref } from '../git/refsTask.js';
import type { SurveyedCommit } from '../git/surveyTask.js';

/** Parts of a series are put on a branch within so many seconds of each other. */
const AT_ONE_TIME = 600;

/**
 * The commits of one repository by small numbers, newest first, with what reaches each: which branch makes it the
 * project's, which tag was the first to have it. Built once, in one pass over commits and one over their parents.
 */
export class History {
  readonly refs: readonly Ref[];
  readonly #place: Place;
  readonly #ids: string[] = [];
  readonly #numbers = new Map<string, number>();
  readonly #subjects: string[] = [];
  readonly #authors: string[] = [];
  readonly #dates: number[] = [];
  readonly #commitDates: number[] = [];
  readonly #parents: (readonly string[])[] = [];
  /** Numbers of the wanted names that a commit touches, undefined for none. */
  readonly #touched: (readonly number[] | undefined)[] = [];
  readonly #names = new Map<string, number>();
  /** How many commits touch each name. */
  readonly #touches = new Map<number, number>();
  #byId: readonly number[] | undefined;
  #firstTag: Int32Array | undefined;
  #branch: Int32Array | undefined;
  #landed: Int32Array | undefined;
  #together: Map<number, number[]> | undefined;
  #children: Map<number, number[]> | undefined;
  #branches: readonly Ref[] = [];
  #tags: readonly Ref[] = [];
  #newest = 0;

  /**
   * @param place Source and location that its commits are shown with.
   * @param refs Branches and tags; `head` is the name of the default branch, which counts first.
   * @param wanted File names (without folders) whose commits will be asked for.
   */
  constructor(place: Place, refs: readonly Ref[], head: string | undefined, wanted: Iterable<string>) {
    this.#place = place;
    this.refs = refs;
    for (const name of wanted) if (!this.#names.has(name)) this.#names.set(name, this.#names.size);
    const rank = ({ kind, name }: Ref): number => (name === head ? 0 : /(^|\/)(main|master)$/.test(name) ? 1 : kind === 'branch' ? 2 : 3);
    this.#branches = refs.filter(({ kind }) => kind !== 'tag').sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
    // What was only a trial release counts where no real one has the commit.
    const isTrial = ({ name }: Ref): number => (/(?:^|[-._\d])(?:rc|alpha|beta|pre|dev|test)[-._]?\d*$/i.test(name) ? 1 : 0);
    this.#tags = refs.filter(({ kind }) => kind === 'tag').sort((a, b) => isTrial(a) - isTrial(b) || a.date - b.date || (a.name < b.name ? -1 : 1));
  }

  add(commit: SurveyedCommit): void {
    if (this.#numbers.has(commit.id)) return;
    this.#numbers.set(commit.id, this.#ids.length);
    this.#ids.push(commit.id);
    this.#subjects.push(commit.subject);
    this.#authors.push(commit.author);
    this.#dates.push(commit.date);
    this.#commitDates.push(commit.commitDate);
    this.#parents.push(commit.parents);
    if (commit.commitDate > this.#newest) this.#newest = commit.commitDate;
    let touched: number[] | undefined;
    for (const path of commit.paths) {
      const name = this.#names.get(path.slice(path.lastIndexOf('/') + 1));
      if (name === undefined || touched?.includes(name) === true) continue;
      (touched ??= []).push(name);
      this.#touches.set(name, (this.#touches.get(name) ?? 0) + 1);
    }
    this.#touched.push(touched);
  }

  get size(): number {
    return this.#ids.length;
  }

  /** Date of the newest commit, seconds since 1970-01-01 UTC; undefined for an empty history. */
  get newest(): number | undefined {
    return this.#newest === 0 ? undefined : this.#newest;
  }

  id(number: number): string {
    return this.#ids[number]!;
  }

  subject(number: number): string {
    return this.#subjects[number]!;
  }

  isMerge(number: number): boolean {
    return this.#parents[number]!.length > 1;
  }

  number(id: string): number | undefined {
    return this.#numbers.get(id);
  }

  /** All commits whose id begins with `prefix` (hex, at least four digits). */
  withPrefix(prefix: string): readonly number[] {
    const text = prefix.toLowerCase();
    const exact = this.#numbers.get(text);
    if (exact !== undefined) return [exact];
    if (!/^[0-9a-f]{4,}$/.test(text)) return [];
    this.#byId ??= this.#ids.map((_, i) => i).sort((a, b) => (this.#ids[a]! < this.#ids[b]! ? -1 : 1));
    let low = 0;
    let high = this.#byId.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#ids[this.#byId[middle]!]! < text) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (; low < this.#byId.length && this.#ids[this.#byId[low]!]!.startsWith(text); low++) found.push(this.#byId[low]!);
    return found;
  }

  /**
   * Commits that touch at least a share (0 to 1) of the files of these names, weighted by how few commits touch each, and
   * that are no merges; newest first. A share of 0 asks for any of the files.
   */
  touching(names: Iterable<string>, share: number = 0): readonly number[] {
    const weights = new Map<number, number>();
    let total = 0;
    for (const name of new Set(names)) {
      const number = this.#names.get(name);
      if (number === undefined) continue;
      const weight = Math.log(2 + this.size / (1 + (this.#touches.get(number) ?? 0)));
      weights.set(number, weight);
      total += weight;
    }
    const found: number[] = [];
    for (const [number, touched] of this.#touched.entries()) {
      if (touched === undefined || this.isMerge(number)) continue;
      let sum = 0;
      for (const name of touched) sum += weights.get(name) ?? 0;
      if (sum > 0 && sum >= share * total) found.push(number);
    }
    return found;
  }

  /** Every commit that `from` reaches, itself included. */
  reachable(from: string): ReadonlySet<number> {
    const seen = new Set<number>();
    this.#walk(from, (number) => !seen.has(number) && (seen.add(number), true));
    return seen;
  }

  /** The tag of a version: `v1.2`, `curl-7_76_1`, `R_2_4_1`, `release-1.2`, `krb5-1.2-final`; undefined where none is named so. */
  tagOf(version: string, project?: string): Ref | undefined {
    const wanted = plainVersion(version);
    if (wanted === '') return undefined;
    const names = new Set(['v', 'ver', 'version', 'r', 'rel', 'release', 'releases', 'stable', 'n', 'tag', 'tags']);
    if (project !== undefined) for (const name of [project, project.replace(/[\d.]+$/, ''), project.replace(/^lib/, ''), `lib${project}`]) if (name !== '') names.add(plainVersion(name));
    const longestFirst = [...names].sort((a, b) => b.length - a.length).map((name) => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    const prefix = new RegExp(`^(?:(?:${longestFirst.join('|')})[./]*)*(?=\\d)`);
    const tags = this.refs.filter(({ kind }) => kind === 'tag').map((tag) => ({ tag, name: plainVersion(tag.name).replace(prefix, '') }));
    // A release may be written with a nought more, or be said to be final.
    for (const form of [wanted, `${wanted}final`, `${wanted}release`, `${wanted}.0`]) {
      const found = tags.filter(({ name }) => name === form).sort((a, b) => a.tag.name.length - b.tag.name.length)[0];
      if (found !== undefined) return found.tag;
    }
    return undefined;
  }

  date(number: number): number {
    return this.#dates[number]!;
  }

  author(number: number): string {
    return this.#authors[number]!;
  }

  /** Place of the best branch that reaches a commit, nought for the default one; Infinity where only tags do. */
  branchRank(number: number): number {
    this.#mark();
    const branch = this.#branch![number]!;
    return branch < 0 ? Infinity : branch;
  }

  /**
   * The merge by which a commit came to the project's main branch, and what came with it, itself included, oldest first;
   * undefined where it was committed there directly, or came with more than `limit` others: that is no series but a branch.
   */
  mergedWith(number: number, limit: number): { readonly merge: number; readonly commits: readonly number[] } | undefined {
    this.#landed ??= this.#findLandings();
    const merge = this.#landed[number]!;
    if (merge < 0 || merge === number) return undefined;
    if (this.#together === undefined) {
      this.#together = new Map();
      for (let other = this.size - 1; other >= 0; other--) {
        const by = this.#landed[other]!;
        if (by < 0 || by === other || this.isMerge(other)) continue;
        const same = this.#together.get(by);
        if (same === undefined) this.#together.set(by, [other]);
        else same.push(other);
      }
    }
    const commits = this.#together.get(merge) ?? [];
    return commits.length > limit ? undefined : { merge, commits };
  }

  /**
   * A commit with so many before and behind it that the same author wrote and that were put one on the other within minutes of
   * each other, as a series is; the oldest first. Undefined where there are not so many.
   */
  appliedWith(number: number, before: number, behind: number): readonly number[] | undefined {
    const belongs = (one: number, other: number): boolean => !this.isMerge(other) && this.#authors[one] === this.#authors[other] && Math.abs(this.#commitDates[one]! - this.#commitDates[other]!) <= AT_ONE_TIME;
    if (this.#children === undefined) {
      this.#children = new Map();
      for (const [child, [parent]] of this.#parents.entries()) {
        const of = parent === undefined ? undefined : this.#numbers.get(parent);
        if (of === undefined) continue;
        const same = this.#children.get(of);
        if (same === undefined) this.#children.set(of, [child]);
        else same.push(child);
      }
    }
    const line = [number];
    for (let i = 0, at = number; i < before; i++) {
      const parent = this.#numbers.get(this.#parents[at]![0] ?? '');
      if (parent === undefined || !belongs(at, parent)) return undefined;
      line.unshift(parent);
      at = parent;
    }
    for (let i = 0, at = number; i < behind; i++) {
      const children: readonly number[] = (this.#children.get(at) ?? []).filter((child) => belongs(at, child));
      if (children.length === 0) return undefined;
      at = children.reduce((best, child) => (this.branchRank(child) < this.branchRank(best) ? child : best));
      line.push(at);
    }
    return line;
  }

  /** For each commit the one on the first-parent line of the best branch that brought it in; -1 for none. */
  #findLandings(): Int32Array {
    const landed = new Int32Array(this.size).fill(-1);
    const line: number[] = [];
    for (let at = this.#branches[0] === undefined ? undefined : this.#numbers.get(this.#branches[0].commit); at !== undefined; at = this.#numbers.get(this.#parents[at]![0] ?? '')) line.push(at);
    for (const commit of line.reverse()) this.#walk(this.#ids[commit]!, (number) => landed[number] === -1 && ((landed[number] = commit), true));
    return landed;
  }

  /** How good the best ref is that reaches a commit: 2 a branch or tag of the project, 0 none. */
  reach(number: number): 0 | 1 | 2 {
    this.#mark();
    return this.#firstTag![number]! >= 0 || this.#branch![number]! >= 0 ? 2 : 0;
  }

  fact(number: number): CommitFact {
    this.#mark();
    const tag = this.#tags[this.#firstTag![number]!];
    const branch = this.#branches[this.#branch![number]!];
    return {
      place: { ...this.#place, commit: this.#ids[number]! },
      id: this.#ids[number]!,
      subject: this.#subjects[number]!,
      author: this.#authors[number]!,
      date: this.#dates[number]!,
      firstTag: tag?.name,
      reachedBy: branch?.name ?? tag?.name,
    };
  }

  /** Walks each tag, oldest first, and each branch, best first, as far as no earlier one came: every commit is visited twice in all. */
  #mark(): void {
    if (this.#firstTag !== undefined) return;
    const mark = (refs: readonly Ref[]): Int32Array => {
      const marks = new Int32Array(this.size).fill(-1);
      for (const [i, ref] of refs.entries()) this.#walk(ref.commit, (number) => marks[number] === -1 && ((marks[number] = i), true));
      return marks;
    };
    this.#firstTag = mark(this.#tags);
    this.#branch = mark(this.#branches);
  }

  #walk(from: string, visit: (number: number) => boolean): void {
    const start = this.#numbers.get(from);
    if (start === undefined) return;
    const stack = [start];
    while (stack.length > 0) {
      const number = stack.pop()!;
      if (!visit(number)) continue;
      for (const parent of this.#parents[number]!) {
        const next = this.#numbers.get(parent);
        if (next !== undefined) stack.push(next);
      }
    }
  }
}

/** A version or tag's name in the form that all spellings of it share: `7_76_1` and `7.76.1`, `8.0.0~rc1` and `v8.0.0-rc1`. */
function plainVersion(text: string): string {
  return text.toLowerCase().replace(/[-_.~^+]+/g, '.').replace(/(\d)\.(?=[a-z])/g, '$1');
}
