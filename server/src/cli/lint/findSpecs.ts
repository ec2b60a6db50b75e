import { readdirSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import type { Trouble } from '../reporters/index.js';

export interface FoundSpecs {
  /** Absolute paths, each once, in the order given; those out of folders in order of name. */
  readonly named: readonly string[];
  /** Found in folders: only linted if they turn out to be RPM specs. */
  readonly searched: readonly string[];
  readonly troubles: readonly Trouble[];
}

/** Folders that hold no package of the person's own. */
const passedOver = new Set(['.git', '.hg', '.svn', 'node_modules', '.cache', '.venv']);

/** Finds the specs that the arguments mean. What cannot be read is a trouble, and the search goes on. */
export function findSpecs(paths: readonly string[], cwd: string): FoundSpecs {
  const named = new Set<string>();
  const searched = new Set<string>();
  const troubles: Trouble[] = [];
  const trouble = (path: string, code: string, message: string) => void troubles.push({ file: displayName(path, cwd), position: undefined, severity: 'error', code, message });
  for (const path of paths) {
    const absolute = join(absolutePath(path, cwd));
    let isFolder: boolean;
    try {
      const stat = statSync(absolute);
      isFolder = stat.isDirectory();
      if (!isFolder && !stat.isFile()) {
        trouble(absolute, 'not-a-file', 'This is neither a file nor a folder.');
        continue;
      }
    } catch (error) {
      trouble(absolute, 'not-found', (error as NodeJS.ErrnoException).code === 'EACCES' ? 'This cannot be reached: permission denied.' : 'There is no such file or folder.');
      continue;
    }
    if (!isFolder) named.add(absolute);
    else {
      const before = searched.size;
      searchFolder(absolute, searched, (folder) => trouble(folder, 'unreadable', 'This folder cannot be read, so its specs were not looked at.'));
      if (searched.size === before && troubles.length === 0) trouble(absolute, 'no-specs', 'There is no *.spec file in this folder or below it.');
    }
  }
  return { named: [...named], searched: [...searched].filter((path) => !named.has(path)), troubles };
}

/** How a path is shown: relative to `cwd` where it lies below it, with `/` on every system. */
export function displayName(path: string, cwd: string): string {
  const below = relative(cwd, path);
  const shown = below === '' ? '.' : below.startsWith('..') ? path : below;
  return sep === '/' ? shown : shown.replaceAll(sep, '/');
}

function absolutePath(path: string, cwd: string): string {
  return path.startsWith('/') || /^[A-Za-z]:[\\/]/.test(path) ? path : join(cwd, path);
}

/** Symbolic links to folders are not followed: they may lead in circles, and out of what was asked for. */
function searchFolder(folder: string, found: Set<string>, onUnreadable: (folder: string) => void): void {
  let entries;
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    onUnreadable(folder);
    return;
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!passedOver.has(entry.name)) searchFolder(path, found, onUnreadable);
    } else if (entry.name.endsWith('.spec') && (entry.isFile() || entry.isSymbolicLink())) found.add(path);
  }
}
