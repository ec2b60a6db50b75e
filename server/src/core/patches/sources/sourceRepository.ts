import { HostError, checkCancelled } from '../../host.js';
import { type RepositoryPackage, compareRpmVersions, primaryLocation, readPrimary, readSourcePackage } from '../../packages/index.js';
import type { CarriedFile, CarrierHost, CarrierSource } from './carrierSource.js';
import { isPatchName } from './carrierSource.js';
import type { Location } from './location.js';
import { listFiles } from './patchFolder.js';

const PACKAGE_LIMIT = 1 << 30;
const METADATA_LIMIT = 512 << 20;

/** A folder of source packages, with repository metadata or without: what a distribution without a public git gives. */
export const sourceRepository: CarrierSource = {
  id: 'source-packages',

  accepts(host, location) {
    return location.kind === 'local' && (metadata(host, location) !== undefined || listFiles(host, location, isSourcePackage).length > 0);
  },

  state(host, location) {
    if (location.kind !== 'local') return undefined;
    const files = host.files([location.location]);
    const paths = listFiles(host, location, (name) => isSourcePackage(name) || name === 'repomd.xml');
    return paths.length === 0 ? undefined : paths.map((path) => `${path}:${files.stat(path)?.size}:${files.stat(path)?.modified}`).join('\n');
  },

  async read(host, location, { package: name, names, cancellation }) {
    const files = host.files([location.location]);
    const problems: string[] = [];
    const found: CarriedFile[] = [];
    let newest: number | undefined;
    const chosen = newestPackages(host, location, name, problems);
    for (const { path, label } of chosen) {
      checkCancelled(cancellation);
      const bytes = files.read(path, PACKAGE_LIMIT);
      if (bytes === undefined) {
        problems.push(`${path}: the source package is listed but cannot be read, or is larger than a gigabyte`);
        continue;
      }
      newest = Math.max(newest ?? 0, Math.floor((files.stat(path)?.modified ?? 0) / 1000));
      try {
        const source = await readSourcePackage(bytes, host.archives, { wanted: (file) => isPatchName(file) || names.has(file) });
        for (const [file, content] of source.files) found.push({ place: { source: location.name, location: location.location, path: `${label}/${file}` }, bytes: content });
        if (source.refused.length > 0) problems.push(`${path}: left out files that leave their folder: ${source.refused.slice(0, 3).join(', ')}`);
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        problems.push(`${path}: ${error.message}`);
      }
    }
    if (chosen.length === 0 && name !== undefined) problems.push(`${location.location}: has no source package of ${name}`);
    return { files: found, searched: { source: location.name, location: location.location, refs: chosen.map(({ label }) => ({ name: label, commit: '' })), upTo: newest }, problems };
  },
};

function isSourcePackage(name: string): boolean {
  return name.endsWith('.src.rpm');
}

/** The newest source package of the name; of every package where no name is known. */
function newestPackages(host: CarrierHost, location: Location, name: string | undefined, problems: string[]): { readonly path: string; readonly label: string }[] {
  const packages = metadata(host, location, problems) ?? listFiles(host, location, isSourcePackage).flatMap((path) => packageOfFile(path.slice(location.location.length).replace(/^[/\\]+/, '')) ?? []);
  const newest = new Map<string, RepositoryPackage>();
  for (const entry of packages) {
    if (name !== undefined && entry.name !== name) continue;
    // The location comes out of a file that anybody may have written.
    if (entry.location.split(/[/\\]/).includes('..') || /^[/\\]|^[A-Za-z][A-Za-z0-9+.-]*:/.test(entry.location)) {
      problems.push(`${location.location}: its metadata names a package outside its folder: ${entry.location}`);
      continue;
    }
    const known = newest.get(entry.name);
    if (known === undefined || (entry.epoch - known.epoch || compareRpmVersions(entry.version, known.version) || compareRpmVersions(entry.release, known.release)) > 0) newest.set(entry.name, entry);
  }
  return [...newest.values()].map(({ location: path }) => ({ path: `${location.location.replace(/[/\\]+$/, '')}/${path}`, label: path.slice(path.lastIndexOf('/') + 1).replace(/\.src\.rpm$/, '') }));
}

/** The source packages of the metadata; undefined where there is none that can be read. */
function metadata(host: CarrierHost, location: Location, problems: string[] = []): RepositoryPackage[] | undefined {
  const root = location.location.replace(/[/\\]+$/, '');
  const files = host.files([location.location]);
  const repomd = files.read(`${root}/repodata/repomd.xml`, 1 << 20);
  if (repomd === undefined) return undefined;
  const primary = primaryLocation(new TextDecoder().decode(repomd));
  if (primary === undefined || primary.split('/').includes('..')) return undefined;
  const packed = files.read(`${root}/${primary}`, METADATA_LIMIT);
  const bytes = packed === undefined ? undefined : primary.endsWith('.gz') ? host.archives.decompress(packed, 'gzip', METADATA_LIMIT) : primary.endsWith('.zst') ? host.archives.decompress(packed, 'zstd', METADATA_LIMIT) : primary.endsWith('.xml') ? packed : undefined;
  if (bytes === undefined) {
    problems.push(`${root}/${primary}: the list of packages is missing, damaged or compressed otherwise than with gzip or zstd; the file names are read instead`);
    return undefined;
  }
  return [...readPrimary(new TextDecoder().decode(bytes))].filter(({ arch }) => arch === 'src');
}

function packageOfFile(path: string): RepositoryPackage | undefined {
  const match = /^(.+)-([^-]+)-([^-]+)\.src\.rpm$/.exec(path.slice(path.lastIndexOf('/') + 1));
  return match === null ? undefined : { name: match[1]!, arch: 'src', epoch: 0, version: match[2]!, release: match[3]!, location: path.replaceAll('\\', '/'), checksum: undefined, size: undefined };
}
