import { decodePath, unquotePath } from './unquotePath.js';

/** A name as a `---` or `+++` line gives it. */
export interface FileName {
  /** Undefined for `/dev/null`. */
  readonly path: string | undefined;
  /** Whether the time beside it says that there is no such file: `diff -N` writes the epoch. */
  readonly isAbsent: boolean;
}

const timeBehindName = /(?:\t.*|\s+(?:\d{4}-\d{2}-\d{2}|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\s+[A-Z][a-z]{2}\s+\d|\d{1,2} [A-Z][a-z]{2} \d{4}|\((?:revision|working copy|nonexistent)).*|\s+)$/;

/** Takes quotes, times and revisions off the text behind `--- ` or `+++ `, given as a byte string without line break. */
export function readFileName(text: string): FileName {
  const unquoted = unquotePath(text);
  const raw = unquoted ? unquoted.path : text.replace(timeBehindName, '');
  const rest = text.slice(unquoted ? unquoted.length : raw.length);
  if (raw === '/dev/null' || raw === '') return { path: undefined, isAbsent: true };
  return { path: decodePath(raw), isAbsent: /\b(?:1970-01-01|1969-12-31)\b|\bJan\s+1\s+\S+\s+1970\b|\bDec\s+31\s+\S+\s+1969\b|\(nonexistent\)/.test(rest) };
}

/** `curl-7.76.1`, `openssl-3.0.7.orig`, `systemd-v252`, `linux-6.1.y`: a folder that a tarball unpacks to. */
const versionFolder = /^[A-Za-z][\w+.]*(?:-[A-Za-z][\w+.]*)*-v?\d[\w.+~-]*$/;

/** Pairs of folders that a tool or a person puts before both names. */
const sidePairs = new Set(['a b', 'b a', 'a a', 'b b', 'i w', 'c w', 'c i', 'o w', 'w i', 'old new', 'orig new', 'o n']);

/**
 * Both names of a file diff in normal form: the path in the project, without what differs between ways to make a diff.
 * Where only one name is given the other comes back as the same.
 */
export function normalPaths(oldPath: string | undefined, newPath: string | undefined): { readonly old: string; readonly new: string } {
  let before = split(oldPath ?? newPath ?? '');
  let after = split(newPath ?? oldPath ?? '');
  if (before.length > 1 && after.length > 1) {
    const pair = `${before[0]} ${after[0]}`;
    const isPair = sidePairs.has(pair) || (oldPath === undefined && after[0] === 'b') || (newPath === undefined && before[0] === 'a');
    const isOtherRoot = before[0] !== after[0] && sameBut(before.slice(1), after.slice(1));
    if (isPair || isOtherRoot) {
      before = before.slice(1);
      after = after.slice(1);
    }
  }
  // A folder that is the same on both sides is a tarball's only where it names a version.
  before = withoutVersionFolders(before);
  after = withoutVersionFolders(after);
  const old = before.join('/');
  const now = after.join('/');
  // One of the two is the other with a backup's ending: `x.c.orig`, `x.c~`, `x.c.fix-leak` by `patch -b -z`.
  if (old !== now && old.startsWith(now) && isBackupEnding(old.slice(now.length))) return { old: now, new: now };
  if (old !== now && now.startsWith(old) && isBackupEnding(now.slice(old.length))) return { old, new: old };
  // `a/./x.c` against `b/../project/x.c` or `/home/me/project/x.c`: the side that stayed in its folder says which file it is.
  if (newPath !== undefined && isUnsafePath(newPath) && now.endsWith(`/${old}`)) return { old, new: old };
  if (oldPath !== undefined && isUnsafePath(oldPath) && old.endsWith(`/${now}`)) return { old: now, new: now };
  const bare = now.replace(/(?:\.orig|~)$/, '');
  return old === now ? { old: bare, new: bare } : { old, new: now };
}

/** A path that is known to carry git's prefixes, without them. */
export function stripPrefix(path: string): string {
  const slash = path.indexOf('/');
  return slash === -1 ? path : path.slice(slash + 1);
}

/** Whether a path climbs out of the folder it is applied in. */
export function isUnsafePath(path: string): boolean {
  return path.startsWith('/') || path.split('/').includes('..') || path.includes('\0');
}

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
}

function withoutVersionFolders(parts: readonly string[]): string[] {
  let start = 0;
  while (start + 1 < parts.length && versionFolder.test(parts[start]!)) start++;
  return parts.slice(start);
}

function sameBut(before: readonly string[], after: readonly string[]): boolean {
  const old = before.join('/');
  const now = after.join('/');
  return old === now || (old.startsWith(now) && isBackupEnding(old.slice(now.length))) || (now.startsWith(old) && isBackupEnding(now.slice(old.length)));
}

function isBackupEnding(text: string): boolean {
  return text === '~' || /^[.-][^/]+$/.test(text);
}
