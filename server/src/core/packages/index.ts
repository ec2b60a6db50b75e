/**
 * The bytes of .rpm and .src.rpm files, repository metadata and archives: read in memory, never unpacked to disk. Knows
 * nothing of what the files inside mean.
 */
export { type PackageFile, type PackageFileOptions, installedPath, packageIdentity, readBinaryPackage } from './binaryPackage.js';
export { CpioReader } from './cpio.js';
export { type MetadataFile, type PackageOfFiles, type RepositoryPackage, metadataFile, packageElements, primaryLocation, readFilesElement, readPrimary, readPrimaryElement } from './repodata.js';
export { type ReadHeader, type RpmHeader, readRpmHeader } from './rpmHeader.js';
export { compareRpmVersions } from './rpmVersion.js';
export { type SourcePackage, type SourcePackageOptions, readSourcePackage } from './sourcePackage.js';
export { type TarEntry, readTar } from './tar.js';
