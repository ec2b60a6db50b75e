import { type Archives, HostError } from '../../host.js';
import { packageIdentity, readBinaryPackage } from '../../packages/index.js';
import { fileLimit, isMacroSetPath, setLimit } from '../macroSet.js';
import { type Collected, Collection, type Progress } from './collected.js';

/** A package file and how to get its bytes. */
export interface NamedPackage {
  readonly name: string;
  bytes(): Uint8Array | undefined;
}

/** The macro files in packages. What is no package is left out with its reason; the others go on. */
export async function collectPackages(packages: readonly NamedPackage[], archives: Archives, progress: Progress = () => {}): Promise<Collected> {
  const collection = new Collection();
  for (const [index, { name, bytes }] of packages.entries()) {
    progress(`${index + 1} of ${packages.length}: ${name}`);
    const content = bytes();
    if (content === undefined) collection.leftOut.push(`${name}: cannot be read, or is too large`);
    else
      try {
        await addPackage(collection, content, archives);
      } catch (error) {
        if (!(error instanceof HostError)) throw error;
        collection.leftOut.push(`${name}: ${error.message}`);
      }
  }
  return collection.done();
}

/** Takes in the macro files of one package. Throws a HostError where it is none. */
export async function addPackage(collection: Collection, bytes: Uint8Array, archives: Archives): Promise<void> {
  const { header, files } = await readBinaryPackage(bytes, archives, { wanted: isMacroSetPath, fileLimit, totalLimit: setLimit });
  if (header.isSource) throw new HostError('archive-unreadable', 'it is a source package; macro files are in binary ones');
  if (header.name === 'rpm') collection.rpmVersion = header.version;
  if (header.arch !== 'noarch' && files.length > 0) collection.arch ??= header.arch;
  for (const { path, bytes: content } of files) collection.add(path, content, packageIdentity(header));
}
