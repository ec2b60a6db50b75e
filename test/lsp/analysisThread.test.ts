/** The supervisor of the analysis worker, with a worker and a clock of our own. What real workers do is tested over stdio. */
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'node:test';
import { type AnalysisFailure, AnalysisThread, type AnalysisWorker, type WorkerListener } from '#server/lsp/analysisThread.js';
import { Documents } from '#server/lsp/documents.js';
import type { ToAnalysis } from '#server/lsp/messages.js';
import { type SharedFlags, phases } from '#server/lsp/sharedFlags.js';

interface FakeWorker extends AnalysisWorker {
  readonly received: ToAnalysis[];
  readonly flags: SharedFlags;
  readonly listener: WorkerListener;
  isEnded: boolean;
}

function setUp() {
  const workers: FakeWorker[] = [];
  const restarts: { reason: string; isDown: boolean }[] = [];
  const clock = { wall: 0, processor: 0 };
  const thread = new AnalysisThread(
    {
      start(flags, listener) {
        const worker: FakeWorker = { received: [], flags, listener, isEnded: false, post: (message) => void worker.received.push(message), end: () => (worker.isEnded = true) };
        workers.push(worker);
        return worker;
      },
      onMessage() {},
      onRestart: (reason, isDown) => void restarts.push({ reason, isDown }),
      now: () => clock.wall,
      processorTime: () => clock.processor,
    },
    { silence: 400, total: 2000, interval: 5 },
  );
  const documents = new Documents();
  return { thread, workers, restarts, clock, documents, ready: (worker = workers.at(-1)!) => worker.listener.onMessage({ kind: 'ready' }) };
}

/** Long enough for the watchdog to look a few times. */
const looks = (): Promise<void> => pause(40);
const kinds = (worker: FakeWorker): string[] => worker.received.map(({ kind }) => kind);

test('a worker that polls nothing is ended, and the next gets every document and every other request', async () => {
  const { thread, workers, restarts, clock, documents, ready } = setUp();
  const bomb = documents.open('file:///bomb.spec', 'rpmspec', 1, 'bomb');
  thread.open(bomb, {});
  thread.open(documents.open('file:///good.spec', 'rpmspec', 7, 'good'), {});
  const hover = thread.request('textDocument/hover', { textDocument: { uri: 'file:///good.spec' } });
  ready();
  workers[0]!.flags.begin(phases.analysis, bomb.handle);
  await looks();
  clock.processor = 399;
  await looks();
  assert.equal(workers.length, 1);
  clock.processor = 450;
  await looks();
  assert.equal(workers.length, 2);
  assert.equal(workers[0]!.isEnded, true);
  assert.deepEqual(restarts.map(({ isDown }) => isDown), [false]);
  assert.deepEqual(kinds(workers[1]!), ['open', 'open', 'request']);
  const [first, second] = workers[1]!.received as Extract<ToAnalysis, { kind: 'open' }>[];
  assert.match(first!.withheld!, /did not come to an end/);
  assert.equal(second!.withheld, undefined);
  assert.equal(second!.version, 7);
  workers[1]!.listener.onMessage({ kind: 'result', id: 1, result: 'answer' });
  assert.equal(await hover, 'answer');
  thread.stop();
});

test('a worker that polls is left to work, up to the limit of a job', async () => {
  const { thread, workers, clock, documents, ready } = setUp();
  const document = documents.open('file:///slow.spec', 'rpmspec', 1, 'slow');
  thread.open(document, {});
  ready();
  const { flags } = workers[0]!;
  flags.begin(phases.analysis, document.handle);
  const cancellation = flags.analysisCancellation(document.handle, document.sequence);
  await looks();
  for (clock.processor = 300; clock.processor < 1900; clock.processor += 300) {
    assert.equal(cancellation.isCancelled, false);
    await looks();
  }
  assert.equal(workers.length, 1);
  clock.processor = 2100;
  await looks();
  assert.equal(workers.length, 2);
  thread.stop();
});

test('a machine busy with other things is no hang', async () => {
  const { thread, workers, clock, documents, ready } = setUp();
  const document = documents.open('file:///a.spec', 'rpmspec', 1, 'a');
  thread.open(document, {});
  ready();
  workers[0]!.flags.begin(phases.analysis, document.handle);
  clock.wall = 10_000;
  await looks();
  assert.equal(workers.length, 1);
  thread.stop();
});

