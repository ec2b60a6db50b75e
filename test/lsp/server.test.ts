/** The bundled server, driven over its standard input and output. Few tests: what a feature answers is tested in core/ide. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { LspClient } from '../support/lspClient.js';
import { buildRepository } from '../support/repo.js';
import { makeDemoWorld } from '../support/scripts.js';

const uri = 'untitled:package.spec';
const good = 'Name: curl\nVersion: 7.76\nRelease: 1\nSummary: s\nLicense: MIT\n\n%description\nd\n\n%files\n';

const folder = mkdtempSync(join(tmpdir(), 'spectrail-lsp-'));
after(() => rmSync(folder, { recursive: true }));

/** The first place of a piece of text, as a position in UTF-16. */
function at(text: string, piece: string): { line: number; character: number } {
  const before = text.slice(0, text.indexOf(piece)).split('\n');
  return { line: before.length - 1, character: before.at(-1)!.length };
}

test('a document is opened, typed in, broken, mended and closed', async () => {
  const client = await LspClient.start();
  client.open(uri, good);
  const clean = await client.diagnostics(uri, 1);
  assert.ok(!clean.diagnostics.some(({ code }) => code === 'rpm-error'), JSON.stringify(clean.diagnostics));
  // One character at a time, as a person types.
  const typed = '%if 1';
  for (const [i, letter] of [...typed].entries()) client.change(uri, 2 + i, [{ range: { start: { line: 5, character: i }, end: { line: 5, character: i } }, text: letter }]);
  const broken = await client.diagnostics(uri, 1 + typed.length);
  assert.ok(broken.diagnostics.some(({ code, severity }) => code === 'rpm-error' && severity === 1), JSON.stringify(broken.diagnostics));
  const hover = await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 1, character: 2 } });
  assert.match(hover.contents.value, /\*\*Version\*\*/, 'what is healthy keeps its features');
  client.change(uri, 20, [{ range: { start: { line: 5, character: 0 }, end: { line: 5, character: typed.length } }, text: '' }]);
  const mended = await client.diagnostics(uri, 20);
  assert.deepEqual(mended.diagnostics, clean.diagnostics);
  const closed = client.wait('diagnostics taken back', ({ method, params }) => method === 'textDocument/publishDiagnostics' && params.version === undefined);
  client.notify('textDocument/didClose', { textDocument: { uri } });
  assert.deepEqual((await closed).params.diagnostics, []);
  assert.equal(await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 1, character: 2 } }), null);
  await client.shutdown();
});

for (const [encoding, column] of [['utf-16', 14], ['utf-8', 18]] as const) {
  test(`columns are counted in ${encoding}`, async () => {
    const client = await LspClient.start({ capabilities: { general: { positionEncodings: [encoding] }, textDocument: { hover: { contentFormat: ['markdown'] }, definition: { linkSupport: true } } } });
    assert.equal(client.initializeResult.capabilities.positionEncoding, encoding);
    // Two characters of two bytes and one of four (two units) stand before the macro.
    const text = `%global foo bar\n${good.replace('Summary: s', 'Summary: äö😀 %{foo} ä')}`;
    client.open(uri, text);
    await client.diagnostics(uri, 1);
    const hover = await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 4, character: column + 3 } });
    assert.deepEqual(hover.range, { start: { line: 4, character: column }, end: { line: 4, character: column + 6 } });
    client.change(uri, 2, [{ range: { start: { line: 4, character: column + 2 }, end: { line: 4, character: column + 5 } }, text: 'version' }]);
    await client.diagnostics(uri, 2);
    const after = await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 4, character: column + 3 } });
    assert.deepEqual(after.range.end, { line: 4, character: column + 10 });
    const [link] = await client.request('textDocument/definition', { textDocument: { uri }, position: { line: 4, character: column + 3 } });
    assert.deepEqual(link.targetSelectionRange, { start: { line: 2, character: 0 }, end: { line: 2, character: 7 } });
    await client.shutdown();
  });
}

