/** Implements the interfaces of core/host.ts on Node: files, git processes, the store. The only room that touches the machine. */
export { createFileReader } from './files.js';
