/** Bundles the server (ES modules, code split by command) and the client (CommonJS, as VS Code loads it). */
import { build } from 'esbuild';
import { copyFile, readFile, rm } from 'node:fs/promises';
import { writeNotices } from './notices.mjs';

/** Loaded at run time, where it is there: native code, the editor's own module, and optional parts of just-bash that are never installed. */
const external = ['libsql', 'vscode', '@mongodb-js/zstd', 'node-liblzma'];

export async function bundle(root) {
  const { version } = JSON.parse(await readFile(`${root}/server/package.json`, 'utf8'));
  await rm(`${root}/server/dist`, { recursive: true, force: true });
  // just-bash asks for the global Headers as it is loaded, which makes Node load all of its HTTP client (30 ms); its shell has no network here.
  const common = { absWorkingDir: root, bundle: true, sourcemap: 'linked', target: 'node20', platform: 'node', external, logLevel: 'warning', legalComments: 'none', metafile: true, alias: { 'readline-sync': `${root}/scripts/noReadline.cjs` }, define: { SPECTRAIL_VERSION: JSON.stringify(version), 'globalThis.Headers': 'undefined' } };
  const server = await build({
    ...common,
    // What starts as a process or thread of its own is an entry of its own.
    entryPoints: { spectrail: 'server/src/cli/main.ts', lsp: 'server/src/lsp/main.ts', analysis: 'server/src/lsp/analysis.ts', indexer: 'server/src/lsp/indexer.ts', lintWorker: 'server/src/cli/hosts/lintWorker.ts' },
    outdir: 'server/dist',
    outExtension: { '.js': '.mjs' },
    format: 'esm',
    splitting: true,
    minifySyntax: true,
    minifyWhitespace: true,
    chunkNames: 'chunks/[name]-[hash]',
    // Bundled CommonJS packages call require() for Node's own modules, and some ask for their folder.
    banner: { js: "import { createRequire as __createRequire } from 'node:module'; import { fileURLToPath as __fileURLToPath } from 'node:url'; const require = __createRequire(import.meta.url); const __filename = __fileURLToPath(import.meta.url); const __dirname = __fileURLToPath(new URL('.', import.meta.url));" },
  });
  // Read at run time by server/src/node/wasm.ts, which looks for them here.
  await copyFile(`${root}/node_modules/web-tree-sitter/web-tree-sitter.wasm`, `${root}/server/dist/web-tree-sitter.wasm`);
  await copyFile(`${root}/grammars/rpmspec/tree-sitter-rpmspec.wasm`, `${root}/server/dist/tree-sitter-rpmspec.wasm`);
  await copyFile(`${root}/node_modules/libarchive-wasm/dist/libarchive.wasm`, `${root}/server/dist/libarchive.wasm`);
  const client = await build({ ...common, entryPoints: { extension: 'client/src/extension.ts' }, outdir: 'client/dist', format: 'cjs', outExtension: { '.js': '.cjs' }, minify: true });
  await writeNotices(root, server.metafile, `${root}/server/dist`);
  await writeNotices(root, client.metafile, `${root}/client/dist`);
}
