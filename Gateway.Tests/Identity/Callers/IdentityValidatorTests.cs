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
    [TestCase("{ requiredScopes: ['cortex:admin'] }", "identity.requiredScopes")]
    [TestCase("{ defaultScopes: [offline_access] }", "identity.defaultScopes")]
    [TestCase("{ defaultPlan: gold }", "identity.defaultPlan")]
    [TestCase("{ plans: { all: ['mcp:*'], notes: ['mcp:notes:*'] } }", null)]
    [TestCase("{ plans: { free: ['mcp:*:read'] } }", "identity.plans.free")]
    [TestCase("{ plans: { free: ['*'] } }", "identity.plans.free")]
    [TestCase("{ plans: { free: ['mcp:no*'] } }", "identity.plans.free")]
    [TestCase("{ plans: { free: ['not a scope'] } }", "identity.plans.free[0]")]
    [TestCase("{ plans: { ' free ': ['mcp:a'] } }", "identity.plans. free ")]
    [TestCase("{ authorizationServer: { signIn: [magic] } }", "identity.authorizationServer.signIn[0]")]
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
            LiveConfiguration.Load(file, [CallersRegistration.Section], new Dictionary<string, string?>());
            return [];
        }
        catch (ConfigurationException exception)
        {
            return exception.Errors;
        }
    }
}
