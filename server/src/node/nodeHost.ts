import { availableParallelism, totalmem } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import type { Host, Log, Store } from '../core/host.js';
import { nodeArchives } from './archives.js';
import { createCacheFiles } from './cacheFiles.js';
import { cacheFolder } from './cacheFolder.js';
import { systemClock } from './clock.js';
import { createFileReader, streamFile } from './files.js';
import { machineArch } from './machineArch.js';
import { nodeHttp } from './nodeHttp.js';
import { loadLua } from './loadLua.js';
import { NodeGit } from './nodeGit.js';
import { createSimulatedShell } from './simulatedShell.js';
import { openSqliteStore } from './sqliteStore.js';

export interface NodeHostOptions {
  readonly log: Log;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface NodeHost extends Host {
  readonly git: NodeGit;
  /** Folder of the store and of copies of remote repositories. */
  readonly cache: string;
  /** Closes the store, where it was opened. */
  close(): Promise<void>;
}

/** The machine this process runs on. Nothing is opened, made or started before it is asked for. */
export function createNodeHost({ log, env = process.env }: NodeHostOptions): NodeHost {
  const cache = cacheFolder(env);
  let store: Promise<Store> | undefined;
  return {
    cache,
    files: createFileReader,
    stream: streamFile,
    http: nodeHttp,
    cacheFiles: createCacheFiles(cache),
    digest: (kind, bytes) => createHash(kind).update(bytes).digest('hex'),
    git: new NodeGit({ cache, log, env }),
    store() {
      store ??= openSqliteStore({ path: join(cache, 'store.sqlite'), log });
      store.catch(() => (store = undefined));
      return store;
    },
    archives: nodeArchives,
    shell: createSimulatedShell,
    lua: loadLua,
    machine: { processors: availableParallelism(), memory: Math.floor(totalmem() / 2 ** 20) + 1, arch: machineArch },
    clock: systemClock,
    log,
    async close() {
      const opened = store;
      store = undefined;
      await opened?.then((open) => open.close()).catch(() => {});
    },
  };
}
