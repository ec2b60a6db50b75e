/**
 * Installs and builds what is needed, then runs the tests: `npm test [-- FILTER...]`, FILTER being parts of a test file's
 * path. Tests that want more than Node and git (rpm, the corpus) say by name that they were left out.
 */
import { readdirSync } from 'node:fs';
import { root, run } from './install.mjs';

const filters = process.argv.slice(2).filter((word) => word !== '--random');
if (process.argv.includes('--random')) process.env.SPECTRAIL_SEED = 'random';
run(process.execPath, ['scripts/build.mjs']);
const files = readdirSync(`${root}/test/out`, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.test.js') && (filters.length === 0 || filters.some((filter) => file.includes(filter))))
  .sort()
  .map((file) => `test/out/${file}`);
if (files.length === 0) {
  console.error(`No test file matches ${filters.join(', ')}.`);
  process.exit(1);
}
run(process.execPath, ['--import', new URL('../test/out/support/propertySeed.js', import.meta.url).href, '--test', '--test-reporter=spec', ...files]);
