/** The documents lead where they say. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { test } from 'node:test';
import { root } from './support/root.js';

/** Markdown files that people read: at the top, in docs/, and the packages' own. */
function documents(): string[] {
  const top = readdirSync(root).filter((name) => name.endsWith('.md'));
  const docs = readdirSync(join(root, 'docs'), { recursive: true }).map(String).filter((name) => name.endsWith('.md')).map((name) => join('docs', name));
  return [...top, ...docs].map((name) => join(root, name));
}

/** A heading as GitHub turns it into an anchor. */
function anchor(heading: string): string {
  return heading.trim().toLowerCase().replace(/[`*]/g, '').replace(/[^\p{L}\p{N} _-]/gu, '').replaceAll(' ', '-');
}

test('every link in the documents leads to a file, and to a heading in it', () => {
  const broken: string[] = [];
  for (const document of documents()) {
    const text = readFileSync(document, 'utf8').replace(/^```[\s\S]*?^```/gm, '');
    for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link!)) continue;
      const [path = '', fragment] = link!.split('#');
      const target = path === '' ? document : resolve(dirname(document), path);
      if (!existsSync(target)) broken.push(`${relative(root, document)}: ${link} is not there`);
      else if (fragment !== undefined && target.endsWith('.md')) {
        const headings = [...readFileSync(target, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading!));
        if (!headings.includes(fragment)) broken.push(`${relative(root, document)}: ${link} has no such heading`);
      }
    }
  }
  assert.deepEqual(broken, []);
});

test('every npm script that the documents name is there', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  const missing = documents().flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/npm run ([\w:-]+)/g)].filter(([, name]) => !Object.hasOwn(scripts, name!)).map(([, name]) => `${relative(root, document)}: npm run ${name}`),
  );
  assert.deepEqual(missing, []);
});

test('the README\'s first two blocks are one line each', () => {
  const blocks = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].slice(0, 2).map(([, body]) => body!.trim());
  assert.deepEqual(blocks, ['npm run demo', 'npm test']);
});
