using System.Net;
using Cortex.Foundation.Storage;
using Cortex.Identity.AuthorizationServer.Storage;
using Cortex.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.JsonWebTokens;
using NUnit.Framework;
using OpenIddict.EntityFrameworkCore.Models;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>Refresh tokens: rotated, single use even when used at once, and a late second use ends the grant.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class RefreshTests(DatabaseDialect dialect)
{
    private AuthorizationServerHost _server = null!;
    private TestClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await AuthorizationServerHost.StartAsync(dialect);
        _client = await TestClient.RegisterAsync(_server);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Refresh_gives_a_new_pair_for_the_same_grant()
    {
        var tokens = await _client.GetTokensAsync();

        var refreshed = await _client.RefreshAsync(tokens.RefreshToken);

        Assert.That(refreshed.Status, Is.EqualTo(HttpStatusCode.OK), refreshed.Json.ToString());
        Assert.That(refreshed.RefreshToken, Is.Not.EqualTo(tokens.RefreshToken));
        var (before, after) = (new JsonWebToken(tokens.AccessToken), new JsonWebToken(refreshed.AccessToken));
        Assert.That(after.Subject, Is.EqualTo(before.Subject));
        Assert.That(after.Audiences, Is.EqualTo(before.Audiences));
        Assert.That(after.GetClaim("scope").Value, Is.EqualTo(before.GetClaim("scope").Value));
        Assert.That(after.Id, Is.Not.EqualTo(before.Id));
    }

    [Test]
    public async Task Refresh_may_ask_for_less()
    {
        var tokens = await _client.GetTokensAsync();

        var refreshed = await _client.RefreshAsync(tokens.RefreshToken, ("scope", "mcp:notes:read"));

        Assert.That(new JsonWebToken(refreshed.AccessToken).GetClaim("scope").Value, Is.EqualTo("mcp:notes:read"));
    }

    [Test]
    public async Task Refresh_can_not_ask_for_more_than_was_granted()
    {
        var client = await TestClient.RegisterAsync(_server);
        var tokens = await client.GetTokensAsync(keepScope: scope => scope != "mcp:notes:write");

        var refreshed = await client.RefreshAsync(tokens.RefreshToken, ("scope", "mcp:notes:read mcp:notes:write"));

        Assert.That(refreshed.Error, Is.EqualTo("invalid_grant").Or.EqualTo("invalid_scope"));
    }

    [Test]
    public async Task Sixteen_parallel_refreshes_are_one_use_with_one_answer_whose_tokens_live_on()
    {
        var tokens = await _client.GetTokensAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => _client.RefreshAsync(tokens.RefreshToken)));

        Assert.That(replies.Select(reply => reply.Status), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(replies.Select(reply => reply.RefreshToken).Distinct().Count(), Is.EqualTo(1));
        Assert.That(replies.Select(reply => reply.AccessToken).Distinct().Count(), Is.EqualTo(1));
        Assert.That(await LiveRefreshTokensOfGrantAsync(tokens), Is.EqualTo(1));
        Assert.That((await _client.RefreshAsync(replies[0].RefreshToken)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Client_whose_reply_was_lost_gets_the_same_tokens_again_and_no_second_branch()
    {
        var tokens = await _client.GetTokensAsync();
        var refreshed = await _client.RefreshAsync(tokens.RefreshToken);
        _server.Time.Advance(TimeSpan.FromSeconds(9));

        var again = await _client.RefreshAsync(tokens.RefreshToken);

        Assert.That((again.Status, again.RefreshToken, again.AccessToken), Is.EqualTo((HttpStatusCode.OK, refreshed.RefreshToken, refreshed.AccessToken)));
        Assert.That(await LiveRefreshTokensOfGrantAsync(tokens), Is.EqualTo(1));
        Assert.That((await _client.RefreshAsync(refreshed.RefreshToken)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Repeated_use_for_something_else_is_refused_and_harms_nobody()
    {
        var tokens = await _client.GetTokensAsync();
        var refreshed = await _client.RefreshAsync(tokens.RefreshToken, ("scope", "mcp:notes:read"));

        var wider = await _client.RefreshAsync(tokens.RefreshToken);

        Assert.That(wider.Error, Is.EqualTo("invalid_grant"));
        Assert.That((await _client.RefreshAsync(refreshed.RefreshToken)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Stolen_token_used_after_the_leeway_ends_the_whole_grant()
    {
        var tokens = await _client.GetTokensAsync();
        var refreshed = await _client.RefreshAsync(tokens.RefreshToken);
        _server.Time.Advance(TimeSpan.FromSeconds(11));

        var reuse = await _client.RefreshAsync(tokens.RefreshToken);

        Assert.That(reuse.Error, Is.EqualTo("invalid_grant"));
        Assert.That((await _client.RefreshAsync(refreshed.RefreshToken)).Error, Is.EqualTo("invalid_grant"));
        Assert.That(await LiveTokensOfGrantAsync(tokens), Is.Zero);
        Assert.That(await _server.HasRecordedAsync("a refresh token was used twice"), _server.AuditLines);
    }

    [Test]
    public async Task Refresh_that_could_not_be_answered_leaves_the_token_unused()
    {
        var tokens = await _client.GetTokensAsync();

        var refused = await _client.RefreshAsync(tokens.RefreshToken, ("resource", "https://elsewhere.example/mcp"));

        Assert.That(refused.Error, Is.EqualTo("invalid_target"));
        Assert.That((await _client.RefreshAsync(tokens.RefreshToken)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Refresh_token_lives_two_weeks_from_its_last_use()
    {
        var tokens = await _client.GetTokensAsync();
        _server.Time.Advance(TimeSpan.FromDays(13));
        var refreshed = await _client.RefreshAsync(tokens.RefreshToken);
        _server.Time.Advance(TimeSpan.FromDays(13));
        var again = await _client.RefreshAsync(refreshed.RefreshToken);
        _server.Time.Advance(TimeSpan.FromDays(15));

        Assert.That(again.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await _client.RefreshAsync(again.RefreshToken)).Error, Is.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task Refresh_token_of_another_client_is_invalid_grant()
    {
        var tokens = await _client.GetTokensAsync();
        var thief = await TestClient.RegisterAsync(_server);

        Assert.That((await thief.RefreshAsync(tokens.RefreshToken)).Error, Is.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task Used_tokens_are_kept_while_reuse_could_be_told_and_cleared_afterwards()
    {
        var tokens = await _client.GetTokensAsync();
        await _client.RefreshAsync(tokens.RefreshToken);
        var pruning = _server.Services.GetServices<IHostedService>().OfType<TokenPruning>().Single();
        await pruning.PruneAsync(CancellationToken.None);
        var kept = await CountRedeemedAsync();
        _server.Time.Advance(TimeSpan.FromDays(16));

        await pruning.PruneAsync(CancellationToken.None);

        Assert.That((kept, await CountRedeemedAsync()), Is.EqualTo((kept, 0)));
        Assert.That(kept, Is.GreaterThanOrEqualTo(2));
    }

    private Task<int> LiveRefreshTokensOfGrantAsync(TokenReply tokens) => LiveTokensOfGrantAsync(tokens, "urn:ietf:params:oauth:token-type:refresh_token");

    private async Task<int> LiveTokensOfGrantAsync(TokenReply tokens, string? type = null)
    {
        var grant = new JsonWebToken(tokens.AccessToken).GetClaim("oi_au_id").Value;
        await using var scope = _server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AuthorizationDbContext>().Set<OpenIddictEntityFrameworkCoreToken>()
            .CountAsync(token => token.Authorization!.Id == grant && token.Status == "valid" && (type == null || token.Type == type));
    }

    private async Task<int> CountRedeemedAsync()
    {
        await using var scope = _server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AuthorizationDbContext>().Set<OpenIddictEntityFrameworkCoreToken>()
            .CountAsync(token => token.Status == "redeemed");
    }
}