test('every capability answers on a healthy spec, a broken one, an empty one and one that is no spec', async () => {
  const client = await LspClient.start();
  const { capabilities } = client.initializeResult;
  const texts = [good, '%if\n%{unclosed\nName\n%define\n%package\n%files %{\n%endif\n%else', '', '# -*- mode: python -*-\nfrom PyInstaller import x\na = Analysis([])\n'];
  for (const [i, text] of texts.entries()) {
    const textDocument = { uri: `untitled:${i}.spec` };
    client.open(textDocument.uri, text);
    const { diagnostics } = await client.diagnostics(textDocument.uri, 1);
    if (i === 3) assert.deepEqual(diagnostics, []);
    const position = { line: 1, character: 3 };
    const range = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
    const requests: Readonly<Record<string, object>> = {
      'textDocument/hover': { position },
      'textDocument/completion': { position },
      'textDocument/definition': { position },
      'textDocument/references': { position, context: { includeDeclaration: true } },
      'textDocument/documentHighlight': { position },
      'textDocument/documentSymbol': {},
      'textDocument/foldingRange': {},
      'textDocument/selectionRange': { positions: [position] },
      'textDocument/semanticTokens/full': {},
      'textDocument/semanticTokens/range': { range },
      'textDocument/semanticTokens/full/delta': { previousResultId: 'x' },
      'textDocument/codeLens': {},
      'textDocument/codeAction': { range, context: { diagnostics: [] } },
      'textDocument/inlayHint': { range },
      'textDocument/documentLink': {},
      'spectrail/expandedSpec': {},
      'spectrail/patchOrigins': {},
      'spectrail/targets': {},
      'spectrail/documentKind': {},
    };
    for (const [method, params] of Object.entries(requests)) {
      const { error, result } = await client.ask(method, { textDocument, ...params }).answer;
      assert.equal(error, undefined, `${method} on text ${i}`);
      assert.notEqual(result, undefined, method);
      if (i === 3 && method.startsWith('textDocument/')) assert.equal(result, null, `${method} leaves a foreign file alone`);
    }
    assert.equal(await client.request('spectrail/documentKind', { textDocument }), i === 3 ? 'python' : 'rpm-spec');
  }
  for (const name of ['hover', 'completion', 'definition', 'references', 'documentHighlight', 'documentSymbol', 'foldingRange', 'selectionRange', 'semanticTokens', 'codeLens', 'codeAction', 'inlayHint', 'documentLink', 'rename', 'executeCommand']) assert.ok(capabilities[`${name}Provider`], name);
  const { error } = await client.ask('textDocument/rename', { textDocument: { uri: 'untitled:0.spec' }, position: { line: 0, character: 1 }, newName: 'x' }).answer;
  assert.match(error!.message, /Only macros can be renamed/);
  await client.shutdown();
});

/** Milliseconds that a process has computed, where that can be had, else of the clock: the tests share the machine with others. */
function processorTime(pid: number): number {
  try {
    // utime and stime of proc(5), in hundredths of a second; the program's name before them may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').replace(/^.*\) /, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  } catch {
    return performance.now();
  }
}

/** A match that backtracks for ages and polls nothing. */
const runaway = '%{lua: local s = string.rep("a", 30000); s:find(".-.-.-.-b")}\n';

test('what a shell or Lua says arrives in hovers and diagnostics', async () => {
  const client = await LspClient.start();
  const text = `%global from_shell %(echo 1.2.3 | cut -d. -f1,2)\n%global from_lua %{lua: print(6 * 7)}\n${good.replace('7.76', '%{from_shell}.%{from_lua}')}%if 0%(echo 0)\n%endif\n`;
  client.open(uri, text);
  const { diagnostics } = await client.diagnostics(uri, 1);
  assert.ok(!diagnostics.some(({ code }) => code === 'rpm-error'), JSON.stringify(diagnostics));
  const value = async (piece: string): Promise<string> => (await client.request('textDocument/hover', { textDocument: { uri }, position: at(text, piece) })).contents.value;
  assert.match(await value('from_shell}'), /= `1\.2`/);
  assert.match(await value('from_lua}'), /= `42`/);
  assert.match(await value('Version'), /Value: `1\.2\.42`/);
  await client.shutdown();
});

