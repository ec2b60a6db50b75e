import { HostError } from '../../host.js';
import { type CarriedFile, type CarrierHost, type CarrierSource, PATCH_LIMIT, isPatchName } from './carrierSource.js';
import type { Location } from './location.js';

/** Folders below the one given that are looked into. */
const DEPTH = 3;
const FILE_COUNT_LIMIT = 20_000;

/** A folder of patches: an unpacked source package, a quilt series, somebody's collection. */
export const patchFolder: CarrierSource = {
  id: 'folder',
  accepts: (host, location) => location.kind === 'local' && host.files([location.location]).stat(location.location)?.kind === 'directory',
  state(host, location) {
    if (!this.accepts(host, location)) return undefined;
    const files = host.files([location.location]);
    return listFiles(host, location, isPatchName)
      .map((path) => `${path}:${files.stat(path)?.size}:${files.stat(path)?.modified}`)
      .join('\n');
  },
  async read(host, location, { names }) {
    const files = host.files([location.location]);
    if (files.stat(location.location)?.kind !== 'directory') throw new HostError('location-missing', `${location.location}: there is no such folder; check the path`);
    const found: CarriedFile[] = [];
    let newest: number | undefined;
    for (const path of listFiles(host, location, (name) => isPatchName(name) || names.has(name))) {
      const bytes = files.read(path, PATCH_LIMIT);
      if (bytes === undefined) continue;
      newest = Math.max(newest ?? 0, Math.floor((files.stat(path)?.modified ?? 0) / 1000));
      found.push({ place: { source: location.name, location: location.location, path: path.slice(location.location.length).replace(/^[/\\]+/, '') }, bytes });
    }
    return { files: found, searched: { source: location.name, location: location.location, refs: [], upTo: newest }, problems: [] };
  },
};

/** Paths of the files in a folder and some way below it, hidden folders left out, in a fixed order. */
export function listFiles(host: CarrierHost, { location }: Location, wanted: (name: string) => boolean): string[] {
  const files = host.files([location]);
  const separator = location.includes('\\') && !location.includes('/') ? '\\' : '/';
  const found: string[] = [];
  const visit = (folder: string, depth: number): void => {
    for (const name of files.list(folder)) {
      if (found.length >= FILE_COUNT_LIMIT || name.startsWith('.')) continue;
      const path = folder.endsWith(separator) ? folder + name : folder + separator + name;
      const kind = files.stat(path)?.kind;
      if (kind === 'file' && wanted(name)) found.push(path);
      else if (kind === 'directory' && depth < DEPTH) visit(path, depth + 1);
    }
  };
  visit(location, 0);
  return found;
}
