/** Bytes one after another, growing. Integers are written with seven bits a byte, low bits first. */
export class PackedWriter {
  #bytes: Uint8Array<ArrayBuffer>;
  #used = 0;

  constructor(room = 1024) {
    this.#bytes = new Uint8Array(room);
  }

  get length(): number {
    return this.#used;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#used++] = value;
  }

  bytes(values: Uint8Array): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#used);
    this.#used += values.length;
  }

  /** A non-negative integer below 2^53. */
  integer(value: number): void {
    this.#reserve(8);
    const bytes = this.#bytes;
    let at = this.#used;
    let rest = value;
    while (rest >= 0x80000000) {
      bytes[at++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    while (rest >= 128) {
      bytes[at++] = (rest & 127) | 128;
      rest >>>= 7;
    }
    bytes[at++] = rest;
    this.#used = at;
  }

  /** A fingerprint in seven bytes, low byte first. */
  fingerprint(value: number): void {
    this.#reserve(7);
    let low = value >>> 0;
    for (let i = 0; i < 4; i++) {
      this.#bytes[this.#used++] = low & 255;
      low >>>= 8;
    }
    let high = Math.floor(value / 0x100000000);
    for (let i = 0; i < 3; i++) {
      this.#bytes[this.#used++] = high & 255;
      high >>>= 8;
    }
  }

  /** What was written, as a copy; the writer is then empty. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.#bytes.slice(0, this.#used);
    this.#used = 0;
    return taken;
  }

  #reserve(count: number): void {
    if (this.#used + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + count));
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
  }
}

/** Reads what {@link PackedWriter} wrote. Behind the end of the bytes integers are NaN, and `left` is negative. */
export class PackedReader {
  readonly #bytes: Uint8Array;
  #at: number;

  constructor(bytes: Uint8Array, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  /** Bytes that are left; negative where more was read than there is. */
  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    return this.#bytes[this.#at++] ?? NaN;
  }

  bytes(count: number): Uint8Array {
    const found = this.#bytes.subarray(this.#at, this.#at + count);
    this.#at += count;
    return found;
  }

  integer(): number {
    const bytes = this.#bytes;
    let at = this.#at;
    let byte = bytes[at++]!;
    if (byte < 128) {
      this.#at = at;
      return byte;
    }
    let value = byte & 127;
    let scale = 128;
    do {
      byte = bytes[at++]!;
      value += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128);
    this.#at = at;
    return byte === undefined ? NaN : value;
  }

  fingerprint(): number {
    const bytes = this.#bytes;
    const at = this.#at;
    this.#at += 7;
    return (bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16)) + bytes[at + 3]! * 0x1000000 + (bytes[at + 4]! | (bytes[at + 5]! << 8) | (bytes[at + 6]! << 16)) * 0x100000000;
  }
}