test('the release of a checkout follows its commits and what is typed', async () => {
  const package_ = join(folder, 'autorelease');
  const text = good.replace('Release: 1', 'Release: %autorelease');
  buildRepository(package_, `commit Import\nfile curl.spec\n${text.split('\n').slice(0, -1).map((line) => `    ${line}`).join('\n')}\ncommit Rebuild`);
  const client = await LspClient.start();
  const document = pathToFileURL(join(package_, 'curl.spec')).href;
  const checkHover = async (value: string) => {
    // The history is read behind the first answer.
    for (let i = 0; i < 100; i++) {
      const hover = await client.request('textDocument/hover', { textDocument: { uri: document }, position: at(text, 'autorelease') });
      if (hover?.contents.value.includes(`= \`${value}\``) === true) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    assert.fail(`%autorelease never was ${value}`);
  };
  client.open(document, text);
  await checkHover('2.fc43');
  client.change(document, 2, [{ range: { start: at(text, 'Summary: s'), end: at(text, 'Summary: s') }, text: '# x\n' }]);
  await checkHover('3.fc43');
  client.change(document, 3, [{ range: { start: at(text, '7.76'), end: at(text, '7.76') }, text: '1' }]);
  await checkHover('1.fc43');
  await client.shutdown();
});

test('an evaluation that never ends is ended, and the server goes on within a second', async () => {
  const client = await LspClient.start();
  const other = 'untitled:other.spec';
  const third = 'untitled:third.spec';
  client.open(other, good);
  client.open(third, good.replace('License: MIT\n', ''));
  await client.diagnostics(other, 1);
  await client.diagnostics(third, 1);
  client.open(uri, good);
  await client.diagnostics(uri, 1);
  // Lua is loaded by now, so that what is timed is the hang alone.
  client.change(uri, 2, [{ range: { start: { line: 5, character: 0 }, end: { line: 5, character: 0 } }, text: '%global a %{lua: print(1)}\n' }]);
  await client.diagnostics(uri, 2);
  const started = processorTime(client.process.pid!);
  client.change(uri, 3, [{ range: { start: { line: 6, character: 0 }, end: { line: 6, character: 0 } }, text: runaway }]);
  const hover = client.request('textDocument/hover', { textDocument: { uri: other }, position: { line: 1, character: 2 } });
  assert.match((await hover).contents.value, /\*\*Version\*\*/);
  const hung = await client.diagnostics(uri, 3);
  const elapsed = processorTime(client.process.pid!) - started;
  assert.ok(hung.diagnostics.some(({ code }) => code === 'not-evaluated'), JSON.stringify(hung.diagnostics));
  assert.ok(elapsed < 1000, `answered after ${Math.round(elapsed)} ms`);
  assert.match((await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 1, character: 2 } })).contents.value, /\*\*Version\*\*/, 'what is written still has its hovers');
  assert.ok(client.notifications.some(({ method, params }) => method === 'spectrail/status' && /took too long/.test(params.message)));
  client.change(third, 2, [{ range: { start: { line: 4, character: 0 }, end: { line: 4, character: 0 } }, text: 'License: MIT\n' }]);
  assert.ok(!(await client.diagnostics(third, 2)).diagnostics.some(({ code }) => code === 'rpm-error'), 'the new worker has the text that the old one had');
  // Mended, it is read again at once.
  client.change(uri, 4, [{ range: { start: { line: 6, character: 0 }, end: { line: 7, character: 0 } }, text: '' }]);
  const mended = await client.diagnostics(uri, 4);
  assert.ok(!mended.diagnostics.some(({ code }) => code === 'not-evaluated'));
  await client.shutdown();
});

test('fifty documents at once, each with its own diagnostics', async () => {
  const client = await LspClient.start();
  const uris = Array.from({ length: 50 }, (_, i) => `untitled:${i}.spec`);
  for (const [i, one] of uris.entries()) client.open(one, good.replace('License: MIT\n', i % 2 === 0 ? 'License: MIT\n' : ''));
  const all = await Promise.all(uris.map((one) => client.diagnostics(one, 1)));
  for (const [i, { diagnostics }] of all.entries()) assert.equal(diagnostics.some(({ code, message }) => code === 'rpm-error' && /License/.test(message)), i % 2 === 1, `document ${i}`);
  for (const one of uris) client.notify('textDocument/didClose', { textDocument: { uri: one } });
  await client.shutdown();
});

