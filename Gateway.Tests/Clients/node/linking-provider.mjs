// npm oidc-provider as the authorization server of a third party, on loopback and a free port, which it prints as {"issuer": "..."}: dynamic registration,
// resource indicators with JWTs, refresh tokens that count once, revocation. Accounts: anyone; the forms of its development pages ask for a login and
// take any password. Below /test: POST settings {accessSeconds}; POST revoke {account}; POST forget-clients; GET counts.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const settings = { accessSeconds: 3600 };
const counts = { authorization_code: 0, refresh_token: 0, refused: 0, registrations: 0, revocations: 0 };
const grants = new Map();
const clients = new Set();

console.log = console.error;
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    features: {
      registration: { enabled: true },
      revocation: { enabled: true },
      introspection: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) =>
          ({ scope: 'read write admin', audience: resource, accessTokenFormat: 'jwt', accessTokenTTL: settings.accessSeconds }),
        useGrantedResource: () => true,
      },
    },
    rotateRefreshToken: true,
    pkce: { required: () => true },
    cookies: { keys: ['only for tests'] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id }) }),
  });
  provider.on('grant.success', ({ oidc }) => {
    counts[oidc.params.grant_type] += 1;
    const { accountId, grantId } = oidc.entities.AccessToken;
    grants.set(grantId, accountId);
  });
  provider.on('grant.error', () => { counts.refused += 1; });
  provider.on('registration_create.success', (_, client) => { counts.registrations += 1; clients.add(client.clientId); });
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/test/')) {
      if (request.method === 'POST' && request.url === '/token/revocation') counts.revocations += 1;
      return provider.callback()(request, response);
    }
    let body = '';
    request.on('data', part => { body += part; });
    request.on('end', async () => {
      await control(provider, request.url.slice('/test/'.length), body ? JSON.parse(body) : {});
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(counts));
    });
  });
  process.stdout.write(JSON.stringify({ issuer }) + '\n');
});

async function control(provider, what, body) {
  if (what === 'settings') Object.assign(settings, body);
  if (what === 'revoke') {
    for (const [grantId, account] of grants) {
      if (account !== body.account) continue;
      for (const kind of ['AccessToken', 'RefreshToken', 'AuthorizationCode']) await provider[kind].revokeByGrantId(grantId);
      await (await provider.Grant.find(grantId))?.destroy();
    }
  }
  if (what === 'forget-clients') for (const id of clients) await provider.Client.adapter.destroy(id);
}
