import { type ArchiveEntry, type Archives, HostError } from '../host.js';
import { CpioReader } from './cpio.js';
import { type RpmHeader, readRpmHeader } from './rpmHeader.js';

export interface PackageFile {
  /** Absolute, as it would be installed. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

export interface PackageFileOptions {
  /** Which files to read, by absolute path; the others are skipped without being held. */
  readonly wanted: (path: string) => boolean;
  /** Bytes of one file, and of all together, beyond which the rest is left out. */
  readonly fileLimit: number;
  readonly totalLimit: number;
}

/** Reads the wanted plain files of an .rpm in memory. Throws a HostError `archive-unreadable` where it is none or is damaged. */
export async function readBinaryPackage(bytes: Uint8Array, archives: Archives, { wanted, fileLimit, totalLimit }: PackageFileOptions): Promise<{ readonly header: RpmHeader; readonly files: readonly PackageFile[] }> {
  const { header, error } = readRpmHeader(bytes);
  if (error !== undefined) throw new HostError('archive-unreadable', error);
  let total = 0;
  const take = (path: string, size: number): boolean => {
    const installed = installedPath(path);
    if (installed === undefined || !wanted(installed) || size > fileLimit || total + size > totalLimit) return false;
    total += size;
    return true;
  };
  let entries: readonly ArchiveEntry[];
  if (header.payloadCompressor === 'zstd') {
    const reader = new CpioReader(take);
    await archives.unzstd(bytes.subarray(header.payload), (piece) => reader.push(piece));
    if (reader.error !== undefined) throw new HostError('archive-unreadable', reader.error);
    entries = reader.files;
  } else entries = await archives.entries(bytes, take);
  return { header, files: entries.map(({ path, bytes: content }) => ({ path: installedPath(path)!, bytes: content })) };
}

/** Name of a package with version and architecture, as rpm prints it. */
export function packageIdentity({ name, epoch, version, release, arch }: Pick<RpmHeader, 'name' | 'version' | 'release' | 'arch'> & { readonly epoch?: number | undefined }): string {
  return `${name}-${epoch === undefined || epoch === 0 ? '' : `${epoch}:`}${version}-${release}.${arch}`;
}

/** `./usr/lib/x` and `usr/lib/x` as `/usr/lib/x`; undefined for a path that climbs. */
export function installedPath(path: string): string | undefined {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  return parts.length === 0 || parts.includes('..') || path.includes('\0') ? undefined : `/${parts.join('/')}`;
}