test('messages that make no sense are refused, and the next one is answered', async () => {
  const client = await LspClient.start();
  client.open(uri, good);
  await client.diagnostics(uri, 1);
  const wrong: [string, object | null][] = [
    ['textDocument/hover', {}],
    ['textDocument/hover', { textDocument: {} }],
    ['textDocument/hover', { textDocument: { uri } }],
    ['textDocument/hover', { textDocument: { uri }, position: { line: 'x', character: null } }],
    ['textDocument/noSuchThing', {}],
    ['workspace/executeCommand', { command: 'nothing' }],
    ['completionItem/resolve', { label: 'x' }],
    ['textDocument/selectionRange', { textDocument: { uri }, positions: 7 }],
  ];
  for (const [method, params] of wrong) {
    const { error, result } = await client.ask(method, params).answer;
    assert.ok(error !== undefined || result === null || result !== undefined, method);
  }
  client.change(uri, 2, [{ range: { start: { line: 900, character: 900 }, end: { line: -4, character: -1 } }, text: '' }]);
  client.change('untitled:never-opened', 1, [{ text: 'x' }]);
  client.notify('textDocument/didClose', { textDocument: { uri: 'untitled:never-opened' } });
  client.notify('no/such/notification', { a: 1 });
  for (const [line, character] of [[-1, -1], [99999, 0], [0, 99999]]) await client.ask('textDocument/hover', { textDocument: { uri }, position: { line, character } }).answer;
  client.change(uri, 3, [{ text: good }]);
  await client.diagnostics(uri, 3);
  const hover = await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 1, character: 2 } });
  assert.match(hover.contents.value, /\*\*Version\*\*/);
  await client.shutdown();
});

test('a cancelled request is answered as such, even while the analysis hangs', async () => {
  const client = await LspClient.start();
  // Lua is loaded when a spec first asks for it; the hang comes after that.
  client.open(uri, `%global a %{lua: print(1)}\n${good}`);
  await client.diagnostics(uri, 1);
  client.change(uri, 2, [{ text: runaway + good }]);
  const { id, answer } = client.ask('textDocument/documentSymbol', { textDocument: { uri } });
  client.notify('$/cancelRequest', { id });
  const whole = await answer;
  assert.equal(whole.error?.code, -32800, JSON.stringify(whole).slice(0, 300));
  await client.shutdown();
});

test('files beside a spec and spectrail.toml are seen, also when they change', async () => {
  mkdirSync(join(folder, 'SPECS'));
  mkdirSync(join(folder, 'SOURCES'));
  const path = join(folder, 'SPECS/a.spec');
  const text = good.replace('\n%description', 'Source0: a.tar\nPatch0: %{name}-fix.patch\n\n%description').replace('%files', '%prep\n%autosetup -p1\n\n%files');
  writeFileSync(path, text);
  const file = pathToFileURL(path).href;
  const client = await LspClient.start({ folder });
  client.open(file, text);
  const position = at(text, '%{name}-fix');
  await client.diagnostics(file, 1);
  assert.equal(await client.request('textDocument/definition', { textDocument: { uri: file }, position: { line: position.line, character: position.character + 9 } }), null);
  const patch = join(folder, 'SOURCES/curl-fix.patch');
  writeFileSync(patch, 'From 1234567890123456789012345678901234567890 Mon Sep 17 00:00:00 2001\nFrom: A <a@b>\nSubject: [PATCH] Mend it\n\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n');
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: pathToFileURL(patch).href, type: 1 }] });
  const [place] = await client.request('textDocument/definition', { textDocument: { uri: file }, position: { line: position.line, character: position.character + 9 } });
  assert.equal(place.uri, pathToFileURL(patch).href);
  const hover = await client.request('textDocument/hover', { textDocument: { uri: file }, position: { line: position.line, character: position.character + 9 } });
  assert.match(hover.contents.value, /It says: \*Mend it\*/);
  // What a spec includes lies among its sources.
  writeFileSync(join(folder, 'SOURCES/more.inc'), '%global from_include yes\n');
  client.change(file, 2, [{ text: `${text}\n%include %{_sourcedir}/more.inc\n# %{from_include}\n` }]);
  const included = await client.diagnostics(file, 2);
  assert.ok(!included.diagnostics.some(({ code }) => code === 'rpm-error'), JSON.stringify(included.diagnostics));
  client.change(file, 3, [{ text }]);
  const lenses = await client.request('textDocument/codeLens', { textDocument: { uri: file } });
  assert.deepEqual(lenses.map(({ command, range }: { command: { title: string }; range: { start: { line: number } } }) => [range.start.line, command.title]), [[position.line, 'Not traced yet — trace']]);
  writeFileSync(join(folder, 'spectrail.toml'), 'targets = ["el9"]\n');
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: pathToFileURL(join(folder, 'spectrail.toml')).href, type: 1 }] });
  const targets = await client.request('spectrail/targets', { textDocument: { uri: file } });
  assert.deepEqual(targets.filter(({ chosen }: { chosen: boolean }) => chosen).map(({ id }: { id: string }) => id), ['el9']);
  await client.shutdown();
});

