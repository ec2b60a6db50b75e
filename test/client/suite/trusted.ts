/** What a person gets in a workspace that is trusted. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { after, closeAll, completionLabels, definitionOf, diagnosticsOf, eventually, expandedEditor, fileUri, hoverSays, open, replace } from './editor.js';

export function define(): void {
  suite('a trusted workspace', () => {
    teardown(closeAll);

    test('is trusted', () => assert.equal(vscode.workspace.isTrusted, true));

    test('a spec opens as an RPM spec and is diagnosed', async () => {
      const document = await open('hello.spec');
      assert.equal(document.languageId, 'rpmspec');
      const found = await eventually('a diagnostic on the patch that is not there', () => diagnosticsOf(document).find(({ message }) => message.includes('hello-lost.patch')));
      assert.equal(document.lineAt(found.range.start.line).text, 'Patch1:         hello-lost.patch');
      assert.equal(found.source, 'spectrail');
    });

    test('diagnostics follow what is typed', async () => {
      const document = await open('hello.spec');
      await eventually('diagnostics', () => diagnosticsOf(document).length > 0);
      await replace(document, '%if 0%{?rhel}', '%if 1 &&');
      const isOnCondition = ({ range, severity }: vscode.Diagnostic) => severity === vscode.DiagnosticSeverity.Error && document.lineAt(range.start.line).text.startsWith('%if');
      await eventually('an error on the broken condition', () => diagnosticsOf(document).some(isOnCondition));
      await replace(document, '%if 1 &&', '%if 0%{?rhel}');
      await eventually('the error to go', () => !diagnosticsOf(document).some(isOnCondition));
    });

    test('a hover on a macro tells its value and where it is defined', async () => {
      const document = await open('hello.spec');
      await hoverSays(document, '%{gree<|>ting}', /Hello, world/);
    });

    test('a hover on a tag tells what it is for', async () => {
      const document = await open('hello.spec');
      await hoverSays(document, 'BuildReq<|>uires:', /build/i);
    });

    test('a hover on a patch line tells what the patch is', async () => {
      const document = await open('hello.spec');
      await hoverSays(document, 'hello-gre<|>eting.patch', /Greet the whole world/);
    });

    test('a definition is followed: a macro, a source, a patch', async () => {
      const document = await open('hello.spec');
      assert.deepEqual(await definitionOf(document, '%{gree<|>ting}'), { name: 'hello.spec', line: '%global greeting Hello, world' });
      assert.deepEqual(await definitionOf(document, '%{SOUR<|>CE1}'), { name: 'hello.spec', line: 'Source1:        hello.conf' });
      assert.equal((await definitionOf(document, 'hello-gre<|>eting.patch')).name, 'hello-greeting.patch');
    });

    test('tags, sections and macros are completed', async () => {
      const document = await open('hello.spec');
      await eventually('the tag BuildArch', async () => {
        await replaceLine(document, 'BuildArch:      noarch', 'BuildA');
        return (await completionLabels(document, '\nBuildA')).some((label) => label.startsWith('BuildArch'));
      });
      await replaceLine(document, 'BuildA', '%{gree');
      await eventually('the macro greeting', async () => (await completionLabels(document, '\n%{gree')).some((label) => label.includes('greeting')));
      await replaceLine(document, '%{gree', '%desc');
      await eventually('the section %description', async () => (await completionLabels(document, '\n%desc')).some((label) => label.includes('description')));
    });

    test('the outline has the sections and packages', async () => {
      const document = await open('hello.spec');
      const names = await eventually('the outline', async () => {
        const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[] | undefined>('vscode.executeDocumentSymbolProvider', document.uri);
        const all: string[] = [];
        const visit = (list: readonly vscode.DocumentSymbol[]): void => {
          for (const symbol of list) {
            all.push(symbol.name);
            visit(symbol.children);
          }
        };
        visit(symbols ?? []);
        return all.length > 0 ? all : undefined;
      });
      for (const wanted of ['%prep', '%build', '%install', '%changelog']) assert.ok(names.some((name) => name.includes(wanted)), `${wanted} is missing from ${names.join(', ')}`);
    });

    test('sections and conditionals fold', async () => {
      const document = await open('hello.spec');
      const lineOf = (text: string) => after(document, text).line;
      await eventually('the folds of %if and %prep', async () => {
        const ranges = await vscode.commands.executeCommand<vscode.FoldingRange[] | undefined>('vscode.executeFoldingRangeProvider', document.uri);
        const starts = new Set(ranges?.map(({ start }) => start));
        return starts.has(lineOf('%if 0%{?rhel}')) && starts.has(lineOf('\n%prep'));
      });
    });

    test('tokens are coloured by what they mean', async () => {
      const document = await open('hello.spec');
      await eventually('semantic tokens', async () => {
        const tokens = await vscode.commands.executeCommand<vscode.SemanticTokens | undefined>('vscode.provideDocumentSemanticTokens', document.uri);
        return tokens !== undefined && tokens.data.length > 20;
      });
    });

    test('each patch has its code lens', async () => {
      const document = await open('hello.spec');
      const line = after(document, 'Patch0:').line;
      const lens = await eventually('a code lens on Patch0', async () => {
        const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 50);
        return lenses.find(({ range, command }) => range.start.line === line && command !== undefined);
      });
      assert.notEqual(lens.command?.title, '');
    });

    test('patches are traced to the commits they come from', async () => {
      const document = await open('hello.spec');
      await eventually('diagnostics', () => diagnosticsOf(document).length > 0);
      await vscode.commands.executeCommand('spectrail.tracePatches');
      const line = after(document, 'Patch0:').line;
      await eventually('a code lens that names the first release with the change', async () => {
        const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 50);
        return lenses.some(({ range, command }) => range.start.line === line && command?.title.includes('v2.13'));
      });
      await hoverSays(document, 'hello-gre<|>eting.patch', /v2\.13/);
      await vscode.commands.executeCommand('spectrail.showOrigin', document.uri.toString(), 'hello-greeting.patch');
      const page = await eventually('the page of the patch', () => vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'spectrail-origin'));
      assert.match(page.getText(), /Greet the whole world/);
    });

    test('a patch tells in its own file where it comes from, and is compared with its commit', async () => {
      const spec = await open('hello.spec');
      await eventually('diagnostics', () => diagnosticsOf(spec).length > 0);
      await vscode.commands.executeCommand('spectrail.tracePatches');
      await closeAll();
      const patch = await open('hello-greeting.patch');
      assert.equal(patch.languageId, 'diff');
      const lenses = await eventually('the lenses of a traced patch', async () => {
        const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', patch.uri, 50);
        return found.some(({ command }) => command?.command === 'spectrail.compareWithOrigin') ? found : undefined;
      });
      assert.match(lenses[0]!.command!.title, /v2\.13/);
      await hoverSays(patch, 'Greet the who<|>le world', /v2\.13/);
      const { command, arguments: given } = lenses.find((lens) => lens.command?.command === 'spectrail.compareWithOrigin')!.command!;
      await vscode.commands.executeCommand(command, ...(given as unknown[]));
      const tab = await eventually('the diff editor', () => {
        const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
        return input instanceof vscode.TabInputTextDiff ? input : undefined;
      });
      const [origin, own] = await Promise.all([tab.original, tab.modified].map(async (uri) => (await vscode.workspace.openTextDocument(uri)).getText()));
      assert.match(own!, /^=== /);
      assert.equal(own, origin, 'the same change on both sides');
      await vscode.commands.executeCommand('spectrail.openCommit', ...(given as unknown[]));
      const commit = await eventually('the commit', () => vscode.workspace.textDocuments.find(({ uri, languageId }) => uri.scheme === 'spectrail-commit' && languageId === 'diff' && /^\/[0-9a-f]{12}\.diff$/.test(uri.path)));
      assert.match(commit.getText(), /^commit [0-9a-f]{40}\nAuthor: .*\n[^]*Greet the whole world/);
    });

    test('a decision is written into the lock, and the lens says it', async () => {
      const document = await open('hello.spec');
      await eventually('diagnostics', () => diagnosticsOf(document).length > 0);
      const lensSays = (expected: RegExp) =>
        eventually(`a lens that says ${expected}`, async () => {
          const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', document.uri, 50);
          return lenses.some(({ command }) => expected.test(command?.title ?? ''));
        });
      const decision = { kind: 'ours', reason: 'greets our own users', owner: 'Ada <ada@example.org>' };
      await vscode.commands.executeCommand('spectrail.decide', document.uri.toString(), 'hello-greeting.patch', 0, decision);
      await lensSays(/^Ours on purpose: greets our own users/);
      const lock = (await vscode.workspace.openTextDocument(fileUri('hello.spectrail.lock'))).getText();
      assert.match(lock, /^reason = "greets our own users"$/m);
      await vscode.workspace.fs.delete(fileUri('hello.spectrail.lock'));
      await lensSays(/^(Not traced|The same change)/);
    });

    test('the expanded spec stands beside the source and follows it', async () => {
      const document = await open('hello.spec');
      await vscode.commands.executeCommand('spectrail.showExpandedSpec');
      const editor = await eventually('the expanded spec', expandedEditor);
      assert.equal(editor.viewColumn, vscode.ViewColumn.Two);
      assert.equal(editor.document.languageId, 'rpmspec');
      assert.match(editor.document.getText(), /^Source0: +https:\/\/example\.org\/hello-2\.12\.tar\.gz$/m);
      await replace(document, 'Version:        2.12', 'Version:        2.13');
      await eventually('the new version in it', () => editor.document.getText().includes('hello-2.13.tar.gz'));
      assert.deepEqual(diagnosticsOf(editor.document), [], 'what is shown is not diagnosed');
    });

    test('the expanded spec scrolls with its source', async () => {
      const document = await open('hello.spec');
      const source = vscode.window.activeTextEditor!;
      await vscode.commands.executeCommand('spectrail.showExpandedSpec');
      const editor = await eventually('the expanded spec', expandedEditor);
      await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
      for (const section of ['%install', '%description docs']) {
        const at = after(document, `\n<|>${section}`);
        await eventually(`the lines before ${section} at the top of both`, () => {
          // Again each time: a code lens that arrives late moves what was brought to the top.
          source.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.AtTop);
          // The editor keeps some lines free for its sticky headings.
          const [written, expanded] = [source, editor].map(({ document: shown, visibleRanges }) => [0, 1, 2, 3, 4, 5].map((line) => shown.lineAt(visibleRanges[0]!.start.line + line).text));
          assert.ok(written!.includes(section), `the source begins with ${JSON.stringify(written)}`);
          // A conditional's own line is empty once it is expanded.
          assert.deepEqual(expanded!.slice(0, 2), written!.slice(0, 2).map((line) => line.replace(/^%(if|endif).*/, '')));
          return true;
        });
      }
    });

    test("PyInstaller's spec is left alone", async () => {
      const { uri } = await open('app.spec');
      const document = await eventually('the document as Python', () => vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri.toString() && open.languageId === 'python'));
      assert.deepEqual(diagnosticsOf(document), []);
      // Who says it is one means it.
      const again = await vscode.languages.setTextDocumentLanguage(document, 'rpmspec');
      await new Promise((resolve) => setTimeout(resolve, 1000));
      assert.equal(again.languageId, 'rpmspec');
    });

    test('a server that was ended starts again with what is open', async () => {
      const document = await open('hello.spec');
      await eventually('diagnostics', () => diagnosticsOf(document).length > 0);
      await vscode.commands.executeCommand('spectrail.restartServer');
      await eventually('diagnostics anew', () => diagnosticsOf(document).length > 0);
      await hoverSays(document, '%{gree<|>ting}', /Hello, world/);
    });

    test('another target is selected, and what depends on it follows', async () => {
      await open('hello.spec');
      await vscode.commands.executeCommand('spectrail.showExpandedSpec');
      const editor = await eventually('the expanded spec', expandedEditor);
      assert.doesNotMatch(editor.document.getText(), /^Requires: +rhel-only$/m);
      await vscode.commands.executeCommand('spectrail.selectTarget', 'el9');
      await eventually("the branch of Enterprise Linux", () => /^Requires: +rhel-only$/m.test(editor.document.getText()));
      await vscode.commands.executeCommand('spectrail.selectTarget', '');
      await eventually('the branch to go', () => !/^Requires: +rhel-only$/m.test(editor.document.getText()));
    });
  });
}

async function replaceLine(document: vscode.TextDocument, before: string, replacement: string): Promise<void> {
  if (!document.getText().includes(`\n${replacement}\n`)) await replace(document, `\n${before}\n`, `\n${replacement}\n`);
}
