import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root: the folder above this file that holds the lock file, whether the tests run compiled or not. */
export const root = findRoot(dirname(fileURLToPath(import.meta.url)));

/** The folder of real specs and packages to measure with, or undefined where this machine has none. */
export const corpus = [process.env['SPECTRAIL_CORPUS'], resolve(root, '../shared/corpus')].find((folder) => folder !== undefined && folder !== '' && existsSync(folder));

/** Says by name why a test that wants the corpus was left out; false where it can run (the form that node:test's `skip` takes). */
export const skipWithoutCorpus: string | false = corpus === undefined ? 'left out: no corpus of real specs (SPECTRAIL_CORPUS names one)' : false;

function findRoot(folder: string): string {
  if (existsSync(resolve(folder, 'package-lock.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('no package-lock.json above the tests');
  return findRoot(parent);
}
