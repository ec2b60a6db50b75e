/** The patches of the spec in the active editor, with what is known of their origin: a tree view, a page for each, and the search. */
import { type Disposable, EventEmitter, MarkdownString, Position, ProgressLocation, Range, ThemeColor, ThemeIcon, type TreeDataProvider, TreeItem, Uri, commands, window, workspace } from 'vscode';
import { type LanguageClient, State, WorkDoneProgress } from 'vscode-languageclient/node';
import {
  type PatchOrigin,
  type PatchOriginsChangedParams,
  type PatchOriginsParams,
  type TraceParams,
  type TraceResult,
  clientCommands,
  patchOriginsChangedNotification,
  patchOriginsRequest,
  traceRequest,
} from 'spectrail/protocol';
import { ask, isSpec, registerCommand, specUri } from '../client.js';

const originScheme = 'spectrail-origin';

interface PatchItem {
  readonly spec: Uri;
  readonly origin: PatchOrigin;
}

export class PatchesView implements TreeDataProvider<PatchItem>, Disposable {
  readonly #client: LanguageClient;
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #pageChanged = new EventEmitter<Uri>();
  readonly #disposables: Disposable[];
  #spec: Uri | undefined;

  constructor(client: LanguageClient) {
    this.#client = client;
    this.#disposables = [
      this.#changed,
      this.#pageChanged,
      window.createTreeView('spectrail.patches', { treeDataProvider: this }),
      workspace.registerTextDocumentContentProvider(originScheme, { onDidChange: this.#pageChanged.event, provideTextDocumentContent: (uri) => this.#page(uri) }),
      registerCommand('spectrail.tracePatches', (argument?: unknown, ...fileNames: unknown[]) => this.#trace(argument, fileNames)),
      registerCommand(clientCommands.showOrigin, (argument?: unknown, fileName?: unknown) => this.#showOrigin(argument, fileName)),
      registerCommand(clientCommands.openPatch, (argument?: unknown) => this.#openPatch(argument)),
      client.onNotification(patchOriginsChangedNotification, ({ uri }: PatchOriginsChangedParams) => this.#refresh(client.protocol2CodeConverter.asUri(uri))),
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) this.#follow();
      }),
      window.onDidChangeActiveTextEditor(() => this.#follow()),
    ];
    this.#follow();
  }

  async getChildren(item?: PatchItem): Promise<PatchItem[]> {
    const spec = this.#spec;
    if (item !== undefined || spec === undefined) return [];
    return (await this.#origins(spec)).map((origin) => ({ spec, origin }));
  }

  getTreeItem({ spec, origin }: PatchItem): TreeItem {
    const item = new TreeItem(`${origin.number} ${origin.fileName}`);
    item.description = origin.title;
    item.tooltip = new MarkdownString(origin.detail);
    item.iconPath = iconOf(origin);
    if (origin.uri !== undefined) item.contextValue = 'file';
    const at = new Position(origin.line, 0);
    item.command = { command: 'vscode.open', title: 'Show the Patch Line', arguments: [spec, { selection: new Range(at, at) }] };
    return item;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  /** Keeps the last spec while another kind of file is looked at. */
  #follow(): void {
    const document = window.activeTextEditor?.document;
    if (document !== undefined && isSpec(document)) this.#spec = document.uri;
    this.#changed.fire(undefined);
  }

  #refresh(spec: Uri): void {
    if (spec.toString() === this.#spec?.toString()) this.#changed.fire(undefined);
    for (const { uri } of workspace.textDocuments) if (uri.scheme === originScheme && uri.query === spec.toString()) this.#pageChanged.fire(uri);
  }

  async #origins(spec: Uri): Promise<readonly PatchOrigin[]> {
    const params: PatchOriginsParams = { textDocument: { uri: this.#client.code2ProtocolConverter.asUri(spec) } };
    return ask<readonly PatchOrigin[]>(this.#client, patchOriginsRequest, params, []);
  }

  /** From a code lens or hover: `[spec, file name...]`; from the view or the palette: all patches of its spec. */
  async #trace(argument: unknown, fileNames: readonly unknown[]): Promise<void> {
    const spec = specUri(argument) ?? this.#spec;
    if (spec === undefined) {
      void window.showInformationMessage('Open an RPM spec first: its patches are traced.');
      return;
    }
    if (!workspace.isTrusted) {
      const manage = 'Manage Workspace Trust';
      void window.showWarningMessage('Tracing patches reads the repositories that this workspace names; it needs a trusted workspace.', manage).then((answer) => {
        if (answer === manage) void commands.executeCommand('workbench.trust.manage');
      });
      return;
    }
    const result = await window.withProgress({ location: ProgressLocation.Notification, title: 'Tracing patches', cancellable: true }, async (progress, cancellation) => {
      const workDoneToken = `trace-${Date.now()}`;
      let reached = 0;
      const listener = this.#client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
        if (value.kind === 'end') return;
        const percentage = value.percentage;
        progress.report({ ...(value.message === undefined ? {} : { message: value.message }), ...(percentage === undefined ? {} : { increment: percentage - reached }) });
        reached = percentage ?? reached;
      });
      try {
        const patches = fileNames.filter((name) => typeof name === 'string');
        const params: TraceParams = { textDocument: { uri: this.#client.code2ProtocolConverter.asUri(spec) }, ...(patches.length === 0 ? {} : { patches }), workDoneToken };
        return await this.#client.sendRequest<TraceResult>(traceRequest, params, cancellation);
      } catch (error) {
        if (cancellation.isCancellationRequested) return undefined;
        throw error;
      } finally {
        listener.dispose();
      }
    });
    if (result === undefined) return;
    if (result.failure === undefined) void window.showInformationMessage(result.summary);
    else void window.showErrorMessage(result.failure);
  }

  /** From a code lens or hover: `[spec, file name]`; from the tree: an item; from the palette: nothing. */
  async #showOrigin(argument: unknown, fileName: unknown): Promise<void> {
    const item = isItem(argument) ? argument : undefined;
    const spec = item?.spec ?? specUri(argument) ?? this.#spec;
    if (spec === undefined) {
      void window.showInformationMessage('Open an RPM spec first: the history of its patches is shown.');
      return;
    }
    const name = item?.origin.fileName ?? (typeof fileName === 'string' ? fileName : await this.#pickPatch(spec));
    if (name === undefined) return;
    const page = Uri.from({ scheme: originScheme, path: `/${name}.md`, query: spec.toString() });
    // An open page keeps its old text until it is told of the change.
    this.#pageChanged.fire(page);
    await commands.executeCommand('markdown.showPreviewToSide', page);
  }

  /** The patch of the line that the cursor is on, or the one that the person picks. */
  async #pickPatch(spec: Uri): Promise<string | undefined> {
    const origins = await this.#origins(spec);
    if (origins.length === 0) {
      void window.showInformationMessage('This spec has no patches.');
      return undefined;
    }
    const editor = window.activeTextEditor;
    const here = editor?.document.uri.toString() === spec.toString() ? origins.find(({ line }) => line === editor.selection.active.line) : undefined;
    if (here !== undefined) return here.fileName;
    const picked = await window.showQuickPick(
      origins.map(({ fileName, number, title }) => ({ label: fileName, description: `Patch${number}`, detail: title })),
      { title: 'Patch History', matchOnDetail: true },
    );
    return picked?.label;
  }

  async #page(uri: Uri): Promise<string> {
    const name = uri.path.slice(1, -'.md'.length);
    const origin = (await this.#origins(Uri.parse(uri.query))).find(({ fileName }) => fileName === name);
    return origin === undefined ? `# ${name}\n\nThe spec names this patch no more.\n` : `# Patch${origin.number}: ${name}\n\n${origin.detail}\n`;
  }

  async #openPatch(argument: unknown): Promise<void> {
    const uri = isItem(argument) ? argument.origin.uri : argument;
    if (typeof uri === 'string') await window.showTextDocument(this.#client.protocol2CodeConverter.asUri(uri));
  }
}

function isItem(argument: unknown): argument is PatchItem {
  return typeof argument === 'object' && argument !== null && 'origin' in argument;
}

function iconOf({ relation, claim }: PatchOrigin): ThemeIcon {
  if (claim === 'contradicted') return new ThemeIcon('warning', new ThemeColor('list.warningForeground'));
  switch (relation) {
    case undefined:
      return new ThemeIcon('question');
    case 'none':
      return new ThemeIcon('circle-slash');
    case 'same-file':
    case 'same-change':
      return new ThemeIcon('pass', new ThemeColor('testing.iconPassed'));
    default:
      return new ThemeIcon('git-compare');
  }
}
