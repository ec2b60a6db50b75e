/**
 * The interfaces to the world. `core` asks for everything it cannot compute through these; `server/src/node` implements
 * them, tests have in-memory twins in `test/support`. This file holds types and the few constants that belong to them.
 */

/** Asks work to stop. Whoever works polls it; it never fires a callback, so that it can be a flag in shared memory. */
export interface Cancellation {
  readonly isCancelled: boolean;
}

/** For work that nobody cancels. */
export const neverCancelled: Cancellation = { isCancelled: false };

/** Thrown out of cancelled work; never shown to a person. */
export class CancelledError extends Error {
  readonly code = 'cancelled';
  constructor() {
    super('cancelled');
    this.name = 'CancelledError';
  }
}

/** Throws {@link CancelledError} when the work is no longer wanted. */
export function checkCancelled(cancellation: Cancellation): void {
  if (cancellation.isCancelled) throw new CancelledError();
}

/** The world failed us (no git, unreadable file, no answer): one stable code, one sentence that says what to do. */
export class HostError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'HostError';
    this.code = code;
  }
}

export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
}

/** Where lines for the log go; the message is one line, without a trailing line break. */
export interface Log {
  error(message: string): void;
  warn(message: string): void;
  info(message: string): void;
  debug(message: string): void;
}

export const silentLog: Log = { error() {}, warn() {}, info() {}, debug() {} };

export interface FileStat {
  readonly kind: 'file' | 'directory';
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly modified: number;
}

/**
 * Reading files, at once. The evaluation and the linter run in a thread of their own, where blocking is harmless, and
 * must be synchronous. Paths are absolute. What lies outside the folders the host was given is not there.
 */
export interface FileReader {
  /** The bytes, or undefined where there is no such readable file or it is larger than `limit` bytes. */
  read(path: string, limit?: number): Uint8Array | undefined;
  /** Undefined where there is nothing at that path; symbolic links are followed. */
  stat(path: string): FileStat | undefined;
  /** Names in a folder, sorted by code unit; empty where there is no such folder. */
  list(path: string): readonly string[];
}

export const noFiles: FileReader = { read: () => undefined, stat: () => undefined, list: () => [] };
