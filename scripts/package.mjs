/**
 * Packs the extension: `npm run package [-- --target PLATFORM...]` writes spectrail-<version>-<platform>.vsix for this machine's
 * platform, or for those named (`all`: every one). What a .vsix contains is .vscodeignore's list; the one native module comes
 * from node_modules, for another platform from the npm registry, held against the lock file.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, createWriteStream, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { root, run } from './install.mjs';

/** VS Code's name of a platform, and the package of libsql's native part for it. libsql has none for Windows on ARM. */
const nativePackages = {
  'linux-x64': '@libsql/linux-x64-gnu',
  'linux-arm64': '@libsql/linux-arm64-gnu',
  'linux-armhf': '@libsql/linux-arm-gnueabihf',
  'alpine-x64': '@libsql/linux-x64-musl',
  'alpine-arm64': '@libsql/linux-arm64-musl',
  'darwin-x64': '@libsql/darwin-x64',
  'darwin-arm64': '@libsql/darwin-arm64',
  'win32-x64': '@libsql/win32-x64-msvc',
};

/** Files and folders that are staged whole; .vscodeignore then picks from them. */
const staged = ['.vscodeignore', 'LICENSE', 'README.md', 'CHANGELOG.md', 'client/icon.png', 'client/spec.svg', 'client/dist', 'server/dist', 'syntaxes'];

export function hostPlatform() {
  if (process.platform !== 'linux') return `${process.platform}-${process.arch}`;
  const musl = process.report.getReport().header.glibcVersionRuntime === undefined;
  return `${musl ? 'alpine' : 'linux'}-${process.arch === 'arm' ? 'armhf' : process.arch}`;
}

/** Packs one .vsix from what is built, into `folder`; answers its path. */
export async function packVsix(platform, folder = root) {
  const native = nativePackages[platform];
  if (native === undefined) throw new Error(`there is no package for ${platform}; there are ${Object.keys(nativePackages).join(', ')}`);
  const { createVSIX } = packer('@vscode/vsce');
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const stage = mkdtempSync(join(tmpdir(), 'spectrail-vsix-'));
  try {
    for (const name of staged) if (existsSync(join(root, name))) cpSync(join(root, name), join(stage, name), { recursive: true });
    // What only development needs is no business of the editor's.
    const { scripts, workspaces, devDependencies, imports, private: _, type, vsce: __, ...shipped } = manifest;
    writeFileSync(join(stage, 'package.json'), JSON.stringify(shipped, null, 2));
    // The server finds its own parts by the imports of its manifest; the rest of it is for npm.
    const { name, version, type: serverType, imports: serverImports } = JSON.parse(readFileSync(join(root, 'server/package.json'), 'utf8'));
    mkdirSync(join(stage, 'server'), { recursive: true });
    writeFileSync(join(stage, 'server/package.json'), JSON.stringify({ name, version, type: serverType, imports: serverImports }, null, 2));
    for (const name of closure('libsql')) cpSync(join(root, 'node_modules', name), join(stage, 'server/node_modules', name), { recursive: true });
    placeNative(native, join(stage, 'server/node_modules', native));
    const packagePath = join(folder, `spectrail-${manifest.version}-${platform}.vsix`);
    await createVSIX({ cwd: stage, packagePath, target: platform, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false, skipLicense: false });
    return packagePath;
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
}

/** Unpacks a .vsix into a folder (its extension lies in `extension/` there); answers the names of its files. */
export async function unpackVsix(vsix, folder) {
  const yauzl = packer('yauzl');
  const zip = await promisify(yauzl.open)(vsix, { lazyEntries: true });
  const names = [];
  return new Promise((resolve, reject) => {
    zip.on('entry', (entry) => {
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        const path = join(folder, entry.fileName);
        mkdirSync(dirname(path), { recursive: true });
        names.push(entry.fileName);
        pipeline(stream, createWriteStream(path)).then(() => zip.readEntry(), reject);
      });
    });
    zip.on('end', () => resolve(names)).on('error', reject);
    zip.readEntry();
  });
}

/** A module of the packer, which is installed on first use into a folder of its own: only a release needs it. */
function packer(name) {
  const folder = join(root, 'tools/package');
  if (!existsSync(join(folder, 'node_modules/@vscode/vsce'))) {
    console.error('Installing the packer (npm ci in tools/package) ...');
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: folder });
  }
  return createRequire(join(folder, 'package.json'))(name);
}

/** A package and what it depends on at run time, all of them at the top of node_modules. */
function closure(name, seen = new Set()) {
  if (seen.has(name)) return seen;
  seen.add(name);
  const { dependencies = {} } = JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8'));
  for (const dependency of Object.keys(dependencies)) closure(dependency, seen);
  return seen;
}

/** Puts a native package where it belongs: from node_modules, or from the registry where this platform is another. */
function placeNative(name, folder) {
  const here = join(root, 'node_modules', name);
  if (existsSync(here)) {
    cpSync(here, folder, { recursive: true });
    return;
  }
  const { version, integrity } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages[`node_modules/${name}`];
  const download = mkdtempSync(join(tmpdir(), 'spectrail-native-'));
  try {
    run('npm', ['pack', `${name}@${version}`, '--loglevel=error'], { cwd: download, stdio: ['ignore', 'ignore', 'inherit'] });
    const [archive] = readdirSync(download);
    const [algorithm, digest] = integrity.split(/-(.*)/s);
    if (createHash(algorithm).update(readFileSync(join(download, archive))).digest('base64') !== digest) throw new Error(`${name}@${version} is not what package-lock.json says it is`);
    mkdirSync(folder, { recursive: true });
    const { status } = spawnSync('tar', ['-xzf', join(download, archive), '--strip-components=1', '-C', folder], { stdio: 'inherit' });
    if (status !== 0) throw new Error(`${archive} could not be unpacked`);
  } finally {
    rmSync(download, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { target: { type: 'string', multiple: true } } });
  const targets = values.target?.includes('all') ? Object.keys(nativePackages) : (values.target ?? [hostPlatform()]);
  run(process.execPath, ['scripts/build.mjs']);
  for (const target of targets) {
    const path = await packVsix(target);
    console.log(`${path} (${(statSync(path).size / 1e6).toFixed(1)} MB)`);
  }
}
