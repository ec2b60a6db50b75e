import type { FileReader } from '../host.js';
import { lockFileName } from '../patches/index.js';
import type { PackageFacts } from './facts.js';

/** Folders of a package and the names in them. */
export interface PackageFiles {
  /** Folder of the spec. */
  readonly specFolder: string;
  /** Where rpmbuild would look for sources: `SOURCES` beside `SPECS`, a `SOURCES` folder in the spec's, else the spec's own. */
  readonly sourceFolder: string;
  readonly files: ReadonlySet<string>;
  readonly folders: ReadonlyMap<string, string>;
  /** Where the lock of its patches is, or would be. */
  readonly lock: string;
}

/** A folder with more names than this is no package; the rest is not looked at. */
const nameLimit = 20_000;

/**
 * Finds out how a package is laid out: `SPECS/x.spec` with `SOURCES/` beside (rpmbuild's own tree and CentOS's), a
 * `SOURCES` folder below the spec's, or everything in one folder as in Fedora's and openSUSE's repositories.
 */
export function readPackageFiles(specPath: string, reader: FileReader): PackageFiles {
  const { folder: specFolder, join, parent } = pathsOf(specPath);
  const { name, above } = parent(specFolder);
  const beside = name === 'SPECS' && above !== undefined ? join(above, 'SOURCES') : undefined;
  const below = join(specFolder, 'SOURCES');
  const sourceFolder = [beside, below].find((folder) => folder !== undefined && reader.stat(folder)?.kind === 'directory') ?? specFolder;
  const folders = new Map<string, string>();
  // The source folder comes first: what rpmbuild would find there hides a file of the same name beside the spec.
  for (const folder of new Set([sourceFolder, specFolder])) {
    for (const file of reader.list(folder)) {
      if (folders.size >= nameLimit) break;
      if (!folders.has(file)) folders.set(file, folder);
    }
  }
  return { specFolder, sourceFolder, files: new Set(folders.keys()), folders, lock: lockPath(specPath, reader) };
}

/** The lock beside a spec: `spectrail.lock`, or with the spec's name before it in a folder that has several specs. */
export function lockPath(specPath: string, reader: FileReader): string {
  const { folder, join } = pathsOf(specPath);
  const isAlone = reader.list(folder).filter((name) => name.endsWith('.spec')).length < 2;
  return join(folder, isAlone ? lockFileName : `${pathsOf(specPath).parent(specPath).name.replace(/\.spec$/, '')}.${lockFileName}`);
}

/** Specs that a patch at this path may belong to: those beside it, in `SPECS` beside its folder, and in the folder above `SOURCES`. */
export function specsAround(patchPath: string, reader: FileReader): readonly string[] {
  const { folder, join, parent } = pathsOf(patchPath);
  const { name, above } = parent(folder);
  const folders = [folder, ...(above === undefined ? [] : [join(above, 'SPECS'), ...(name === 'SOURCES' ? [above] : [])])];
  return folders.flatMap((each) => reader.list(each).filter((file) => file.endsWith('.spec')).map((file) => join(each, file)));
}

/** Path of a file of the package by its name, or undefined where it is not there (or nobody looked). */
export function packageFile(facts: PackageFacts, fileName: string): string | undefined {
  const folder = facts.folders.get(fileName);
  return folder === undefined ? undefined : pathsOf(`${folder}${folder.includes('/') ? '/' : '\\'}x`).join(folder, fileName);
}

/** The folder that a path lies in. */
export function folderOf(path: string): string {
  return pathsOf(path).folder;
}

/**
 * How places of this machine are written into a lock: as seen from its folder, so that they mean something to others who
 * have the same folders beside each other. Addresses and paths of another drive stay as they are.
 */
export function placeFrom(lock: string): (location: string) => string {
  const separator = lock.includes('/') ? '/' : '\\';
  const from = folderOf(lock).split(separator);
  return (location) => {
    if (!(separator === '/' ? location.startsWith('/') : /^[A-Za-z]:\\/.test(location))) return location;
    const to = location.split(separator).filter((part, i) => i === 0 || part !== '');
    const here = from.filter((part, i) => i === 0 || part !== '');
    let common = 0;
    while (common < here.length && common < to.length && here[common] === to[common]) common++;
    if (common === 0) return location;
    return [...here.slice(common).map(() => '..'), ...to.slice(common)].join('/') || '.';
  };
}

/** Paths are absolute and of the machine's own kind; core has no path library of a platform. */
function pathsOf(path: string): { folder: string; join(folder: string, name: string): string; parent(folder: string): { name: string; above: string | undefined } } {
  const separator = path.includes('/') ? '/' : '\\';
  const split = (whole: string): { name: string; above: string | undefined } => {
    const at = whole.lastIndexOf(separator);
    return at < 0 ? { name: whole, above: undefined } : { name: whole.slice(at + 1), above: at === 0 ? separator : whole.slice(0, at) };
  };
  return {
    folder: split(path).above ?? '.',
    join: (folder, name) => (folder.endsWith(separator) ? `${folder}${name}` : `${folder}${separator}${name}`),
    parent: split,
  };
}
