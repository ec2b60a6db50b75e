/** The licences of what a bundle contains: their terms want them beside it. */
import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Writes THIRD-PARTY-NOTICES.txt into `folder` for the packages whose files esbuild's metafile names as inputs. */
export async function writeNotices(root, metafile, folder) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const path = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
    if (path !== undefined) packages.add(path);
  }
  const parts = [];
  for (const path of [...packages].sort()) {
    const { name, version, license } = JSON.parse(await readFile(join(root, path, 'package.json'), 'utf8'));
    const files = (await readdir(join(root, path))).filter((file) => /^(licen[cs]e|notice|copying)/i.test(file)).sort();
    const texts = await Promise.all(files.map((file) => readFile(join(root, path, file), 'utf8')));
    parts.push(`${name} ${version} (${license})\n\n${texts.length > 0 ? texts.map((text) => text.trim()).join('\n\n') : `Licensed under ${license}; the package carries no text of its own.`}\n`);
  }
  await writeFile(join(folder, 'THIRD-PARTY-NOTICES.txt'), `Spectrail contains the packages below, each under its own terms.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`);
}
