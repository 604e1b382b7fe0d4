// npm oidc-provider as a token endpoint that exchanges tokens (RFC 8693), on loopback and a free port, which it prints as {"issuer": "..."}. The clients `basic` and
// `post` show their secret in that way. argv[2]: JSON, whose tokens are taken: {issuer: address of its keys}. A subject token must be for this very endpoint, or name no such audience
// and be a plain access token. Access tokens are JWTs for the resource that is asked for, with `acts_for`: the subject. Below /test: POST settings {accessSeconds, error}; GET counts.
import { createServer } from 'node:http';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import Provider, { errors } from 'oidc-provider';

const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';
const tokenType = 'urn:ietf:params:oauth:token-type:';
const trusted = JSON.parse(process.argv[2]);
const settings = { accessSeconds: 3600, error: null };
const counts = { asked: 0, given: 0 };

console.log = console.error;
const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const client = method => ({
    client_id: method, client_secret: 'a secret: of the gateway', token_endpoint_auth_method: `client_secret_${method}`,
    grant_types: [grantType], redirect_uris: [], response_types: [],
  });
  const provider = new Provider(issuer, {
    clients: [client('basic'), client('post')],
    features: { resourceIndicators: { enabled: true, getResourceServerInfo: () => { throw new errors.InvalidTarget(); } } },
    extraTokenClaims: ctx => ({ acts_for: ctx.actsFor }),
    cookies: { keys: ['only for tests'] },
  });
  provider.registerGrantType(
    grantType, ctx => exchange(provider, ctx, issuer), ['subject_token', 'subject_token_type', 'requested_token_type', 'audience', 'resource', 'scope'], ['resource']);
  server.on('request', (request, response) => {
    if (!request.url.startsWith('/test/')) return provider.callback()(request, response);
    let body = '';
    request.on('data', part => { body += part; });
    request.on('end', () => {
      Object.assign(settings, body ? JSON.parse(body) : {});
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(counts));
    });
  });
  process.stdout.write(JSON.stringify({ issuer }) + '\n');
});

async function exchange(provider, ctx, issuer) {
  counts.asked += 1;
  const { subject_token: subject, subject_token_type: type, audience, resource, scope } = ctx.oidc.params;
  if (settings.error) throw Object.assign(new errors.InvalidTarget(), { error: settings.error });
  try {
    const from = decodeJwt(subject).iss;
    const keys = createRemoteJWKSet(new URL(trusted[from]));
    const { payload } = await jwtVerify(subject, keys, { issuer: from, ...(type === `${tokenType}jwt` ? { audience: `${issuer}/token` } : {}) });
    ctx.actsFor = payload.sub;
  } catch (error) {
    throw new errors.InvalidRequest(`subject_token: ${error.message}`);
  }
  const token = new provider.ClientCredentials({ client: ctx.oidc.client, scope });
  const target = resource ?? audience;
  token.resourceServer = new provider.ResourceServer(target, { scope: scope ?? '', audience: target, accessTokenFormat: 'jwt', accessTokenTTL: settings.accessSeconds });
  ctx.oidc.entity('ClientCredentials', token);
  const value = await token.save();
  counts.given += 1;
  ctx.body = { access_token: value, issued_token_type: `${tokenType}access_token`, token_type: 'Bearer', expires_in: token.expiration, scope };
}
