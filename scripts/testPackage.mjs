/** Packs the .vsix and the npm package, installs them away from this repository, and runs them: `npm run test:package`. */
import { root, run } from './install.mjs';

run(process.execPath, ['scripts/test.mjs', 'package/'], { env: { ...process.env, SPECTRAIL_TEST_PACKAGES: '1' }, cwd: root });
