/** What a stranger's package gets: a workspace that is not trusted. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { closeAll, diagnosticsOf, eventually, expandedEditor, hoverSays, open } from './editor.js';

export function define(): void {
  suite('a restricted workspace', () => {
    teardown(closeAll);

    test('is not trusted', () => assert.equal(vscode.workspace.isTrusted, false));

    test('a spec is diagnosed, and hovers tell the value of a macro', async () => {
      const document = await open('hello.spec');
      assert.equal(document.languageId, 'rpmspec');
      await eventually('diagnostics', () => diagnosticsOf(document).length > 0);
      await hoverSays(document, '%{gree<|>ting}', /Hello, world/);
    });

    test('the expanded spec is shown, and nothing of it was run', async () => {
      await open('shell.spec');
      await vscode.commands.executeCommand('spectrail.showExpandedSpec');
      const editor = await eventually('the expanded spec', expandedEditor);
      assert.match(editor.document.getText(), /^Name: +shell$/m);
      await assert.rejects(async () => vscode.workspace.fs.stat(vscode.Uri.joinPath(vscode.workspace.workspaceFolders![0]!.uri, 'ran')), 'the shell of a macro was run');
    });

    test('patches are not traced', async () => {
      const document = await open('hello.spec');
      await eventually('diagnostics', () => diagnosticsOf(document).length > 0);
      await vscode.commands.executeCommand('spectrail.tracePatches');
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 50);
      assert.deepEqual(lenses.filter(({ command }) => command?.title.includes('v2.13')), []);
    });

    test("PyInstaller's spec is left alone", async () => {
      const { uri } = await open('app.spec');
      await eventually('the document as Python', () => vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString() && open.languageId === 'python'));
    });
  });
}
