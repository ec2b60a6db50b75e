import { createReadStream, existsSync, readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, sep } from 'node:path';
import { type FileReader, type FileStat, HostError } from '../core/host.js';

/** Larger files are no texts that a spec or a patch is read from. */
const defaultLimit = 64 * 1024 * 1024;

/**
 * Reads files at once, within `folders` (absolute paths) and what lies below them, or anywhere where none are given.
 * A symbolic link counts by where it leads, so that a repository cannot point out of its folder.
 */
export function createFileReader(folders?: readonly string[]): FileReader {
  const roots = folders?.flatMap((folder) => realPath(folder) ?? []);

  /** The real path, or undefined where it does not exist or lies outside the roots. */
  function admitted(path: string): string | undefined {
    const real = realPath(path);
    if (real === undefined || roots === undefined) return real;
    return roots.some((root) => isWithin(root, real)) ? real : undefined;
  }

  return {
    read(path, limit = defaultLimit) {
      const real = admitted(path);
      try {
        // A named pipe or a device would block or never end: only plain files are read.
        const stat = real === undefined ? undefined : statSync(real);
        return stat?.isFile() === true && stat.size <= limit ? readFileSync(real!) : undefined;
      } catch {
        return undefined;
      }
    },
    stat(path): FileStat | undefined {
      const real = admitted(path);
      try {
        const stat = real === undefined ? undefined : statSync(real);
        if (stat === undefined || !(stat.isFile() || stat.isDirectory())) return undefined;
        return { kind: stat.isDirectory() ? 'directory' : 'file', size: stat.size, modified: stat.mtimeMs };
      } catch {
        return undefined;
      }
    },
    list(path) {
      const real = admitted(path);
      try {
        return real === undefined ? [] : readdirSync(real).sort();
      } catch {
        return [];
      }
    },
  };
}

/** The bytes of a plain file, piece by piece. */
export async function* streamFile(path: string): AsyncGenerator<Uint8Array> {
  try {
    if (!statSync(path).isFile()) throw new HostError('unreadable', `${path} is no plain file`);
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 18 })) yield piece as Uint8Array;
  } catch (error) {
    if (error instanceof HostError) throw error;
    throw new HostError('unreadable', `cannot read ${path} (${(error as NodeJS.ErrnoException).code ?? (error as Error).message})`, { cause: error });
  }
}

function realPath(path: string): string | undefined {
  try {
    // Most of what specs ask for is not there, which is known without following the way to it.
    return existsSync(path) ? realpathSync(path) : undefined;
  } catch {
    return undefined;
  }
}

function isWithin(root: string, path: string): boolean {
  const below = relative(root, path);
  return below === '' || (!isAbsolute(below) && below !== '..' && !below.startsWith(`..${sep}`));
}
