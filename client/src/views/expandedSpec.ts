/** The spec with its macros expanded, beside the written one: follows what is typed, and scrolls with it. */
import { type Disposable, EventEmitter, Position, Range, type TextDocumentContentProvider, TextEditorRevealType, type TextEditor, Uri, ViewColumn, languages, window, workspace } from 'vscode';
import { type LanguageClient, State } from 'vscode-languageclient/node';
import { type ExpandedSpec, type ExpandedSpecChangedParams, type ExpandedSpecParams, type ExpandedSpecResult, expandedSpecChangedNotification, expandedSpecRequest } from 'spectrail/protocol';
import { expandedScheme, isGone, languageId, registerCommand, specUri } from '../client.js';

export class ExpandedSpecView implements TextDocumentContentProvider, Disposable {
  readonly #client: LanguageClient;
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #disposables: Disposable[];
  /** The last answer for each expanded document that is open, by its URI. */
  readonly #shown = new Map<string, ExpandedSpec>();

  constructor(client: LanguageClient) {
    this.#client = client;
    this.#disposables = [
      this.#changed,
      workspace.registerTextDocumentContentProvider(expandedScheme, this),
      registerCommand('spectrail.showExpandedSpec', (argument?: unknown) => this.#open(argument)),
      client.onNotification(expandedSpecChangedNotification, ({ uri }: ExpandedSpecChangedParams) => this.#refresh(client.protocol2CodeConverter.asUri(uri))),
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) for (const uri of this.#shown.keys()) this.#changed.fire(Uri.parse(uri));
      }),
      // The server knew nothing of a spec while it was closed.
      workspace.onDidOpenTextDocument(({ uri }) => this.#refresh(uri)),
      workspace.onDidCloseTextDocument((document) => {
        if (isGone(document)) this.#shown.delete(document.uri.toString());
      }),
      window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => this.#scrollOther(textEditor)),
    ];
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    const params: ExpandedSpecParams = { textDocument: { uri: this.#client.code2ProtocolConverter.asUri(sourceOf(uri)) } };
    const expanded = await this.#client.sendRequest<ExpandedSpecResult>(expandedSpecRequest, params);
    if (expanded === null) {
      this.#shown.delete(uri.toString());
      return '# The spec is not open any more.\n';
    }
    this.#shown.set(uri.toString(), expanded);
    // Once the editor has the new text, its lines may stand elsewhere.
    setTimeout(() => this.#levelWith(uri), 50);
    return expanded.text;
  }

  dispose(): void {
    for (const disposable of this.#disposables) disposable.dispose();
  }

  async #open(argument: unknown): Promise<void> {
    const source = specUri(argument);
    if (source === undefined) {
      void window.showInformationMessage('Open an RPM spec first: its expansion is shown beside it.');
      return;
    }
    // The server expands what is open.
    await workspace.openTextDocument(source);
    const document = await workspace.openTextDocument(expandedOf(source));
    if (document.languageId !== languageId) await languages.setTextDocumentLanguage(document, languageId);
    const editor = await window.showTextDocument(document, { viewColumn: ViewColumn.Beside, preserveFocus: true, preview: false });
    // The editor keeps closed documents for a while, with the text they had.
    this.#changed.fire(document.uri);
    const from = visibleEditor(source);
    if (from !== undefined) this.#scroll(from, editor);
  }

  #refresh(source: Uri): void {
    const uri = expandedOf(source);
    if (this.#shown.has(uri.toString())) this.#changed.fire(uri);
  }

  #levelWith(expanded: Uri): void {
    const [from, to] = [visibleEditor(sourceOf(expanded)), visibleEditor(expanded)];
    if (from !== undefined && to !== undefined && to !== window.activeTextEditor) this.#scroll(from, to);
  }

  /** Only the editor that a person is in leads; the one that follows would else lead back. */
  #scrollOther(editor: TextEditor): void {
    if (editor !== window.activeTextEditor) return;
    const uri = editor.document.uri.scheme === expandedScheme ? sourceOf(editor.document.uri) : expandedOf(editor.document.uri);
    const other = visibleEditor(uri);
    if (other !== undefined) this.#scroll(editor, other);
  }

  #scroll(from: TextEditor, to: TextEditor): void {
    const backward = from.document.uri.scheme === expandedScheme;
    const expanded = this.#shown.get((backward ? from : to).document.uri.toString());
    const top = from.visibleRanges[0]?.start.line;
    if (expanded === undefined || top === undefined) return;
    const line = Math.min(mapLine(expanded.lines, top, backward) + linesKeptForHeadings(to), to.document.lineCount - 1);
    const at = new Position(line, 0);
    to.revealRange(new Range(at, at), TextEditorRevealType.AtTop);
  }
}

function visibleEditor(uri: Uri): TextEditor | undefined {
  const key = uri.toString();
  return window.visibleTextEditors.find(({ document }) => document.uri.toString() === key);
}

/** The editor keeps as many lines free above what it brings to the top as its sticky headings may take. */
function linesKeptForHeadings({ document }: TextEditor): number {
  const settings = workspace.getConfiguration('editor.stickyScroll', document);
  return settings.get<boolean>('enabled') === true ? (settings.get<number>('maxLineCount') ?? 0) : 0;
}

/** The tab is named after the path; the query keeps which spec it belongs to. */
function expandedOf(source: Uri): Uri {
  const name = source.path.slice(source.path.lastIndexOf('/') + 1);
  return Uri.from({ scheme: expandedScheme, path: `/${name} (expanded)`, query: source.toString() });
}

function sourceOf(expanded: Uri): Uri {
  return Uri.parse(expanded.query);
}

/** The line beside `line`: of the expanded spec, or of the written one (`backward`). Between two runs it stays at the end of the one before. */
function mapLine(runs: ExpandedSpec['lines'], line: number, backward: boolean): number {
  let answer = 0;
  for (const [expandedLine, writtenLine, count] of runs) {
    const [from, to] = backward ? [expandedLine, writtenLine] : [writtenLine, expandedLine];
    if (from > line) {
      if (backward) break;
      // Written lines need not come in order: a macro's body may stand far from its use.
      continue;
    }
    if (line < from + count) return to + line - from;
    answer = backward ? to + count - 1 : Math.max(answer, to + count - 1);
  }
  return answer;
}