test('patches are traced on request, with progress, and known when the spec is opened again', async () => {
  const world = makeDemoWorld(join(folder, 'world'));
  writeFileSync(join(world.package, 'spectrail.toml'), `[trace]\nupstream = [${JSON.stringify(`upstream=${world.upstream}`)}]\ncarriers = [${JSON.stringify(`stream=${world.stream}`)}]\n`);
  const text = readFileSync(world.spec, 'utf8');
  const textDocument = { uri: pathToFileURL(world.spec).href };
  const env = { SPECTRAIL_CACHE: join(folder, 'cache') };
  const first = await LspClient.start({ env });
  first.open(textDocument.uri, text);
  await first.diagnostics(textDocument.uri, 1);
  const before = await first.request('spectrail/patchOrigins', { textDocument });
  assert.ok(before.length > 0 && before.every(({ relation }: { relation?: string }) => relation === undefined));
  await first.wait('the store to be asked', ({ method }) => method === 'spectrail/patchOriginsChanged', true);
  const result = await first.request('spectrail/trace', { textDocument, workDoneToken: 'here' });
  assert.equal(result.failure, undefined);
  assert.match(result.summary, /^\d+ of \d+ patches come from commits/);
  assert.ok(result.patches.every(({ relation }: { relation?: string }) => relation !== undefined), JSON.stringify(result.patches));
  assert.ok(result.patches.some(({ relation }: { relation?: string }) => relation === 'same-change'));
  const steps = first.notifications.filter(({ method, params }) => method === '$/progress' && params.token === 'here').map(({ params }) => params.value.kind);
  assert.deepEqual([steps[0], steps.at(-1)], ['begin', 'end']);
  await first.shutdown();

  const second = await LspClient.start({ env, initializationOptions: { trusted: false } });
  second.open(textDocument.uri, text);
  await second.wait('what the store knows', ({ method }) => method === 'spectrail/patchOriginsChanged', true);
  const known = await second.request('spectrail/patchOrigins', { textDocument });
  assert.deepEqual(known, result.patches);
  const lenses = await second.request('textDocument/codeLens', { textDocument });
  assert.equal(lenses.length, known.length);
  assert.ok(lenses.some(({ command }: { command: { title: string } }) => /^The same change as [0-9a-f]{12}/.test(command.title)));
  const refused = await second.request('workspace/executeCommand', { command: 'spectrail.server.trace', arguments: [textDocument.uri] });
  assert.match(refused.failure, /trust the workspace first/);
  await second.shutdown();
});

