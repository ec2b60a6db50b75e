import type { CancellationToken, Connection, InitializeParams, InitializeResult, ProgressToken, ServerCapabilities } from 'vscode-languageserver/node';
import { CodeLensRefreshRequest, DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, ErrorCodes, InlayHintRefreshRequest, LSPErrorCodes, ResponseError, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { type DecideParams, type ExpandedSpecChangedParams, type OriginParams, type StatusParams, type TraceParams, type TraceResult, decideRequest, expandedSpecChangedNotification, expandedSpecRequest, originRequest, serverCommands, statusNotification, traceRequest } from '../protocol.js';
import { AnalysisFailure, AnalysisThread, type AnalysisWorker, type WorkerListener } from './analysisThread.js';
import { type ClientFacts, clientFacts } from './client.js';
import { CompanionSpecs } from './companionSpecs.js';
import { Documents } from './documents.js';
import { handlers } from './handlers/index.js';
import type { FromAnalysis } from './messages.js';
import { PatchTracing, whenCancelled } from './patchTracing.js';
import type { SharedFlags } from './sharedFlags.js';
import { TracingProcess, type TracingListener, type TracingWorker } from './tracingProcess.js';

/** What the server needs of the process it runs in. */
export interface ServerWorld {
  readonly version: string;
  startAnalysis(flags: SharedFlags, client: ClientFacts, listener: WorkerListener): AnalysisWorker;
  startTracing(client: ClientFacts, listener: TracingListener): TracingWorker;
}

const logRanks = { error: 0, warn: 1, info: 2, debug: 3 } as const;

/** Wires a connection to an analysis thread. */
export function startServer(connection: Connection, world: ServerWorld): void {
  const documents = new Documents();
  let client: ClientFacts | undefined;
  let analysis: AnalysisThread | undefined;
  let tracing: TracingProcess | undefined;
  let patchTracing: PatchTracing | undefined;
  /** The editor's settings for documents that it was not asked about yet. */
  let settings: unknown = {};
  const companions = new CompanionSpecs({
    look: (uri) => analysis?.companions(uri),
    isOpen: (uri) => documents.get(uri) !== undefined,
    open: ({ uri, text }) => openDocument(uri, 'rpmspec', 0, text),
    close: (uri) => void closeDocument(uri),
  });
  /** Documents whose expansion somebody has, by the last answer given. */
  const expandedAsked = new Set<string>();

  function log(level: keyof typeof logRanks, message: string): void {
    if (logRanks[level] > logRanks[client?.logLevel ?? 'info']) return;
    if (level === 'error') connection.console.error(message);
    else if (level === 'warn') connection.console.warn(message);
    else if (level === 'info') connection.console.info(message);
    else connection.console.log(message);
  }

  function tellStatus(state: StatusParams['state'], message: string): void {
    void connection.sendNotification(statusNotification, { state, message, trusted: client?.trusted ?? true } satisfies StatusParams);
  }

  function refreshPatches(): void {
    if (client?.refresh.codeLens === true) void connection.sendRequest(CodeLensRefreshRequest.type).catch(() => {});
    if (client?.refresh.inlayHints === true) void connection.sendRequest(InlayHintRefreshRequest.type).catch(() => {});
  }

  function onAnalysisMessage(message: FromAnalysis): void {
    switch (message.kind) {
      case 'diagnostics': {
        const { uri, version, diagnostics } = message;
        // Of an older version, or of a text that was closed meanwhile.
        if (documents.get(uri) === undefined) return;
        if (companions.has(uri)) {
          // Only now is there something to be said of the patch that it was read for.
          if (companions.isRead(uri)) refreshPatches();
          return;
        }
        void connection.sendDiagnostics({ uri, version, diagnostics });
        // Diagnostics come with every new evaluation; once they are told, one question brings the new expansion.
        if (expandedAsked.delete(uri)) void connection.sendNotification(expandedSpecChangedNotification, { uri } satisfies ExpandedSpecChangedParams);
        return;
      }
      case 'patches':
        if (documents.get(message.uri) !== undefined) void patchTracing?.onPatches(message.uri, message.options);
        return;
      case 'companions':
        companions.found(message.uri, message.specs);
        return;
      case 'log':
        log(message.level, message.message);
        return;
    }
  }

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    const facts = clientFacts(params);
    client = facts;
    analysis = new AnalysisThread({
      start: (flags, listener) => world.startAnalysis(flags, facts, listener),
      onMessage: onAnalysisMessage,
      onRestart(reason, isDown) {
        log('warn', reason);
        tellStatus(isDown ? 'failed' : 'limited', reason);
      },
      now: () => performance.now(),
      processorTime() {
        const { user, system } = process.cpuUsage();
        return (user + system) / 1000;
      },
    });
    tracing = new TracingProcess((listener) => world.startTracing(facts, listener), log);
    patchTracing = new PatchTracing({ connection, analysis, tracing, client: facts, log });
    const capabilities: ServerCapabilities = {
      positionEncoding: facts.encoding,
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      executeCommandProvider: { commands: Object.values(serverCommands) },
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    };
    for (const handler of handlers) Object.assign(capabilities, handler.capability(facts));
    return { capabilities, serverInfo: { name: 'spectrail', version: world.version } };
  });

  connection.onInitialized(() => {
    if (client?.configurationRegistration === true) void connection.client.register(DidChangeConfigurationNotification.type, { section: 'spectrail' });
    if (client?.watchedFiles === true) {
      // Files of a package may have any name; what matters of most is whether they are there.
      void connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*', kind: 1 | 4 }, { globPattern: '**/{spectrail.toml,spectrail.lock,*.patch,*.diff,*.spec}' }] });
    }
    void askSettings();
    tellStatus(client?.trusted === false ? 'limited' : 'ready', client?.trusted === false ? 'The workspace is not trusted: nothing is run or fetched.' : '');
  });

  /** Asks the editor for its settings, for each open document; what it does not answer stays as it was. */
  async function askSettings(): Promise<void> {
    if (client?.configuration !== true) return;
    try {
      const uris = documents.all().map(({ uri }) => uri);
      const [general, ...each] = (await connection.workspace.getConfiguration([{ section: 'spectrail' }, ...uris.map((scopeUri) => ({ scopeUri, section: 'spectrail' }))])) as unknown[];
      settings = general ?? {};
      for (const [index, uri] of uris.entries()) analysis?.settings(uri, each[index] ?? {});
    } catch (error) {
      log('warn', `the editor did not tell its settings: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  connection.onDidChangeConfiguration(({ settings: pushed }) => {
    const section = (pushed as { spectrail?: unknown } | null)?.spectrail;
    // Clients without workspace/configuration send what they have.
    if (client?.configuration !== true && section !== undefined) {
      settings = section;
      for (const { uri } of documents.all()) analysis?.settings(uri, section);
    } else void askSettings();
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    for (const { uri } of changes) companions.changed(uri);
    for (const { uri } of documents.all()) if (changes.some((change) => mayConcern(change.uri, uri))) analysis?.files(uri);
  });

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    openDocument(uri, languageId, version, text);
    companions.opened(uri);
  });

  function openDocument(uri: string, languageId: string, version: number, text: string): void {
    analysis?.open(documents.open(uri, languageId, version, text), settings);
    // One folder may have settings of its own.
    if (client?.configuration === true) {
      void connection.workspace.getConfiguration({ scopeUri: uri, section: 'spectrail' }).then(
        (own: unknown) => analysis?.settings(uri, own ?? {}),
        () => {},
      );
    }
  }

  function closeDocument(uri: string): boolean {
    if (documents.close(uri) === undefined) return false;
    expandedAsked.delete(uri);
    analysis?.close(uri);
    patchTracing?.onClose(uri);
    return true;
  }

  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    if (client === undefined) return;
    const changed = documents.change(uri, version, contentChanges, client.encoding);
    if (changed !== undefined) analysis?.change(changed.document, changed.edits);
  });
  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    if (!closeDocument(uri)) return;
    void connection.sendDiagnostics({ uri, diagnostics: [] });
    companions.closed(uri);
  });

  for (const { method, feature } of handlers) {
    connection.onRequest(method, (params: unknown, token: CancellationToken) => ask(method, feature, params, token));
  }

  async function ask(method: string, feature: string, params: unknown, token: CancellationToken): Promise<unknown> {
    // What is resolved later names its document in its own data.
    const uri = (params as { data?: { uri?: unknown } } | undefined)?.data?.uri;
    if (method.endsWith('/resolve') && typeof uri === 'string') params = { ...(params as object), textDocument: { uri } };
    if (analysis === undefined) throw new ResponseError(ErrorCodes.ServerNotInitialized, 'initialize comes first');
    if (typeof (params as { textDocument?: { uri?: unknown } } | undefined)?.textDocument?.uri !== 'string') throw new ResponseError(ErrorCodes.InvalidParams, `${method} needs a textDocument`);
    if (method === expandedSpecRequest) expandedAsked.add((params as { textDocument: { uri: string } }).textDocument.uri);
    try {
      return await analysis.request(method, params, (cancel) => whenCancelled(token, cancel));
    } catch (error) {
      if (!(error instanceof AnalysisFailure)) throw error;
      if (error.isCancelled) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
      throw new ResponseError(LSPErrorCodes.RequestFailed, `${feature}: ${error.message}`);
    }
  }

  async function trace(uri: unknown, names: readonly unknown[] | undefined, token: CancellationToken, workDoneToken: ProgressToken | undefined): Promise<TraceResult> {
    if (patchTracing === undefined || typeof uri !== 'string') throw new ResponseError(ErrorCodes.InvalidParams, 'tracing needs the uri of a spec');
    const patches = names?.filter((name): name is string => typeof name === 'string');
    return patchTracing.trace(uri, patches, token, workDoneToken);
  }

  connection.onRequest(traceRequest, (params: Partial<TraceParams> | undefined, token: CancellationToken) => trace(params?.textDocument?.uri, params?.patches, token, params?.workDoneToken));

  connection.onRequest(originRequest, (params: Partial<OriginParams> | undefined, token: CancellationToken) => {
    const { textDocument, patch, change = 0 } = params ?? {};
    if (patchTracing === undefined || typeof textDocument?.uri !== 'string' || typeof patch !== 'string' || typeof change !== 'number') throw new ResponseError(ErrorCodes.InvalidParams, `${originRequest} needs a spec and a patch of it`);
    return patchTracing.origin(textDocument.uri, patch, change, token);
  });

  connection.onRequest(decideRequest, (params: Partial<DecideParams> | undefined) => {
    const { textDocument, patch, change, decision } = params ?? {};
    const isDecision = decision === undefined || (['ours', 'accepted', 'waived'].includes(decision.kind) && typeof decision.reason === 'string');
    if (patchTracing === undefined || typeof textDocument?.uri !== 'string' || typeof patch !== 'string' || !isDecision) throw new ResponseError(ErrorCodes.InvalidParams, `${decideRequest} needs a spec, a patch of it and a decision`);
    return patchTracing.decide(textDocument.uri, { fileName: patch, change, decision: decision === undefined ? undefined : { kind: decision.kind, reason: decision.reason, owner: decision.owner, until: decision.until } });
  });

  connection.onExecuteCommand(async ({ command, arguments: given = [], workDoneToken }, token) => {
    switch (command) {
      case serverCommands.restartAnalysis:
        analysis?.restart('The analysis was started again on request.');
        return null;
      case serverCommands.refreshPatches:
        if (typeof given[0] === 'string') await patchTracing?.refresh(given[0]);
        return null;
      case serverCommands.trace: {
        const [uri, ...names] = given as unknown[];
        const result = await trace(uri, names.length > 0 ? names : undefined, token, workDoneToken);
        if (result.failure === undefined) connection.window.showInformationMessage(result.summary);
        else connection.window.showWarningMessage(result.failure);
        return result;
      }
      default:
        throw new ResponseError(ErrorCodes.InvalidParams, `there is no command ${command}`);
    }
  });

  connection.onShutdown(() => {
    analysis?.stop();
    tracing?.stop();
  });
  connection.listen();
}

/** Whether a changed file may be one of a document's package or settings: in its folder, in SOURCES beside or below, or a settings file above. */
function mayConcern(changed: string, document: string): boolean {
  const folderOf = (uri: string): string => uri.slice(0, uri.lastIndexOf('/'));
  const folder = folderOf(document);
  const where = folderOf(changed);
  if (changed.endsWith('/spectrail.toml')) return folder === where || folder.startsWith(`${where}/`);
  return where === folder || where === `${folder}/SOURCES` || where === `${folderOf(folder)}/SOURCES`;
}
