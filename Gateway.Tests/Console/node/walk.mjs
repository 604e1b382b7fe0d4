// A walk through pages in headless Chromium, by keyboard alone, with a look at each: axe-core, and whether it scrolls sideways, at phone and desktop
// width, in light and dark.
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const sizes = [{ width: 390, height: 844 }, { width: 1280, height: 900 }];
const schemes = ['light', 'dark'];

/**
 * Prints one JSON line: {"looks": [{page, width, scheme, violations, overflows}], ...what the steps came to}
 * @param {string|undefined} folder where screenshots go
 * @param {(page: import('playwright-core').Page, lookAt: (name: string) => Promise<void>) => Promise<object|void>} steps
 */
export async function walk(folder, steps) {
  if (!executablePath) throw new Error('Not installed: chromium.');
  const looks = [];
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await (await browser.newContext()).newPage();
    page.setDefaultTimeout(30_000);
    const seen = await steps(page, name => lookAt(page, name, folder, looks));
    console.log(JSON.stringify({ looks, ...seen }));
  } finally {
    await browser.close();
  }
}

/** Goes on with Tab until the element has the focus: whatever the Tab key does not reach can't be used. */
export async function tabTo(page, selector) {
  for (let tabs = 0; tabs < 60; tabs++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`The Tab key does not reach ${selector} at ${page.url()}: ${await page.content()}`);
}

/** Presses a key that leads to another page. */
export async function press(page, key) {
  await Promise.all([page.waitForEvent('load'), page.keyboard.press(key)]);
}

async function lookAt(page, name, folder, looks) {
  for (const size of sizes) {
    await page.setViewportSize(size);
    for (const colorScheme of schemes) {
      await page.emulateMedia({ colorScheme });
      if (folder) await page.screenshot({ path: `${folder}/${name}-${size.width}-${colorScheme}.png`, fullPage: true });
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ['violations'] }));
      looks.push({
        page: name,
        width: size.width,
        scheme: colorScheme,
        violations: violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.html).join(' | ')}`),
        overflows: await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth),
      });
    }
  }
}
