#!/usr/bin/env node
// Stands in for the system's browser (BROWSER=...): signs in without one, then opens the redirect as a browser would.
// SCOPES_FILE, where given, holds the scopes to keep ticked at this moment.
import { readFileSync } from 'node:fs';
import { signIn } from './browserless.mjs';

const { EMAIL, LOGIN, MAILBOX, SCOPES, SCOPES_FILE } = process.env;
const scopes = (SCOPES_FILE ? readFileSync(SCOPES_FILE, 'utf8') : SCOPES)?.split(' ');
const redirect = await signIn(process.argv[2], {
  email: EMAIL ?? 'ada@example.com',
  login: LOGIN,
  mailbox: MAILBOX,
  keepScope: scopes && (scope => scopes.includes(scope)),
});
const response = await fetch(redirect);
await response.text();
process.exit(response.ok ? 0 : 1);
