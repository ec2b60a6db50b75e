import type { ClientCapabilities, InitializeParams } from 'vscode-languageserver/node';
import type { InitializationOptions } from '../protocol.js';

export type PositionEncoding = 'utf-8' | 'utf-16';

/** What the client can do, as plain data: it is known once, in `initialize`, and crosses to the analysis worker. */
export interface ClientFacts {
  /** What columns count: UTF-8 bytes or UTF-16 code units. */
  readonly encoding: PositionEncoding;
  readonly trusted: boolean;
  /** Custom commands the client carries out. */
  readonly commands: readonly string[];
  readonly logLevel: 'error' | 'warn' | 'info' | 'debug';
  /** Folder of the store that the client wants used; undefined for the usual one. */
  readonly storeFolder: string | undefined;
  /** Absolute URIs of the workspace's folders. */
  readonly folders: readonly string[];
  readonly markdownHover: boolean;
  readonly markdownCompletion: boolean;
  readonly snippets: boolean;
  readonly insertReplace: boolean;
  readonly hierarchicalSymbols: boolean;
  readonly definitionLinks: boolean;
  readonly codeActionLiterals: boolean;
  readonly relatedInformation: boolean;
  readonly diagnosticTags: boolean;
  readonly codeDescription: boolean;
  readonly versionedEdits: boolean;
  readonly configuration: boolean;
  readonly configurationRegistration: boolean;
  readonly watchedFiles: boolean;
  readonly progress: boolean;
  readonly refresh: { readonly codeLens: boolean; readonly semanticTokens: boolean; readonly inlayHints: boolean };
}

/** Reads what `initialize` says; `initializationOptions` may be anything and is believed only where its types fit. */
export function clientFacts(params: InitializeParams): ClientFacts {
  const capabilities: ClientCapabilities = params.capabilities;
  const { textDocument, workspace, general, window } = capabilities;
  const options = readOptions(params.initializationOptions);
  const completionItem = textDocument?.completion?.completionItem;
  return {
    encoding: general?.positionEncodings?.includes('utf-8') === true ? 'utf-8' : 'utf-16',
    trusted: options.trusted ?? true,
    commands: options.clientCommands ?? [],
    logLevel: options.logLevel ?? 'info',
    storeFolder: options.storeFolder,
    folders: params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri == null ? [] : [params.rootUri]),
    markdownHover: textDocument?.hover?.contentFormat?.includes('markdown') === true,
    markdownCompletion: completionItem?.documentationFormat?.includes('markdown') === true,
    snippets: completionItem?.snippetSupport === true,
    insertReplace: completionItem?.insertReplaceSupport === true,
    hierarchicalSymbols: textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true,
    definitionLinks: textDocument?.definition?.linkSupport === true,
    codeActionLiterals: textDocument?.codeAction?.codeActionLiteralSupport !== undefined,
    relatedInformation: textDocument?.publishDiagnostics?.relatedInformation === true,
    diagnosticTags: textDocument?.publishDiagnostics?.tagSupport !== undefined,
    codeDescription: textDocument?.publishDiagnostics?.codeDescriptionSupport === true,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    configuration: workspace?.configuration === true,
    configurationRegistration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    watchedFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    progress: window?.workDoneProgress === true,
    refresh: {
      codeLens: workspace?.codeLens?.refreshSupport === true,
      semanticTokens: workspace?.semanticTokens?.refreshSupport === true,
      inlayHints: workspace?.inlayHint?.refreshSupport === true,
    },
  };
}

function readOptions(value: unknown): InitializationOptions {
  if (typeof value !== 'object' || value === null) return {};
  const given = value as Record<string, unknown>;
  const levels = ['error', 'warn', 'info', 'debug'] as const;
  const level = levels.find((name) => name === given['logLevel']);
  return {
    ...(typeof given['trusted'] === 'boolean' ? { trusted: given['trusted'] } : {}),
    ...(Array.isArray(given['clientCommands']) ? { clientCommands: given['clientCommands'].filter((name): name is string => typeof name === 'string') } : {}),
    ...(typeof given['storeFolder'] === 'string' ? { storeFolder: given['storeFolder'] } : {}),
    ...(level === undefined ? {} : { logLevel: level }),
  };
}
