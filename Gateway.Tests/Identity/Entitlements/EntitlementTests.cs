using System.Net;
using Cortex.Foundation.Model;
using Cortex.Identity.Entitlements;
using Cortex.Tests.Identity.Callers;
using Cortex.Tests.Identity.Minting;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Entitlements;

/// <summary>Effective scopes = token ∩ plan.</summary>
internal sealed class EntitlementTests
{
    [Test]
    public async Task Without_a_plan_the_token_alone_decides_and_reserved_scopes_never_count()
    {
        await using var host = await IdentityHost.StartAsync();

        var caller = await host.WhoAmIAsync(await host.TokenAsync(("scope", "mcp:a cortex:admin mcp:b")));

        Assert.That(caller.GetProperty("scopes").GetString(), Is.EqualTo("mcp:a mcp:b"));
        Assert.That(caller.GetProperty("plan").GetString(), Is.Null);
    }

    [Test]
    public async Task Default_plan_limits_persons_of_every_issuer_but_no_machine()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var host = await IdentityHost.StartAsync(
            $"{{ issuers: [{{ issuer: '{issuer.Issuer}' }}], plans: {{ free: ['mcp:a', 'cortex:admin'] }}, defaultPlan: free }}");

        var embedded = await host.WhoAmIAsync(await host.TokenAsync(("scope", "mcp:a mcp:b cortex:admin")));
        var external = await host.WhoAmIAsync(issuer.Token(host, ("scope", "mcp:a mcp:b")));
        var machine = await host.WhoAmIAsync(issuer.Token(host, ("scope", "mcp:a mcp:b"), ("sub", "agent")));

        Assert.That(embedded.GetProperty("scopes").GetString(), Is.EqualTo("mcp:a"));
        Assert.That(external.GetProperty("scopes").GetString(), Is.EqualTo("mcp:a"));
        Assert.That(external.GetProperty("plan").GetString(), Is.EqualTo("free"));
        Assert.That(machine.GetProperty("scopes").GetString(), Is.EqualTo("mcp:a mcp:b"));
    }

    [Test]
    public async Task Changed_plan_acts_at_the_next_call_with_the_same_token()
    {
        await using var host = await IdentityHost.StartAsync("{ plans: { free: ['mcp:a', 'mcp:b'] }, defaultPlan: free }");
        var token = await host.TokenAsync(("scope", "mcp:a mcp:b"));
        await host.WhoAmIAsync(token);

        await host.ReconfigureAsync("{ plans: { free: ['mcp:a'] }, defaultPlan: free }");

        Assert.That((await host.WhoAmIAsync(token)).GetProperty("scopes").GetString(), Is.EqualTo("mcp:a"));
    }

    [Test]
    public async Task Plan_that_lacks_the_floor_is_403_without_a_challenge()
    {
        await using var host = await IdentityHost.StartAsync("{ requiredScopes: ['mcp:base'], plans: { free: ['mcp:a'] }, defaultPlan: free }");

        using var response = await host.CallAsync(await host.TokenAsync(("scope", "mcp:base mcp:a")));

        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That(response.Headers.WwwAuthenticate, Is.Empty);
        Assert.That(await response.Content.ReadAsStringAsync(), Does.Contain("Your plan \\u0027free\\u0027").Or.Contain("Your plan 'free'"));
    }

    [TestCase("mcp:a", typeof(EntitlementDecision.Granted))]
    [TestCase("mcp:planned", typeof(EntitlementDecision.MissingInToken))]
    [TestCase("mcp:b", typeof(EntitlementDecision.NotInPlan))]
    [TestCase("mcp:neither", typeof(EntitlementDecision.NotInPlan))]
    [TestCase("cortex:admin", typeof(EntitlementDecision.NotInPlan))]
    public async Task Decision_tells_what_would_help(string scope, Type decision)
    {
        await using var host = await IdentityHost.StartAsync("{ plans: { free: ['mcp:a', 'mcp:planned'] }, defaultPlan: free }");
        var caller = MintingTests.Caller(host, await host.AddPersonAsync()) with
        {
            TokenScopes = ScopeSet.ParseLenient("mcp:a mcp:b"),
            Scopes = ScopeSet.ParseLenient("mcp:a"),
            Plan = "free",
        };

        Assert.That(host.Services.GetRequiredService<EntitlementPolicy>().Decide(caller, Scope.Parse(scope)), Is.TypeOf(decision));
    }

    [Test]
    public async Task Without_a_plan_a_missing_scope_is_for_consent_to_grant()
    {
        await using var host = await IdentityHost.StartAsync();
        var caller = MintingTests.Caller(host, await host.AddPersonAsync());

        Assert.That(
            host.Services.GetRequiredService<EntitlementPolicy>().Decide(caller, Scope.Parse("mcp:c")),
            Is.EqualTo(new EntitlementDecision.MissingInToken(Scope.Parse("mcp:c"))));
    }
}
