import { fromHex, toHex } from '../sha1.js';

/**
 * Commit ids by number, in the order they were added, each once: as bytes, since a large history has millions of them, and
 * strings of hex digits would fill the memory.
 */
export class CommitList {
  #bytes = new Uint8Array(1 << 12);
  #size = 0;
  #idLength = 0;
  /** Open addressing by the first bytes of an id, which are as good as any hash: numbers plus one, 0 where free. */
  #slots = new Int32Array(1 << 8);

  get size(): number {
    return this.#size;
  }

  /** Bytes of an id: 20, or 32 in a repository with SHA-256; 0 while there is none. */
  get idLength(): number {
    return this.#idLength;
  }

  /** Takes a full id, hex or bytes; returns its number. */
  add(id: string | Uint8Array): number {
    const bytes = typeof id === 'string' ? fromHex(id) : id;
    if (this.#size === 0) this.#idLength = bytes.length;
    const slot = this.#slotOf(bytes);
    if (this.#slots[slot]! > 0) return this.#slots[slot]! - 1;
    const length = this.#idLength;
    if ((this.#size + 1) * length > this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2);
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    this.#bytes.set(bytes.subarray(0, length), this.#size * length);
    this.#slots[slot] = ++this.#size;
    if (this.#size * 2 > this.#slots.length) this.#rehash();
    return this.#size - 1;
  }

  /** Undefined for an id that is not in the list. */
  find(id: string | Uint8Array): number | undefined {
    const found = this.#slots[this.#slotOf(typeof id === 'string' ? fromHex(id) : id)]!;
    return found > 0 ? found - 1 : undefined;
  }

  bytesOf(number: number): Uint8Array {
    return this.#bytes.subarray(number * this.#idLength, (number + 1) * this.#idLength);
  }

  id(number: number): string {
    return toHex(this.bytesOf(number));
  }

  #slotOf(id: Uint8Array): number {
    const mask = this.#slots.length - 1;
    let slot = ((id[0]! << 24) | (id[1]! << 16) | (id[2]! << 8) | id[3]!) & mask;
    for (; ; slot = (slot + 1) & mask) {
      const number = this.#slots[slot]! - 1;
      if (number < 0) return slot;
      const at = number * this.#idLength;
      let i = 0;
      while (i < this.#idLength && this.#bytes[at + i] === id[i]) i++;
      if (i === this.#idLength) return slot;
    }
  }

  #rehash(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    for (let number = 0; number < this.#size; number++) this.#slots[this.#slotOf(this.bytesOf(number))] = number + 1;
  }
}
