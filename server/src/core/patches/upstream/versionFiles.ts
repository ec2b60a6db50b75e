import { type Cancellation, type Git, type GitRepository, HostError } from '../../host.js';
import { blobStreamTask, treeTask } from '../git/treeTasks.js';
import type { VersionFile } from './containment.js';

/** A file of a project beyond this many bytes is not compared. */
const FILE_LIMIT = 16 << 20;

/** After this many contents that are not there, a copy of a repository is taken to have none. */
const HOPELESS = 24;

/** The files of one commit that some paths speak of, with their contents as far as this copy of the repository has them. */
export class VersionFiles {
  readonly #files: ReadonlyMap<string, string>;
  readonly #contents: ReadonlyMap<string, Uint8Array>;
  readonly #places: ReadonlyMap<string, string>;

  private constructor(files: ReadonlyMap<string, string>, places: ReadonlyMap<string, string>, contents: ReadonlyMap<string, Uint8Array>) {
    this.#files = files;
    this.#places = places;
    this.#contents = contents;
  }

  /** Reads them; `paths` are a change's, whose folders at the front may be more or fewer than the project's. */
  static async read(git: Git, repository: GitRepository, commit: string, paths: Iterable<string>, cancellation: Cancellation): Promise<VersionFiles> {
    const task = treeTask(commit);
    const files = new Map((await task.parse(git.read(repository, task.args, { cancellation }))).map(({ path, blob }) => [path, blob]));
    const byName = new Map<string, string[]>();
    for (const path of files.keys()) {
      const name = path.slice(path.lastIndexOf('/') + 1);
      const same = byName.get(name);
      if (same === undefined) byName.set(name, [path]);
      else same.push(path);
    }
    const places = new Map<string, string>();
    for (const path of paths) {
      if (files.has(path)) places.set(path, path);
      else {
        const like = (byName.get(path.slice(path.lastIndexOf('/') + 1)) ?? []).filter((other) => other.endsWith(`/${path}`) || path.endsWith(`/${other}`));
        if (like.length === 1) places.set(path, like[0]!);
      }
    }
    const wanted = [...new Set([...places.values()].map((path) => files.get(path)!))];
    return new VersionFiles(files, places, await readBlobs(git, repository, wanted, cancellation));
  }

  file(path: string): VersionFile {
    const place = this.#places.get(path);
    if (place === undefined) return undefined;
    return this.#contents.get(this.#files.get(place)!) ?? 'unreadable';
  }
}

/** Contents by blob id. In a partial clone git ends at a blob that it lacks and may not fetch: reading goes on behind it. */
async function readBlobs(git: Git, repository: GitRepository, ids: readonly string[], cancellation: Cancellation): Promise<Map<string, Uint8Array>> {
  const found = new Map<string, Uint8Array>();
  let rest = ids;
  let lacking = 0;
  while (rest.length > 0 && lacking < HOPELESS) {
    const task = blobStreamTask(rest, FILE_LIMIT);
    let done = 0;
    try {
      for await (const { bytes, id } of task.parse(git.read(repository, task.args, { input: task.input!, cancellation }))) {
        done++;
        if (bytes !== undefined) found.set(id, bytes);
      }
      break;
    } catch (error) {
      if (!(error instanceof HostError) || error.code !== 'object-missing') throw error;
      lacking++;
      rest = rest.slice(done + 1);
    }
  }
  return found;
}
