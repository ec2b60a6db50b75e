/** The connection to the language server, which runs as a process of its own under the Node that VS Code brings. */
import { type Disposable, type ExtensionContext, type LogOutputChannel, type TextDocument, Uri, commands, window, workspace } from 'vscode';
import { LanguageClient, type LanguageClientOptions, RevealOutputChannelOn, type ServerOptions, State, TransportKind } from 'vscode-languageclient/node';
import { clientCommands, serverCommands, type EditorSettings, type InitializationOptions } from 'spectrail/protocol';

export const languageId = 'rpmspec';

/** Where specs may live. Those of a diff's other side (`git:`) and our own expanded ones are shown, not analysed. */
const schemes = ['file', 'untitled', 'vscode-vfs', 'vscode-userdata'];

export function isSpec(document: TextDocument): boolean {
  return document.languageId === languageId && schemes.includes(document.uri.scheme);
}

/** Whether a document that was closed is gone: a change of its language closes it too, but leaves it among the open ones. */
export function isGone(closed: TextDocument): boolean {
  const key = closed.uri.toString();
  return !workspace.textDocuments.some(({ uri }) => uri.toString() === key);
}

export interface ClientHooks {
  /** The server knows the document now. */
  opened(document: TextDocument): void;
  /** The target that the person picked in this window, if any. */
  selectedTarget(): string | undefined;
}

/** The log outlives the server: what it said before it ended is still there, and its last words find it open. */
export function createClient(context: ExtensionContext, log: LogOutputChannel, hooks: ClientHooks): LanguageClient {
  const module = context.asAbsolutePath('server/dist/spectrail.mjs');
  const run = { module, args: ['lsp'], transport: TransportKind.stdio };
  const serverOptions: ServerOptions = { run, debug: { ...run, options: { execArgv: ['--inspect=6009'] } } };
  const options: LanguageClientOptions = {
    // A patch is told of by the spec around it; the server leaves those alone that no spec names.
    documentSelector: [...schemes.map((scheme) => ({ scheme, language: languageId })), { scheme: 'file', pattern: '**/*.{patch,diff}' }],
    // A function: a restart, which follows a change of trust, tells the server what holds then.
    initializationOptions: (): InitializationOptions => ({ trusted: workspace.isTrusted, clientCommands: Object.values(clientCommands) }),
    outputChannel: log,
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    markdown: { isTrusted: { enabledCommands: [...Object.values(clientCommands), ...Object.values(serverCommands)] }, supportHtml: false },
    middleware: {
      async didOpen(document, next) {
        await next(document);
        hooks.opened(document);
      },
      async executeCommand(command, args, next) {
        // From a code lens or a hover: as if the person had given the command, with its progress and its outcome.
        if (command === serverCommands.trace) return commands.executeCommand('spectrail.tracePatches', ...(args as unknown[]));
        return next(command, args);
      },
      workspace: {
        async configuration(params, token, next) {
          const answers = await next(params, token);
          if (!Array.isArray(answers)) return answers;
          const selectedTarget = hooks.selectedTarget();
          return answers.map((answer: EditorSettings | null, index) =>
            params.items[index]?.section === 'spectrail' && selectedTarget !== undefined ? { ...answer, selectedTarget } : answer,
          );
        },
      },
    },
  };
  return new LanguageClient('spectrail', 'Spectrail', serverOptions, options);
}

/** Scheme of expanded specs; their query is the URI of the spec they belong to. */
export const expandedScheme = 'spectrail-expanded';

/** The URI that a command got from a code lens or a hover, or that of the spec in the active editor, written or expanded. */
export function specUri(argument?: unknown): Uri | undefined {
  if (typeof argument === 'string') return Uri.parse(argument);
  const uri = argument instanceof Uri ? argument : window.activeTextEditor?.document.uri;
  if (uri?.scheme === expandedScheme) return Uri.parse(uri.query);
  if (argument instanceof Uri) return argument;
  const document = window.activeTextEditor?.document;
  return document !== undefined && isSpec(document) ? document.uri : undefined;
}

/** Registers a command whose failure becomes one message that leads to the log. */
export function registerCommand(name: string, carryOut: (...args: unknown[]) => unknown): Disposable {
  return commands.registerCommand(name, async (...args: unknown[]) => {
    try {
      await carryOut(...args);
    } catch (error) {
      const showLog = 'Show Log';
      void window.showErrorMessage(`Spectrail: ${error instanceof Error ? error.message : String(error)}`, showLog).then((answer) => {
        if (answer === showLog) void commands.executeCommand('spectrail.showLog');
      });
    }
  });
}

/** Asks the server what a view shows without being told to: where it cannot answer, `otherwise` is shown and the log says why. */
export async function ask<Result>(client: LanguageClient, method: string, params: object, otherwise: Result): Promise<Result> {
  if (client.state !== State.Running) return otherwise;
  try {
    return await client.sendRequest<Result>(method, params);
  } catch (error) {
    client.error(`${method} failed: ${error instanceof Error ? error.message : String(error)}`, undefined, false);
    return otherwise;
  }
}
