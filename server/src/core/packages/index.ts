/**
 * The bytes of .rpm and .src.rpm files, repository metadata and archives: read in memory, never unpacked to disk. Knows
 * nothing of what the files inside mean.
 */
export { CpioReader } from './cpio.js';
export { type RepositoryPackage, primaryLocation, readPrimary } from './repodata.js';
export { type ReadHeader, type RpmHeader, readRpmHeader } from './rpmHeader.js';
export { compareRpmVersions } from './rpmVersion.js';
export { type SourcePackage, type SourcePackageOptions, readSourcePackage } from './sourcePackage.js';
