import { type Archives, type CacheFiles, type Cancellation, HostError, checkCancelled } from '../../host.js';
import { type RepositoryPackage, compareRpmVersions, metadataFile, packageElements, packageIdentity, readFilesElement, readPrimaryElement } from '../../packages/index.js';
import { isMacroSetPath } from '../macroSet.js';
import type { MacroSetFile } from '../target.js';
import { type Collected, Collection, type Progress } from './collected.js';
import { addPackage } from './packages.js';

/** A repository's files by their path in it, as from a folder or over HTTP. */
export interface RepositoryFiles {
  /** What it is called, for people and for the cache. */
  readonly location: string;
  /** Bytes from `from` on, or from the beginning where that cannot be had: then `from` of the answer is 0. */
  get(path: string, from: number): Promise<{ readonly from: number; readonly size: number | undefined; readonly bytes: AsyncIterable<Uint8Array> }>;
}

export interface RepositoryOptions {
  /** Packages of this architecture and of none. */
  readonly arch: string;
  readonly archives: Archives;
  /** Keeps what was fetched, so that an import that was ended goes on where it stood. */
  readonly cache: CacheFiles;
  readonly digest: (kind: 'sha1' | 'sha256' | 'sha512', bytes: Uint8Array) => string;
  /** Bytes of one package beyond which it is left out. */
  readonly packageLimit: number;
  readonly progress?: Progress;
  readonly cancellation: Cancellation;
}

/** Bytes of a list of the metadata, as it is fetched. */
const listLimit = 1 << 30;
/** Packages with macro files; a distribution has a few hundred. */
const countLimit = 5000;

/** Folder of unfinished imports in the cache. */
export const workFolder = 'targets-unfinished';


/**
 * The macro files of a repository's packages: its lists tell which have some, those alone are fetched, the newest of each name. What was
 * fetched is kept until the set is whole.
 */
