// What every client script shares: its options, an OAuth provider that signs in without a browser, and the one line of output.
import { parseArgs } from 'node:util';
import { signIn } from './browserless.mjs';

/**
 * Options by argument: --url, --email, --scopes "a b" (those to keep ticked), --token, --tool, --args JSON, --step-up "a b", --mode auto|legacy;
 * --login of an account at a provider, --mailbox where mailed links can be picked up, --journey for the life of a grant instead of one call;
 * for behaviours also --sdk legacy|modern, --level of logs, --uri of a resource, --timeout
 * of a call in milliseconds, --bridge Gateway.dll to go there by `cortex stdio`.
 */
export const options = parseArgs({
  options: {
    url: { type: 'string' },
    email: { type: 'string', default: process.env.EMAIL ?? 'ada@example.com' },
    login: { type: 'string', default: process.env.LOGIN },
    mailbox: { type: 'string', default: process.env.MAILBOX },
    journey: { type: 'boolean', default: false },
    scopes: { type: 'string', default: process.env.SCOPES },
    token: { type: 'string' },
    tool: { type: 'string' },
    args: { type: 'string', default: '{}' },
    'step-up': { type: 'string' },
    mode: { type: 'string' },
    sdk: { type: 'string' },
    level: { type: 'string' },
    uri: { type: 'string' },
    bridge: { type: 'string' },
    timeout: { type: 'string', default: '20000' },
  },
}).values;

const keeper = scopes => (scopes === undefined ? undefined : scope => scopes.split(' ').includes(scope));

/** An OAuthClientProvider of either SDK: keeps everything in memory and walks through the pages itself. */
export class Person {
  redirectUrl = 'http://127.0.0.1:47113/callback';
  clientMetadata = {
    client_name: 'Cortex client test',
    redirect_uris: [this.redirectUrl],
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    token_endpoint_auth_method: 'none',
  };
  scopes = options.scopes;
  /** What was asked for, sign-in by sign-in. */
  authorizations = [];
  #kept = {};

  state() { return crypto.randomUUID(); }
  clientInformation() { return this.#kept.client; }
  saveClientInformation(client) { this.#kept.client = client; }
  tokens() { return this.#kept.tokens; }
  saveTokens(tokens) { this.#kept.tokens = tokens; }
  saveCodeVerifier(verifier) { this.#kept.verifier = verifier; }
  codeVerifier() { return this.#kept.verifier; }
  invalidateCredentials(what) {
    if (what === 'all') this.#kept = {};
    else delete this.#kept[what];
  }

  /** Makes the access token one that counts no more, as after its ten minutes. */
  outliveAccessToken() { this.#kept.tokens = { ...this.#kept.tokens, access_token: 'ended' }; }

  async redirectToAuthorization(url) {
    const asked = url.searchParams;
    this.redirect = await signIn(url, { ...options, keepScope: keeper(this.scopes) });
    if (this.redirect.searchParams.get('state') !== asked.get('state')) throw new Error('The state came back changed.');
    this.authorizations.push({
      scope: asked.get('scope'),
      resource: asked.get('resource'),
      challengeMethod: asked.get('code_challenge_method'),
      error: this.redirect.searchParams.get('error'),
    });
  }
}

export const describe = error => ({
  name: error?.constructor?.name ?? typeof error,
  message: String(error?.message ?? error),
  ...(error?.code !== undefined && { code: error.code }),
  ...(error?.data !== undefined && { data: error.data }),
  ...(error?.requiredScope !== undefined && { requiredScope: error.requiredScope }),
});

/** Prints the one line of JSON and ends the process. */
export function report(seen) {
  process.stdout.write(JSON.stringify(seen) + '\n', () => process.exit(0));
}
