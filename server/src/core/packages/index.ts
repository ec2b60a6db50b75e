/**
 * The bytes of .rpm and .src.rpm files, repository metadata and archives: read in memory, never unpacked to disk. Knows
 * nothing of what the files inside mean.
 */
export {};
