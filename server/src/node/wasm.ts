import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { HostError } from '../core/host.js';

/**
 * The bytes of the two WebAssembly modules that the parser is made of. In a bundle they lie beside the program; where the
 * typed projects run unbundled they come from the packages that hold them. Throws HostError `wasm-missing`.
 */
export async function readParserBytes(): Promise<{ readonly runtime: Uint8Array; readonly grammar: Uint8Array }> {
  const [runtime, grammar] = await Promise.all([readModule('web-tree-sitter'), readModule('tree-sitter-rpmspec')]);
  return { runtime, grammar };
}

/** The bytes of libarchive. Throws HostError `wasm-missing`. */
export function readArchiveBytes(): Promise<Uint8Array> {
  return readModule('libarchive', 'libarchive-wasm/dist/libarchive.wasm');
}

async function readModule(name: string, unbundled: string = `${name}/${name}.wasm`): Promise<Uint8Array> {
  const file = `${name}.wasm`;
  // A bundle's code is in dist/ or in dist/chunks/, the modules in dist/.
  for (const folder of ['./', '../']) {
    const url = new URL(folder + file, import.meta.url);
    if (existsSync(url)) return readFile(url);
  }
  try {
    return await readFile(createRequire(import.meta.url).resolve(unbundled));
  } catch (cause) {
    throw new HostError('wasm-missing', `${file} is missing from this installation: install Spectrail again.`, { cause });
  }
}
