// The way of every client, whichever SDK: connect (signing in when asked to), list all tools, call one, and tell what was seen.
import { live, revoke, textOf } from './journey.mjs';
import { Person, describe, options, report } from './person.mjs';

/**
 * @param {object} sdk
 * @param {() => any} sdk.createClient
 * @param {(settings: object) => any} sdk.createTransport
 * @param {any} sdk.UnauthorizedError
 * @param {(client: any, transport: any) => string|undefined} sdk.protocolVersion
 */
export async function run(sdk) {
  const person = new Person();
  if (options.journey) return report({ stages: await live(traveller(sdk, person)) });
  const seen = { authorizations: person.authorizations, challenges: [], progress: [] };
  try {
    const { client, transport } = await connect(sdk, person, seen);
    seen.protocolVersion = sdk.protocolVersion(client, transport);
    seen.serverInfo = client.getServerVersion();
    seen.instructions = client.getInstructions();
    seen.sessionId = transport.sessionId ?? null;
    seen.tools = await listAll(client);
    if (options.tool) seen.result = await call(sdk, client, transport, person, seen);
    await client.close();
  } catch (error) {
    seen.error = describe(error);
  }
  seen.grantedScope = person.tokens()?.scope ?? null;
  seen.accessToken = person.tokens()?.access_token ?? null;
  report(seen);
}

/** The client of a journey: it closes its connection before its grant is revoked, and comes back afterwards. */
function traveller(sdk, person) {
  const seen = { challenges: [], progress: [] };
  let open;
  const opened = async () => (open ??= await connect(sdk, person, seen));
  return {
    signIns: () => person.authorizations.length,
    list: async () => (await listAll((await opened()).client)).map(tool => tool.name),
    write: async () => textOf(await call(sdk, (await opened()).client, open.transport, person, seen)),
    outliveAccessToken: () => person.outliveAccessToken(),
    async loseGrant() {
      await open.client.close();
      open = undefined;
      await revoke(person.clientInformation().client_id, person.tokens().refresh_token);
    },
  };
}

async function connect(sdk, person, seen) {
  const settings = {
    fetch: noticing(seen.challenges),
    ...(options.token ? { requestInit: { headers: { authorization: `Bearer ${options.token}` } } } : { authProvider: person }),
  };
  for (let attempt = 0; ; attempt++) {
    const client = sdk.createClient();
    const transport = sdk.createTransport(settings);
    try {
      await client.connect(transport);
      return { client, transport };
    } catch (error) {
      if (!(error instanceof sdk.UnauthorizedError) || attempt > 0 || !person.redirect) throw error;
      await finish(transport, person);
    }
  }
}

/** fetch, noting every WWW-Authenticate that comes back. */
const noticing = challenges => async (input, init) => {
  const response = await fetch(input, init);
  const challenge = response.headers.get('www-authenticate');
  if (challenge) challenges.push({ status: response.status, challenge });
  return response;
};

async function listAll(client) {
  const tools = [];
  let cursor;
  do {
    const page = await client.listTools(cursor === undefined ? undefined : { cursor });
    tools.push(...page.tools);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return tools;
}

async function call(sdk, client, transport, person, seen) {
  const request = { name: options.tool, arguments: JSON.parse(options.args) };
  const settings = { onprogress: progress => seen.progress.push(progress) };
  const send = () => sdk.callTool(client, request, settings);
  person.scopes = options['step-up'] ?? person.scopes;
  try {
    return await send();
  } catch (error) {
    if (!(error instanceof sdk.UnauthorizedError) || options['step-up'] === undefined) throw error;
    seen.stepUp = describe(error);
    await finish(transport, person);
    return await send();
  }
}

async function finish(transport, person) {
  const code = person.redirect.searchParams.get('code');
  if (!code) throw new Error(`No code came back: ${person.redirect.search}`);
  await transport.finishAuth(code, person.redirect.searchParams.get('iss') ?? undefined);
}
