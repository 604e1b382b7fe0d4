// A person without a mouse: signs in, lets a client in, looks at the account, makes and removes a token, disconnects the client, signs out
// everywhere. Every page on the way is checked by axe-core at phone and desktop width, in light and dark.
//   node pages.mjs AUTHORIZE_URL ACCOUNT_URL EMAIL [FOLDER_FOR_SCREENSHOTS]
// Prints one JSON line: {"looks": [{page, width, scheme, violations, overflows}], "callback": URL, "token": TEXT}
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const [authorize, account, email, folder] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
if (!executablePath) throw new Error('Not installed: chromium.');

const sizes = [{ width: 390, height: 844 }, { width: 1280, height: 900 }];
const schemes = ['light', 'dark'];
const looks = [];

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
try {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);

  await page.goto(authorize);
  await lookAt(page, 'sign-in');
  await tabTo(page, '#email');
  await page.keyboard.type(email);
  await press(page, 'Enter');

  await lookAt(page, 'consent');
  await tabTo(page, 'input[value="mcp:notes:write"]');
  await page.keyboard.press('Space');
  await tabTo(page, 'button[value=allow]');
  // Nobody listens there: what counts is that the browser goes.
  const [request] = await Promise.all([page.waitForRequest(sent => new URL(sent.url()).pathname === '/callback'), press(page, 'Enter')]);
  const callback = request.url();

  await page.goto(account);
  await tabTo(page, 'a[href="/account/tokens/new"]');
  await press(page, 'Enter');
  await lookAt(page, 'new-token');
  await tabTo(page, '#days');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('30');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('Nightly report');
  await tabTo(page, 'main button[type=submit]');
  await press(page, 'Enter');
  await lookAt(page, 'made-token');
  const token = await page.inputValue('#made');
  await tabTo(page, 'main a.button');
  await press(page, 'Enter');

  await lookAt(page, 'account');
  await tabTo(page, 'form[action="/account/tokens/remove"] button');
  await press(page, 'Enter');
  await lookAt(page, 'account-after-removal');
  await tabTo(page, 'form[action="/account/clients/disconnect"] button');
  await press(page, 'Enter');
  await tabTo(page, '#clients-too');
  await page.keyboard.press('Space');
  await tabTo(page, 'form[action="/account/sign-out-everywhere"] button');
  await press(page, 'Enter');
  await lookAt(page, 'signed-out');
  console.log(JSON.stringify({ looks, callback, token }));
} finally {
  await browser.close();
}

// Goes on with Tab until the element has the focus: whatever the Tab key does not reach can't be used.
async function tabTo(page, selector) {
  for (let tabs = 0; tabs < 60; tabs++) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(wanted => document.activeElement?.matches(wanted) ?? false, selector)) return;
  }
  throw new Error(`The Tab key does not reach ${selector} at ${page.url()}: ${await page.content()}`);
}

async function press(page, key) {
  await Promise.all([page.waitForEvent('load'), page.keyboard.press(key)]);
}

async function lookAt(page, name) {
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
