import type { Cancellation } from '../core/host.js';

/** A flag in shared memory: another thread that was given the buffer sees it at once, even while this one is busy. */
export class SharedCancellation implements Cancellation {
  /** Give it to the other thread, which makes its own object of it. */
  readonly buffer: SharedArrayBuffer;
  readonly #flag: Int32Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#flag = new Int32Array(buffer);
  }

  get isCancelled(): boolean {
    return Atomics.load(this.#flag, 0) !== 0;
  }

  cancel(): void {
    Atomics.store(this.#flag, 0, 1);
  }
}
