// A person without a mouse: signs in, lets a client in, looks at the account, makes and removes a token, disconnects the client, signs out
// everywhere. Every page on the way is checked by axe-core at phone and desktop width, in light and dark.
//   node pages.mjs AUTHORIZE_URL ACCOUNT_URL EMAIL [FOLDER_FOR_SCREENSHOTS]
// Prints one JSON line: {"looks": [{page, width, scheme, violations, overflows}], "callback": URL, "token": TEXT}
import { press, tabTo, walk } from './walk.mjs';

const [authorize, account, email, folder] = process.argv.slice(2);

await walk(folder, async (page, lookAt) => {
  await page.goto(authorize);
  await lookAt('sign-in');
  await tabTo(page, '#email');
  await page.keyboard.type(email);
  await press(page, 'Enter');

  await lookAt('consent');
  await tabTo(page, 'input[value="mcp:notes:write"]');
  await page.keyboard.press('Space');
  await tabTo(page, 'button[value=allow]');
  // Nobody listens there: what counts is that the browser goes.
  const [request] = await Promise.all([page.waitForRequest(sent => new URL(sent.url()).pathname === '/callback'), press(page, 'Enter')]);
  const callback = request.url();

  await page.goto(account);
  await tabTo(page, 'a[href="/account/tokens/new"]');
  await press(page, 'Enter');
  await lookAt('new-token');
  await tabTo(page, '#days');
  await page.keyboard.press('Control+A');
  await page.keyboard.type('30');
  await page.keyboard.press('Shift+Tab');
  await page.keyboard.type('Nightly report');
  await tabTo(page, 'main button[type=submit]');
  await press(page, 'Enter');
  await lookAt('made-token');
  const token = await page.inputValue('#made');
  await tabTo(page, 'main a.button');
  await press(page, 'Enter');

  await lookAt('account');
  await tabTo(page, 'form[action="/account/tokens/remove"] button');
  await press(page, 'Enter');
  await lookAt('account-after-removal');
  await tabTo(page, 'form[action="/account/clients/disconnect"] button');
  await press(page, 'Enter');
  await tabTo(page, '#clients-too');
  await page.keyboard.press('Space');
  await tabTo(page, 'form[action="/account/sign-out-everywhere"] button');
  await press(page, 'Enter');
  await lookAt('signed-out');
  return { callback, token };
});
