import { type ArchiveEntry, type Archives, HostError } from '../host.js';
import { CpioReader } from './cpio.js';
import { type RpmHeader, readRpmHeader } from './rpmHeader.js';

export interface SourcePackage {
  readonly header: RpmHeader;
  /** Wanted files by their name in the package; a source package has no folders. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** Names that were left out because they leave their folder. */
  readonly refused: readonly string[];
}

export interface SourcePackageOptions {
  /** Which files to read; the others are skipped without being held. */
  readonly wanted: (name: string) => boolean;
  /** Bytes of one file, beyond which it is left out. */
  readonly fileLimit?: number;
  /** Bytes of all files together, beyond which the rest is left out. */
  readonly totalLimit?: number;
}

const FILE_LIMIT = 64 * 1024 * 1024;
const TOTAL_LIMIT = 256 * 1024 * 1024;

/** Reads the wanted files of a .src.rpm in memory. Throws a HostError `archive-unreadable` where it is none or is damaged. */
export async function readSourcePackage(bytes: Uint8Array, archives: Archives, { wanted, fileLimit = FILE_LIMIT, totalLimit = TOTAL_LIMIT }: SourcePackageOptions): Promise<SourcePackage> {
  const { header, error } = readRpmHeader(bytes);
  if (error !== undefined) throw new HostError('archive-unreadable', error);
  if (!header.isSource) throw new HostError('archive-unreadable', `${header.name}-${header.version}-${header.release} is a binary package; the source package (.src.rpm) has the patches`);
  const refused: string[] = [];
  let total = 0;
  let seen = 0;
  const take = (path: string, size: number): boolean => {
    seen++;
    const name = path.replace(/^\.\//, '');
    if (name === '' || name === '..' || /[/\\\0]/.test(name)) {
      refused.push(path);
      return false;
    }
    if (!wanted(name) || size > fileLimit || total + size > totalLimit) return false;
    total += size;
    return true;
  };
  let entries: readonly ArchiveEntry[];
  if (header.payloadCompressor === 'zstd') {
    const reader = new CpioReader(take);
    await archives.unzstd(bytes.subarray(header.payload), (piece) => reader.push(piece));
    if (reader.error !== undefined) throw new HostError('archive-unreadable', reader.error);
    entries = reader.files;
  } else {
    entries = await archives.entries(bytes, take);
  }
  // Every source package has at least its spec; an unreadable payload looks like an empty one to libarchive.
  if (seen === 0) throw new HostError('archive-unreadable', 'the source package has no files: its payload is damaged');
  return { header, files: new Map(entries.map((entry) => [entry.path.replace(/^\.\//, ''), entry.bytes])), refused };
}