export async function collectRepository(repository: RepositoryFiles, options: RepositoryOptions): Promise<Collected> {
  const { arch, archives, cache, digest, packageLimit, progress = () => {}, cancellation } = options;
  const work = `${workFolder}/${digest('sha1', new TextEncoder().encode(repository.location))}`;
  const repomd = new TextDecoder().decode(await fetchWhole(repository, 'repodata/repomd.xml', { ...options, limit: 16 << 20 }));
  const primary = metadataFile(repomd, 'primary');
  const filelists = metadataFile(repomd, 'filelists');
  if (primary === undefined || filelists === undefined) throw new HostError('repository-unreadable', `${repository.location} is no rpm repository: its repodata/repomd.xml names no ${primary === undefined ? 'list of packages' : 'list of files'}`);

  const list = async (file: typeof primary, what: string): Promise<AsyncIterable<Uint8Array>> => {
    progress(`reading the list of ${what}`);
    return archives.inflate(once(await fetchWhole(repository, file.location, { ...options, limit: listLimit, checksum: file.checksum, keep: work, describe: `the list of ${what}` })));
  };
  const having = new Map<string, readonly string[]>();
  for await (const element of packageElements(await list(filelists, 'files'))) {
    if (!element.includes('/rpm')) continue;
    const found = readFilesElement(element, isMacroSetPath);
    if (found !== undefined) having.set(found.checksum, found.files);
    checkCancelled(cancellation);
  }
  const newest = new Map<string, RepositoryPackage>();
  for await (const element of packageElements(await list(primary, 'packages'))) {
    const entry = readPrimaryElement(element);
    if (entry?.checksum === undefined || !having.has(entry.checksum.value) || (entry.arch !== 'noarch' && entry.arch !== arch)) continue;
    const known = newest.get(entry.name);
    if (known === undefined || compareEntries(entry, known) > 0) newest.set(entry.name, entry);
    checkCancelled(cancellation);
  }

  const collection = new Collection();
  const chosen = [...newest.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (chosen.length > countLimit) throw new HostError('repository-unreadable', `${repository.location} has ${chosen.length} packages with macro files; no distribution has so many`);
  for (const [index, entry] of chosen.entries()) {
    checkCancelled(cancellation);
    const identity = packageIdentity(entry);
    if ((entry.size ?? 0) > packageLimit) {
      collection.leftOut.push(`${identity}: ${Math.ceil(entry.size! / 2 ** 20)} MB, over the limit of ${Math.floor(packageLimit / 2 ** 20)} MB; --package-limit sets another`);
      continue;
    }
    const kept = `${work}/${entry.checksum!.value}.json`;
    let files = readKept(cache.read(kept));
    if (files === undefined) {
      progress(`${index + 1} of ${chosen.length}: ${identity}`);
      const own = new Collection();
      try {
        await addPackage(own, await fetchWhole(repository, entry.location, { ...options, limit: packageLimit, checksum: entry.checksum }), archives);
      } catch (error) {
        if (!(error instanceof HostError) || !['archive-unreadable', 'http-failed'].includes(error.code)) throw error;
        collection.leftOut.push(`${identity}: ${error.message}`);
        continue;
      }
      files = own.done().files;
      cache.write(kept, new TextEncoder().encode(JSON.stringify(files)));
    }
    if (entry.name === 'rpm') collection.rpmVersion = entry.version;
    for (const file of files) {
      const other = collection.get(file.path);
      if (other !== undefined && other.text !== file.text) collection.leftOut.push(`${file.path} of ${file.package ?? identity}: ${other.package ?? 'another package'} has a file of that name`);
      else collection.put(file);
    }
  }
  collection.arch = arch;
  return collection.done();
}

/** Takes away what an import kept to go on with. */
export function forgetWork(location: string, { cache, digest }: Pick<RepositoryOptions, 'cache' | 'digest'>): void {
  cache.remove(`${workFolder}/${digest('sha1', new TextEncoder().encode(location))}`);
}

interface FetchOptions extends RepositoryOptions {
  readonly limit: number;
  readonly checksum?: { readonly kind: string; readonly value: string } | undefined;
  /** Folder of the cache where it is kept, and what has come of it so far. */
  readonly keep?: string;
  readonly describe?: string;
}

/** One file of a repository. With `keep` it is kept by its checksum, and one that broke off is gone on with. */
async function fetchWhole(repository: RepositoryFiles, path: string, { limit, checksum, keep, describe, cache, digest, progress = () => {}, cancellation }: FetchOptions): Promise<Uint8Array> {
  if (/^[a-z][a-z0-9+.-]*:|^\/|(?:^|\/)\.\.(?:\/|$)|\0/i.test(path)) throw new HostError('repository-unreadable', `${repository.location} names a file outside of it: ${path}`);
  const name = keep === undefined || checksum === undefined ? undefined : `${keep}/${checksum.value}`;
  const isRight = (bytes: Uint8Array): boolean => {
    if (checksum === undefined || !['sha1', 'sha256', 'sha512'].includes(checksum.kind)) return true;
    return digest(checksum.kind as 'sha256', bytes) === checksum.value;
  };
  let held = (name === undefined ? undefined : cache.read(name)) ?? new Uint8Array();
  if (name !== undefined && held.length > 0 && isRight(held)) return held;
  // What was kept may be of no use; then it is fetched once more from the beginning.
  for (const from of held.length > 0 ? [held.length, 0] : [0]) {
    const answer = await repository.get(path, from);
    const parts: Uint8Array[] = answer.from > 0 ? [held] : [];
    let length = answer.from;
    if (answer.from === 0 && name !== undefined) cache.remove(name);
    let unsaved: Uint8Array[] = [];
    let unsavedLength = 0;
    const save = (): void => {
      if (name !== undefined && unsavedLength > 0) cache.append(name, concat(unsaved));
      [unsaved, unsavedLength] = [[], 0];
    };
    try {
      for await (const piece of answer.bytes) {
        checkCancelled(cancellation);
        const copy = piece.slice();
        parts.push(copy);
        unsaved.push(copy);
        length += copy.length;
        unsavedLength += copy.length;
        if (length > limit) throw new HostError('archive-unreadable', `${path} is larger than ${limit >> 20} MB`);
        if (unsavedLength >= 1 << 20) {
          save();
          if (describe !== undefined) progress(`${describe}: ${(length / 2 ** 20).toFixed(0)}${answer.size === undefined ? '' : ` of ${(answer.size / 2 ** 20).toFixed(0)}`} MB`);
        }
      }
    } finally {
      save();
    }
    held = concat(parts);
    if (isRight(held)) return held;
    if (name !== undefined) cache.remove(name);
    if (from === 0) throw new HostError('archive-unreadable', `${path} is not what the repository says it is: its checksum is another`);
  }
  return held;
}

function readKept(bytes: Uint8Array | undefined): readonly MacroSetFile[] | undefined {
  if (bytes === undefined) return undefined;
  try {
    const files = JSON.parse(new TextDecoder().decode(bytes)) as MacroSetFile[];
    return Array.isArray(files) && files.every(({ path, text }) => isMacroSetPath(path) && typeof text === 'string') ? files : undefined;
  } catch {
    return undefined;
  }
}

function compareEntries(a: RepositoryPackage, b: RepositoryPackage): number {
  return a.epoch - b.epoch || compareRpmVersions(a.version, b.version) || compareRpmVersions(a.release, b.release);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 1 << 18) yield bytes.subarray(at, at + (1 << 18));
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
