/** One running extension: the client, the views on what it says, and the commands that a person may give. */
import { type Disposable, type ExtensionContext, type TextDocument, commands, languages, window, workspace } from 'vscode';
import { DidChangeConfigurationNotification, type LanguageClient, State } from 'vscode-languageclient/node';
import { documentKindRequest, type DocumentKindParams, type DocumentKindResult, type TargetChoice } from 'spectrail/protocol';
import { ask, createClient, isGone, isSpec, registerCommand } from './client.js';
import { ExpandedSpecView } from './views/expandedSpec.js';
import { PatchesView } from './views/patches.js';
import { StatusView } from './views/status.js';

const selectedTargetKey = 'selectedTarget';

export class Session implements Disposable {
  readonly client: LanguageClient;
  readonly #context: ExtensionContext;
  readonly #disposables: Disposable[] = [];
  /** Documents that were switched to another language once; who switches one back means it. */
  readonly #leftAlone = new Set<string>();
  readonly #status: StatusView;

  constructor(context: ExtensionContext) {
    this.#context = context;
    const log = window.createOutputChannel('Spectrail', { log: true });
    this.client = createClient(context, log, {
      opened: (document) => void this.#leaveAloneUnlessSpec(document),
      selectedTarget: () => context.workspaceState.get<string>(selectedTargetKey),
    });
    this.#status = new StatusView(this.client);
    this.#disposables.push(
      this.#status,
      new ExpandedSpecView(this.client),
      new PatchesView(this.client),
      workspace.onDidGrantWorkspaceTrust(() => this.restart()),
      workspace.onDidCloseTextDocument((document) => {
        if (isGone(document)) this.#leftAlone.delete(document.uri.toString());
      }),
      registerCommand('spectrail.restartServer', () => this.restart()),
      registerCommand('spectrail.showLog', () => log.show()),
      registerCommand('spectrail.selectTarget', (id?: unknown) => (typeof id === 'string' ? this.#useTarget(id) : this.#selectTarget())),
    );
    void commands.executeCommand('setContext', 'spectrail.active', true);
  }

  async start(): Promise<void> {
    try {
      await this.client.start();
    } catch (error) {
      // The client has told the person already, with a way to the log; the views say so for as long as it lasts.
      this.#status.failed(error instanceof Error ? error.message : String(error));
    }
  }

  async stop(): Promise<void> {
    if (this.client.needsStop()) await this.client.stop();
  }

  async restart(): Promise<void> {
    if (this.client.state === State.Running) await this.client.restart();
    else await this.start();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
    void this.client.dispose();
  }

  /** PyInstaller's `.spec` files are Python: what the server does not take for an RPM spec gets its own language back. */
  async #leaveAloneUnlessSpec(document: TextDocument): Promise<void> {
    const key = document.uri.toString();
    if (this.#leftAlone.has(key)) return;
    const params: DocumentKindParams = { textDocument: { uri: this.client.code2ProtocolConverter.asUri(document.uri) } };
    const kind = await ask<DocumentKindResult>(this.client, documentKindRequest, params, null);
    if (kind === null || kind === 'rpm-spec' || document.isClosed || !isSpec(document)) return;
    this.#leftAlone.add(key);
    const known = await languages.getLanguages();
    await languages.setTextDocumentLanguage(document, kind === 'python' && known.includes('python') ? 'python' : 'plaintext');
  }

  async #selectTarget(): Promise<void> {
    const choices = await this.#status.targets();
    if (choices.length === 0) {
      void window.showInformationMessage('Open an RPM spec first: a target is what specs are read for.');
      return;
    }
    const selected = this.#context.workspaceState.get<string>(selectedTargetKey);
    // What the settings name comes first.
    const rank = ({ chosen, primary }: TargetChoice) => (primary ? 0 : chosen ? 1 : 2);
    const items = [...choices].sort((a, b) => rank(a) - rank(b)).map(({ id, label, chosen, primary }) => ({
      id: id as string | undefined,
      label: primary ? `$(check) ${label}` : label,
      description: id,
      detail: chosen && !primary ? 'also named by the settings' : '',
    }));
    if (selected !== undefined) items.unshift({ id: undefined, label: 'As the settings say', description: '', detail: 'Forget the target picked in this window.' });
    const picked = await window.showQuickPick(items, { title: 'Target', placeHolder: 'Which distribution and release to read specs for', matchOnDescription: true });
    if (picked !== undefined) await this.#useTarget(picked.id ?? '');
  }

  /** Also what a key binding with an argument calls; an empty id forgets the target picked before. */
  async #useTarget(id: string): Promise<void> {
    await this.#context.workspaceState.update(selectedTargetKey, id === '' ? undefined : id);
    // The server asks for its settings anew, and gets the picked target with them.
    await this.client.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    await this.#status.refresh();
  }
}