test('where nobody named an upstream, the one that the spec speaks of is fetched if a person allows it', async () => {
  const world = makeDemoWorld(join(folder, 'proposed'));
  rmSync(join(world.package, 'spectrail.toml'), { force: true });
  // A proposal is always an address of the web. Here it leads to a port of this machine where nobody listens.
  const config = join(folder, 'gitconfig');
  writeFileSync(config, '[url "https://127.0.0.1:9/"]\n\tinsteadOf = https://git.example.org/\n');
  const text = readFileSync(world.spec, 'utf8').replace('https://quillet.example.org', 'https://git.example.org/upstream/quillet.git');
  const textDocument = { uri: pathToFileURL(world.spec).href };
  const asked: string[] = [];
  let pressed = 'Only what is on this machine';
  const client = await LspClient.start({ env: { SPECTRAIL_CACHE: join(folder, 'proposed-cache'), GIT_CONFIG_GLOBAL: config }, presses: (question) => (asked.push(question), pressed) });
  client.open(textDocument.uri, text);
  await client.wait('the store to be asked', ({ method }) => method === 'spectrail/patchOriginsChanged', true);
  const refused = await client.request('spectrail/trace', { textDocument });
  assert.match(refused.failure, /^Nobody said where the patches may come from\. .*\(found by %\{forgeurl\}\)\.$/);
  pressed = 'Fetch';
  const traced = await client.request('spectrail/trace', { textDocument });
  assert.equal(traced.failure, undefined);
  assert.match(traced.summary, /Not searched: upstream: https:\/\/git\.example\.org\/upstream\/quillet\.git: .*(?:connect|reached)/i);
  assert.deepEqual(asked, [1, 2].map(() => 'Tracing these patches wants to fetch from https://git.example.org/upstream/quillet.git, the upstream repository by %{forgeurl}.'));
  await client.shutdown();
});

