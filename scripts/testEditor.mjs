/**
 * Runs the suites of test/client in a real VS Code: `npm run test:editor [-- --grep TEXT] [--door browser|electron] [--vsix FILE]`.
 * Two doors to the same suites: VS Code's server shown by a headless Chromium (door `browser`), and a VS Code installed on
 * this machine (door `electron`, its path in SPECTRAIL_VSCODE, or `SPECTRAIL_VSCODE=download`). A door that this machine
 * has not is left out by name. `--vsix`: the packed extension instead of the folder it is developed in. `--screenshots` takes pictures of the workbench into out/screenshots instead.
 */
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromiumPath, missingForHost, prepareHost } from './editorHost.mjs';
import { root, run } from './install.mjs';
import { unpackVsix } from './package.mjs';

const { values: options } = parseArgs({
  options: { grep: { type: 'string' }, door: { type: 'string' }, vsix: { type: 'string' }, screenshots: { type: 'boolean', default: false }, 'keep-logs': { type: 'boolean', default: false } },
});

/** How long a suite may take before the editor is ended. */
const suiteTimeoutMs = 400_000;

/** What keeps an editor quiet: no updates, no welcome, no telemetry, nothing of the person's own. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'security.workspace.trust.startupPrompt': 'never',
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
};

const folders = [];
process.once('exit', () => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

run(process.execPath, ['scripts/build.mjs']);
// Only now: they stand on what the build made.
const { makeWorkspace } = await import('../test/client/workspace.mjs');
const { takeScreenshots } = await import('../test/client/screenshots.mjs');
await bundleSuite();
/** The extension as it is developed, or as it is packed. */
const extension = options.vsix === undefined ? root.replace(/\/$/, '') : await unpacked(options.vsix);
const failures = options.screenshots ? await screenshots() : await tests();
process.exit(failures === 0 ? 0 : 1);

async function tests() {
  const doors = { browser: browserDoor, electron: electronDoor };
  let failed = 0;
  for (const [name, door] of Object.entries(doors)) if (options.door === undefined || options.door === name) failed += await door();
  return failed;
}

async function unpacked(vsix) {
  const folder = newFolder('vsix');
  await unpackVsix(vsix, folder);
  return join(folder, 'extension');
}

/** One CommonJS file, as every extension host loads it; mocha stays outside and is named by an environment variable. */
async function bundleSuite() {
  await build({ absWorkingDir: root, entryPoints: { suite: 'test/client/suite/index.ts' }, outdir: 'test/client/out', outExtension: { '.js': '.cjs' }, bundle: true, format: 'cjs', platform: 'node', target: 'node20', external: ['vscode', 'mocha'], sourcemap: 'inline', logLevel: 'warning' });
}

async function browserDoor() {
  const missing = missingForHost();
  if (missing.length > 0) {
    console.log(`# left out: VS Code in a browser; missing: ${missing.join(', ')}`);
    return 0;
  }
  const host = prepareHost('browser');
  let failed = 0;
  for (const suite of ['trusted', 'restricted']) {
    const results = newFolder('results');
    failed += await withEditor(host, suite, results, async (page, open) => {
      await open({ extensionTestsPath: join(root, 'test/client/out/suite.cjs') });
      return follow(join(results, 'results.jsonl'), `VS Code in a browser, ${suite}`);
    });
  }
  return failed;
}

async function electronDoor() {
  const vscode = process.env.SPECTRAIL_VSCODE;
  if (vscode === undefined) {
    console.log('# left out: VS Code on the desktop; set SPECTRAIL_VSCODE to the path of its program, or to "download"');
    return 0;
  }
  if (process.platform === 'linux' && process.env.DISPLAY === undefined && process.env.WAYLAND_DISPLAY === undefined) {
    console.log('# left out: VS Code on the desktop; there is no display (xvfb-run gives one)');
    return 0;
  }
  const host = prepareHost('electron');
  const { downloadAndUnzipVSCode, runTests } = host.require('@vscode/test-electron');
  const vscodeExecutablePath = vscode === 'download' ? await downloadAndUnzipVSCode({ cachePath: join(host.folder, 'vscode') }) : vscode;
  let failed = 0;
  for (const suite of ['trusted', 'restricted']) {
    const results = newFolder('results');
    const user = newFolder('user');
    writeSettings(join(user, 'User'), suite);
    const extensionDevelopmentPath = extension;
    const extensionTestsPath = join(root, 'test/client/out/suite.cjs');
    const extensionTestsEnv = suiteEnvironment(host, suite, results);
    const launchArgs = [makeWorkspace(newFolder('workspace')), '--user-data-dir', user, '--extensions-dir', newFolder('extensions'), '--disable-extensions', '--skip-welcome', '--skip-release-notes'];
    const ended =
      suite === 'trusted'
        ? runTests({ vscodeExecutablePath, extensionDevelopmentPath, extensionTestsPath, extensionTestsEnv, launchArgs })
        : // runTests always switches workspace trust off.
          ending(spawn(vscodeExecutablePath, [...launchArgs, '--no-sandbox', '--disable-gpu-sandbox', '--disable-updates', `--extensionDevelopmentPath=${extensionDevelopmentPath}`, `--extensionTestsPath=${extensionTestsPath}`], { env: { ...process.env, ...extensionTestsEnv }, stdio: 'ignore' }));
    failed += await follow(join(results, 'results.jsonl'), `VS Code on the desktop, ${suite}`, ended);
  }
  return failed;
}

