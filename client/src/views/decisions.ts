/** What a person decides about a patch, asked for step by step and written into the package's lock file. */
import { type Disposable, Range, Uri, WorkspaceEdit, window, workspace } from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import { type DecideParams, type DecideResult, clientCommands, decideRequest } from 'spectrail/protocol';
import { registerCommand } from '../client.js';
import type { ChangeChoice } from './originTexts.js';

type Decision = NonNullable<DecideParams['decision']>;

const kinds: readonly { readonly decides: Decision['kind'] | undefined; readonly label: string; readonly detail: string }[] = [
  { decides: 'ours', label: '$(account) Ours on purpose', detail: 'It comes from nowhere else, and is meant to.' },
  { decides: 'accepted', label: '$(check) Accepted as it is', detail: 'It is not what upstream has; it was looked at, and is good.' },
  { decides: 'waived', label: '$(watch) Waived until a date', detail: 'It is known to be wrong, and that is borne with until then.' },
  { decides: undefined, label: '$(discard) Take the decision back', detail: 'Nothing is decided about it any more.' },
];

export class Decisions implements Disposable {
  readonly #client: LanguageClient;
  readonly #command: Disposable;

  constructor(client: LanguageClient, choose: (...args: unknown[]) => Promise<ChangeChoice | undefined>) {
    this.#client = client;
    // From a key binding or a test: `[spec, file name, change, decision]`, and nobody is asked.
    this.#command = registerCommand(clientCommands.decide, async (...args) => {
      const choice = await choose(...args);
      if (choice === undefined) return;
      const given = args[3];
      if (isDecision(given)) await this.#record(choice, given);
      else await this.#ask(choice);
    });
  }

  dispose(): void {
    this.#command.dispose();
  }

  async #ask(choice: ChangeChoice): Promise<void> {
    const picked = await window.showQuickPick(kinds, { title: `Decide about ${choice.fileName}`, matchOnDetail: true });
    if (picked === undefined) return;
    if (picked.decides === undefined) return this.#record(choice, undefined);
    const reason = await window.showInputBox({ title: `${choice.fileName}: why?`, prompt: 'Who reads this later must be able to judge whether it still holds.', validateInput: (text) => (text.trim() === '' ? 'A decision wants a reason.' : undefined) });
    if (reason === undefined) return;
    let until: string | undefined;
    if (picked.decides === 'waived') {
      const inThreeMonths = new Date(Date.now() + 91 * 86_400_000).toISOString().slice(0, 10);
      until = await window.showInputBox({ title: `${choice.fileName}: until when?`, value: inThreeMonths, prompt: 'The last day on which the waiver holds.', validateInput: (text) => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? undefined : 'Dates are written as 2026-11-25.') });
      if (until === undefined) return;
    }
    await this.#record(choice, { kind: picked.decides, reason: reason.trim(), ...(until === undefined ? {} : { until }) });
  }

  async #record({ spec, fileName, change }: ChangeChoice, decision: Decision | undefined): Promise<void> {
    const params: DecideParams = { textDocument: { uri: this.#client.code2ProtocolConverter.asUri(spec) }, patch: fileName, ...(change === undefined ? {} : { change }), ...(decision === undefined ? {} : { decision }) };
    let result = await this.#client.sendRequest<DecideResult>(decideRequest, params);
    if (result.failure !== undefined && decision !== undefined && decision.owner === undefined && /wants an owner/.test(result.failure)) {
      const owner = await window.showInputBox({ title: `${fileName}: who decides?`, prompt: 'git does not know your name. Who answers for this?', placeHolder: 'Name <address>' });
      if (owner === undefined) return;
      result = await this.#client.sendRequest<DecideResult>(decideRequest, { ...params, decision: { ...decision, owner } });
    }
    if (result.failure !== undefined || result.uri === undefined) {
      void window.showErrorMessage(result.failure ?? 'The decision could not be recorded.');
      return;
    }
    await write(this.#client.protocol2CodeConverter.asUri(result.uri), result.text ?? '');
  }
}

/** Through the editor, so that a lock that is open follows and the change can be undone; then to disk, where the server reads it. */
async function write(uri: Uri, text: string): Promise<void> {
  const edit = new WorkspaceEdit();
  edit.createFile(uri, { ignoreIfExists: true });
  await workspace.applyEdit(edit);
  const document = await workspace.openTextDocument(uri);
  const change = new WorkspaceEdit();
  change.replace(uri, new Range(document.positionAt(0), document.positionAt(document.getText().length)), text);
  await workspace.applyEdit(change);
  await document.save();
}

function isDecision(value: unknown): value is Decision {
  return typeof value === 'object' && value !== null && 'kind' in value && 'reason' in value;
}
