#!/usr/bin/env node
/** The command line's entry: finds the command, gives it its world, turns what goes wrong into one clear line and a status. */
import { CancelledError, HostError } from '../core/host.js';
import { createNodeHost, stderrLog } from '../node/index.js';
import { type CommandIo, UsageError, exitStatus } from './command.js';
import { commands } from './commands/index.js';

declare const SPECTRAIL_VERSION: string;

/** Set by the bundler; unbundled code (tests) has none. */
const version = typeof SPECTRAIL_VERSION === 'string' ? SPECTRAIL_VERSION : '0.0.0-dev';

const cancellation = { isCancelled: false };

const host = createNodeHost({ log: stderrLog(process.env['SPECTRAIL_LOG'] === 'debug' ? 'debug' : 'warn') });

const io: CommandIo = {
  host,
  cwd: process.cwd(),
  env: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  async readStdin() {
    const chunks: Buffer[] = [];
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
    return Buffer.concat(chunks);
  },
  outIsTerminal: process.stdout.isTTY === true,
  columns: process.stdout.columns ?? 80,
  cancellation,
};

function usage(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `usage: spectrail COMMAND [ARGUMENT...]\n\n${lines.join('\n')}\n\n'spectrail COMMAND --help' tells more. 'spectrail --version' prints the version.\n`;
}

async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    const topic = rest[0];
    if (name === 'help' && topic !== undefined && Object.hasOwn(commands, topic)) {
      io.out((await commands[topic]!.load()).help);
      return exitStatus.clean;
    }
    (name === undefined ? io.err : io.out)(usage());
    return name === undefined ? exitStatus.failed : exitStatus.clean;
  }
  if (name === '--version') {
    io.out(`spectrail ${version}\n`);
    return exitStatus.clean;
  }
  if (!Object.hasOwn(commands, name)) throw new UsageError(`there is no command '${name}'`);
  const command = await commands[name]!.load();
  if (rest.includes('--help')) {
    io.out(command.help);
    return exitStatus.clean;
  }
  return command.run(rest, io);
}

process.once('SIGINT', () => {
  cancellation.isCancelled = true;
  process.once('SIGINT', () => process.exit(130));
});
// A reader that has seen enough (head) closes the pipe; that is not an error of ours. A full disk is told in rpm's words.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(exitStatus.clean);
  const reason = /^\w+: (.*), \w+$/.exec(error.message)?.[1] ?? error.message;
  process.stderr.write(`Error writing to stdout: ${reason[0]!.toUpperCase()}${reason.slice(1)}\n`);
  process.exit(/^rpm(?:spec)?$/.test(process.argv[2] ?? '') ? exitStatus.findings : exitStatus.failed);
});

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (error instanceof UsageError) io.err(`spectrail: ${error.message}\nTry 'spectrail --help'.\n`);
  else if (error instanceof HostError) io.err(`spectrail: ${error.message}\n`);
  else if (error instanceof CancelledError) process.exitCode = 130;
  else io.err(`spectrail: internal error, please report it: ${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode ??= exitStatus.failed;
} finally {
  await host.close();
}
