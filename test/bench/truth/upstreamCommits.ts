/** An upstream repository, asked of git alone: what its refs reach, which commits touch the same files, their diffs and patch ids. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { gitOutput } from '../../support/gitHistory.js';
import { type Content, cleanSubject, readContent } from './readMails.js';

export interface PatchIds {
  readonly withRenames: string | undefined;
  readonly withoutRenames: string | undefined;
}

const commitsAtOnce = 500;
const diffOptions = ['--no-ext-diff', '--no-textconv', '--no-color', '--full-index', '-p'];

export class UpstreamCommits {
  readonly #gitDir: string;
  readonly #ids: string[] = [];
  readonly #subjects = new Map<string, string>();
  readonly #bySubject = new Map<string, string[]>();
  readonly #byPaths = new Map<string, string[]>();
  readonly #byPath = new Map<string, string[]>();
  readonly #contents = new Map<string, Content>();
  readonly #patchIds = new Map<string, PatchIds>();
  #sorted: string[] = [];

  constructor(gitDir: string) {
    this.#gitDir = gitDir;
  }

  get count(): number {
    return this.#ids.length;
  }

  /** Reads what trees say, and no blob. */
  async load(revisions: readonly string[]): Promise<void> {
    const { output, code } = await gitOutput(this.#gitDir, ['-c', 'core.quotePath=false', 'log', '--no-merges', '--no-renames', '--name-only', '--format=%x01%H%x02%s', ...revisions]);
    if (code !== 0) throw new Error(`git log ended with ${code} in ${this.#gitDir}`);
    for (const piece of output.toString('latin1').split('\x01').slice(1)) {
      const [head, ...rest] = piece.split('\n') as [string, ...string[]];
      const [id, subject] = head.split('\x02') as [string, string];
      const paths = rest.filter(Boolean);
      this.#ids.push(id);
      this.#subjects.set(id, subject);
      push(this.#bySubject, cleanSubject(subject), id);
      push(this.#byPaths, keyOf(paths), id);
      for (const path of paths) push(this.#byPath, path, id);
    }
    this.#sorted = [...this.#ids].sort();
  }

  /** The commit of a full or short id; undefined where no ref reaches one, or several begin so. */
  resolve(id: string): string | undefined {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#sorted[middle]! < id) low = middle + 1;
      else high = middle;
    }
    const found = this.#sorted[low];
    return found?.startsWith(id) && !this.#sorted[low + 1]?.startsWith(id) ? found : undefined;
  }

  subjectOf(id: string): string {
    return this.#subjects.get(id) ?? '';
  }

  withSubject(subject: string): readonly string[] {
    return subject === '' ? [] : (this.#bySubject.get(subject) ?? []);
  }

  /** Those that touch exactly these files: only they can have the same patch id. */
  withPaths(paths: ReadonlySet<string>): readonly string[] {
    return paths.size === 0 ? [] : (this.#byPaths.get(keyOf([...paths])) ?? []);
  }

  /** Those that touch any of these files, the newest first. */
  touching(paths: ReadonlySet<string>, limit: number): string[] {
    const found = new Set<string>();
    for (const path of paths) for (const id of this.#byPath.get(path)?.slice(0, limit) ?? []) found.add(id);
    return [...found].slice(0, limit);
  }

  content(id: string): Content | undefined {
    return this.#contents.get(id);
  }

  patchIds(id: string): PatchIds | undefined {
    return this.#patchIds.get(id);
  }

  /** Reads the diffs of commits, those left out whose blobs are absent. */
  async readContents(ids: Iterable<string>): Promise<void> {
    await this.#inParts([...new Set(ids)].filter((id) => !this.#contents.has(id)), async (part) => {
      const { output, code } = await gitOutput(this.#gitDir, ['log', '--no-walk=unsorted', '--stdin', '-M', '--format=%x01%H%x01', ...diffOptions], `${part.join('\n')}\n`);
      if (code !== 0) return false;
      // A diff can hold the mark, but not before an id and behind a line's start.
      const pieces = output.toString('latin1').split(/^\x01([0-9a-f]{40})\x01$/m);
      for (let i = 1; i < pieces.length; i += 2) this.#contents.set(pieces[i]!, readContent(pieces[i + 1]!));
      return true;
    });
  }

  async readPatchIds(ids: Iterable<string>): Promise<void> {
    await this.#inParts([...new Set(ids)].filter((id) => !this.#patchIds.has(id)), async (part) => {
      const withRenames = await this.#askPatchIds(part, '-M');
      const withoutRenames = withRenames && (await this.#askPatchIds(part, '--no-renames'));
      if (!withRenames || !withoutRenames) return false;
      for (const id of part) this.#patchIds.set(id, { withRenames: withRenames.get(id), withoutRenames: withoutRenames.get(id) });
      return true;
    });
  }

  async #askPatchIds(ids: readonly string[], renames: string): Promise<Map<string, string> | undefined> {
    const log = spawn('git', ['--no-replace-objects', '-c', 'protocol.allow=never', `--git-dir=${this.#gitDir}`, 'log', '--no-walk=unsorted', '--stdin', renames, ...diffOptions], { stdio: ['pipe', 'pipe', 'ignore'] });
    const closed = once(log, 'close') as Promise<[number]>;
    log.stdin.on('error', () => {});
    log.stdin.end(`${ids.join('\n')}\n`);
    const found = await patchIdsOf(log.stdout);
    const [code] = await closed;
    return code === 0 ? found : undefined;
  }

  /** git ends where a blob is absent: the part is then halved until what cannot be read stands alone. */
  async #inParts(ids: readonly string[], read: (part: readonly string[]) => Promise<boolean>): Promise<void> {
    const waiting: (readonly string[])[] = [];
    for (let at = 0; at < ids.length; at += commitsAtOnce) waiting.push(ids.slice(at, at + commitsAtOnce));
    for (let part = waiting.pop(); part; part = waiting.pop()) {
      if ((await read(part)) || part.length === 1) continue;
      const middle = part.length >> 1;
      waiting.push(part.slice(0, middle), part.slice(middle));
    }
  }
}

/** What git's own `patch-id --stable` prints for a stream or text: the ids by commit. */
export async function patchIdsOf(input: NodeJS.ReadableStream | string): Promise<Map<string, string>> {
  const git = spawn('git', ['patch-id', '--stable'], { stdio: ['pipe', 'pipe', 'inherit'] });
  git.stdin.on('error', () => {});
  if (typeof input === 'string') git.stdin.end(Buffer.from(input, 'latin1'));
  else input.pipe(git.stdin);
  const chunks: Buffer[] = [];
  git.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(git, 'close');
  const found = new Map<string, string>();
  for (const line of Buffer.concat(chunks).toString('latin1').split('\n')) {
    const [patchId, commit] = line.split(' ');
    if (patchId && commit && !found.has(commit)) found.set(commit, patchId);
  }
  return found;
}

function keyOf(paths: readonly string[]): string {
  return [...new Set(paths)].sort().join('\n');
}

function push(map: Map<string, string[]>, key: string, id: string): void {
  const list = map.get(key);
  if (list) list.push(id);
  else map.set(key, [id]);
}
