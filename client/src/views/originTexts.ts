/** Texts that belong to a patch's origin: its page, the commit it comes from, and the two beside each other in a diff editor. */
import { type Disposable, EventEmitter, ProgressLocation, Uri, commands, languages, window, workspace } from 'vscode';
import { type LanguageClient } from 'vscode-languageclient/node';
import { type OriginParams, type OriginResult, clientCommands, originRequest } from 'spectrail/protocol';
import { registerCommand } from '../client.js';

const scheme = 'spectrail-commit';

/** What a command was given to know which change is meant. */
export interface ChangeChoice {
  readonly spec: Uri;
  readonly fileName: string;
  /** Undefined where no one of the patch's changes was pointed at. */
  readonly change: number | undefined;
}

export class OriginTexts implements Disposable {
  readonly #client: LanguageClient;
  /** Texts shown, by the URI they are shown under. */
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #disposables: Disposable[];

  /** `choose` makes a choice of what a command was given, or asks the person. */
  constructor(client: LanguageClient, choose: (...args: unknown[]) => Promise<ChangeChoice | undefined>) {
    this.#client = client;
    const forChange = (show: (choice: ChangeChoice, origin: OriginResult) => Promise<void>) => async (...args: unknown[]) => {
      const choice = await choose(...args);
      const origin = choice === undefined ? undefined : await this.#read(choice);
      if (choice === undefined || origin === undefined) return;
      if (origin.failure === undefined) await show(choice, origin);
      else void window.showWarningMessage(origin.failure);
    };
    this.#disposables = [
      this.#changed,
      workspace.registerTextDocumentContentProvider(scheme, { onDidChange: this.#changed.event, provideTextDocumentContent: (uri) => this.#texts.get(uri.toString()) ?? '' }),
      workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
      registerCommand(clientCommands.compareWithOrigin, forChange((choice, origin) => this.#compare(choice, origin))),
      registerCommand(clientCommands.openCommit, forChange((choice, origin) => this.#openCommits(choice, origin))),
    ];
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #read({ spec, fileName, change = 0 }: ChangeChoice): Thenable<OriginResult | undefined> {
    const params: OriginParams = { textDocument: { uri: this.#client.code2ProtocolConverter.asUri(spec) }, patch: fileName, change };
    return window.withProgress({ location: ProgressLocation.Window, title: 'Reading the commit', cancellable: true }, async (_, cancellation) => {
      try {
        return await this.#client.sendRequest<OriginResult>(originRequest, params, cancellation);
      } catch (error) {
        if (cancellation.isCancellationRequested) return undefined;
        throw error;
      }
    });
  }

  async #compare({ spec, fileName, change = 0 }: ChangeChoice, { commits, originText, patchText }: OriginResult): Promise<void> {
    const [first, ...others] = commits;
    if (first === undefined) return;
    const id = first.title.split(' ')[0]!;
    const query = `${spec.toString()}#${change}`;
    const left = this.#shown(Uri.from({ scheme, path: `/${id}.diff`, query }), originText);
    const right = this.#shown(Uri.from({ scheme, path: `/${fileName}`, query }), patchText);
    await commands.executeCommand('vscode.diff', left, right, `${id}${others.length > 0 ? ` and ${others.length} more` : ''} ↔ ${fileName}`, { preview: true });
  }

  async #openCommits({ spec }: ChangeChoice, { commits }: OriginResult): Promise<void> {
    const picked = commits.length < 2 ? commits[0] : (await window.showQuickPick(commits.map((commit) => ({ label: commit.title, commit })), { title: 'Open Commit' }))?.commit;
    if (picked === undefined) return;
    const uri = this.#shown(Uri.from({ scheme, path: `/${picked.id.slice(0, 12)}.diff`, query: spec.toString() }), picked.url === undefined ? picked.text : `${picked.url}\n\n${picked.text}`);
    const document = await workspace.openTextDocument(uri);
    await languages.setTextDocumentLanguage(document, 'diff');
    await window.showTextDocument(document, { preview: true });
  }

  #shown(uri: Uri, text: string): Uri {
    const key = uri.toString();
    const isOpen = this.#texts.has(key);
    this.#texts.set(key, text);
    if (isOpen) this.#changed.fire(uri);
    return uri;
  }
}
