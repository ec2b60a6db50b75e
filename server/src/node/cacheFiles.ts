import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type CacheFiles, HostError } from '../core/host.js';

/** Files below the cache folder. Names are ours, but made of what others say: anything that could leave the folder is a bug, and throws. */
export function createCacheFiles(folder: string): CacheFiles {
  const pathOf = (name: string): string => {
    if (!name.split('/').every((part) => /^[A-Za-z0-9._@^~+:-]+$/.test(part) && !/^\.+$/.test(part))) throw new Error(`no name for a file of the cache: ${name}`);
    return join(folder, ...name.split('/').map((part) => part.replaceAll(':', '%3A')));
  };
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      throw new HostError('cache-unwritable', `cannot write to the cache folder ${folder} (${(error as NodeJS.ErrnoException).code ?? (error as Error).message}); SPECTRAIL_CACHE names another`, { cause: error });
    }
  };
  return {
    folder,
    read(name) {
      try {
        return readFileSync(pathOf(name));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === undefined) throw error;
        return undefined;
      }
    },
    write(name, bytes) {
      const path = pathOf(name);
      attempt(() => {
        mkdirSync(dirname(path), { recursive: true });
        const beside = `${path}.${process.pid}.new`;
        writeFileSync(beside, bytes);
        renameSync(beside, path);
      });
    },
    append(name, bytes) {
      const path = pathOf(name);
      attempt(() => {
        mkdirSync(dirname(path), { recursive: true });
        appendFileSync(path, bytes);
      });
    },
    remove(name) {
      const path = pathOf(name);
      attempt(() => rmSync(path, { recursive: true, force: true }));
    },
  };
}
