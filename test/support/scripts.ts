import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './root.js';

/** What `scripts/sourcePackageWriter.mjs` exports; scripts are plain JavaScript and have no types of their own. */
export interface SourcePackageWriter {
  sourcePackage(description: { name: string; version: string; release: string; epoch?: number; payload?: Uint8Array; payloadCompressor?: string }, files: Readonly<Record<string, string | Uint8Array>>): Buffer;
  binaryPackage(description: { name: string; version: string; release: string; arch?: string; epoch?: number; payload?: Uint8Array; payloadCompressor?: string }, files: Readonly<Record<string, string | Uint8Array>>): Buffer;
  writeBinaryRepository(folder: string, packages: readonly { name: string; version: string; release: string; arch?: string; epoch?: number; files: Readonly<Record<string, string | Uint8Array>> }[]): void;
  writeSourceRepository(folder: string, packages: readonly { name: string; version: string; release: string; epoch?: number; files: Readonly<Record<string, string | Uint8Array>> }[], options?: { repodata?: boolean }): void;
  cpio(files: readonly { name: string; bytes: Uint8Array; mode?: number }[]): Buffer;
}

export const sourcePackageWriter = (await import(pathToFileURL(join(root, 'scripts/sourcePackageWriter.mjs')).href)) as SourcePackageWriter;

/** What `scripts/demoWorld.mjs` makes. */
export interface DemoWorld {
  readonly folder: string;
  readonly package: string;
  readonly spec: string;
  readonly upstream: string;
  readonly stream: string;
  readonly almalinux: string;
  readonly oracle: string;
  readonly commits: Readonly<Record<'overread' | 'rename' | 'memory' | 'width' | 'tabs' | 'blank' | 'control' | 'help', string>>;
}

/** Makes the demonstration's world in a folder. */
export const { makeDemoWorld } = (await import(pathToFileURL(join(root, 'scripts/demoWorld.mjs')).href)) as { makeDemoWorld(folder: string): DemoWorld };
