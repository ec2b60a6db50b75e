/**
 * Files as Lua code sees them: those that the host shows, and what the code itself has written, which stays here in memory for
 * it alone to read again. Nothing of it reaches a disk.
 */
import { gunzipSync, gzipSync } from 'node:zlib';

/** Bytes of the largest file that is read. */
export const largestFile = 4 << 20;

/** Bytes that the code may have written, in all its files together. */
const mostWritten = 16 << 20;

/** What a file holds; streams of the same file share it. */
interface Content {
  bytes: Uint8Array;
  length: number;
}

export class LuaFiles {
  readonly #written = new Map<string, Content>();
  #room = mostWritten;

  /** `changed` is told of every write. */
  constructor(
    private readonly readHost: (path: string) => Uint8Array | undefined,
    private readonly changed: () => void,
  ) {}

  read(path: string): Uint8Array | undefined {
    const content = this.#written.get(path);
    return content === undefined ? this.readHost(path) : content.bytes.subarray(0, content.length);
  }

  /** Bytes of a file that the code has written; undefined for all others. */
  sizeOfWritten(path: string): number | undefined {
    return this.#written.get(path)?.length;
  }

  /** Takes away what the code has written; false where it has not. */
  remove(path: string): boolean {
    this.changed();
    return this.#written.delete(path);
  }

  /** Opens a file as C's fopen does with that mode; undefined where there is none to be read. */
  open(path: string, mode: string): LuaStream | undefined {
    const reads = mode.startsWith('r');
    const writable = !reads || mode.includes('+');
    let content = this.#written.get(path);
    if (content === undefined) {
      const bytes = mode.startsWith('w') ? undefined : this.readHost(path);
      if (bytes === undefined && reads) return undefined;
      content = { bytes: (writable ? bytes?.slice() : bytes) ?? new Uint8Array(), length: bytes?.length ?? 0 };
      if (writable) this.#written.set(path, content);
    }
    if (mode.startsWith('w')) content.length = 0;
    if (!reads) this.changed();
    return new LuaStream(content, { path, readable: reads || mode.includes('+'), writable, appends: mode.startsWith('a') }, (more) => this.#take(more));
  }

  /** A file without a name, or the output of a program. */
  unnamed(bytes: Uint8Array, writable: boolean): LuaStream {
    return new LuaStream({ bytes, length: bytes.length }, { path: '', readable: true, writable, appends: false }, (more) => this.#take(more));
  }

  #take(more: number): boolean {
    this.changed();
    this.#room -= more;
    return this.#room >= 0;
  }
}

export class LuaStream {
  at = 0;
  /** Reads and writes go through gzip, from where the stream was when that was asked for. */
  #packed: Content | undefined;

  constructor(
    private content: Content,
    readonly mode: { readonly path: string; readonly readable: boolean; readonly writable: boolean; readonly appends: boolean },
    private readonly take: (more: number) => boolean,
  ) {}

  /** Goes on with what is behind here as gzip has it; false where that is none. */
  unpack(): boolean {
    const { content } = this;
    let unpacked = new Uint8Array();
    if (!this.mode.readable) this.#packed = content;
    else
      try {
        unpacked = new Uint8Array(gunzipSync(content.bytes.subarray(this.at, content.length), { maxOutputLength: 4 * largestFile }));
      } catch {
        return false;
      }
    this.content = { bytes: unpacked, length: unpacked.length };
    this.at = 0;
    return true;
  }

  /** What was written through gzip is packed only now. */
  close(): void {
    if (this.#packed === undefined) return;
    const packed = gzipSync(this.content.bytes.subarray(0, this.content.length));
    this.#packed.bytes = packed;
    this.#packed.length = packed.length;
    this.#packed = undefined;
  }

  /** At most so many bytes; none at the end. */
  read(most: number): Uint8Array {
    const { bytes, length } = this.content;
    const from = Math.min(this.at, length);
    this.at = Math.min(from + most, length);
    return bytes.slice(from, this.at);
  }

  /** The next line, with its break or without; undefined at the end. */
  readLine(withBreak: boolean): Uint8Array | undefined {
    const { bytes, length } = this.content;
    if (this.at >= length) return undefined;
    const found = bytes.subarray(0, length).indexOf(10, this.at);
    const end = found < 0 ? length : found;
    const line = bytes.slice(this.at, found >= 0 && withBreak ? end + 1 : end);
    this.at = found < 0 ? end : end + 1;
    return line;
  }

  /** False where there is no more room. */
  write(added: Uint8Array): boolean {
    const { content } = this;
    if (this.mode.appends) this.at = content.length;
    const end = this.at + added.length;
    if (!this.take(Math.max(0, end - content.length))) return false;
    if (end > content.bytes.length || this.at > content.length) {
      const grown = new Uint8Array(Math.max(end, 2 * content.bytes.length));
      grown.set(content.bytes.subarray(0, content.length));
      content.bytes = grown;
    }
    content.bytes.set(added, this.at);
    content.length = Math.max(content.length, end);
    this.at = end;
    return true;
  }

  /** False for a place before the beginning. */
  seek(from: 'set' | 'cur' | 'end', offset: number): boolean {
    const at = { set: 0, cur: this.at, end: this.content.length }[from] + offset;
    if (at < 0) return false;
    this.at = at;
    return true;
  }
}
