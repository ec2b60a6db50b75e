/** The patches of the spec in the active editor, with what is known of their origin: a tree view, a page for each, and the search. */
import { type Disposable, EventEmitter, MarkdownString, Position, ProgressLocation, Range, ThemeColor, ThemeIcon, type TreeDataProvider, TreeItem, TreeItemCollapsibleState, type TreeView, Uri, commands, window, workspace } from 'vscode';
import { type LanguageClient, State, WorkDoneProgress } from 'vscode-languageclient/node';
import {
  type PatchNode,
  type PatchOrigin,
  type PatchOriginsChangedParams,
  type PatchOriginsParams,
  type PatchReport,
  type PatchReportParams,
  type TraceParams,
  type TraceResult,
  clientCommands,
  patchOriginsChangedNotification,
  patchOriginsRequest,
  patchReportRequest,
  serverCommands,
  traceRequest,
} from 'spectrail/protocol';
import { ask, isSpec, registerCommand, specUri } from '../client.js';
import { Decisions } from './decisions.js';
import { type ChangeChoice, OriginTexts } from './originTexts.js';

const originScheme = 'spectrail-origin';

interface PatchItem {
  readonly spec: Uri;
  readonly origin: PatchOrigin;
  /** A line below the patch; undefined for the patch itself. */
  readonly node?: PatchNode;
}

/** What the view can be narrowed to: states of patches, each patch in one. */
const states = {
  untraced: 'Not traced yet',
  contradicted: 'Says something else of itself',
  none: 'Without an upstream commit',
  decided: 'Decided about',
  differs: 'Differs from its commit',
  same: 'The same as its commit',
} as const;

type PatchState = keyof typeof states;

const reportFormats: readonly { readonly format: PatchReportParams['format']; readonly label: string; readonly detail: string }[] = [
  { format: 'markdown', label: 'Markdown', detail: 'For people: each patch with all that is known of it.' },
  { format: 'json', label: 'JSON', detail: 'As spectrail trace --format json prints it; the schema is published.' },
  { format: 'cyclonedx', label: 'CycloneDX', detail: 'A component of a bill of materials, with its patches as a pedigree.' },
];

function stateOf({ relation, claim, decision }: PatchOrigin): PatchState {
  if (decision !== undefined) return 'decided';
  if (relation === undefined) return 'untraced';
  if (claim === 'contradicted') return 'contradicted';
  if (relation === 'none') return 'none';
  return relation === 'same-file' || relation === 'same-change' || relation === 'rebased' ? 'same' : 'differs';
}

export class PatchesView implements TreeDataProvider<PatchItem>, Disposable {
  readonly #client: LanguageClient;
  readonly #changed = new EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #pageChanged = new EventEmitter<Uri>();
  readonly #view: TreeView<PatchItem>;
  readonly #disposables: Disposable[];
  #spec: Uri | undefined;
  /** States shown; undefined for all. */
  #shown: ReadonlySet<PatchState> | undefined;

