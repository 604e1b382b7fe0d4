// A person without a browser: follows an authorize URL with a cookie jar for each host, fills in and posts the HTML forms it meets, opens the
// link it is mailed, and stops at the redirect to the client. Knows of the pages only what a person sees: an e-mail field, a login, ticked
// scopes, an "allow" button.

const MAX_STEPS = 30;
const MAIL_PATIENCE_MS = 30_000;

/**
 * @param {URL|string} authorizeUrl
 * @param {{email: string, login?: string, mailbox?: string, keepScope?: (scope: string) => boolean}} person login: the account at a provider;
 *   mailbox: where the links mailed to them can be picked up; keepScope decides which scopes stay ticked; default: as the page shows them
 * @returns {Promise<URL>} the redirect URI with its query
 */
export async function signIn(authorizeUrl, person) {
  const redirectUri = new URL(authorizeUrl).searchParams.get('redirect_uri');
  const jars = new Map();
  let request = { url: new URL(authorizeUrl), method: 'GET' };
  for (let step = 0; step < MAX_STEPS; step++) {
    const response = await send(request, jars);
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location) {
      const target = new URL(location, request.url);
      await response.body?.cancel();
      if (target.href.startsWith(redirectUri)) return target;
      request = { url: target, method: 'GET' };
      continue;
    }
    const html = await response.text();
    if (!response.ok) throw new Error(`${request.method} ${request.url.pathname} answered ${response.status}: ${textOf(html)}`);
    const form = formOf(html);
    if (form) request = fillIn(form, request.url, person);
    else if (person.mailbox) request = { url: await mailedLink(person), method: 'GET' };
    else throw new Error(`No form to fill in at ${request.url.pathname}: ${textOf(html)}`);
  }
  throw new Error(`The sign-in did not end after ${MAX_STEPS} steps.`);
}

/** The newest link that was mailed to the person and not picked up yet. */
async function mailedLink({ email, mailbox }) {
  const deadline = Date.now() + MAIL_PATIENCE_MS;
  while (Date.now() < deadline) {
    const response = await fetch(`${mailbox}?to=${encodeURIComponent(email)}`);
    const link = await response.text();
    if (response.ok) return new URL(link);
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`No mail came to ${email}.`);
}

async function send({ url, method, body }, jars) {
  if (!jars.has(url.hostname)) jars.set(url.hostname, new Map());
  const cookies = jars.get(url.hostname);
  const headers = { accept: 'text/html' };
  if (cookies.size) headers.cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  if (body) {
    headers['content-type'] = 'application/x-www-form-urlencoded';
    headers.origin = url.origin;
  }
  const response = await fetch(url, { method, headers, body, redirect: 'manual' });
  for (const line of response.headers.getSetCookie()) {
    const [pair, ...attributes] = line.split(';');
    const name = pair.slice(0, pair.indexOf('=')).trim();
    const gone = attributes.some(a => /^\s*(max-age=0|expires=thu, 01 jan 1970)/i.test(a));
    if (gone) cookies.delete(name);
    else cookies.set(name, pair.slice(pair.indexOf('=') + 1).trim());
  }
  return response;
}

function formOf(html) {
  const forms = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, attributes, content]) => ({
    attributes: attributesOf(attributes),
    fields: [...content.matchAll(/<(input|button)\b([^>]*)>/gi)].map(([, tag, text]) => ({ tag: tag.toLowerCase(), ...attributesOf(text) })),
  }));
  return forms.find(f => f.fields.some(field => field.value === 'allow'))
    ?? forms.find(f => f.fields.some(field => field.tag === 'input' && field.name === 'email'))
    ?? forms.find(f => f.attributes.method?.toLowerCase() === 'post');
}

function fillIn(form, pageUrl, person) {
  const body = new URLSearchParams();
  for (const field of form.fields.filter(f => f.tag === 'input' && f.name)) {
    const type = (field.type ?? 'text').toLowerCase();
    if (type === 'hidden') body.append(field.name, field.value ?? '');
    else if (type === 'checkbox') {
      const ticked = /scope$/.test(field.name) && person.keepScope ? person.keepScope(field.value) : 'checked' in field;
      if (ticked) body.append(field.name, field.value ?? 'on');
    } else if (type === 'radio') {
      if ('checked' in field) body.append(field.name, field.value);
    } else if (type !== 'submit') body.append(field.name, valueOf(field, person));
  }
  const submits = form.fields.filter(f => f.name && (f.tag === 'button' ? (f.type ?? 'submit') === 'submit' : f.type === 'submit'));
  const submit = submits.find(f => f.value === 'allow') ?? submits[0];
  if (submit) body.append(submit.name, submit.value ?? '');
  return { url: new URL(form.attributes.action ?? '', pageUrl), method: 'POST', body };
}

const valueOf = (field, person) =>
  ({ email: person.email, login: person.login, password: 'any' })[field.name] ?? field.value ?? '';

function attributesOf(text) {
  return Object.fromEntries([...text.matchAll(/([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)]
    .map(([, name, a, b, c]) => [name.toLowerCase(), decode(a ?? b ?? c ?? '')]));
}

function decode(text) {
  const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : decimal ? String.fromCodePoint(+decimal) : named[name] ?? whole);
}

const textOf = html => decode(html.replace(/<(style|script)[\s\S]*?<\/\1>/gi, '').replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')).trim().slice(0, 500);
