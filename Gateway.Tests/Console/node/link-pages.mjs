// A person without a mouse links an account: from the link that an agent was given over the sign-in and the provider's own pages, and back; looks at the
// account, and unlinks.
//   node link-pages.mjs INVITATION_URL FOREIGN_INVITATION_URL ACCOUNT_URL EMAIL [FOLDER_FOR_SCREENSHOTS]
// Prints one JSON line: {"looks": [{page, width, scheme, violations, overflows}], "linked": HEADING, "notice": TEXT}
import { press, tabTo, walk } from './walk.mjs';

const [invitation, foreign, account, email, folder] = process.argv.slice(2);

await walk(folder, async (page, lookAt) => {
  await page.goto(invitation);
  await tabTo(page, '#email');
  await page.keyboard.type(email);
  await press(page, 'Enter');

  await lookAt('link');
  await tabTo(page, 'main button[type=submit]');
  await press(page, 'Enter');
  await page.fill('input[name=login]', 'alice-at-canva');
  await page.fill('input[name=password]', 'any');
  await press(page, 'Enter');
  await page.click('button[type=submit]');
  await page.waitForURL(/\/link\/canva\/callback/);
  await lookAt('linked');
  const linked = await page.textContent('h1');

  await page.goto(foreign);
  await lookAt('link-of-another');
  await page.goto(account);
  await lookAt('linked-account');
  await tabTo(page, 'form[action="/link/canva/unlink"] button');
  await press(page, 'Enter');
  await lookAt('unlinked-account');
  return { linked, notice: await page.textContent('.notice') };
});
