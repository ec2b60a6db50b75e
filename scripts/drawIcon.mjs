/** Draws client/icon.png, which the marketplace wants as 128 x 128 pixels, from client/icon.svg: `node scripts/drawIcon.mjs`. */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { chromiumPath, prepareHost } from './editorHost.mjs';

const folder = fileURLToPath(new URL('../client/', import.meta.url));
const { chromium } = prepareHost('browser').require('playwright-core');
const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 128, height: 128 } });
await page.setContent(`<style>body{margin:0}svg{display:block}</style>${await readFile(`${folder}icon.svg`, 'utf8')}`);
await page.screenshot({ path: `${folder}icon.png`, omitBackground: true });
await browser.close();