  constructor(client: LanguageClient) {
    this.#client = client;
    this.#view = window.createTreeView('spectrail.patches', { treeDataProvider: this, showCollapseAll: true });
    this.#disposables = [
      this.#changed,
      this.#pageChanged,
      this.#view,
      new OriginTexts(client, (...args) => this.#chooseChange(args)),
      new Decisions(client, (...args) => this.#chooseChange(args)),
      registerCommand('spectrail.filterPatches', (states?: unknown) => this.#filter(states)),
      registerCommand('spectrail.exportPatches', (format?: unknown) => this.#export(format)),
      registerCommand('spectrail.refreshPatches', () => this.#askAgain()),
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
    if (item !== undefined) return (item.node ?? item.origin).children.map((node) => ({ ...item, node }));
    const spec = this.#spec;
    if (spec === undefined) return [];
    const origins = await this.#origins(spec);
    const shown = origins.filter((origin) => this.#shown?.has(stateOf(origin)) ?? true);
    this.#tell(origins, shown.length);
    return shown.map((origin) => ({ spec, origin }));
  }

  getTreeItem(item: PatchItem): TreeItem {
    return item.node === undefined ? patchItem(item) : nodeItem(item, item.node);
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

  /** Above the tree, and on the view's icon: what a person wants to know without opening anything. */
  #tell(origins: readonly PatchOrigin[], shown: number): void {
    const count = (state: PatchState): number => origins.filter((origin) => stateOf(origin) === state).length;
    const parts = [...(count('untraced') > 0 ? [`${count('untraced')} not traced`] : []), ...(count('none') > 0 ? [`${count('none')} without a commit`] : []), ...(count('differs') > 0 ? [`${count('differs')} differ`] : [])];
    this.#view.description = origins.length === 0 ? '' : `${shown < origins.length ? `${shown} of ` : ''}${origins.length}${parts.length > 0 ? ` · ${parts.join(', ')}` : ''}`;
    this.#view.message = shown === 0 && origins.length > 0 ? 'No patch is in the states that are shown. Change the filter to see the others.' : '';
    const contradicted = count('contradicted');
    this.#view.badge = contradicted === 0 ? undefined : { value: contradicted, tooltip: `${contradicted} ${contradicted === 1 ? 'patch says' : 'patches say'} something else of ${contradicted === 1 ? 'itself' : 'themselves'} than what was found` };
  }

  /** From a key binding or a test: the states; else the person is asked. */
  async #filter(given: unknown): Promise<void> {
    const known = Object.keys(states) as PatchState[];
    const origins = this.#spec === undefined ? [] : await this.#origins(this.#spec);
    const chosen = Array.isArray(given)
      ? known.filter((state) => given.includes(state))
      : (
          await window.showQuickPick(
            known.map((state) => ({ state, label: states[state], description: String(origins.filter((origin) => stateOf(origin) === state).length), picked: this.#shown?.has(state) ?? true })),
            { title: 'Show Patches', canPickMany: true },
          )
        )?.map(({ state }) => state);
    if (chosen === undefined) return;
    this.#shown = chosen.length === 0 || chosen.length === known.length ? undefined : new Set(chosen);
    void commands.executeCommand('setContext', 'spectrail.patchesFiltered', this.#shown !== undefined);
    this.#changed.fire(undefined);
  }

  /** A report in an editor of its own, to be read and saved wherever the person likes. */
  async #export(given: unknown): Promise<void> {
    const spec = specUri() ?? this.#spec;
    if (spec === undefined) {
      void window.showInformationMessage('Open an RPM spec first: a report is made of its patches.');
      return;
    }
    const format =
      reportFormats.find((each) => each.format === given)?.format ??
      (await window.showQuickPick(reportFormats, { title: 'Export What Is Known of the Patches' }))?.format;
    if (format === undefined) return;
    const params: PatchReportParams = { textDocument: { uri: this.#client.code2ProtocolConverter.asUri(spec) }, format };
    const report = await this.#client.sendRequest<PatchReport | null>(patchReportRequest, params);
    if (report === null) return;
    await window.showTextDocument(await workspace.openTextDocument({ content: report.text, language: report.language }));
    if (report.untraced > 0) void window.showInformationMessage(`${report.untraced} ${report.untraced === 1 ? 'patch was' : 'patches were'} not traced yet; trace them for a whole report.`);
  }

  /** What is in the store may be another program's work; the server tells when it knows more. */
  async #askAgain(): Promise<void> {
    const spec = this.#spec;
    if (spec === undefined) return;
    await this.#client.sendRequest('workspace/executeCommand', { command: serverCommands.refreshPatches, arguments: [this.#client.code2ProtocolConverter.asUri(spec)] });
    this.#changed.fire(undefined);
  }

  /** From a code lens: `[spec, file name, change]`; from the tree: an item; from the palette: the patch of the line, or one to pick. */
  async #chooseChange([argument, fileName, change]: readonly unknown[]): Promise<ChangeChoice | undefined> {
    if (isItem(argument)) return { spec: argument.spec, fileName: argument.origin.fileName, change: argument.node?.change };
    const spec = specUri(argument) ?? this.#spec;
    if (spec === undefined) {
      void window.showInformationMessage('Open an RPM spec first: its patches are compared with their commits.');
      return undefined;
    }
    const name = typeof fileName === 'string' ? fileName : await this.#pickPatch(spec);
    return name === undefined ? undefined : { spec, fileName: name, change: typeof change === 'number' ? change : undefined };
  }

  #refresh(spec: Uri): void {
    if (spec.toString() === this.#spec?.toString()) this.#changed.fire(undefined);
    for (const { uri } of workspace.textDocuments) if (uri.scheme === originScheme && uri.query === spec.toString()) this.#pageChanged.fire(uri);
  }

  async #origins(spec: Uri): Promise<readonly PatchOrigin[]> {
    const params: PatchOriginsParams = { textDocument: { uri: this.#client.code2ProtocolConverter.asUri(spec) } };
    return ask<readonly PatchOrigin[]>(this.#client, patchOriginsRequest, params, []);
  }

  /** From a code lens or hover: `[spec, file name...]`; from the tree: an item; from the view's title or the palette: all patches of its spec. */
  async #trace(argument: unknown, fileNames: readonly unknown[]): Promise<void> {
    if (isItem(argument)) return this.#trace(argument.spec.toString(), [argument.origin.fileName]);
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

function patchItem({ spec, origin }: PatchItem): TreeItem {
  const item = new TreeItem(`${origin.number} ${origin.fileName}`, origin.children.length > 0 ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None);
  item.id = `${spec.toString()}#${origin.number} ${origin.fileName}`;
  item.description = origin.title;
  item.tooltip = new MarkdownString(origin.detail);
  item.iconPath = iconOf(origin);
  item.contextValue = [...(origin.uri === undefined ? [] : ['file']), ...(origin.relation === undefined ? ['untraced'] : origin.relation === 'none' ? ['traced'] : ['traced', 'commit'])].join(' ');
  const at = new Position(origin.line, 0);
  item.command = { command: 'vscode.open', title: 'Show the Patch Line', arguments: [spec, { selection: new Range(at, at) }] };
  return item;
}

const nodeIcons: Readonly<Record<PatchNode['kind'], string>> = { change: 'mail', commit: 'git-commit', hunk: 'diff', carrier: 'package', problem: 'warning', decision: 'account' };

function nodeItem(item: PatchItem, { kind, label, description, children }: PatchNode): TreeItem {
  const line = new TreeItem(label, children.length > 0 ? TreeItemCollapsibleState.Collapsed : TreeItemCollapsibleState.None);
  line.description = description;
  line.tooltip = `${label}\n${description}`;
  line.iconPath = new ThemeIcon(nodeIcons[kind]);
  line.contextValue = kind;
  if (kind === 'commit') line.command = { command: clientCommands.openCommit, title: 'Open Commit', arguments: [item] };
  if (kind === 'hunk') line.command = { command: clientCommands.compareWithOrigin, title: 'Compare with Origin', arguments: [item] };
  return line;
}

function iconOf({ relation, claim, decision }: PatchOrigin): ThemeIcon {
  if (decision !== undefined) return new ThemeIcon(decision === 'waived' ? 'watch' : 'account');
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
