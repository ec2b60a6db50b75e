/** Reads tar archives of any size as they come: ustar with pax and GNU extensions. Nothing is held but what the reader asks for. */
import { HostError } from '../host.js';

export interface TarEntry {
  /** As the archive has it; it may well lead out of its folder. */
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'hardlink' | 'other';
  /** Where a link leads; empty for what is none. */
  readonly link: string;
  readonly size: number;
  /** The bytes of a file, once, before the next entry is asked for. */
  data(): AsyncIterable<Uint8Array>;
}

/** Extended headers hold names; larger ones are no names. */
const EXTENSION_LIMIT = 1 << 20;

const kinds: Readonly<Record<string, TarEntry['kind']>> = { '0': 'file', '\0': 'file', '7': 'file', '1': 'hardlink', '2': 'symlink', '5': 'directory' };

/** Entries in their order. Throws a HostError `archive-unreadable` where the archive is damaged or cut short. */
export async function* readTar(source: AsyncIterable<Uint8Array>): AsyncGenerator<TarEntry> {
  const input = new Pieces(source);
  let extended: Record<string, string> = {};
  let isFirst = true;
  for (;;) {
    const block = await input.take(512, !isFirst);
    if (block === undefined) return;
    if (block.every((byte) => byte === 0)) {
      if (isFirst) throw new HostError('archive-unreadable', 'no tar archive: it begins with nothing');
      return;
    }
    if (!hasRightSum(block)) throw new HostError('archive-unreadable', isFirst ? 'no tar archive: its first bytes are not those of one' : 'the tar archive is damaged');
    isFirst = false;
    const type = String.fromCharCode(block[156]!);
    const declared = numberAt(block, 124, 12);
    if (type === 'x' || type === 'g' || type === 'L' || type === 'K') {
      if (declared > EXTENSION_LIMIT) throw new HostError('archive-unreadable', 'the tar archive is damaged: a name of impossible length');
      const text = new TextDecoder().decode(await input.take(declared));
      await input.skip(-declared & 511);
      if (type === 'x') extended = { ...extended, ...paxRecords(text) };
      else if (type !== 'g') extended[type === 'L' ? 'path' : 'linkpath'] = text.replace(/\0[\s\S]*$/, '');
      continue;
    }
    const prefix = String.fromCharCode(...block.subarray(257, 262)) === 'ustar' && block[263] === 48 ? textAt(block, 345, 155) : '';
    const size = Object.hasOwn(extended, 'size') ? Number(extended['size']) : declared;
    if (!Number.isSafeInteger(size) || size < 0) throw new HostError('archive-unreadable', 'the tar archive is damaged: a file of impossible size');
    const name = textAt(block, 0, 100);
    const path = extended['path'] ?? (prefix === '' ? name : `${prefix}/${name}`);
    const link = extended['linkpath'] ?? textAt(block, 157, 100);
    extended = {};
    // Links and folders have no bytes, whatever their header says of a size.
    const length = '1256'.includes(type) ? 0 : size;
    let left = length;
    yield {
      path,
      kind: kinds[type] ?? 'other',
      link,
      size: length,
      async *data() {
        while (left > 0) {
          const piece = await input.some(left);
          left -= piece.length;
          yield piece;
        }
      },
    };
    await input.skip(left + (-length & 511));
  }
}

/** `length key=value`, one behind the other; the length counts itself. */
function paxRecords(text: string): Record<string, string> {
  const records: Record<string, string> = {};
  const bytes = new TextEncoder().encode(text);
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(32, at);
    const length = Number(new TextDecoder().decode(bytes.subarray(at, space < 0 ? at : space)));
    if (space < 0 || !Number.isInteger(length) || length <= 0) break;
    const record = new TextDecoder().decode(bytes.subarray(space + 1, at + length - 1));
    const equals = record.indexOf('=');
    if (equals > 0) Object.defineProperty(records, record.slice(0, equals), { value: record.slice(equals + 1), enumerable: true, configurable: true, writable: true });
    at += length;
  }
  return records;
}

/** Octal digits, or base 256 where the highest bit says so. */
function numberAt(block: Uint8Array, at: number, length: number): number {
  if ((block[at]! & 0x80) !== 0) {
    let value = block[at]! & 0x7f;
    for (let i = 1; i < length; i++) value = value * 256 + block[at + i]!;
    return value;
  }
  return parseInt(textAt(block, at, length).trim() || '0', 8);
}

function textAt(block: Uint8Array, at: number, length: number): string {
  let end = at;
  while (end < at + length && block[end] !== 0) end++;
  return new TextDecoder().decode(block.subarray(at, end));
}

function hasRightSum(block: Uint8Array): boolean {
  let sum = 0;
  for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 32 : block[i]!;
  return sum === numberAt(block, 148, 8);
}

/** Takes exact numbers of bytes off a stream of pieces. */
class Pieces {
  readonly #source: AsyncIterator<Uint8Array>;
  #held = new Uint8Array();

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** At least one byte, at most `most`. */
  async some(most: number): Promise<Uint8Array> {
    if (this.#held.length === 0 && !(await this.#more())) throw new HostError('archive-unreadable', 'the tar archive is cut short');
    const piece = this.#held.subarray(0, most);
    this.#held = this.#held.subarray(piece.length);
    return piece;
  }

  /** Undefined only where `mayEnd` and nothing is left. */
  async take(count: number, mayEnd = false): Promise<Uint8Array | undefined> {
    if (mayEnd && this.#held.length === 0 && !(await this.#more())) return undefined;
    const bytes = new Uint8Array(count);
    for (let at = 0; at < count; ) {
      const piece = await this.some(count - at);
      bytes.set(piece, at);
      at += piece.length;
    }
    return bytes;
  }

  async skip(count: number): Promise<void> {
    while (count > 0) count -= (await this.some(count)).length;
  }

  async #more(): Promise<boolean> {
    for (;;) {
      const { value, done } = await this.#source.next();
      if (done === true) return false;
      if (value.length === 0) continue;
      this.#held = value as Uint8Array<ArrayBuffer>;
      return true;
    }
  }
}
