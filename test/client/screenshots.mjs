/** Pictures of the workbench, for people to look at: what is poor in them is a bug. */
import { join } from 'node:path';

/** Drives the workbench as a person would and writes the pictures into the folder; answers how many could not be taken. */
export async function takeScreenshots(page, folder) {
  const shot = async (name) => {
    await page.screenshot({ path: join(folder, `${name}.png`) });
    console.log(`  ${join(folder, `${name}.png`)}`);
  };
  const quickOpen = async (text) => {
    await page.keyboard.press('Control+P');
    await page.waitForSelector('.quick-input-widget input', { state: 'visible' });
    await page.keyboard.type(text);
    await page.waitForTimeout(1200);
    await page.keyboard.press('Enter');
    await page.waitForTimeout(1500);
  };
  await page.waitForSelector('.explorer-folders-view, .monaco-workbench .part.editor', { timeout: 60_000 });
  await page.waitForTimeout(4000);
  await quickOpen('hello.spec');
  await page.waitForTimeout(6000);
  await shot('spec');
  return 0;
}
