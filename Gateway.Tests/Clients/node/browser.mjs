#!/usr/bin/env node
// Stands in for the system's browser (BROWSER=...): signs in without one, then opens the redirect as a browser would.
import { signIn } from './browserless.mjs';

const scopes = process.env.SCOPES?.split(' ');
const redirect = await signIn(process.argv[2], {
  email: process.env.EMAIL ?? 'ada@example.com',
  keepScope: scopes && (scope => scopes.includes(scope)),
});
const response = await fetch(redirect);
await response.text();
process.exit(response.ok ? 0 : 1);
