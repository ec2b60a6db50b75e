/** Two items for the person's eye: how the server is (language status), and the target that specs are read for (status bar). */
import { type Disposable, LanguageStatusSeverity, StatusBarAlignment, languages, window, workspace } from 'vscode';
import { type LanguageClient, State } from 'vscode-languageclient/node';
import { type StatusParams, type TargetChoice, type TargetsParams, statusNotification, targetsRequest } from 'spectrail/protocol';
import { ask, languageId, specUri } from '../client.js';

export class StatusView implements Disposable {
  readonly #client: LanguageClient;
  readonly #health = languages.createLanguageStatusItem('spectrail.health', { language: languageId });
  readonly #target = window.createStatusBarItem('spectrail.target', StatusBarAlignment.Right, 100);
  readonly #disposables: Disposable[];

  constructor(client: LanguageClient) {
    this.#client = client;
    this.#health.name = 'Spectrail';
    this.#health.text = 'Spectrail';
    this.#health.command = { command: 'spectrail.showLog', title: 'Show Log' };
    this.#target.name = 'Spectrail Target';
    this.#target.command = 'spectrail.selectTarget';
    this.#disposables = [
      this.#health,
      this.#target,
      client.onNotification(statusNotification, (status: StatusParams) => this.#show(status)),
      client.onDidChangeState(({ newState }) => {
        this.#health.busy = newState === State.Starting;
        if (newState === State.Stopped) this.failed('The server has stopped.');
        if (newState !== State.Running) return;
        this.#show({ state: 'ready', message: '', trusted: workspace.isTrusted });
        void this.refresh();
      }),
      window.onDidChangeActiveTextEditor(() => this.refresh()),
      workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('spectrail')) void this.refresh();
      }),
    ];
  }

  /** Tells that the server is not to be had; the next start takes it back. */
  failed(message: string): void {
    this.#health.severity = LanguageStatusSeverity.Error;
    this.#health.detail = message;
    this.#health.command = { command: 'spectrail.restartServer', title: 'Restart Server' };
    this.#health.busy = false;
    this.#target.hide();
  }

  /** The targets to choose from, for the spec in the active editor; none where there is no spec. */
  async targets(): Promise<readonly TargetChoice[]> {
    const spec = specUri();
    if (spec === undefined) return [];
    const params: TargetsParams = { textDocument: { uri: this.#client.code2ProtocolConverter.asUri(spec) } };
    return ask<readonly TargetChoice[]>(this.#client, targetsRequest, params, []);
  }

  /** Shows the target of the spec in the active editor; hides it where there is none. */
  async refresh(): Promise<void> {
    const primary = (await this.targets()).find((choice) => choice.primary);
    if (primary === undefined) {
      this.#target.hide();
      return;
    }
    this.#target.text = `$(package) ${primary.label}`;
    this.#target.tooltip = `Spectrail reads specs for ${primary.label} (${primary.id}). Click to select another target.`;
    this.#target.show();
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  #show({ state, message, trusted }: StatusParams): void {
    this.#health.severity = { ready: LanguageStatusSeverity.Information, working: LanguageStatusSeverity.Information, limited: LanguageStatusSeverity.Warning, failed: LanguageStatusSeverity.Error }[state];
    this.#health.busy = state === 'working';
    this.#health.detail = message;
    this.#health.command =
      state === 'failed'
        ? { command: 'spectrail.restartServer', title: 'Restart Server' }
        : trusted
          ? { command: 'spectrail.showLog', title: 'Show Log' }
          : { command: 'workbench.trust.manage', title: 'Manage Workspace Trust' };
  }
}
