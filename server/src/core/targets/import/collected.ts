import { decodeText } from '../../text/index.js';
import { isMacroSetPath, setLimit } from '../macroSet.js';
import type { MacroSetFile } from '../target.js';

/** What was found in one place. */
export interface Collected {
  /** Sorted by path, each path once. */
  readonly files: readonly MacroSetFile[];
  /** Where something there tells it. */
  readonly rpmVersion: string | undefined;
  readonly arch: string | undefined;
  /** Sentences about what was left out. */
  readonly leftOut: readonly string[];
}

/** Called while a source is read, with one line for people. */
export type Progress = (message: string) => void;

/** Takes in files one by one; one that comes later replaces an earlier one of the same path. */
export class Collection {
  readonly #files = new Map<string, MacroSetFile>();
  readonly leftOut: string[] = [];
  rpmVersion: string | undefined;
  arch: string | undefined;
  #size = 0;

  add(path: string, bytes: Uint8Array, from?: string): void {
    if (!isMacroSetPath(path)) return;
    if (this.#size + bytes.length > setLimit) {
      this.leftOut.push(`${path}: the set is larger than ${setLimit >> 20} MB without it`);
      return;
    }
    this.#size += bytes.length;
    const { text } = decodeText(bytes);
    this.#files.set(path, { path, text, ...(from !== undefined && { package: from }) });
  }

  /** A file or everything in a folder. */
  remove(path: string): void {
    for (const known of this.#files.keys()) if (known === path || known.startsWith(path === '/' ? path : `${path}/`)) this.#files.delete(known);
  }

  has(path: string): boolean {
    return this.#files.has(path);
  }

  get(path: string): MacroSetFile | undefined {
    return this.#files.get(path);
  }

  put(file: MacroSetFile): void {
    this.#files.set(file.path, file);
  }

  done(): Collected {
    const files = [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
    return { files, rpmVersion: this.rpmVersion, arch: this.arch, leftOut: this.leftOut };
  }
}
