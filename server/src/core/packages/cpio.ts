/**
 * Reads a cpio archive of the "new ASCII" kind, piece by piece. libarchive reads it where it can be handed the whole
 * package; this is for payloads it cannot decompress. What is not wanted is skipped without being held.
 */
export class CpioReader {
  readonly #wanted: (path: string, size: number) => boolean;
  readonly #files: { path: string; bytes: Uint8Array }[] = [];
  /** What the next bytes are, and how many there are. */
  #state: { kind: 'header' | 'name' | 'data' | 'pad' | 'end'; left: number } = { kind: 'header', left: 110 };
  #buffer = new Uint8Array(110);
  #filled = 0;
  #size = 0;
  #mode = 0;
  #path = '';
  #keep = false;
  #afterPad: 'header' | 'data' = 'header';
  #error: string | undefined;

  constructor(wanted: (path: string, size: number) => boolean) {
    this.#wanted = wanted;
  }

  /** The wanted plain files so far. */
  get files(): readonly { readonly path: string; readonly bytes: Uint8Array }[] {
    return this.#files;
  }

  /** A sentence, where the archive is damaged or ends early. */
  get error(): string | undefined {
    return this.#error ?? (this.#state.kind === 'end' ? undefined : 'the archive is cut short');
  }

  push(piece: Uint8Array): void {
    let at = 0;
    while (at < piece.length && this.#error === undefined && this.#state.kind !== 'end') {
      const count = Math.min(this.#state.left, piece.length - at);
      if (this.#state.kind === 'header' || this.#state.kind === 'name' || (this.#state.kind === 'data' && this.#keep)) {
        this.#buffer.set(piece.subarray(at, at + count), this.#filled);
        this.#filled += count;
      }
      at += count;
      this.#state.left -= count;
      if (this.#state.left === 0) this.#next();
    }
  }

  #expect(kind: 'header' | 'name' | 'data' | 'pad', left: number): void {
    this.#state = { kind, left };
    if (kind !== 'pad') this.#filled = 0;
    if (kind === 'header' || kind === 'name' || (kind === 'data' && this.#keep)) this.#buffer = new Uint8Array(left);
    if (left === 0) this.#next();
  }

  #next(): void {
    switch (this.#state.kind) {
      case 'header': {
        const text = new TextDecoder().decode(this.#buffer);
        if (!/^07070[12][0-9A-Fa-f]{104}$/.test(text)) {
          this.#error = 'the archive is damaged, or of a kind that is not read';
          return;
        }
        const field = (number: number): number => parseInt(text.slice(6 + 8 * number, 14 + 8 * number), 16);
        this.#mode = field(1);
        this.#size = field(6);
        const nameSize = field(11);
        if (nameSize === 0 || nameSize > 4096) this.#error = 'the archive is damaged: a name of impossible length';
        else this.#expect('name', nameSize);
        return;
      }
      case 'name': {
        this.#path = new TextDecoder().decode(this.#buffer.subarray(0, -1));
        if (this.#path === 'TRAILER!!!') {
          this.#state = { kind: 'end', left: 0 };
          return;
        }
        const isFile = (this.#mode & 0o170000) === 0o100000;
        this.#keep = isFile && this.#wanted(this.#path, this.#size);
        this.#afterPad = 'data';
        this.#expect('pad', -(110 + this.#buffer.length) & 3);
        return;
      }
      case 'data':
        if (this.#keep) this.#files.push({ path: this.#path, bytes: this.#buffer });
        this.#afterPad = 'header';
        this.#expect('pad', -this.#size & 3);
        return;
      case 'pad':
        if (this.#afterPad === 'data') this.#expect('data', this.#size);
        else this.#expect('header', 110);
        return;
      case 'end':
    }
  }
}
