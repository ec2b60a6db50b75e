import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type HeaderStyle, type ReportedPatch, writeHeader } from '../../core/patches/index.js';
import type { CommandIo } from '../command.js';
import { shownPath } from './lockOnDisk.js';
import type { ReadPackage } from './readPackage.js';

/** Writes what was found into the headers of the patches, and tells on standard error which were changed, and which could not be. */
export function writeHeaders(io: CommandIo, read: ReadPackage, patches: readonly ReportedPatch[], style: HeaderStyle, today: string): void {
  const done = new Set<string>();
  let written = 0;
  for (const [i, { trace, decisions }] of patches.entries()) {
    const path = read.paths[i];
    const { bytes } = read.patches[i]!;
    if (path === undefined || bytes === undefined || done.has(path)) continue;
    done.add(path);
    const header = writeHeader(bytes, trace.changes, { style, today, ...(decisions === undefined ? {} : { decisions: decisions.changes }) });
    for (const problem of header.problems) io.err(`spectrail: ${shownPath(path, io.cwd)}: ${problem}\n`);
    if (header.bytes === undefined) continue;
    const fresh = join(dirname(path), `.${basename(path)}.${process.pid}.${randomBytes(4).toString('hex')}`);
    try {
      writeFileSync(fresh, header.bytes, { flag: 'wx', mode: statSync(path).mode & 0o777 });
      renameSync(fresh, path);
      written++;
    } catch (error) {
      rmSync(fresh, { force: true });
      io.err(`spectrail: ${shownPath(path, io.cwd)} cannot be written: ${(error as Error).message}\n`);
    }
  }
  io.err(`spectrail: ${written} ${written === 1 ? 'patch has' : 'patches have'} a new header\n`);
}
