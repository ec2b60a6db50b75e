import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LspClient } from '../support/lspClient.js';

const uri = 'untitled:package.spec';

test('a document is opened, typed in, broken, mended and closed', async () => {
  const client = await LspClient.start();
  client.open(uri, 'Name: a\n');
  await client.diagnostics(uri, 1);
  client.change(uri, 2, [{ range: { start: { line: 0, character: 6 }, end: { line: 0, character: 7 } }, text: 'ä😀b' }]);
  await client.diagnostics(uri, 2);
  const closed = client.wait('diagnostics taken back', ({ method, params }) => method === 'textDocument/publishDiagnostics' && params.version === undefined);
  client.notify('textDocument/didClose', { textDocument: { uri } });
  assert.deepEqual((await closed).params.diagnostics, []);
  await client.shutdown();
});
