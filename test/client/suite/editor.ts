/** What the suites do with the editor, each waiting until it shows what is asked for. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';

/** Opens a file of the test's workspace in an editor. */
export async function open(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(fileUri(name));
  await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
  return document;
}

export function fileUri(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'the editor has no folder open');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Asks again until the answer is there; says what it waited for, and the last failure, when it never comes. */
export async function eventually<T>(what: string, ask: () => T | Promise<T>, timeoutMs = 40_000): Promise<NonNullable<T>> {
  const until = Date.now() + timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<T>;
      last = undefined;
    } catch (error) {
      last = error;
    }
    if (Date.now() > until) throw new Error(`waited ${timeoutMs} ms in vain for ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The place right behind `text`, or within it where `<|>` marks one. */
export function after(document: vscode.TextDocument, text: string): vscode.Position {
  const marked = text.indexOf('<|>');
  const plain = text.replace('<|>', '');
  const at = document.getText().indexOf(plain);
  assert.ok(at >= 0, `the document has no '${plain}'`);
  return document.positionAt(at + (marked < 0 ? plain.length : marked));
}

export async function hoverText(document: vscode.TextDocument, text: string): Promise<string> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', document.uri, after(document, text));
  return hovers.flatMap((hover) => hover.contents.map((content) => (typeof content === 'string' ? content : content.value))).join('\n');
}

export async function hoverSays(document: vscode.TextDocument, text: string, expected: RegExp): Promise<string> {
  let said = '';
  return eventually(`a hover on '${text}' that says ${expected}`, async () => {
    said = await hoverText(document, text);
    assert.match(said, expected);
    return said;
  });
}

/** Where "go to definition" leads: file name and the text of the line. */
export async function definitionOf(document: vscode.TextDocument, text: string): Promise<{ name: string; line: string }> {
  return eventually(`a definition of '${text}'`, async () => {
    const found = await vscode.commands.executeCommand<(vscode.Location | vscode.LocationLink)[]>('vscode.executeDefinitionProvider', document.uri, after(document, text));
    const first = found[0];
    if (first === undefined) return undefined;
    const [uri, range] = 'targetUri' in first ? [first.targetUri, first.targetRange] : [first.uri, first.range];
    const target = await vscode.workspace.openTextDocument(uri);
    return { name: uri.path.slice(uri.path.lastIndexOf('/') + 1), line: target.lineAt(range.start.line).text };
  });
}

export async function completionLabels(document: vscode.TextDocument, text: string): Promise<string[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', document.uri, after(document, text));
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

/** Replaces the first `before` in the document. */
export async function replace(document: vscode.TextDocument, before: string, replacement: string): Promise<void> {
  const at = document.getText().indexOf(before);
  assert.ok(at >= 0, `the document has no '${before}'`);
  const edit = new vscode.WorkspaceEdit();
  edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + before.length)), replacement);
  assert.ok(await vscode.workspace.applyEdit(edit));
}

export function diagnosticsOf(document: vscode.TextDocument): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(document.uri);
}

/** The visible editor with the expansion of a spec. */
export function expandedEditor(): vscode.TextEditor | undefined {
  return vscode.window.visibleTextEditors.find(({ document }) => document.uri.scheme === 'spectrail-expanded');
}

export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) if (document.isDirty) {
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.files.revert');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}
