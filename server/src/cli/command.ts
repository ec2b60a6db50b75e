import type { Host } from '../core/host.js';

/** A command of the command line: parses its own arguments, prints, and returns the exit status. */
export interface Command {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** The whole help text, printed by `spectrail NAME --help`. */
  readonly help: string;
  run(args: readonly string[], io: CommandIo): Promise<number>;
}

/** What a command may touch of its process; tests give their own. */
export interface CommandIo {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Bytes are written as they are: a spec need not be UTF-8. */
  out(text: string | Uint8Array): void;
  err(text: string): void;
  readStdin(): Promise<Uint8Array>;
  readonly outIsTerminal: boolean;
  readonly columns: number;
  /** Files, git, the store: nothing of it is opened or started before it is asked for. */
  readonly host: Host;
  /** Set when the person pressed Ctrl-C. */
  readonly cancellation: { readonly isCancelled: boolean };
}

/** 0: clean; 1: findings, or a spec that rpm refuses; 2: could not run. */
export const exitStatus = { clean: 0, findings: 1, failed: 2 } as const;

/** The command line was wrong; its message is printed with a pointer to `--help`, and the status is 2. */
export class UsageError extends Error {
  readonly code = 'usage';
}
