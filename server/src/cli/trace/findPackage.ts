import { basename, dirname, join, resolve } from 'node:path';
import { type FileReader, HostError } from '../../core/host.js';
import { type FolderFacts, type SeriesEntry, debianFacts, gentooFacts, isPatchName, noFolderFacts, parseSeries } from '../../core/patches/index.js';

/** What a path on the command line turned out to be. */
export type FoundPackage =
  | { readonly kind: 'spec'; readonly spec: string }
  /** Patches without a spec, in the order of their series file or of their names; `isPart` where one was picked out of a folder. */
  | { readonly kind: 'patches'; readonly folder: string; readonly files: readonly string[]; readonly facts: FolderFacts; readonly isPart?: boolean };

/** A text beside patches that is larger is not read. */
const TEXT_LIMIT = 8 << 20;

/**
 * Finds the spec or the patches behind a path: a spec; a package's folder, flat or with SPECS and SOURCES; a folder of
 * patches, a quilt series (`series`, `patches/series`), a Debian source (`debian/patches`), a folder of ebuilds with its
 * `files`; one patch.
 */
export function findPackage(argument: string, cwd: string, files: FileReader): FoundPackage {
  const path = resolve(cwd, argument);
  const kind = files.stat(path)?.kind;
  if (kind === undefined) throw new HostError('file-missing', `${argument}: there is no such file or folder, or it cannot be read`);
  if (kind === 'file') {
    if (path.endsWith('.spec')) return { kind: 'spec', spec: path };
    if (isPatchName(basename(path))) return { kind: 'patches', folder: dirname(path), files: [basename(path)], facts: factsAround(dirname(path), files), isPart: true };
    if (basename(path) === 'series') return patchesOf(dirname(path), readSeries(dirname(path), files) ?? [], files);
    throw new HostError('no-package', `${argument}: neither a spec nor a patch by its name; give a .spec file, a .patch file, or the package's folder`);
  }
  for (const folder of [path, join(path, 'SPECS')]) {
    const specs = files.list(folder).filter((name) => name.endsWith('.spec'));
    if (specs.length === 1) return { kind: 'spec', spec: join(folder, specs[0]!) };
    if (specs.length > 1) throw new HostError('no-package', `${argument}: has ${specs.length} specs (${specs.slice(0, 3).join(', ')}${specs.length > 3 ? ', ...' : ''}); give one of them`);
  }
  for (const folder of [path, join(path, 'patches'), join(path, 'debian', 'patches')]) {
    const series = readSeries(folder, files);
    if (series !== undefined && series.length > 0) return patchesOf(folder, series, files);
  }
  for (const folder of [path, join(path, 'SOURCES'), join(path, 'files'), join(path, 'patches'), join(path, 'debian', 'patches')]) {
    const patches = patchesIn(folder, files);
    if (patches.length > 0) return { kind: 'patches', folder, files: patches, facts: factsAround(folder, files) };
  }
  throw new HostError('no-package', `${argument}: no spec and no patches here; give a package's folder, its .spec file, or a folder of patches`);
}

function patchesOf(folder: string, series: readonly SeriesEntry[], files: FileReader): FoundPackage {
  return { kind: 'patches', folder, files: series.map(({ name }) => name), facts: factsAround(folder, files) };
}

/** The order that quilt or dpatch keeps in a folder; undefined where neither does. */
function readSeries(folder: string, files: FileReader): readonly SeriesEntry[] | undefined {
  const series = readText(join(folder, 'series'), files);
  if (series !== undefined) return parseSeries(series);
  const list = readText(join(folder, '00list'), files);
  return list === undefined ? undefined : parseSeries(list).map((entry) => (files.stat(join(folder, entry.name)) === undefined ? { ...entry, name: `${entry.name}.dpatch` } : entry));
}

/** Patches of a folder by name, those of its own folders behind: Gentoo has one a version. */
function patchesIn(folder: string, files: FileReader): string[] {
  const names = files.list(folder);
  const deeper = basename(folder) === 'files' ? names.filter((name) => !isPatchName(name) && files.stat(join(folder, name))?.kind === 'directory') : [];
  return [...names.filter(isPatchName), ...deeper.flatMap((name) => files.list(join(folder, name)).filter(isPatchName).map((patch) => `${name}/${patch}`))];
}

/** What stands around a folder of patches and says whose they are. */
function factsAround(folder: string, files: FileReader): FolderFacts {
  const above = dirname(folder);
  if (basename(folder) === 'patches' && basename(above) === 'debian') {
    const text = (name: string) => readText(join(above, name), files);
    return debianFacts({ changelog: text('changelog'), control: text('control'), watch: text('watch'), metadata: text('upstream/metadata') });
  }
  const ebuilds = [folder, above].find((each) => files.list(each).some((name) => name.endsWith('.ebuild')));
  return ebuilds === undefined ? noFolderFacts : gentooFacts({ name: basename(ebuilds), files: files.list(ebuilds), metadata: readText(join(ebuilds, 'metadata.xml'), files) });
}

function readText(path: string, files: FileReader): string | undefined {
  const bytes = files.read(path, TEXT_LIMIT);
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
}
