using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Cortex.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>A token holds requested ∩ planned ∩ ticked.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class PlannedTokenTests(DatabaseDialect dialect)
{
    private AuthorizationServerHost _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await AuthorizationServerHost.StartAsync(dialect, """
        identity: { plans: { free: ['mcp:notes:read'], pro: ['mcp:notes:*'], none: [] }, defaultPlan: pro }
        """);

    [OneTimeTearDown]
    public ValueTask StopAsync() => _server.DisposeAsync();

    [Test]
    public async Task Consent_offers_and_the_token_holds_what_the_plan_holds()
    {
        await GiveAsync("alice@example.com", "free");
        var client = await TestClient.RegisterAsync(_server);
        var offered = new List<string>();

        var tokens = await client.GetTokensAsync(keepScope: scope =>
        {
            offered.Add(scope);
            return true;
        });

        Assert.That(offered, Does.Contain("mcp:notes:read").And.No.Member("mcp:notes:write"));
        Assert.That(ScopeOf(tokens), Is.EqualTo("mcp:notes:read offline_access"));
    }

    [Test]
    public async Task Refresh_follows_the_plan_down_and_up_within_what_was_consented_to()
    {
        const string email = "bob@example.com";
        var client = await TestClient.RegisterAsync(_server);
        var first = await client.ExchangeAsync(await client.GetCodeAsync(email: email));

        await GiveAsync(email, "free");
        var down = await client.RefreshAsync(first.RefreshToken);
        await GiveAsync(email, "pro");
        var up = await client.RefreshAsync(down.RefreshToken);

        Assert.That(
            (ScopeOf(first), ScopeOf(down), ScopeOf(up)),
            Is.EqualTo(("mcp:notes:read mcp:notes:write offline_access", "mcp:notes:read offline_access", "mcp:notes:read mcp:notes:write offline_access")));
        Assert.That(down.Text("scope"), Is.EqualTo("mcp:notes:read offline_access"), "the client is told of what it got");
    }

    [Test]
    public async Task Plan_that_holds_nothing_of_what_was_asked_for_is_access_denied()
    {
        await GiveAsync("carol@example.com", "none");
        var client = await TestClient.RegisterAsync(_server);

        var answer = await client.AuthorizeAsync(email: "carol@example.com");

        Assert.That(answer["error"], Is.EqualTo("access_denied"));
        Assert.That(answer["error_description"], Does.Contain("plan"));
    }

    [Test]
    public async Task Disabled_person_gets_neither_a_code_nor_a_refresh()
    {
        const string email = "dave@example.com";
        var client = await TestClient.RegisterAsync(_server);
        var tokens = await client.ExchangeAsync(await client.GetCodeAsync(email: email));
        await _server.Services.GetRequiredService<PersonRecords>().SetDisabledAsync(await PersonAsync(email), true, CancellationToken.None);

        var answer = await client.AuthorizeAsync(email: email);
        var refreshed = await client.RefreshAsync(tokens.RefreshToken);

        Assert.That((answer["error"], refreshed.Error), Is.EqualTo(("access_denied", "invalid_grant")));
    }

    private static string ScopeOf(TokenReply tokens) => new JsonWebToken(tokens.AccessToken).GetClaim("scope").Value;

    private async Task GiveAsync(string email, string plan) => await _server.Services.GetRequiredService<PersonPlans>()
        .SetAsync(new PlanDecision(await PersonAsync(email), plan, "test", null), CancellationToken.None);

    private async Task<PersonId> PersonAsync(string email) => (await _server.Services.GetRequiredService<PersonStore>().EnsureAsync(
        _server.Issuer, $"development|{email}", new PersonClaims(email, true, null, null, null), CancellationToken.None)).Id;
}
