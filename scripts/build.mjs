/**
 * Builds everything: the typed projects (`out/`, what tests import) and the bundles (`dist/`, what users run).
 * `--bundle-only` leaves the type check out.
 */
import { install, root, run } from './install.mjs';

install();
if (!process.argv.includes('--bundle-only')) run(process.execPath, ['node_modules/typescript/bin/tsc', '-b']);
const { bundle } = await import('./bundle.mjs');
await bundle(root);
