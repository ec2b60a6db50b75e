/**
 * Loaded before the tests. Property tests take the same random numbers in every run, so that a change is judged by what it
 * changes; `npm run fuzz` takes new ones, prints the seed of what fails, and SPECTRAIL_SEED repeats it.
 */
import fc from 'fast-check';

const wanted = process.env['SPECTRAIL_SEED'];
if (wanted !== 'random') fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: wanted === undefined ? 20_261_122 : Number(wanted) });
