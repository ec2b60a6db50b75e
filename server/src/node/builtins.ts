import { createRequire } from 'node:module';

const load = createRequire(import.meta.url);

/** Modules of Node's own that take milliseconds to load, each when it is first needed: most commands end without. */
export const childProcess = () => load('node:child_process') as typeof import('node:child_process');
export const zlib = () => load('node:zlib') as typeof import('node:zlib');
