/**
 * The entry that VS Code's extension host calls: runs the suite with mocha and writes what happens, a line of JSON at a
 * time, to the file that SPECTRAIL_EDITOR_RESULTS names, since the host's own output cannot be had everywhere.
 */
import { appendFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type Mocha from 'mocha';

export async function run(): Promise<void> {
  const { SPECTRAIL_EDITOR_MODULES: modules, SPECTRAIL_EDITOR_RESULTS: results, SPECTRAIL_EDITOR_SUITE: suite, SPECTRAIL_EDITOR_GREP: grep } = process.env;
  if (modules === undefined || results === undefined) throw new Error('Start this through scripts/testEditor.mjs, which names the modules and the file for results.');
  const report = (line: object) => appendFileSync(results, `${JSON.stringify(line)}\n`);
  try {
    const MochaClass = createRequire(modules)('mocha') as typeof Mocha;
    const mocha = new MochaClass({ ui: 'tdd', timeout: 120_000, slow: 5_000, ...(grep === undefined ? {} : { grep }) });
    mocha.suite.emit('pre-require', globalThis as unknown as Mocha.MochaGlobals, '', mocha);
    if (suite === 'restricted') (await import('./restricted.js')).define();
    else (await import('./trusted.js')).define();
    await new Promise<void>((resolve) => {
      const runner = mocha.run((failures) => {
        report({ event: 'end', failures });
        resolve();
      });
      runner.on('pass', (test) => report({ event: 'pass', title: test.fullTitle(), ms: test.duration }));
      runner.on('pending', (test) => report({ event: 'pending', title: test.fullTitle() }));
      runner.on('fail', (test, error: Error) => report({ event: 'fail', title: test.fullTitle(), error: `${error.stack ?? String(error)}${error.cause instanceof Error ? `\nlast: ${error.cause.message}` : ''}` }));
    });
  } catch (error) {
    report({ event: 'fail', title: 'the suite itself', error: error instanceof Error ? error.stack : String(error) });
    report({ event: 'end', failures: 1 });
  }
}