function ending(child) {
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve));
}

async function screenshots() {
  const missing = missingForHost();
  if (missing.length > 0) {
    console.error(`No screenshots; missing: ${missing.join(', ')}`);
    return 1;
  }
  const folder = join(root, 'out/screenshots');
  mkdirSync(folder, { recursive: true });
  return withEditor(prepareHost('browser'), 'trusted', newFolder('results'), async (page, open) => {
    await open({});
    return takeScreenshots(page, folder);
  });
}

/** Starts VS Code's server and a browser, hands over the page and how to open the workbench in it, and ends both. */
async function withEditor(host, suite, results, use) {
  const started = Date.now();
  const port = await freePort();
  const data = newFolder('data');
  const extensions = newFolder('extensions');
  const workspace = makeWorkspace(newFolder('workspace'));
  writeSettings(join(data, 'data/User'), suite);
  writeSettings(join(data, 'data/Machine'), suite);
  const server = spawn(
    host.node,
    [join(host.vscode, 'out/server-main.js'), '--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms', '--enable-smoke-test-driver', '--telemetry-level', 'off',
      '--server-data-dir', data, '--extensions-dir', extensions, '--default-folder', workspace],
    { env: { ...process.env, ...suiteEnvironment(host, suite, results), PATH: `${dirname(host.node)}${delimiter}${process.env.PATH}` }, stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  let log = '';
  const listening = new Promise((resolve, reject) => {
    for (const stream of [server.stdout, server.stderr])
      stream.setEncoding('utf8').on('data', (text) => {
        log += text;
        if (/Extension host agent listening/.test(log)) resolve();
      });
    server.once('exit', (status) => reject(new Error(`VS Code's server ended with status ${status}:\n${log}`)));
  });
  const { chromium } = host.require('playwright-core');
  let browser;
  try {
    await listening;
    browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'] });
    const page = await browser.newPage({ viewport: { width: 1500, height: 900 } });
    const remote = (path) => `vscode-remote://127.0.0.1:${port}${path}`;
    const open = async ({ extensionTestsPath }) => {
      const payload = [['extensionDevelopmentPath', remote(extension)], ...(extensionTestsPath === undefined ? [] : [['extensionTestsPath', remote(extensionTestsPath)]])];
      await page.goto(`http://127.0.0.1:${port}/?folder=${encodeURIComponent(workspace)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    };
    const answer = await use(page, open);
    if (options['keep-logs']) console.log(log);
    if (answer !== 0) printExtensionLog(data);
    return answer;
  } finally {
    await browser?.close();
    // The server's own children go with its process group.
    try {
      process.kill(-server.pid, 'SIGTERM');
    } catch {}
    console.log(`# ${suite}: ${Math.round((Date.now() - started) / 1000)} s`);
  }
}

/** What the extension logged, for who has to find out why a suite failed. */
function printExtensionLog(data) {
  for (const file of readdirSync(data, { recursive: true }).map(String))
    if (/Spectrail\.log$/.test(file)) console.log(`# ${file.slice(file.lastIndexOf('/') + 1)}, its last lines\n${readFileSync(join(data, file), 'utf8').split('\n').slice(-40).join('\n')}`);
}

function suiteEnvironment(host, suite, results) {
  return {
    SPECTRAIL_EDITOR_MODULES: join(realpathSync(host.folder), 'package.json'),
    SPECTRAIL_EDITOR_RESULTS: join(results, 'results.jsonl'),
    SPECTRAIL_EDITOR_SUITE: suite,
    // No marketplace: nothing leaves this machine.
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
    // The store of patch origins goes where the test's other files are.
    XDG_CACHE_HOME: join(results, 'cache'),
    ...(options.grep === undefined ? {} : { SPECTRAIL_EDITOR_GREP: options.grep }),
  };
}

/** Prints what the suite reports, as it comes; answers how many tests failed. `ended`: settles when the editor is gone. */
async function follow(file, title, ended = new Promise(() => {})) {
  console.log(`# ${title}`);
  let gone;
  ended.then((status) => (gone = `status ${status}`), (error) => (gone = String(error)));
  const until = Date.now() + suiteTimeoutMs;
  for (let seen = 0; ; await new Promise((resolve) => setTimeout(resolve, 200))) {
    // Read before the file is: what an editor wrote last must not be missed.
    const over = gone ?? (Date.now() > until ? `no end within ${suiteTimeoutMs / 1000} s` : undefined);
    const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
    for (const line of lines.slice(seen)) {
      const { event, title: name, ms, error, failures } = JSON.parse(line);
      if (event === 'pass') console.log(`  ok ${name} (${ms} ms)`);
      else if (event === 'pending') console.log(`  left out ${name}`);
      else if (event === 'fail') console.log(`  FAILED ${name}\n${error.replace(/^/gm, '    ')}`);
      else return failures;
    }
    seen = lines.length;
    if (over === undefined) continue;
    console.log(`  FAILED the suite did not end: ${over}`);
    return 1;
  }
}

function writeSettings(folder, suite) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'settings.json'), JSON.stringify({ ...quietSettings, 'security.workspace.trust.enabled': suite === 'restricted' }));
}

function newFolder(name) {
  const folder = mkdtempSync(join(tmpdir(), `spectrail-${name}-`));
  folders.push(folder);
  return folder;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
