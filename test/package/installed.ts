/** What the tests of packages do with one that stands where a user would have it: away from this repository and its node_modules. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** Packing and installing take the npm registry and a minute, so they run when they are asked for. */
export const skipUnlessAsked: string | false =
  process.env['SPECTRAIL_TEST_PACKAGES'] === undefined ? 'left out: packing and installing the packages (npm run test:package does it; it needs the npm registry)' : false;

export const spec = `Name: hello
Version: 1.0
Release: 1
Summary: Says hello
License: MIT
Source0: hello-1.0.tar.gz
Patch0: lost.patch

%description
Says hello.

%prep
%autosetup -p1
`;

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
  readonly error?: unknown;
  readonly params?: { readonly diagnostics?: readonly { readonly message: string }[] };
}

/**
 * Speaks to a language server over its standard streams: it must answer `initialize`, diagnose the spec, shut down and end
 * with status 0. Answers its capabilities and the messages of the diagnostics.
 */
export async function converse(command: string, args: readonly string[], folder: string): Promise<{ capabilities: Record<string, unknown>; diagnostics: readonly string[] }> {
  const server = spawn(command, args, { cwd: folder, stdio: ['pipe', 'pipe', 'pipe'], shell: process.platform === 'win32' });
  const timer = setTimeout(() => server.kill('SIGKILL'), 30_000);
  let errors = '';
  server.stderr.setEncoding('utf8').on('data', (text: string) => void (errors += text));
  const ended = new Promise<number | null>((resolve) => server.once('exit', resolve));
  const send = (message: object): void => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    server.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    server.stdin.write(body);
  };
  const until = async (wanted: (message: Message) => boolean): Promise<Message> => {
    for (;;) {
      const message = await Promise.race([messages.next(), ended.then(() => ({ done: true as const, value: undefined }))]);
      if (message.done === true) throw new Error(`the server ended before it answered:\n${errors}`);
      // What the server asks of the client (settings, progress, registrations) is answered with nothing.
      if (message.value.method !== undefined && message.value.id !== undefined) send({ id: message.value.id, result: message.value.method === 'workspace/configuration' ? [null] : null });
      if (wanted(message.value)) return message.value;
    }
  };
  const messages = readMessages(server.stdout);
  try {
    const uri = `${pathToFileURL(folder).href}/hello.spec`;
    send({ id: 1, method: 'initialize', params: { processId: process.pid, rootUri: pathToFileURL(folder).href, capabilities: {}, initializationOptions: { trusted: false } } });
    const { result } = await until(({ id, method }) => id === 1 && method === undefined);
    send({ method: 'initialized', params: {} });
    send({ method: 'textDocument/didOpen', params: { textDocument: { uri, languageId: 'rpmspec', version: 1, text: spec } } });
    const { params } = await until(({ method, params }) => method === 'textDocument/publishDiagnostics' && (params?.diagnostics?.length ?? 0) > 0);
    send({ id: 2, method: 'shutdown' });
    await until(({ id, method }) => id === 2 && method === undefined);
    send({ method: 'exit' });
    assert.equal(await ended, 0, errors);
    return { capabilities: (result as { capabilities: Record<string, unknown> }).capabilities, diagnostics: params!.diagnostics!.map(({ message }) => message) };
  } finally {
    clearTimeout(timer);
    server.kill('SIGKILL');
  }
}

async function* readMessages(stream: AsyncIterable<Buffer>): AsyncGenerator<Message, undefined> {
  let buffer = Buffer.alloc(0);
  for await (const chunk of stream) {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const headerEnd = buffer.indexOf('\r\n\r\n');
      if (headerEnd < 0) break;
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.toString('latin1', 0, headerEnd))?.[1]);
      if (buffer.length < headerEnd + 4 + length) break;
      yield JSON.parse(buffer.toString('utf8', headerEnd + 4, headerEnd + 4 + length)) as Message;
      buffer = buffer.subarray(headerEnd + 4 + length);
    }
  }
  return undefined;
}
