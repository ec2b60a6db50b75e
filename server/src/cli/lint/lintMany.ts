import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { LintResult } from '../hosts/linter.js';
import { displayName } from './findSpecs.js';
import type { LintSettings } from './options.js';

/** Specs that one thread lints in the time that another needs to start. */
const worthAThread = 40;

/** Specs a batch: small enough that no thread is left with a long one at the end. */
const batchSize = 8;

/** How many threads to use for so many specs when nobody says. */
export function usualJobs(specs: number): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(specs / worthAThread)));
}

/**
 * Lints specs in `jobs` threads; results come in the order of the paths. A thread that dies takes only the batch with it
 * that it was at, and those specs are lint failures of their own.
 */
export async function lintInThreads(paths: readonly string[], isSearched: (index: number) => boolean, jobs: number, settings: LintSettings, cwd: string, cancellation: { readonly isCancelled: boolean }): Promise<readonly LintResult[]> {
  const results: LintResult[] = new Array(paths.length);
  let next = 0;
  const run = (): Promise<void> =>
    new Promise((resolve) => {
      const worker = new Worker(workerUrl(), { workerData: { settings, cwd } });
      let batch: { first: number; count: number } | undefined;
      const give = (): void => {
        if (next >= paths.length || cancellation.isCancelled) {
          batch = undefined;
          void worker.terminate();
          return;
        }
        batch = { first: next, count: Math.min(batchSize, paths.length - next) };
        next += batch.count;
        const part = paths.slice(batch.first, batch.first + batch.count);
        worker.postMessage({ first: batch.first, paths: part, searched: part.map((_, index) => isSearched(batch!.first + index)) });
      };
      const fail = (reason: string): void => {
        if (batch === undefined) return;
        for (let index = batch.first; index < batch.first + batch.count; index++) {
          const file = displayName(paths[index]!, cwd);
          results[index] = { file: undefined, troubles: [{ file, position: undefined, severity: 'error', code: 'internal', message: `Linting this file, or one beside it, ended its thread: ${reason}. Please report it.` }], failOn: undefined };
        }
        batch = undefined;
      };
      worker.on('message', ({ first, results: done }: { first: number; results: readonly LintResult[] }) => {
        for (const [index, result] of done.entries()) results[first + index] = result;
        give();
      });
      worker.on('error', (error) => fail(error.message));
      worker.on('exit', (code) => {
        fail(`it ended with status ${code}`);
        // What is left is taken up by a new thread in place of a dead one.
        if (next < paths.length && !cancellation.isCancelled) void run().then(resolve);
        else resolve();
      });
      give();
    });
  await Promise.all(Array.from({ length: jobs }, run));
  return results.filter((result) => result !== undefined);
}

declare const SPECTRAIL_VERSION: string;

/** Bundled, this code is in dist/chunks and the worker in dist; unbundled (tests), each where its source is. */
function workerUrl(): URL {
  return typeof SPECTRAIL_VERSION === 'string' ? new URL('../lintWorker.mjs', import.meta.url) : new URL('../hosts/lintWorker.js', import.meta.url);
}