test('a patch opened by itself is told of by the spec around it, and shown beside its commit', async () => {
  const world = makeDemoWorld(join(folder, 'patches'));
  writeFileSync(join(world.package, 'spectrail.toml'), `[trace]\nupstream = [${JSON.stringify(`upstream=${world.upstream}`)}]\n`);
  const spec = { uri: pathToFileURL(world.spec).href };
  const clientCommands = ['spectrail.showOrigin', 'spectrail.compareWithOrigin', 'spectrail.openCommit'];
  const client = await LspClient.start({ env: { SPECTRAIL_CACHE: join(folder, 'patches-cache') }, initializationOptions: { clientCommands }, capabilities: { workspace: { configuration: true, codeLens: { refreshSupport: true } } } });
  client.open(spec.uri, readFileSync(world.spec, 'utf8'));
  await client.diagnostics(spec.uri, 1);
  await client.wait('the store to be asked', ({ method }) => method === 'spectrail/patchOriginsChanged', true);
  const traced = await client.request('spectrail/trace', { textDocument: spec });
  const same = traced.patches.find(({ relation, claim }: { relation: string; claim: string }) => relation === 'adapted' || (relation === 'same-change' && claim === 'confirmed'));
  const closed = client.wait('diagnostics taken back', ({ method, params }) => method === 'textDocument/publishDiagnostics' && params.version === undefined);
  client.notify('textDocument/didClose', { textDocument: spec });
  await closed;

  const patch = { uri: same.uri as string };
  const said = client.notifications.length;
  const refreshed = client.wait('lenses asked for anew', ({ method }) => method === 'workspace/codeLens/refresh');
  client.open(patch.uri, readFileSync(new URL(patch.uri), 'utf8'));
  await refreshed;
  const lenses = await eventually(async () => {
    const found = await client.request('textDocument/codeLens', { textDocument: patch });
    return found?.length === 3 ? found : undefined;
  });
  assert.deepEqual(lenses.map(({ command }: { command: { command: string; arguments: unknown[] } }) => [command.command, command.arguments[0], command.arguments[1]]), clientCommands.map((command) => [command, spec.uri, same.fileName]));
  assert.match(lenses[0].command.title, /^(The same change as|Adapted from) [0-9a-f]{12}/);
  const hover = await client.request('textDocument/hover', { textDocument: patch, position: { line: 1, character: 0 } });
  assert.match(hover.contents.value, /`[0-9a-f]{12}`/);
  const outline = await client.request('textDocument/documentSymbol', { textDocument: patch });
  assert.ok(outline.length > 0);
  const origin = await client.request('spectrail/origin', { textDocument: spec, patch: same.fileName, change: 0 });
  assert.equal(origin.failure, undefined);
  assert.match(origin.commits[0].text, /^commit [0-9a-f]{40}\nAuthor: /);
  assert.ok(origin.commits[0].text.includes(`commit ${origin.commits[0].title.slice(0, 12)}`));
  assert.ok(origin.patchText.startsWith('=== '));
  if (same.relation === 'same-change') assert.equal(origin.originText, origin.patchText);
  const report = await client.request('spectrail/patchReport', { textDocument: spec, format: 'json' });
  const json = JSON.parse(report.text);
  assert.deepEqual([report.untraced, json.package.name, json.patches.length], [0, 'quillet', traced.patches.length]);
  assert.match((await client.request('spectrail/patchReport', { textDocument: spec, format: 'markdown' })).text, /^# Patches of quillet 1\.0\n/);
  assert.equal(JSON.parse((await client.request('spectrail/patchReport', { textDocument: spec, format: 'cyclonedx' })).text).bomFormat, 'CycloneDX');
  await assert.rejects(client.request('spectrail/patchReport', { textDocument: spec, format: 'pdf' }), /no report of the format 'pdf'/);
  const none = await client.request('spectrail/origin', { textDocument: spec, patch: 'no-such.patch' });
  assert.match(none.failure, /No origin of no-such\.patch is known/);
  // Of the spec that the client does not have open it is told nothing.
  assert.deepEqual(client.notifications.slice(said).filter(({ method, params }) => method === 'textDocument/publishDiagnostics' && params.uri === spec.uri && params.diagnostics.length > 0), []);

  client.notify('textDocument/didClose', { textDocument: patch });
  assert.equal(await client.request('textDocument/hover', { textDocument: patch, position: { line: 1, character: 0 } }), null);
  await client.shutdown();
});

test('a decision is put into the text of the lock, for the client to write', async () => {
  const world = makeDemoWorld(join(folder, 'decisions'));
  const spec = { uri: pathToFileURL(world.spec).href };
  const client = await LspClient.start({ env: { SPECTRAIL_CACHE: join(folder, 'decisions-cache'), GIT_AUTHOR_NAME: 'Ada', GIT_AUTHOR_EMAIL: 'ada@example.org' } });
  client.open(spec.uri, readFileSync(world.spec, 'utf8'));
  await client.diagnostics(spec.uri, 1);
  const [patch] = await client.request('spectrail/patchOrigins', { textDocument: spec });
  const decide = async (decision: object | undefined, file = patch.fileName) => client.request('spectrail/decide', { textDocument: spec, patch: file, decision });
  const made = await eventually(async () => {
    const answer = await decide({ kind: 'ours', reason: 'kept here' });
    return answer.failure?.includes('not been read yet') === true ? undefined : answer;
  });
  assert.equal(made.failure, undefined);
  const lock = new URL(made.uri);
  assert.equal(lock.pathname.split('/').at(-1), 'spectrail.lock');
  assert.match(made.text, /decision = "ours"\n/);
  assert.match(made.text, /owner = "Ada <ada@example.org>"\n/);
  assert.ok(!existsSync(lock), 'the server writes nothing');
  writeFileSync(lock, made.text);
  const told = client.wait('the lock to be read', ({ method }) => method === 'spectrail/patchOriginsChanged');
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: made.uri, type: 1 }] });
  await told;
  const [after] = await client.request('spectrail/patchOrigins', { textDocument: spec });
  assert.equal(after.decision, 'ours');
  assert.match(after.title, /^Ours on purpose: kept here/);
  assert.match((await decide({ kind: 'waived', reason: 'x' })).failure, /date on which it ends/);
  assert.match((await decide({ kind: 'ours', reason: 'x' }, 'none.patch')).failure, /none\.patch is missing/);
  assert.doesNotMatch((await decide(undefined)).text, /^decision = /m);
  writeFileSync(lock, `<<<<<<< a\n[[patch."x"]]\ndiff = "1"\ndecision = "ours"\nreason = "a"\nowner = "a"\ndecided = 2026-01-01\n=======\n[[patch."x"]]\ndiff = "1"\ndecision = "accepted"\nreason = "b"\nowner = "a"\ndecided = 2026-01-01\n>>>>>>> b\n`);
  assert.match((await decide({ kind: 'ours', reason: 'x' })).failure, /spectrail\.lock, line \d+: /, 'a lock that two people merged is for them to mend first');
  await client.shutdown();
});

/** The first answer that there is, asked for until it comes. */
async function eventually<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the answer never came');
}

test('a server whose editor dies goes too', async () => {
  const client = await LspClient.start();
  client.open(uri, good);
  await client.diagnostics(uri, 1);
  const gone = client.exited();
  client.process.stdin.end();
  await gone;
});
