import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path';
import { HostError } from '../../core/host.js';
import { type CurrentPatch, type LockFile, type PatchTrace, type ReadLock, currentPatch, emptyLock, parseLock, writeLock } from '../../core/patches/index.js';
import type { CommandIo } from '../command.js';
import type { ReadPackage } from './readPackage.js';

/** A lock file beyond this many bytes is none. */
const LOCK_LIMIT = 16 << 20;

/** How a file is called in messages: relative to where one stands, where that is shorter. */
export function shownPath(path: string, cwd: string): string {
  const below = relative(cwd, path);
  return below === '' || below.length > path.length ? path : below;
}

/** The lock of a package; undefined where there is none. What is wrong in it is told on standard error, with its line. */
export function readLockFile(io: CommandIo, path: string): ReadLock | undefined {
  const files = io.host.files();
  const stat = files.stat(path);
  if (stat === undefined) return undefined;
  const bytes = files.read(path, LOCK_LIMIT);
  if (bytes === undefined) throw new HostError('lock-unreadable', `${shownPath(path, io.cwd)}: this is no file that can be read, or it is larger than ${LOCK_LIMIT >> 20} MB`);
  const read = parseLock(new TextDecoder().decode(bytes));
  for (const { line, message } of read.problems) io.err(`spectrail: ${shownPath(path, io.cwd)}:${line + 1}: ${message}\n`);
  return read;
}

/** The lock that is to be written anew: refuses where a person has to say first what is meant. */
export function lockToRenew(io: CommandIo, path: string): LockFile {
  const read = readLockFile(io, path);
  if (read?.needsPerson === true) throw new HostError('lock-unclear', `${shownPath(path, io.cwd)} was left as it is: mend what is said above first`);
  return read?.lock ?? emptyLock;
}

/** Writes a lock whole or not at all. False where it already says the same. */
export function writeLockFile(io: CommandIo, path: string, lock: LockFile): boolean {
  const text = writeLock(lock);
  const before = io.host.files().read(path, LOCK_LIMIT);
  if (before !== undefined && new TextDecoder().decode(before) === text) return false;
  const fresh = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}`);
  try {
    writeFileSync(fresh, text, { flag: 'wx' });
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw new HostError('cannot-write', `${shownPath(path, io.cwd)} cannot be written: ${(error as Error).message}`);
  }
  return true;
}

/** The patches of a package as a lock sees them; a patch that the spec names twice is one. */
export function currentPatches(io: CommandIo, { patches }: ReadPackage, traces: readonly (PatchTrace | undefined)[]): CurrentPatch[] {
  const byFile = new Map<string, CurrentPatch>();
  for (const [i, { fileName, bytes, context }] of patches.entries()) if (!byFile.has(fileName)) byFile.set(fileName, currentPatch(fileName, bytes, { trace: traces[i], context, decompressor: io.host.archives }));
  return [...byFile.values()];
}

/** Locations of this machine as seen from the lock, so that they mean something to others who have the same folders beside each other. */
export function placeFrom(lock: string): (location: string) => string {
  return (location) => (isAbsolute(location) ? relative(dirname(lock), location).split(sep).join('/') || '.' : location);
}
