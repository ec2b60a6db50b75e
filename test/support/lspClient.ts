/** A language client for tests: speaks JSON-RPC to a server process over its standard input and output, with nothing between. */
import assert from 'node:assert/strict';
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from './root.js';

export interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: any;
  readonly result?: any;
  readonly error?: { readonly code: number; readonly message: string };
}

export interface Diagnostics {
  readonly uri: string;
  readonly version?: number;
  readonly diagnostics: readonly { readonly range: Range; readonly severity: number; readonly code?: string; readonly message: string; readonly source?: string }[];
}

export interface Range {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

export interface LspClientOptions {
  readonly capabilities?: object;
  readonly initializationOptions?: object;
  readonly folder?: string;
  /** What the title is of the button pressed in a question; none where undefined. */
  readonly presses?: (question: string) => string | undefined;
  /** Answers `workspace/configuration` for the section `spectrail`. */
  readonly settings?: unknown;
  readonly env?: Readonly<Record<string, string>>;
}

/** How long a test waits for an answer before it fails, in milliseconds. */
const patience = 15_000;

export class LspClient {
  readonly process: ChildProcessWithoutNullStreams;
  /** Everything the server said that no request of ours was answered with. */
  readonly notifications: Message[] = [];
  initializeResult: any;
  settings: unknown;
  readonly #presses: (question: string) => string | undefined;
  #nextId = 1;
  #buffer = Buffer.alloc(0);
  readonly #pending = new Map<number | string, (message: Message) => void>();
  #waiters: { accepts(message: Message): boolean; resolve(message: Message): void }[] = [];
  stderr = '';

  constructor(options: LspClientOptions = {}) {
    this.settings = options.settings;
    this.#presses = options.presses ?? (() => undefined);
    this.process = spawn(process.execPath, [join(root, 'server/dist/spectrail.mjs'), 'lsp', '--stdio'], { env: { ...process.env, ...options.env } });
    this.process.stdout.on('data', (chunk: Buffer) => this.#read(chunk));
    this.process.stderr.on('data', (chunk: Buffer) => (this.stderr += String(chunk)));
    // A test that fails midway must not be kept alive by its server; what it waits for is bounded by a timer.
    this.process.unref();
    for (const stream of [this.process.stdin, this.process.stdout, this.process.stderr]) (stream as unknown as { unref?(): void }).unref?.();
    process.once('exit', () => this.process.kill('SIGKILL'));
  }

  /** Starts a server and shakes hands. */
  static async start(options: LspClientOptions = {}): Promise<LspClient> {
    const client = new LspClient(options);
    const { capabilities = {}, initializationOptions, folder } = options;
    client.initializeResult = await client.request('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: folder === undefined ? null : [{ uri: `file://${folder}`, name: 'folder' }],
      capabilities: { workspace: { configuration: true }, textDocument: { publishDiagnostics: { versionSupport: true, relatedInformation: true }, hover: { contentFormat: ['markdown'] } }, ...capabilities },
      initializationOptions,
    });
    client.notify('initialized', {});
    return client;
  }

  send(message: object): void {
    this.sendBytes(JSON.stringify({ jsonrpc: '2.0', ...message }));
  }

  /** Sends a body as it is, so that it may be wrong. */
  sendBytes(body: string): void {
    this.process.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  }

  notify(method: string, params: object): void {
    this.send({ method, params });
  }

  /** The result of a request; an error of the server is thrown. */
  async request(method: string, params: object | null): Promise<any> {
    const { error, result } = await this.ask(method, params).answer;
    if (error !== undefined) throw new Error(`${method}: ${error.message} (${error.code})`);
    return result;
  }

  /** A request whose answer, error or not, is wanted whole, and which may be cancelled by its id. */
  ask(method: string, params: object | null): { readonly id: number; readonly answer: Promise<Message> } {
    const id = this.#nextId++;
    const answer = this.#within(`an answer to ${method}`, new Promise<Message>((resolve) => this.#pending.set(id, resolve)));
    this.send({ id, method, params });
    return { id, answer };
  }

  /** The first message from now on that fits, or one that has come already where `past` says so. */
  wait(what: string, accepts: (message: Message) => boolean, past = false): Promise<Message> {
    const known = past ? this.notifications.find(accepts) : undefined;
    if (known !== undefined) return Promise.resolve(known);
    return this.#within(what, new Promise<Message>((resolve) => this.#waiters.push({ accepts, resolve })));
  }

  async diagnostics(uri: string, version: number): Promise<Diagnostics> {
    const message = await this.wait(`diagnostics of version ${version}`, ({ method, params }) => method === 'textDocument/publishDiagnostics' && params.uri === uri && params.version === version, true);
    return message.params;
  }

  open(uri: string, text: string, version = 1): void {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'rpmspec', version, text } });
  }

  change(uri: string, version: number, contentChanges: readonly object[]): void {
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges });
  }

  /** Says goodbye as the protocol wants it, and expects the process to end well. */
  async shutdown(): Promise<void> {
    await this.request('shutdown', null);
    const exit = this.exited();
    this.notify('exit', {});
    assert.equal(await exit, 0, this.stderr);
  }

  /** The status the process ends with. */
  async exited(): Promise<number | null> {
    const [code] = (await this.#within('the end of the process', once(this.process, 'exit'))) as [number | null];
    return code;
  }

  #read(chunk: Buffer): void {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(this.#buffer.toString('latin1', 0, end))?.[1]);
      if (this.#buffer.length < end + 4 + length) return;
      const message = JSON.parse(this.#buffer.toString('utf8', end + 4, end + 4 + length)) as Message;
      this.#buffer = this.#buffer.subarray(end + 4 + length);
      this.#receive(message);
    }
  }

  #pressed({ params }: Message): unknown {
    const title = this.#presses(params.message);
    return params.actions.find((action: { readonly title: string }) => action.title === title) ?? null;
  }

  #receive(message: Message): void {
    if (message.method === undefined) {
      this.#pending.get(message.id!)?.(message);
      this.#pending.delete(message.id!);
      return;
    }
    if (message.id !== undefined) {
      const result = message.method === 'workspace/configuration' ? message.params.items.map(() => this.settings ?? null) : message.method === 'window/showMessageRequest' ? this.#pressed(message) : null;
      this.send({ id: message.id, result });
    }
    this.notifications.push(message);
    this.#waiters = this.#waiters.filter((waiter) => {
      if (!waiter.accepts(message)) return true;
      waiter.resolve(message);
      return false;
    });
  }

  async #within<T>(what: string, promise: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${what} did not come\n${this.stderr}`)), patience);
    });
    try {
      return await Promise.race([promise, late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
