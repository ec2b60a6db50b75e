import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Who is fetching into a copy of a remote repository, so that what a stopped fetch leaves there (locks that keep every later
 * one out, packs that nobody will finish) can be cleared away without harm to one that is still under way.
 */

const prefix = 'spectrail-fetching-';

/** No fetch takes longer; a process's number may have gone to another by then. */
const LONGEST = 24 * 3600 * 1000;

/** The marks of fetches of this process. */
const own = new Set<string>();

export interface FetchMark {
  /** Takes the mark away; after a failure clears away what the fetch left, unless another one is under way. */
  end(hasFailed: boolean): void;
}

/** Marks a copy as being fetched into, and clears away what dead fetches left in it. */
export function markFetch(directory: string): FetchMark {
  const name = `${prefix}${process.pid}-${randomBytes(4).toString('hex')}`;
  // The mark comes first: of two that begin at once each sees the other, and neither clears.
  own.add(name);
  writeFileSync(join(directory, name), '');
  clearLeftovers(directory, name);
  return {
    end(hasFailed) {
      if (hasFailed) clearLeftovers(directory, name);
      own.delete(name);
      rmSync(join(directory, name), { force: true });
    },
  };
}

/** Takes away locks and unfinished packs, where nobody else is fetching; and the marks of those who have gone. */
function clearLeftovers(directory: string, mine: string): void {
  let isBusy = false;
  for (const name of namesIn(directory)) {
    if (!name.startsWith(prefix) || name === mine) continue;
    if (isAlive(join(directory, name), name)) isBusy = true;
    else rmSync(join(directory, name), { force: true });
  }
  if (isBusy) return;
  for (const name of namesIn(directory)) if (name.endsWith('.lock')) rmSync(join(directory, name), { force: true });
  for (const name of namesIn(join(directory, 'refs'), true)) if (name.endsWith('.lock')) rmSync(join(directory, 'refs', name), { force: true });
  for (const folder of ['objects/pack', 'objects']) for (const name of namesIn(join(directory, folder))) if (/^(?:tmp_|incoming-|tmp_objdir-)/.test(name)) rmSync(join(directory, folder, name), { recursive: true, force: true });
}

function isAlive(path: string, name: string): boolean {
  const pid = Number(/^\d+/.exec(name.slice(prefix.length))?.[0]);
  if (!(pid > 0)) return false;
  if (pid === process.pid) return own.has(name);
  try {
    if (Date.now() - statSync(path).mtimeMs > LONGEST) return false;
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is one all the same.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function namesIn(folder: string, recursive = false): string[] {
  try {
    return readdirSync(folder, { recursive }).map(String);
  } catch {
    return [];
  }
}
