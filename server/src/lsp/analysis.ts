/**
 * The analysis worker's entry: holds trees and evaluations of the open documents and answers what the protocol thread
 * asks. It may be ended at any moment; everything it needs to go on is sent anew to the next one.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { SpecParser, looksLikeRpmSpec } from '../core/syntax/index.js';
import { targetCatalogue, userFolders } from '../core/targets/index.js';
import { AnswerBook } from '../core/workspace/index.js';
import { createNodeHost, readParserBytes } from '../node/index.js';
import { AnalysisLoop } from './analysisLoop.js';
import { handlers } from './handlers/index.js';
import type { AnalysisWorkerData, FromAnalysis, ToAnalysis } from './messages.js';
import { SharedFlags } from './sharedFlags.js';
import { SpecAnalyst } from './specAnalyst.js';

const { flags: buffer, client } = workerData as AnalysisWorkerData;
const port = parentPort!;
const flags = new SharedFlags(buffer);
const post = (message: FromAnalysis): void => port.postMessage(message);

const parser = await SpecParser.create(await readParserBytes());
const log = (level: Extract<FromAnalysis, { kind: 'log' }>['level']) => (message: string) => post({ kind: 'log', level, message });
const host = createNodeHost({ log: { error: log('error'), warn: log('warn'), info: log('info'), debug: log('debug') } });
const book = new AnswerBook(host);
const analyst = new SpecAnalyst({
  files: host.files,
  looksLikeRpmSpec,
  book,
  git: host.git,
  now: () => host.clock.now(),
  targets: targetCatalogue({ files: host.files(), cache: host.cache, arch: host.machine.arch, user: userFolders(process.env) }),
  readers: { parse: (text, previous) => parser.parse(text, previous), book, clock: host.clock, machine: host.machine },
});
let isScheduled = false;
const loop = new AnalysisLoop(analyst, flags, client, handlers, post, schedule);


/** Takes in all messages, does one step, and so on until nothing is left to do. */
function work(): void {
  isScheduled = false;
  for (;;) {
    for (let next = receiveMessageOnPort(port); next !== undefined; next = receiveMessageOnPort(port)) loop.receive(next.message as ToAnalysis);
    const done = loop.step();
    if (done === 'idle') return;
    // The message that made the work obsolete is on its way through the event loop.
    if (done === 'superseded') return schedule();
  }
}

function schedule(): void {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(work);
}

port.on('message', (message: ToAnalysis) => {
  loop.receive(message);
  work();
});
post({ kind: 'ready' });
