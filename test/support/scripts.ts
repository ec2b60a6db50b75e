import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.js';

/** What `scripts/sourcePackageWriter.mjs` exports; scripts are plain JavaScript and have no types of their own. */
export interface SourcePackageWriter {
  sourcePackage(description: { name: string; version: string; release: string; epoch?: number; payload?: Uint8Array; payloadCompressor?: string }, files: Readonly<Record<string, string | Uint8Array>>): Buffer;
  writeSourceRepository(folder: string, packages: readonly { name: string; version: string; release: string; epoch?: number; files: Readonly<Record<string, string | Uint8Array>> }[], options?: { repodata?: boolean }): void;
  cpio(files: readonly { name: string; bytes: Uint8Array; mode?: number }[]): Buffer;
}

export const sourcePackageWriter = (await import(pathToFileURL(join(root, 'scripts/sourcePackageWriter.mjs')).href)) as SourcePackageWriter;
