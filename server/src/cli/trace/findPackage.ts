import { basename, dirname, join, resolve } from 'node:path';
import { type FileReader, HostError } from '../../core/host.js';
import { isPatchName } from '../../core/patches/index.js';

/** What a path on the command line turned out to be. */
export type FoundPackage =
  | { readonly kind: 'spec'; readonly spec: string }
  /** Patches without a spec, in the order of their series file or of their names. */
  | { readonly kind: 'patches'; readonly folder: string; readonly files: readonly string[] };

/**
 * Finds the spec or the patches behind a path: a spec; a package's folder, flat or with SPECS and SOURCES; a folder of
 * patches, a quilt series (`series`, `patches/series`, `debian/patches/series`); one patch.
 */
export function findPackage(argument: string, cwd: string, files: FileReader): FoundPackage {
  const path = resolve(cwd, argument);
  const kind = files.stat(path)?.kind;
  if (kind === undefined) throw new HostError('file-missing', `${argument}: there is no such file or folder, or it cannot be read`);
  if (kind === 'file') {
    if (path.endsWith('.spec')) return { kind: 'spec', spec: path };
    if (isPatchName(basename(path))) return { kind: 'patches', folder: dirname(path), files: [basename(path)] };
    throw new HostError('no-package', `${argument}: neither a spec nor a patch by its name; give a .spec file, a .patch file, or the package's folder`);
  }
  for (const folder of [path, join(path, 'SPECS')]) {
    const specs = files.list(folder).filter((name) => name.endsWith('.spec'));
    if (specs.length === 1) return { kind: 'spec', spec: join(folder, specs[0]!) };
    if (specs.length > 1) throw new HostError('no-package', `${argument}: has ${specs.length} specs (${specs.slice(0, 3).join(', ')}${specs.length > 3 ? ', ...' : ''}); give one of them`);
  }
  for (const folder of [path, join(path, 'patches'), join(path, 'debian', 'patches')]) {
    const series = files.read(join(folder, 'series'), 1 << 20);
    if (series === undefined) continue;
    const names = new TextDecoder().decode(series).split('\n').map((line) => line.replace(/(^|\s)#.*$/, '').trim().split(/\s+/)[0]!).filter((name) => name !== '');
    if (names.length > 0) return { kind: 'patches', folder, files: names };
  }
  for (const folder of [path, join(path, 'SOURCES'), join(path, 'files'), join(path, 'patches')]) {
    const patches = files.list(folder).filter(isPatchName);
    if (patches.length > 0) return { kind: 'patches', folder, files: patches };
  }
  throw new HostError('no-package', `${argument}: no spec and no patches here; give a package's folder, its .spec file, or a folder of patches`);
}
