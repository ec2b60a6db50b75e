const hexDigits = '0123456789abcdef';

/** How much is copied into the buffer at once. */
const pieceBytes = 4096;

/**
 * SHA-1 in pieces, because git's ids are made of it and this room has no library of the host. It guards nothing here:
 * it only has to equal git's.
 */
export class Sha1 {
  readonly #words = new Int32Array(80);
  readonly #state = new Int32Array(5);
  /** Bytes not hashed yet. Whoever feeds many small pieces writes into it directly, see {@link reserve}. */
  buffer = new Uint8Array(4096);
  length = 0;
  #hashed = 0;

  constructor() {
    this.reset();
  }

  reset(): void {
    const state = this.#state;
    state[0] = 0x67452301;
    state[1] = 0xefcdab89 | 0;
    state[2] = 0x98badcfe | 0;
    state[3] = 0x10325476;
    state[4] = 0xc3d2e1f0 | 0;
    this.length = 0;
    this.#hashed = 0;
  }

  /** Makes room for `count` bytes behind `length` in `buffer`, which it may replace by a larger one. */
  reserve(count: number): void {
    if (this.length + count <= this.buffer.length) return;
    this.#drain();
    if (this.length + count <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + count));
    larger.set(this.buffer.subarray(0, this.length));
    this.buffer = larger;
  }

  update(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; at += pieceBytes) {
      const piece = bytes.subarray(at, at + pieceBytes);
      this.reserve(piece.length);
      this.buffer.set(piece, this.length);
      this.length += piece.length;
    }
  }

  /** The 20 bytes of the hash; the object is then as new. */
  digest(): Uint8Array {
    const total = this.#hashed + this.length;
    this.reserve(72);
    const buffer = this.buffer;
    let end = this.length;
    buffer[end++] = 0x80;
    while (end % 64 !== 56) buffer[end++] = 0;
    const bits = [Math.floor(total / 0x20000000), (total << 3) >>> 0];
    for (const word of bits) {
      buffer[end++] = word >>> 24;
      buffer[end++] = word >>> 16;
      buffer[end++] = word >>> 8;
      buffer[end++] = word;
    }
    this.#compress(buffer, end);
    const result = new Uint8Array(20);
    for (let i = 0; i < 20; i++) result[i] = this.#state[i >> 2]! >>> (24 - 8 * (i & 3));
    this.reset();
    return result;
  }

  /** Hashes the whole blocks of the buffer and moves the rest to its start. */
  #drain(): void {
    const whole = this.length - (this.length % 64);
    if (whole === 0) return;
    this.#compress(this.buffer, whole);
    this.#hashed += whole;
    this.buffer.copyWithin(0, whole, this.length);
    this.length -= whole;
  }

  #compress(bytes: Uint8Array, end: number): void {
    const w = this.#words;
    const state = this.#state;
    let h0 = state[0]!;
    let h1 = state[1]!;
    let h2 = state[2]!;
    let h3 = state[3]!;
    let h4 = state[4]!;
    for (let at = 0; at < end; at += 64) {
      for (let i = 0, j = at; i < 16; i++, j += 4) {
        w[i] = (bytes[j]! << 24) | (bytes[j + 1]! << 16) | (bytes[j + 2]! << 8) | bytes[j + 3]!;
      }
      for (let i = 16; i < 80; i++) {
        const x = w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!;
        w[i] = (x << 1) | (x >>> 31);
      }
      let a = h0;
      let b = h1;
      let c = h2;
      let d = h3;
      let e = h4;
      let i = 0;
      for (; i < 20; i++) {
        const t = (((a << 5) | (a >>> 27)) + ((b & c) | (~b & d)) + e + 0x5a827999 + w[i]!) | 0;
        e = d;
        d = c;
        c = (b << 30) | (b >>> 2);
        b = a;
        a = t;
      }
      for (; i < 40; i++) {
        const t = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0x6ed9eba1 + w[i]!) | 0;
        e = d;
        d = c;
        c = (b << 30) | (b >>> 2);
        b = a;
        a = t;
      }
      for (; i < 60; i++) {
        const t = (((a << 5) | (a >>> 27)) + ((b & c) | (b & d) | (c & d)) + e + 0x8f1bbcdc + w[i]!) | 0;
        e = d;
        d = c;
        c = (b << 30) | (b >>> 2);
        b = a;
        a = t;
      }
      for (; i < 80; i++) {
        const t = (((a << 5) | (a >>> 27)) + (b ^ c ^ d) + e + 0xca62c1d6 + w[i]!) | 0;
        e = d;
        d = c;
        c = (b << 30) | (b >>> 2);
        b = a;
        a = t;
      }
      h0 = (h0 + a) | 0;
      h1 = (h1 + b) | 0;
      h2 = (h2 + c) | 0;
      h3 = (h3 + d) | 0;
      h4 = (h4 + e) | 0;
    }
    state[0] = h0;
    state[1] = h1;
    state[2] = h2;
    state[3] = h3;
    state[4] = h4;
  }
}

export function toHex(bytes: Uint8Array): string {
  let hex = '';
  for (const byte of bytes) hex += hexDigits[byte >> 4]! + hexDigits[byte & 15]!;
  return hex;
}

/** The bytes of hex digits, an even number of them. */
export function fromHex(hex: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(hex.length / 2);
  // The low nibble of a digit's character code is its value; of a letter's, nine less.
  const digit = (code: number): number => (code & 15) + (code > 57 ? 9 : 0);
  for (let i = 0; i < bytes.length; i++) bytes[i] = (digit(hex.charCodeAt(2 * i)) << 4) | digit(hex.charCodeAt(2 * i + 1));
  return bytes;
}

/** git's id of a file with these bytes, 40 hex digits. */
export function blobId(bytes: Uint8Array): string {
  const sha = new Sha1();
  sha.update(new TextEncoder().encode(`blob ${bytes.length}\0`));
  sha.update(bytes);
  return toHex(sha.digest());
}
