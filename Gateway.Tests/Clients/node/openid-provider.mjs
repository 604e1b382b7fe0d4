// npm oidc-provider as the OpenID provider that a company already has, on loopback and a free port, which it prints as {"issuer": "..."}.
// Two accounts; the forms of its development pages ask for a login and take any password. The client `agent` gets access tokens as JWTs, for whatever
// resource it names. argv[2]: the gateway's redirect URI.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const accounts = {
  alice: {
    employee: 'e-1001', name: 'Alice Archer', email: 'alice@corp.example', email_verified: true,
    role: 'editor', department: 'north', realm_access: { roles: ['staff', 'admins'] },
  },
  bob: { employee: 'e-1002', name: 'Bob Baker', email: 'alice@corp.example', email_verified: false },
};

console.log = console.error;
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{
      client_id: 'gateway', client_secret: 'a-secret-of-the-gateway', redirect_uris: [process.argv[2]],
      token_endpoint_auth_method: 'client_secret_post', response_types: ['code'], grant_types: ['authorization_code'],
    }, {
      client_id: 'agent', application_type: 'native', redirect_uris: ['http://127.0.0.1:9/callback'],
      token_endpoint_auth_method: 'none', response_types: ['code'], grant_types: ['authorization_code'],
    }],
    features: {
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_, resource) => ({ scope: 'mcp:notes:read', audience: resource, accessTokenFormat: 'jwt' }),
      },
    },
    extraTokenClaims: (_, token) => ({ employee: accounts[token.accountId]?.employee }),
    claims: { openid: ['sub', 'employee', 'role', 'department', 'realm_access'], profile: ['name'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    cookies: { keys: ['only for tests'] },
    findAccount: (_, id) => accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
  });
  server.on('request', provider.callback());
  process.stdout.write(JSON.stringify({ issuer }) + '\n');
});
