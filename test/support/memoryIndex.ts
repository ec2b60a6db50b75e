import type { CandidateIndex, CommitKey, CommitRecord, Fingerprint, IndexedCommit, Posting } from '#server/core/patches/index.js';
import { subjectFingerprint } from '#server/core/patches/index.js';

/** Postings in three arrays: sorted distinct fingerprints, where each one's commits begin, the commits. */
class Postings {
  readonly #keys: Float64Array;
  readonly #starts: Uint32Array;
  readonly #commits: Uint32Array;

  constructor(records: readonly CommitRecord[], of: (record: CommitRecord) => Float64Array) {
    let total = 0;
    for (const record of records) total += of(record).length;
    const all = new Float64Array(total);
    let at = 0;
    for (const record of records) {
      all.set(of(record), at);
      at += of(record).length;
    }
    all.sort();
    let count = 0;
    for (let i = 0; i < total; i++) if (i === 0 || all[i] !== all[i - 1]) all[count++] = all[i]!;
    this.#keys = all.slice(0, count);
    const counts = new Uint32Array(count + 1);
    for (const record of records) for (const key of new Set(of(record))) counts[this.#find(key) + 1]!++;
    for (let i = 0; i < count; i++) counts[i + 1]! += counts[i]!;
    this.#starts = counts;
    this.#commits = new Uint32Array(counts[count]!);
    const fill = counts.slice();
    for (const [commit, record] of records.entries()) for (const key of new Set(of(record))) this.#commits[fill[this.#find(key)]!++] = commit;
  }

  #find(key: Fingerprint): number {
    let low = 0;
    let high = this.#keys.length - 1;
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const value = this.#keys[middle]!;
      if (value === key) return middle;
      if (value < key) low = middle + 1;
      else high = middle - 1;
    }
    return -1;
  }

  get(key: Fingerprint, limit: number): Posting {
    const at = this.#find(key);
    if (at === -1) return { commits: [], count: 0 };
    const start = this.#starts[at]!;
    const end = this.#starts[at + 1]!;
    return { commits: [...this.#commits.subarray(start, Math.min(end, start + limit))], count: end - start };
  }
}

/** An index in memory, for tests and benchmarks; keys are the records' places. */
export class MemoryIndex implements CandidateIndex {
  readonly size: number;
  readonly #records: readonly CommitRecord[];
  readonly #lines: Postings;
  readonly #hunks: Postings;
  readonly #patchIds = new Map<string, CommitKey[]>();
  readonly #contents = new Map<Fingerprint, CommitKey[]>();
  readonly #subjects = new Map<Fingerprint, CommitKey[]>();
  readonly #ids: readonly { readonly id: string; readonly key: CommitKey }[];
  readonly #source: string;

  constructor(records: readonly CommitRecord[], source = 'upstream') {
    this.#records = records;
    this.#source = source;
    this.size = records.length;
    this.#lines = new Postings(records, (record) => record.lines);
    this.#hunks = new Postings(records, (record) => record.hunks);
    for (const [key, record] of records.entries()) {
      add(this.#patchIds, record.patchId, key);
      add(this.#contents, record.content, key);
      add(this.#subjects, subjectFingerprint(record.subject), key);
    }
    this.#ids = records.map(({ id }, key) => ({ id, key })).sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async byPatchId(patchIds: readonly string[]): Promise<readonly (readonly CommitKey[])[]> {
    return patchIds.map((id) => this.#patchIds.get(id) ?? []);
  }

  async byContent(contents: readonly Fingerprint[]): Promise<readonly (readonly CommitKey[])[]> {
    return contents.map((content) => this.#contents.get(content) ?? []);
  }

  async byLine(lines: readonly Fingerprint[], limit: number): Promise<readonly Posting[]> {
    return lines.map((line) => this.#lines.get(line, limit));
  }

  async byHunk(hunks: readonly Fingerprint[], limit: number): Promise<readonly Posting[]> {
    return hunks.map((hunk) => this.#hunks.get(hunk, limit));
  }

  async bySubject(subjects: readonly Fingerprint[]): Promise<readonly (readonly CommitKey[])[]> {
    return subjects.map((subject) => this.#subjects.get(subject) ?? []);
  }

  async byId(ids: readonly string[]): Promise<readonly (readonly CommitKey[])[]> {
    return ids.map((id) => {
      let low = 0;
      let high = this.#ids.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (this.#ids[middle]!.id < id) low = middle + 1;
        else high = middle;
      }
      const found: CommitKey[] = [];
      for (let i = low; i < this.#ids.length && this.#ids[i]!.id.startsWith(id); i++) found.push(this.#ids[i]!.key);
      return found;
    });
  }

  async commits(keys: readonly CommitKey[]): Promise<readonly IndexedCommit[]> {
    return keys.map((key) => {
      const record = this.#records[key]!;
      return {
        key,
        fact: {
          place: { source: this.#source, location: this.#source, commit: record.id },
          id: record.id,
          subject: record.subject,
          author: `${record.authorName} <${record.authorEmail}>`,
          date: record.authorDate,
          firstTag: undefined,
          reachedBy: undefined,
        },
        patchId: record.patchId,
        content: record.content,
        lineCount: record.lines.length,
        reach: 2,
      };
    });
  }
}

function add<Key>(map: Map<Key, CommitKey[]>, key: Key | undefined, commit: CommitKey): void {
  if (key === undefined) return;
  const keys = map.get(key);
  if (keys) keys.push(commit);
  else map.set(key, [commit]);
}
