/**
 * The language server's entry: puts the protocol thread together. It answers from what the analysis worker says and
 * keeps the texts; it reads no spec itself, so that nothing in a spec can stop it from answering.
 */
import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { fork } from 'node:child_process';
import { Worker } from 'node:worker_threads';
import { ProposedFeatures, createConnection } from 'vscode-languageserver/node';
import { startServer } from './server.js';
import { type FromTracing, storeFolderVariable } from './tracing.js';
import type { AnalysisWorkerData, FromAnalysis, ToAnalysis } from './messages.js';

declare const SPECTRAIL_VERSION: string;

/** Set by the bundler; unbundled code (tests) has none. */
const version = typeof SPECTRAIL_VERSION === 'string' ? SPECTRAIL_VERSION : '0.0.0-dev';

/** MiB for what was made last: of an evaluation most is garbage soon, and the less often it is looked through, the less of it is taken for something that stays. */
const youngLimit = 144;

/** A worker that needs more memory than this is taken for one that would never have enough. */
const heapLimit = 2048;

/** Bundled, entries are `.mjs` side by side; unbundled, `.js`. */
function entry(name: string): string {
  const bundled = fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));
  return existsSync(bundled) ? bundled : fileURLToPath(new URL(`./${name}.js`, import.meta.url));
}

startServer(createConnection(ProposedFeatures.all), {
  version,
  startAnalysis(flags, client, listener) {
    const workerData: AnalysisWorkerData = { flags: flags.buffer, client };
    const worker = new Worker(entry('analysis'), { workerData, resourceLimits: { maxOldGenerationSizeMb: heapLimit, maxYoungGenerationSizeMb: youngLimit } });
    worker.on('message', (message: FromAnalysis) => listener.onMessage(message));
    let reason = 'its thread ended';
    worker.on('error', (error: Error) => (reason = error.stack ?? error.message));
    worker.on('exit', () => listener.onDeath(reason));
    return {
      post: (message: ToAnalysis) => worker.postMessage(message),
      end: () => void worker.terminate(),
    };
  },
  startTracing({ storeFolder }, listener) {
    // Its own standard output is nobody's: that of this process belongs to the protocol.
    const env = storeFolder === undefined ? process.env : { ...process.env, [storeFolderVariable]: storeFolder };
    const child = fork(entry('indexer'), { serialization: 'advanced', stdio: ['ignore', 'ignore', 'inherit', 'ipc'], env, execArgv: [] });
    child.on('message', (message) => listener.onMessage(message as FromTracing));
    child.on('error', (error) => listener.onDeath(error.message));
    child.on('exit', (code, signal) => listener.onDeath(signal ?? `status ${code}`));
    return {
      post: (message) => void (child.connected && child.send(message)),
      // It closes its store and goes.
      end: () => void (child.connected && child.disconnect()),
    };
  },
});
