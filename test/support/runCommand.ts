import type { Command, CommandIo } from '#server/cli/command.js';
import { UsageError } from '#server/cli/command.js';
import { CancelledError, HostError, type Log, neverCancelled, silentLog } from '#server/core/host.js';
import { type NodeHost, createNodeHost } from '#server/node/index.js';

export interface CommandRun {
  readonly out: string;
  readonly err: string;
  readonly status: number;
  /** How many git processes it started. */
  readonly gits: number;
}

export interface CommandWorld {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Columns of a terminal; without it output is no terminal. */
  readonly terminal?: number;
  readonly log?: Log;
  /** What stands on standard input. */
  readonly stdin?: string | Uint8Array;
}

/** Runs a command in this process, with a host of its own, and what goes wrong turned into words as `main` does. */
export async function runCommand(command: Command, args: readonly string[], { cwd, env = {}, terminal, log = silentLog, stdin = '' }: CommandWorld): Promise<CommandRun> {
  let out = '';
  let err = '';
  const host: NodeHost = createNodeHost({ log, env: { PATH: process.env['PATH'], ...env } });
  const io: CommandIo = {
    cwd,
    env,
    out: (text) => void (out += typeof text === 'string' ? text : Buffer.from(text).toString()),
    err: (text) => void (err += text),
    readStdin: async () => (typeof stdin === 'string' ? Buffer.from(stdin) : stdin),
    outIsTerminal: terminal !== undefined,
    columns: terminal ?? 80,
    host,
    cancellation: neverCancelled,
  };
  let status: number;
  try {
    status = await command.run(args, io);
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof HostError || error instanceof CancelledError)) throw error;
    err += `spectrail: ${error.message}\n`;
    status = 2;
  } finally {
    await host.close();
  }
  return { out, err, status, gits: host.git.spawned };
}
