// A person without a mouse at the sign-in page with every way on: asks for a link, opens it, signs in by it, comes back with the used link, meets a
// provider that is down, an answer of it that does not count, and a form that has expired.
//   node sign-in.mjs SIGN_IN_URL EMAIL MAILBOX_URL [FOLDER_FOR_SCREENSHOTS]
import { press, tabTo, walk } from './walk.mjs';

const [signIn, email, mailbox, folder] = process.argv.slice(2);

await walk(folder, async (page, lookAt) => {
  await page.goto(signIn);
  await lookAt('sign-in-methods');
  await tabTo(page, '#magic-link-email');
  await page.keyboard.type(email);
  await press(page, 'Enter');
  await lookAt('mail-sent');

  const mailed = await fetch(`${mailbox}?to=${encodeURIComponent(email)}`);
  const link = await mailed.text();
  if (!mailed.ok) throw new Error(`No mail came to ${email}.`);
  await page.goto(link);
  await lookAt('link-opened');
  await tabTo(page, 'main button[type=submit]');
  await press(page, 'Enter');
  await lookAt('signed-in');
  const signedInAs = await page.textContent('.who');

  await page.goto(link);
  await lookAt('link-used');

  await page.goto(signIn);
  await tabTo(page, 'form[action$="/start"] button');
  await press(page, 'Enter');
  await lookAt('provider-unreachable');
  const provider = new URL(page.url()).pathname.replace(/\/start$/, '');
  await page.goto(new URL(`${provider}?error=access_denied&state=forged`, signIn).href);
  await lookAt('provider-failed');

  await page.goto(signIn);
  await tabTo(page, 'form[action="/signin/out"] button');
  await press(page, 'Enter');
  const signedOutAs = await page.textContent('.who');
  await page.context().clearCookies();
  await tabTo(page, '#email');
  await page.keyboard.type(email);
  await press(page, 'Enter');
  await lookAt('form-expired');
  return { signedInAs, signedOutAs };
});
