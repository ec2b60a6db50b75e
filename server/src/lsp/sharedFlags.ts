import { type Cancellation } from '../core/host.js';

/** What the analysis worker is at, as the protocol thread sees it. */
export const phases = { idle: 0, analysis: 1, request: 2 } as const;
export type Phase = (typeof phases)[keyof typeof phases];

/** Places of the header's numbers; the slots follow it. */
const heartbeat = 0;
const phase = 1;
const subject = 2;
const jobs = 3;
const header = 16;
/** Documents and requests each share this many slots; two that meet in one slot cost a repeated job, never a wrong answer. */
const slots = 2048;

/**
 * Numbers that the protocol thread and the analysis worker share: which work is no longer wanted, and a heartbeat that
 * tells working from hanging. Nothing here waits: whoever works polls, and every poll is a beat.
 */
export class SharedFlags {
  readonly buffer: SharedArrayBuffer;
  readonly #numbers: Int32Array;

  constructor(buffer = new SharedArrayBuffer((header + 2 * slots) * Int32Array.BYTES_PER_ELEMENT)) {
    this.buffer = buffer;
    this.#numbers = new Int32Array(buffer);
  }

  /** The document's newest text has this sequence number: work on an older one is not wanted any more. */
  supersede(handle: number, sequence: number): void {
    Atomics.store(this.#numbers, header + (handle % slots), sequence);
  }

  cancelRequest(id: number): void {
    Atomics.store(this.#numbers, header + slots + (id % slots), id);
  }

  /** Polled by work on the text of that sequence number. */
  analysisCancellation(handle: number, sequence: number): Cancellation {
    const numbers = this.#numbers;
    return {
      get isCancelled() {
        Atomics.add(numbers, heartbeat, 1);
        return Atomics.load(numbers, header + (handle % slots)) > sequence;
      },
    };
  }

  /** Polled by the answer to a request. */
  requestCancellation(id: number): Cancellation {
    const numbers = this.#numbers;
    return {
      get isCancelled() {
        Atomics.add(numbers, heartbeat, 1);
        return Atomics.load(numbers, header + slots + (id % slots)) === id;
      },
    };
  }

  /** The worker begins a job: on a document (by handle) or for a request (by id). */
  begin(newPhase: Phase, newSubject: number): void {
    Atomics.store(this.#numbers, subject, newSubject);
    Atomics.store(this.#numbers, phase, newPhase);
    Atomics.add(this.#numbers, jobs, 1);
    Atomics.add(this.#numbers, heartbeat, 1);
  }

  end(): void {
    Atomics.store(this.#numbers, phase, phases.idle);
    Atomics.add(this.#numbers, heartbeat, 1);
  }

  /** A step of long work that has no cancellation to poll. */
  beat(): void {
    Atomics.add(this.#numbers, heartbeat, 1);
  }

  /** What the worker was last seen doing. `beats` and `jobs` wrap around; compare them for equality only. */
  observe(): { readonly phase: Phase; readonly subject: number; readonly beats: number; readonly jobs: number } {
    return {
      phase: Atomics.load(this.#numbers, phase) as Phase,
      subject: Atomics.load(this.#numbers, subject),
      beats: Atomics.load(this.#numbers, heartbeat),
      jobs: Atomics.load(this.#numbers, jobs),
    };
  }
}
