import type { FileReader } from '../../host.js';
import { fileLimit, isMacroSetPath } from '../macroSet.js';
import { type Collected, Collection } from './collected.js';

/** Folders of macro files, and how deep they go. */
const places: readonly (readonly [folder: string, depth: number])[] = [
  ['/usr/lib/rpm', 8],
  ['/etc/rpm', 2],
];

/** More files than this in rpm's folders are no macro set. */
const entryLimit = 20_000;

/**
 * The macro files below a root folder: this machine (`/`), a chroot, an unpacked container. Links that lead out of the folder are as good
 * as not there; give a reader that holds to it.
 */
export function collectFolder(files: FileReader, root: string): Collected {
  const collection = new Collection();
  const base = root.replace(/\/+$/, '');
  let left = entryLimit;
  const visit = (path: string, depth: number): void => {
    for (const name of files.list(base + path)) {
      if (--left < 0) return;
      const inner = `${path}/${name}`;
      const stat = files.stat(base + inner);
      if (stat?.kind === 'directory') {
        if (depth > 0) visit(inner, depth - 1);
      } else if (stat !== undefined && isMacroSetPath(inner)) {
        const bytes = files.read(base + inner, fileLimit);
        if (bytes === undefined) collection.leftOut.push(`${inner}: cannot be read, or is larger than ${fileLimit >> 20} MB`);
        else collection.add(inner, bytes);
      }
    }
  };
  for (const [folder, depth] of places) visit(folder, depth);
  const rc = files.read(`${base}/etc/rpmrc`, fileLimit);
  if (rc !== undefined) collection.add('/etc/rpmrc', rc);
  return collection.done();
}
