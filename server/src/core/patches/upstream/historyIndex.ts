import type { Cancellation, Git, GitRepository } from '../../host.js';
import type { CandidateIndex, CommitKey, FetchChanges, FetchedChange, IndexedCommit, Posting } from '../candidateIndex.js';
import type { ChangeIdentity, Fingerprint } from '../identity.js';
import { subjectFingerprint } from '../match.js';
import { parsePatch } from '../parsePatch.js';
import type { CommitFacts } from './commitFacts.js';
import { readDiffs } from './diffReader.js';
import type { History } from './history.js';

/** Diffs larger than this are cut when they are compared: no patch is made from what lies behind. */
const DIFF_LIMIT = 4 << 20;

/** Bytes of diffs kept for the comparisons to come. */
const KEPT_DIFFS = 48 << 20;

/**
 * Of a young or small history nobody can say how common a line is; it is taken for a sample of one of this many commits.
 */
const LEAST_SIZE = 1000;

/** What a commit of the history is known by once its diff was read. */
interface ReadCommit {
  readonly patchId: string | undefined;
  readonly content: Fingerprint | undefined;
  readonly lineCount: number;
}

/**
 * An index in memory over one history: every commit by its id and subject, and those whose diff was read by all that a
 * diff tells. It grows as more of the history is asked for; keys are the numbers of the history.
 */
export class HistoryIndex implements CandidateIndex {
  readonly #history: History;
  readonly #read = new Map<CommitKey, ReadCommit>();
  readonly #byPatchId = new Map<string, CommitKey[]>();
  readonly #byContent = new Map<Fingerprint, CommitKey[]>();
  readonly #byLine = new Map<Fingerprint, CommitKey | CommitKey[]>();
  readonly #byHunk = new Map<Fingerprint, CommitKey | CommitKey[]>();
  /** Sorted. */
  readonly #lines: Float64Array;
  readonly #hunks: Float64Array;
  #bySubject: Map<Fingerprint, CommitKey[]> | undefined;

  /**
   * @param asked The changes that will be looked up. Lines and hunks that none of them has are left out: no question will
   *   ever be about them, and they are nearly all that a history has.
   */
  constructor(history: History, asked: readonly ChangeIdentity[]) {
    this.#history = history;
    this.#lines = sortedUnion(asked.map(({ lines }) => lines));
    this.#hunks = sortedUnion(asked.map(({ hunks }) => hunks));
  }

  get size(): number {
    return Math.max(this.#read.size, LEAST_SIZE);
  }

  /** How many diffs were read. */
  get diffs(): number {
    return this.#read.size;
  }

  has(key: CommitKey): boolean {
    return this.#read.has(key);
  }

  add(id: string, { patchId, content, lines, hunks }: CommitFacts): void {
    const key = this.#history.number(id);
    if (key === undefined || this.#read.has(key)) return;
    this.#read.set(key, { patchId, content, lineCount: lines.length });
    if (patchId !== undefined) push(this.#byPatchId, patchId, key);
    if (content !== undefined) push(this.#byContent, content, key);
    for (const line of lines) if (has(this.#lines, line)) pack(this.#byLine, line, key);
    for (const hunk of new Set(hunks)) if (has(this.#hunks, hunk)) pack(this.#byHunk, hunk, key);
  }

  async byPatchId(patchIds: readonly string[]): Promise<readonly (readonly CommitKey[])[]> {
    return patchIds.map((id) => this.#byPatchId.get(id) ?? []);
  }

  async byContent(contents: readonly Fingerprint[]): Promise<readonly (readonly CommitKey[])[]> {
    return contents.map((content) => this.#byContent.get(content) ?? []);
  }

  async byLine(lines: readonly Fingerprint[], limit: number): Promise<readonly Posting[]> {
    return lines.map((line) => posting(this.#byLine.get(line), limit));
  }

  async byHunk(hunks: readonly Fingerprint[], limit: number): Promise<readonly Posting[]> {
    return hunks.map((hunk) => posting(this.#byHunk.get(hunk), limit));
  }

  async bySubject(subjects: readonly Fingerprint[]): Promise<readonly (readonly CommitKey[])[]> {
    if (this.#bySubject === undefined) {
      this.#bySubject = new Map();
      for (let key = 0; key < this.#history.size; key++) {
        if (this.#history.isMerge(key)) continue;
        const fingerprint = subjectFingerprint(this.#history.subject(key));
        if (fingerprint !== undefined) push(this.#bySubject, fingerprint, key);
      }
    }
    return subjects.map((subject) => this.#bySubject!.get(subject) ?? []);
  }

  async byId(ids: readonly string[]): Promise<readonly (readonly CommitKey[])[]> {
    return ids.map((id) => this.#history.withPrefix(id));
  }

  async commits(keys: readonly CommitKey[]): Promise<readonly IndexedCommit[]> {
    return keys.map((key) => {
      const read = this.#read.get(key);
      return { key, fact: this.#history.fact(key), patchId: read?.patchId, content: read?.content, lineCount: read?.lineCount ?? 0, reach: this.#history.reach(key) };
    });
  }
}

/** Gets whole diffs of commits from their repository, keeping the last ones: patches of one package share candidates. */
export function diffFetcher(git: Git, repository: GitRepository): FetchChanges {
  const kept = new Map<string, FetchedChange | undefined>();
  let keptBytes = 0;
  return async (commits: readonly IndexedCommit[], cancellation: Cancellation) => {
    const wanted = new Map<string, FetchedChange | undefined>();
    const missing: string[] = [];
    for (const { fact } of commits) {
      if (kept.has(fact.id)) wanted.set(fact.id, kept.get(fact.id));
      else if (!wanted.has(fact.id)) {
        wanted.set(fact.id, undefined);
        missing.push(fact.id);
      }
    }
    if (missing.length > 0) {
      await readDiffs(git, repository, missing, (record) => {
        const patch = record.diff === undefined ? undefined : parsePatch(record.diff);
        const change = patch?.changes[0];
        const fetched = patch === undefined || change === undefined ? undefined : { patch, change };
        wanted.set(record.id, fetched);
        keptBytes += record.diff?.length ?? 0;
        if (keptBytes > KEPT_DIFFS) {
          kept.clear();
          keptBytes = record.diff?.length ?? 0;
        }
        kept.set(record.id, fetched);
      }, cancellation, { keepDiffBytes: DIFF_LIMIT });
    }
    return commits.map(({ fact }) => wanted.get(fact.id));
  };
}

function sortedUnion(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all.sort();
}

/** Binary search: fingerprints are too large for a set of small integers, and a set of doubles costs four times as much. */
function has(sorted: Float64Array, value: Fingerprint): boolean {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return sorted[low] === value;
}

function push<K>(map: Map<K, CommitKey[]>, name: K, key: CommitKey): void {
  const keys = map.get(name);
  if (keys === undefined) map.set(name, [key]);
  else keys.push(key);
}

/** Most fingerprints belong to one commit: a number alone is a tenth of a list's memory. */
function pack(map: Map<Fingerprint, CommitKey | CommitKey[]>, name: Fingerprint, key: CommitKey): void {
  const keys = map.get(name);
  if (keys === undefined) map.set(name, key);
  else if (typeof keys === 'number') map.set(name, [keys, key]);
  else keys.push(key);
}

function posting(keys: CommitKey | CommitKey[] | undefined, limit: number): Posting {
  if (keys === undefined) return { commits: [], count: 0 };
  if (typeof keys === 'number') return { commits: [keys], count: 1 };
  return { commits: [...keys].sort((a, b) => a - b).slice(0, limit), count: keys.length };
}
