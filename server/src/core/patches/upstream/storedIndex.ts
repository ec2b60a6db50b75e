import type { CandidateIndex, CommitKey, IndexedCommit, Posting } from '../candidateIndex.js';
import type { Fingerprint } from '../identity.js';
import type { History } from './history.js';
import type { HistoryIndex } from './historyIndex.js';
import type { PostedCommits, PostingReader } from './postingStore.js';
import { COMMITS_OF_TOKEN, type MutablePosting, type Token, patchIdToken, tokenOf } from './postings.js';

/**
 * The posting lists of a repository in the store, as an index over its history: keys are the numbers of the history. Commits
 * that no branch reaches any more are left out; those that have come since are looked up in `recent`.
 */
export class StoredIndex implements CandidateIndex {
  readonly #reader: PostingReader;
  readonly #history: History;
  readonly #recent: HistoryIndex;
  readonly #commits: PostedCommits;
  /** By the number in the posting lists that in the history, and the other way round; -1 for none. */
  readonly #numbers: Int32Array;
  readonly #posted: Int32Array;
  readonly size: number;

  private constructor(reader: PostingReader, history: History, recent: HistoryIndex, commits: PostedCommits, numbers: Int32Array, posted: Int32Array, size: number) {
    this.#reader = reader;
    this.#history = history;
    this.#recent = recent;
    this.#commits = commits;
    this.#numbers = numbers;
    this.#posted = posted;
    this.size = Math.max(size, recent.size);
  }

  /** Undefined where the posting lists are damaged. */
  static async open(reader: PostingReader, history: History, recent: HistoryIndex): Promise<StoredIndex | undefined> {
    const commits = await reader.commits();
    if (commits === undefined) return undefined;
    const { list } = commits;
    const numbers = new Int32Array(list.size).fill(-1);
    const posted = new Int32Array(history.size).fill(-1);
    let size = 0;
    for (let number = 0; number < history.size; number++) {
      const found = list.find(history.id(number));
      if (found === undefined) continue;
      numbers[found] = number;
      posted[number] = found;
      size++;
    }
    return new StoredIndex(reader, history, recent, commits, numbers, posted, size);
  }

  /** Commits of the history that the posting lists lack. */
  missing(): number[] {
    const missing: number[] = [];
    for (const [number, posted] of this.#posted.entries()) if (posted === -1 && !this.#history.isMerge(number)) missing.push(number);
    return missing;
  }

  byLine(lines: readonly Fingerprint[], limit: number): Promise<readonly Posting[]> {
    return this.#look(lines.map((line) => tokenOf('line', line)), limit, () => this.#recent.byLine(lines, limit));
  }

  byHunk(hunks: readonly Fingerprint[], limit: number): Promise<readonly Posting[]> {
    return this.#look(hunks.map((hunk) => tokenOf('hunk', hunk)), limit, () => this.#recent.byHunk(hunks, limit));
  }

  async byContent(contents: readonly Fingerprint[]): Promise<readonly (readonly CommitKey[])[]> {
    const found = await this.#look(contents.map((content) => tokenOf('content', content)), COMMITS_OF_TOKEN, async () => (await this.#recent.byContent(contents)).map(asPosting));
    return found.map(({ commits }) => commits);
  }

  async byPatchId(patchIds: readonly string[]): Promise<readonly (readonly CommitKey[])[]> {
    const found = await this.#look(patchIds.map(patchIdToken), COMMITS_OF_TOKEN, async () => (await this.#recent.byPatchId(patchIds)).map(asPosting));
    const commits = await this.commits([...new Set(found.flatMap((posting) => posting.commits))]);
    const byKey = new Map(commits.map((commit) => [commit.key, commit.patchId]));
    return found.map((posting, i) => posting.commits.filter((key) => byKey.get(key) === patchIds[i]));
  }

  bySubject(subjects: readonly Fingerprint[]): Promise<readonly (readonly CommitKey[])[]> {
    return this.#recent.bySubject(subjects);
  }

  byId(ids: readonly string[]): Promise<readonly (readonly CommitKey[])[]> {
    return this.#recent.byId(ids);
  }

  async commits(keys: readonly CommitKey[]): Promise<readonly IndexedCommit[]> {
    return (await this.#recent.commits(keys)).map((commit) => {
      const posted = this.#commits.describe(this.#posted[commit.key]!);
      return posted === undefined ? commit : { ...commit, patchId: posted.patchId, content: posted.content, lineCount: posted.lineCount };
    });
  }

  async #look(tokens: readonly Token[], limit: number, look: () => Promise<readonly Posting[]>): Promise<Posting[]> {
    const stored = await this.#reader.look(tokens, limit);
    const recent = await look();
    return stored.map(({ commits, count }, i): MutablePosting => {
      const live = commits.flatMap((posted) => ((this.#numbers[posted] ?? -1) >= 0 ? [this.#numbers[posted]!] : []));
      const all = [...live, ...recent[i]!.commits].sort((a, b) => a - b).slice(0, limit);
      return { commits: all, count: Math.max(count - (commits.length - live.length), 0) + recent[i]!.count };
    });
  }
}

function asPosting(commits: readonly CommitKey[]): Posting {
  return { commits, count: commits.length };
}
