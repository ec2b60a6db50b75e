import { Readable } from 'node:stream';
import { Decompress } from 'fzstd';
import { type ArchiveEntry, type Archives, HostError } from '../core/host.js';
import { zlib } from './builtins.js';
import { readArchiveBytes } from './wasm.js';

/** The part of libarchive-wasm that is used; its own typings lack what its emscripten part takes. */
interface Libarchive {
  libarchiveWasm(options: { readonly wasmBinary: Uint8Array }): Promise<unknown>;
  ArchiveReader: new (library: unknown, bytes: Int8Array) => { nextEntry(): { getPathname(): string; getSize(): number; getFiletype(): string; readData(): Int8Array | undefined; free(): void } | null; free(): void; libarchive: { error_string(archive: number): string | null }; archive: number };
}

let library: Promise<{ reader: Libarchive['ArchiveReader']; wasm: unknown }> | undefined;

async function loadLibarchive(): Promise<{ reader: Libarchive['ArchiveReader']; wasm: unknown }> {
  const imported = (await import('libarchive-wasm')) as unknown as Libarchive & { readonly default?: Libarchive };
  // A CommonJS package: bundled, its exports are found under `default` alone.
  const module = imported.default ?? imported;
  return { reader: module.ArchiveReader, wasm: await module.libarchiveWasm({ wasmBinary: await readArchiveBytes() }) };
}

/** libarchive in WebAssembly for gzip, bzip2 and xz, fzstd for what that lacks. */
export const nodeArchives: Archives = {
  async entries(bytes, wanted) {
    const { reader: Reader, wasm } = await (library ??= loadLibarchive());
    const found: ArchiveEntry[] = [];
    try {
      const reader = new Reader(wasm, new Int8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      for (let entry = reader.nextEntry(); entry !== null; entry = reader.nextEntry()) {
        const path = entry.getPathname();
        if (entry.getFiletype() === 'File' && wanted(path, entry.getSize())) {
          const data = entry.readData();
          found.push({ path, bytes: data === undefined ? new Uint8Array() : new Uint8Array(data.buffer, data.byteOffset, data.byteLength) });
        }
        entry.free();
      }
      // The library ends its list alike at the end of the archive and where it is damaged; only its message tells.
      const message = reader.libarchive.error_string(reader.archive);
      reader.free();
      if (message !== null && message !== '') throw new HostError('archive-unreadable', `the archive cannot be read (${message})`);
    } catch (error) {
      // After a trap the instance's memory is in doubt: the next archive gets a fresh one.
      library = undefined;
      throw unreadable(error);
    }
    return found;
  },

  async unzstd(bytes, take) {
    try {
      unzstd(bytes, take);
    } catch (error) {
      throw unreadable(error);
    }
  },

  async *inflate(source) {
    try {
      const { first, all } = await peek(source);
      if (first[0] === 0x1f && first[1] === 0x8b) {
        // A stream's error reaches its reader only if the two are tied together.
        const input = Readable.from(all);
        const output = zlib().createGunzip();
        input.on('error', (error) => output.destroy(error));
        yield* input.pipe(output) as AsyncIterable<Uint8Array>;
      } else if (first[0] === 0x28 && first[1] === 0xb5 && first[2] === 0x2f && first[3] === 0xfd) yield* unzstdStream(all);
      else if ((first[0] === 0xfd && first[1] === 0x37) || (first[0] === 0x42 && first[1] === 0x5a && first[2] === 0x68)) throw new HostError('archive-unreadable', `the archive is compressed with ${first[0] === 0xfd ? 'xz' : 'bzip2'}, which is not read here; gzip and zstd are`);
      else yield* all;
    } catch (error) {
      throw unreadable(error);
    }
  },

  decompress(bytes, kind, limit) {
    try {
      if (kind === 'gzip') return zlib().gunzipSync(bytes, { maxOutputLength: limit });
      if (kind !== 'zstd') return undefined;
      const pieces: Uint8Array[] = [];
      let length = 0;
      unzstd(bytes, (piece) => {
        length += piece.length;
        if (length > limit) throw new RangeError('too large');
        pieces.push(piece);
      });
      return Buffer.concat(pieces);
    } catch {
      return undefined;
    }
  },
};

/** The first bytes of a stream, and the whole of it. */
async function peek(source: AsyncIterable<Uint8Array>): Promise<{ readonly first: Uint8Array; readonly all: AsyncIterable<Uint8Array> }> {
  const iterator = source[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let length = 0;
  while (length < 6) {
    const { value, done } = await iterator.next();
    if (done === true) break;
    held.push(value);
    length += value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    yield* held;
    for (;;) {
      const { value, done } = await iterator.next();
      if (done === true) return;
      yield value;
    }
  }
  return { first: Buffer.concat(held).subarray(0, 6), all: all() };
}

async function* unzstdStream(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  let isEnded = false;
  const stream = new Decompress((piece, isLast) => {
    isEnded ||= isLast === true;
    if (piece.length > 0) ready.push(piece);
  });
  // The last piece must be marked as such, so that each is held back until the next is there.
  let held: Uint8Array | undefined;
  for await (const piece of source) {
    for (let start = 0; start < piece.length; start += STEP) {
      if (held !== undefined) stream.push(held, false);
      held = piece.subarray(start, start + STEP);
      yield* ready;
      ready = [];
    }
  }
  stream.push(held ?? new Uint8Array(), true);
  yield* ready;
  if (!isEnded) throw new Error('the zstd stream is cut short');
}

/** Small pieces keep the memory low: each may grow a hundredfold. */
const STEP = 1 << 16;

function unzstd(bytes: Uint8Array, take: (piece: Uint8Array) => void): void {
  let isEnded = false;
  const stream = new Decompress((piece, isLast) => {
    isEnded ||= isLast === true;
    take(piece);
  });
  for (let start = 0; start < bytes.length; start += STEP) stream.push(bytes.subarray(start, start + STEP), start + STEP >= bytes.length);
  if (!isEnded) throw new Error('the zstd stream is cut short');
}

function unreadable(error: unknown): HostError {
  return error instanceof HostError ? error : new HostError('archive-unreadable', `the archive cannot be read (${error instanceof Error ? error.message : String(error)})`, { cause: error });
}
