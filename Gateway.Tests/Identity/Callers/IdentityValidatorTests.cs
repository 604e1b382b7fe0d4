using Cortex.Foundation.Configuration;
using Cortex.Identity.Callers;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Callers;

/// <summary>What the section <c>identity:</c> may say.</summary>
internal sealed class IdentityValidatorTests
{
    [TestCase("{}", null)]
    [TestCase("{ issuers: [{ issuer: 'https://a.example' }, { issuer: 'https://a.example/' }] }", null)]
    [TestCase("{ issuers: [{ issuer: 'http://127.0.0.1:9' }] }", null)]
    [TestCase("{ issuers: [{ issuer: 'http://a.example', allowPlaintext: true }] }", null)]
    [TestCase("{ plans: { free: ['mcp:a'], pro: ['mcp:a', 'mcp:b'] }, defaultPlan: free }", null)]
    [TestCase("{ authorizationServer: { enabled: false } }", "identity")]
    [TestCase("{ authorizationServer: { signIn: [] } }", "identity.authorizationServer.signIn")]
    [TestCase("{ issuers: [{ issuer: 'http://a.example' }] }", "identity.issuers[0].issuer")]
    [TestCase("{ issuers: [{ issuer: 'a.example' }] }", "identity.issuers[0].issuer")]
    [TestCase("{ issuers: [{ issuer: 'https://u:p@a.example' }] }", "identity.issuers[0].issuer")]
    [TestCase("{ issuers: [{ audience: x }] }", "identity.issuers[0].issuer")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', jwksUrl: 'http://a.example/k' }] }", "identity.issuers[0].jwksUrl")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', audience: '' }] }", "identity.issuers[0].audience")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', scopeClaims: [] }] }", "identity.issuers[0].scopeClaims")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', subjectClaim: '' }] }", "identity.issuers[0].subjectClaim")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example' }, { issuer: 'https://a.example' }] }", "identity.issuers[1].issuer")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', preset: keycloak }] }", null)]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', preset: cognito }] }", "identity.issuers[0].preset")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', roleClaims: [groups] }] }", "identity.issuers[0].roleClaims")]
    [TestCase("{ issuers: [{ issuer: 'https://login.microsoftonline.com/common/v2.0', preset: entraId }] }", "identity.issuers[0].issuer")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', introspection: { url: 'https://a.example/i', clientId: g, clientSecret: '${env:TEST_SECRET}' } }] }", null)]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', introspection: { url: 'http://a.example/i', clientId: g, clientSecret: '${env:TEST_SECRET}' } }] }", "identity.issuers[0].introspection.url")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', introspection: { url: 'https://a.example/i', clientSecret: '${env:TEST_SECRET}' } }] }", "identity.issuers[0].introspection.clientId")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', introspection: { url: 'https://a.example/i', clientId: g } }] }", "identity.issuers[0].introspection.clientSecret")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', introspection: { url: 'https://a.example/i', clientId: g, clientSecret: '${env:TEST_SECRET}', cacheFor: 1h } }] }", "identity.issuers[0].introspection.cacheFor")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', browserClient: { clientId: c } }] }", null)]
    [TestCase("{ authorizationServer: { enabled: false }, issuers: [{ issuer: 'https://a.example', browserClient: { clientId: c } }] }", null)]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', browserClient: {} }] }", "identity.issuers[0].browserClient.clientId")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', browserClient: { clientId: c, scopes: [email] } }] }", "identity.issuers[0].browserClient.scopes")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example', browserClient: { clientId: c, name: 'A/b' } }] }", "identity.issuers[0].browserClient")]
    [TestCase("{ issuers: [{ issuer: 'https://a.example/1', browserClient: { clientId: c } }, { issuer: 'https://a.example/2', browserClient: { clientId: c } }] }", "identity.issuers[1].browserClient.name")]
    [TestCase("{ authorizationServer: { providers: { sso: { issuer: 'https://a.example', clientId: c } } }, issuers: [{ issuer: 'https://a.example', browserClient: { clientId: c } }] }", "identity.issuers[0].browserClient")]
    [TestCase("{ requiredScopes: ['cortex:admin'] }", "identity.requiredScopes")]
    [TestCase("{ defaultScopes: [offline_access] }", "identity.defaultScopes")]
    [TestCase("{ defaultPlan: gold }", "identity.defaultPlan")]
    [TestCase("{ keys: { lifetime: 30d, announcement: 1h, overlap: 20d } }", null)]
    [TestCase("{ keys: { lifetime: 1h, announcement: 10m } }", "identity.keys.lifetime")]
    [TestCase("{ keys: { announcement: 1m } }", "identity.keys.announcement")]
    [TestCase("{ keys: { lifetime: 2d, announcement: 2d } }", "identity.keys.announcement")]
    [TestCase("{ keys: { overlap: 14d } }", "identity.keys.overlap")]
    [TestCase("{ plans: { all: ['mcp:*'], notes: ['mcp:notes:*'] } }", null)]
    [TestCase("{ plans: { free: ['mcp:*:read'] } }", "identity.plans.free")]
    [TestCase("{ plans: { free: { scopes: ['mcp:*:read'] } } }", "identity.plans.free")]
    [TestCase("{ plans: { free: { displayName: 'Free of charge', scopes: ['mcp:notes:*'] } } }", null)]
    [TestCase("{ plans: { free: { displayName: '', scopes: ['mcp:notes:*'] } } }", "identity.plans.free.displayName")]
    [TestCase("{ plans: { free: { title: Free } } }", "identity.plans.free.title")]
    [TestCase("{ plans: { free: 'mcp:notes:*' } }", "identity.plans.free")]
    [TestCase("{ plans: { free: ['*'] } }", "identity.plans.free")]
    [TestCase("{ plans: { free: ['mcp:no*'] } }", "identity.plans.free")]
    [TestCase("{ plans: { free: ['not a scope'] } }", "identity.plans.free[0]")]
    [TestCase("{ plans: { ' free ': ['mcp:a'] } }", "identity.plans. free ")]
    [TestCase("{ authorizationServer: { signIn: [magic] } }", "identity.authorizationServer.signIn[0]")]
    [TestCase("{ authorizationServer: { signIn: [magicLink], smtp: { host: mail.example, from: a@b.example } } }", null)]
    [TestCase("{ authorizationServer: { signIn: [magicLink], smtp: { host: 127.0.0.1, security: none, from: 'Cortex <a@b.example>' } } }", null)]
    [TestCase("{ authorizationServer: { signIn: [magicLink], smtp: { host: mail.example, security: none, allowPlaintext: true, from: a@b.example } } }", null)]
    [TestCase("{ authorizationServer: { signIn: [magicLink] } }", "identity.authorizationServer.smtp")]
    [TestCase("{ authorizationServer: { smtp: { from: a@b.example } } }", "identity.authorizationServer.smtp.host")]
    [TestCase("{ authorizationServer: { smtp: { host: 'mail.example:25', from: a@b.example } } }", "identity.authorizationServer.smtp.host")]
    [TestCase("{ authorizationServer: { smtp: { host: mail.example, security: none, from: a@b.example } } }", "identity.authorizationServer.smtp.security")]
    [TestCase("{ authorizationServer: { smtp: { host: mail.example, port: 0, from: a@b.example } } }", "identity.authorizationServer.smtp.port")]
    [TestCase("{ authorizationServer: { smtp: { host: mail.example } } }", "identity.authorizationServer.smtp.from")]
    [TestCase("{ authorizationServer: { smtp: { host: mail.example, from: nobody } } }", "identity.authorizationServer.smtp.from")]
    [TestCase("{ authorizationServer: { smtp: { host: mail.example, username: u, from: a@b.example } } }", "identity.authorizationServer.smtp")]
    [TestCase("{ authorizationServer: { smtp: { host: mail.example, timeout: 1h, from: a@b.example } } }", "identity.authorizationServer.smtp.timeout")]
    [TestCase("{ authorizationServer: { signIn: [oidc], providers: { sso: { issuer: 'https://a.example', clientId: c } } } }", null)]
    [TestCase("{ authorizationServer: { signIn: [oidc] } }", "identity.authorizationServer.providers")]
    [TestCase("{ authorizationServer: { providers: { 'a/b': { issuer: 'https://a.example', clientId: c } } } }", "identity.authorizationServer.providers.a/b")]
    [TestCase("{ authorizationServer: { providers: { sso: { issuer: 'http://a.example', clientId: c } } } }", "identity.authorizationServer.providers.sso.issuer")]
    [TestCase("{ authorizationServer: { providers: { sso: { issuer: 'https://a.example' } } } }", "identity.authorizationServer.providers.sso.clientId")]
    [TestCase("{ authorizationServer: { providers: { sso: { issuer: 'https://a.example', clientId: c, scopes: [email] } } } }", "identity.authorizationServer.providers.sso.scopes")]
    [TestCase("{ authorizationServer: { providers: { sso: { issuer: 'https://a.example', clientId: c, allowedDomains: ['@b'] } } } }", "identity.authorizationServer.providers.sso.allowedDomains")]
    [TestCase("{ authorizationServer: { providers: { sso: { issuer: 'https://a.example', clientId: c, claims: { role: '' } } } } }", "identity.authorizationServer.providers.sso.claims")]
    [TestCase("{ authorizationServer: { providers: { a: { issuer: 'https://a.example', clientId: c }, b: { issuer: 'https://a.example', clientId: d } } } }", "identity.authorizationServer.providers.b.issuer")]
    [TestCase("{ requiredScopes: ['not a scope'] }", "identity.requiredScopes[0]")]
    [TestCase("{ authorizationServer: { clients: [{ id: app, redirectUris: ['https://a.example/cb'] }] } }", null)]
    [TestCase("{ authorizationServer: { clients: [{ id: job, jwksUrl: 'https://a.example/k', grants: [client_credentials], scopes: ['mcp:a'] }] } }", null)]
    [TestCase("{ authorizationServer: { clients: [{ id: 'a b', redirectUris: ['https://a.example/cb'] }] } }", "identity.authorizationServer.clients[0].id")]
    [TestCase("{ authorizationServer: { clients: [{ id: cortex-gateway, redirectUris: ['https://a.example/cb'] }] } }", "identity.authorizationServer.clients[0].id")]
    [TestCase("{ authorizationServer: { clients: [{ id: c_0123, redirectUris: ['https://a.example/cb'] }] } }", "identity.authorizationServer.clients[0].id")]
    [TestCase("{ authorizationServer: { clients: [{ id: app }] } }", "identity.authorizationServer.clients[0]")]
    [TestCase("{ authorizationServer: { clients: [{ id: app, redirectUris: ['http://a.example/cb'] }] } }", "identity.authorizationServer.clients[0].redirectUris[0]")]
    [TestCase("{ authorizationServer: { clients: [{ id: app, redirectUris: ['https://a.example/cb'], grants: [password] }] } }", "identity.authorizationServer.clients[0].grants[0]")]
    [TestCase("{ authorizationServer: { clients: [{ id: job, grants: [client_credentials], scopes: ['mcp:a'] }] } }", "identity.authorizationServer.clients[0]")]
    [TestCase("{ authorizationServer: { clients: [{ id: job, jwksUrl: 'https://a.example/k', grants: [client_credentials] }] } }", "identity.authorizationServer.clients[0]")]
    [TestCase("{ authorizationServer: { clients: [{ id: job, jwksUrl: 'http://a.example/k', grants: [client_credentials], scopes: ['mcp:a'] }] } }", "identity.authorizationServer.clients[0].jwksUrl")]
    [TestCase("{ authorizationServer: { clients: [{ id: job, jwks: '{}', grants: [client_credentials], scopes: ['mcp:a'] }] } }", "identity.authorizationServer.clients[0].jwks")]
    [TestCase("{ authorizationServer: { clients: [{ id: app, redirectUris: ['https://a.example/cb'], scopes: ['cortex:catalog'] }] } }", "identity.authorizationServer.clients[0].scopes")]
    [TestCase("{ authorizationServer: { refreshReuseLeeway: 5m } }", "identity.authorizationServer.refreshReuseLeeway")]
    public async Task Section_is_judged(string identity, string? faultyPath)
    {
        var file = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"{Guid.NewGuid():N}.yaml");
        await File.WriteAllTextAsync(file, $"identity: {identity}\n");
        try
        {
            var errors = Errors(file);
            Assert.That(errors.Select(error => error.Path), Is.EqualTo(faultyPath is null ? Array.Empty<string>() : [faultyPath]));
            Assert.That(errors.Select(error => error.Mend), Has.All.Not.Empty);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static IReadOnlyList<ConfigurationError> Errors(string file)
    {
        try
        {
            LiveConfiguration.Load(file, [CallersRegistration.Section], new Dictionary<string, string?> { ["TEST_SECRET"] = "a secret of the tests" });
            return [];
        }
        catch (ConfigurationException exception)
        {
            return exception.Errors;
        }
    }
}
