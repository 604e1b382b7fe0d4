// The life of a client with its grant, the same for every client: it signs in to read, asks for more when a call needs it, outlives its access
// token, loses its grant, and signs in again. Of each stage it tells what came of it, and how many sign-ins there had been by then.
import { describe, options } from './person.mjs';

/**
 * @param {object} client
 * @param {() => number} client.signIns how many there were
 * @param {() => Promise<string[]>} client.list the names of the tools
 * @param {() => Promise<string>} client.write what the writing tool says, for which more scopes are kept from now on
 * @param {() => any} client.outliveAccessToken
 * @param {() => any} client.loseGrant
 */
export async function live(client) {
  const stages = {};
  const reach = async (name, act) => {
    const stage = stages[name] = {};
    try {
      stage.got = await act();
    } catch (error) {
      stage.error = describe(error);
    }
    stage.signIns = client.signIns();
  };
  await reach('signIn', () => client.list());
  await reach('stepUp', () => client.write());
  await reach('refresh', async () => {
    await client.outliveAccessToken();
    return await client.list();
  });
  await reach('revocation', async () => {
    await client.loseGrant();
    return await client.write();
  });
  return stages;
}

/** Ends a grant as its client can: by presenting the refresh token. */
export async function revoke(clientId, refreshToken) {
  if (!clientId || !refreshToken) throw new Error(`Nothing to revoke: client ${clientId}, refresh token ${typeof refreshToken}.`);
  const body = new URLSearchParams({ client_id: clientId, token: refreshToken, token_type_hint: 'refresh_token' });
  const response = await fetch(new URL('/oauth/revoke', options.url), { method: 'POST', body });
  if (!response.ok) throw new Error(`The revocation answered ${response.status}: ${await response.text()}`);
}

/** The text of a tool's result. */
export function textOf(result) {
  const text = result.content?.map(block => block.text).join('\n');
  if (result.isError) throw new Error(`The tool failed: ${text}`);
  return text;
}
