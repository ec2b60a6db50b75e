/**
 * `spectrail lsp`: starts the language server in this process. The two front ends do not know each other: the server is
 * an entry of its own, found at run time by the name that package.json gives it (`#lsp`), and neither compiled nor
 * bundled into the command line.
 */
import { type Command, UsageError } from '../command.js';

const transports = /^(--stdio|--node-ipc|--socket=\d+|--pipe=.+|--clientProcessId=\d+)$/;

export const lsp: Command = {
  name: 'lsp',
  summary: 'Start the language server (for editors)',
  help: `usage: spectrail lsp [--stdio | --node-ipc | --socket=PORT | --pipe=NAME]

Starts the language server. Editors do this by themselves; docs/language-server.md tells how to set them up.

  --stdio        speak over standard input and output; so also without an option
  --node-ipc     speak over the channel of the Node process that started this one
  --socket=PORT  connect to a port of this machine
  --pipe=NAME    connect to a named pipe or a socket file
`,
  async run(args) {
    const wrong = args.find((argument) => !transports.test(argument));
    if (wrong !== undefined) throw new UsageError(`lsp does not know '${wrong}'`);
    // The protocol's own library reads the transport from the process's arguments.
    if (!args.some((argument) => !argument.startsWith('--clientProcessId'))) process.argv.push('--stdio');
    const entry: string = '#lsp';
    await import(entry);
    // The server ends the process when its client does.
    return new Promise(() => {});
  },
};
