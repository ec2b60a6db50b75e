/** Implements the interfaces of core/host.ts on Node: files, git processes, the store. The only room that touches the machine. */
export { nodeArchives } from './archives.js';
export { cacheFolder } from './cacheFolder.js';
export { machineArch } from './machineArch.js';
export { systemClock } from './clock.js';
export { createFileReader } from './files.js';
export { stderrLog } from './log.js';
export { createNodeHost, type NodeHost, type NodeHostOptions } from './nodeHost.js';
export { NodeGit, type NodeGitOptions } from './nodeGit.js';
export { openSqliteStore, type SqliteStoreOptions } from './sqliteStore.js';
export { SharedCancellation } from './sharedCancellation.js';
export { createSimulatedShell } from './simulatedShell.js';
export { readParserBytes } from './wasm.js';
export { loadLua } from './loadLua.js';
