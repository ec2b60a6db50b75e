/** A thread that lints the specs it is given, one message a batch. */
import { parentPort, workerData } from 'node:worker_threads';
import { createLinter } from './linter.js';
import type { LintSettings } from '../lint/options.js';

export interface LintBatch {
  readonly first: number;
  readonly paths: readonly string[];
  readonly searched: readonly boolean[];
}

const { settings, cwd } = workerData as { settings: LintSettings; cwd: string };
const linter = createLinter(settings, cwd);

parentPort!.on('message', async ({ first, paths, searched }: LintBatch) => {
  const results = [];
  for (const [index, path] of paths.entries()) results.push(await linter.lintFile(path, searched[index]!));
  parentPort!.postMessage({ first, results });
});
