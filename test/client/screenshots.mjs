/** Pictures of the workbench, for people to look at: what is poor in them is a bug. */
import { join } from 'node:path';

/** Drives the workbench as a person would and writes the pictures into the folder; answers how many could not be taken. */
export async function takeScreenshots(page, folder) {
  let failed = 0;
  const pause = (ms) => page.waitForTimeout(ms);
  const shot = async (name) => {
    const path = join(folder, `${name}.png`);
    await page.screenshot({ path });
    console.log(`  ${path}`);
  };
  const input = () => page.waitForSelector('.quick-input-widget input', { state: 'visible', timeout: 10_000 });
  const openFile = async (name) => {
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: name }).first().dblclick();
    await page.waitForSelector('.monaco-editor .view-line', { timeout: 30_000 });
    await pause(2000);
  };
  const command = async (name) => {
    await page.keyboard.press('F1');
    await input();
    await page.keyboard.type(name);
    await pause(800);
    await page.keyboard.press('Enter');
  };
  const goTo = async (place) => {
    await page.keyboard.press('Control+G');
    await input();
    await page.keyboard.type(place);
    await page.keyboard.press('Enter');
    await pause(500);
  };
  const hover = async () => {
    await page.keyboard.press('Control+K');
    await page.keyboard.press('Control+I');
    await pause(2000);
  };
  const picture = async (name, take) => {
    try {
      await take();
      await shot(name);
    } catch (error) {
      failed++;
      console.log(`  FAILED ${name}: ${error instanceof Error ? error.message : error}`);
    }
  };

  await page.waitForSelector('.monaco-workbench .part.editor', { timeout: 60_000 });
  await pause(4000);
  await picture('1-spec', async () => {
    await openFile('hello.spec');
    await pause(6000);
  });
  await picture('2-hover-macro', async () => {
    await goTo('25:12');
    await hover();
  });
  await picture('3-hover-tag', async () => {
    await page.keyboard.press('Escape');
    await goTo('17:5');
    await hover();
  });
  await picture('4-traced', async () => {
    await page.keyboard.press('Escape');
    await command('Spectrail: Trace Patches');
    await pause(6000);
  });
  await picture('5-hover-patch', async () => {
    await goTo('12:22');
    await hover();
  });
  await picture('6-patch-history', async () => {
    await page.keyboard.press('Escape');
    await command('Spectrail: Show Patch History');
    await pause(4000);
  });
  await picture('6b-patches-view', async () => {
    await command('Explorer: Focus on Patches View');
    await pause(1500);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowRight');
    await pause(1500);
  });
  await picture('6c-patch-file', async () => {
    await command('View: Close All Editors');
    await pause(500);
    await openFile('hello-greeting.patch');
    await pause(4000);
  });
  await picture('6d-compare', async () => {
    await page.locator('.codelens-decoration a', { hasText: 'Compare with origin' }).first().click();
    await pause(4000);
  });
  await picture('7-expanded', async () => {
    await command('View: Close All Editors');
    await pause(1000);
    await openFile('hello.spec');
    await command('Spectrail: Show Expanded Spec');
    await pause(4000);
  });
  await picture('8-completion', async () => {
    await goTo('18:100');
    await page.keyboard.press('Enter');
    await page.keyboard.type('Req');
    await pause(1000);
    await page.keyboard.press('Control+Space');
    await pause(2000);
  });
  await picture('9-target', async () => {
    await page.keyboard.press('Escape');
    await command('Spectrail: Select Target');
    await pause(1500);
  });
  await picture('10-pyinstaller', async () => {
    await page.keyboard.press('Escape');
    await openFile('app.spec');
    await pause(3000);
  });
  return failed;
}
