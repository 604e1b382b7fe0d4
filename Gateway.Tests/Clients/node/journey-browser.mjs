#!/usr/bin/env node
// Stands in for the system's browser (BROWSER=...) of a journey through mcp-remote. That one takes a browser which fails within half a second for
// one that is missing, and opens the same address again in the next it knows; and in the middle of a session it opens the address before it listens
// for the answer. So this browser comes back at once, as real ones do, and a process of its own signs in: once for each state, one after the other,
// since they share a mailbox, and knocking at the redirect URI until somebody listens there.
// JOURNEY is its folder: `scopes` in it holds the scopes to keep ticked now, `sign-ins` gets a line of JSON for each sign-in that came back.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, openSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { signIn } from './browserless.mjs';

const PATIENCE_MS = 60_000;

const { EMAIL, LOGIN, MAILBOX, JOURNEY } = process.env;
const [address, worker] = process.argv.slice(2);
if (worker) await work();
else if (claim(`state-${createHash('sha256').update(new URL(address).searchParams.get('state')).digest('hex')}`)) {
  const log = openSync(join(JOURNEY, 'browser.log'), 'a');
  spawn(process.execPath, [fileURLToPath(import.meta.url), address, 'worker'], { detached: true, stdio: ['ignore', log, log] }).unref();
}

async function work() {
  await until(() => claim('busy'));
  try {
    const scopes = readFileSync(join(JOURNEY, 'scopes'), 'utf8').split(' ');
    const redirect = await signIn(address, { email: EMAIL, login: LOGIN, mailbox: MAILBOX, keepScope: scope => scopes.includes(scope) });
    await until(() => listens(redirect));
    appendFileSync(join(JOURNEY, 'sign-ins'), JSON.stringify({ asked: new URL(address).searchParams.get('scope'), error: redirect.searchParams.get('error') }) + '\n');
    await (await fetch(redirect)).text();
  } finally {
    rmdirSync(join(JOURNEY, 'busy'));
  }
}

/** True for the one process that makes this folder. */
function claim(name) {
  try {
    mkdirSync(join(JOURNEY, name));
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** True when a connection to the address's port can be made; nothing is asked there yet. */
async function listens(url) {
  try {
    await (await fetch(new URL('/', url))).text();
    return true;
  } catch {
    return false;
  }
}

async function until(holds) {
  for (const deadline = Date.now() + PATIENCE_MS; Date.now() < deadline;) {
    if (await holds()) return;
    await new Promise(resolve => setTimeout(resolve, 20));
  }
  throw new Error('Waited in vain.');
}