test('a hanging request is given up alone; its document is not held back', async () => {
  const { thread, workers, clock, documents, ready } = setUp();
  thread.open(documents.open('file:///a.spec', 'rpmspec', 1, 'a'), {});
  const hover = thread.request('textDocument/hover', { textDocument: { uri: 'file:///a.spec' } });
  const refused = assert.rejects(hover, (error: AnalysisFailure) => /took too long/.test(error.message) && !error.isCancelled);
  ready();
  workers[0]!.flags.begin(phases.request, 1);
  await looks();
  clock.processor = 500;
  await looks();
  await refused;
  assert.deepEqual(kinds(workers[1]!), ['open']);
  assert.equal((workers[1]!.received[0] as { withheld?: string }).withheld, undefined);
  thread.stop();
});

test('a text that hung is tried again at the next change, and then less and less often', async () => {
  const { thread, workers, clock, documents, ready } = setUp();
  const uri = 'file:///bomb.spec';
  thread.open(documents.open(uri, 'rpmspec', 1, 'bomb'), {});
  let version = 1;
  const type = (): string | undefined => {
    const { document, edits } = documents.change(uri, ++version, [{ range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }, text: 'x' }], 'utf-16')!;
    thread.change(document, edits);
    return (workers.at(-1)!.received.at(-1) as { withheld?: string }).withheld;
  };
  const hang = async (): Promise<void> => {
    ready();
    workers.at(-1)!.flags.begin(phases.analysis, documents.get(uri)!.handle);
    await looks();
    clock.processor += 500;
    await looks();
  };
  await hang();
  assert.equal(type(), undefined, 'the first change is tried at once');
  await hang();
  assert.equal(workers.length, 3);
  assert.match(type()!, /left out/, 'the second is not');
  clock.wall += 4001;
  assert.equal(type(), undefined, 'but is after a pause');
  // It comes to its end this time, and all caution with it.
  workers.at(-1)!.listener.onMessage({ kind: 'diagnostics', uri, version, sequence: documents.get(uri)!.sequence, diagnostics: [] });
  await hang();
  assert.equal(type(), undefined);
  thread.stop();
});

test('a worker that dies is replaced; one that always dies is given up until something changes', async () => {
  const { thread, workers, restarts, documents } = setUp();
  const uri = 'file:///a.spec';
  thread.open(documents.open(uri, 'rpmspec', 1, 'a'), {});
  for (let i = 0; i < 5; i++) workers.at(-1)!.listener.onDeath('out of memory');
  assert.equal(workers.length, 5);
  assert.deepEqual(restarts.map(({ isDown }) => isDown), [false, false, false, false, true]);
  await assert.rejects(thread.request('textDocument/hover', { textDocument: { uri } }), /cannot run/);
  const { document, edits } = documents.change(uri, 2, [{ text: 'b' }], 'utf-16')!;
  thread.change(document, edits);
  assert.equal(workers.length, 6);
  assert.deepEqual(kinds(workers[5]!), ['open']);
  thread.stop();
});

test('a cancelled request is seen by the worker at its next poll, a newer text by work on the older', async () => {
  const { thread, workers, documents } = setUp();
  const uri = 'file:///a.spec';
  const before = documents.open(uri, 'rpmspec', 1, 'a');
  thread.open(before, {});
  let cancel = (): void => {};
  thread.request('textDocument/hover', { textDocument: { uri } }, (given) => (cancel = given)).catch(() => {});
  const { flags } = workers[0]!;
  const request = flags.requestCancellation(1);
  const work = flags.analysisCancellation(before.handle, before.sequence);
  assert.deepEqual([request.isCancelled, work.isCancelled], [false, false]);
  cancel();
  const { document, edits } = documents.change(uri, 2, [{ text: 'b' }], 'utf-16')!;
  thread.change(document, edits);
  assert.deepEqual([request.isCancelled, work.isCancelled], [true, true]);
  assert.equal(flags.analysisCancellation(document.handle, document.sequence).isCancelled, false);
  thread.stop();
});
