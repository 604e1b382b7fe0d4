using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>What was revoked stops within a second at both replicas, which had validated and cached the token before.</summary>
internal sealed class RevocationTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private TestStorage _storage = null!;
    private GatewayHost _first = null!;
    private GatewayHost _second = null!;
    private HttpClient _here = null!;
    private HttpClient _there = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _storage = await TestStorage.CreateAsync(DatabaseDialect.PostgreSql);
        _first = await GatewayHost.StartAsync("identity: {}", _storage);
        _second = await GatewayHost.StartAsync("identity: {}", _storage, publicUrl: _first.Url);
        _here = new HttpClient { BaseAddress = new Uri(_first.ListensAt) };
        _there = new HttpClient { BaseAddress = new Uri(_second.ListensAt) };
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _here.Dispose();
        _there.Dispose();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Test]
    public async Task Replayed_code_kills_the_access_token_everywhere()
    {
        var client = await RegisterAsync();
        var code = await client.GetCodeAsync(Address(client));
        var tokens = await client.ExchangeAsync(code);
        await RequireAcceptedAsync(tokens.AccessToken);

        var replay = await client.At(_there).ExchangeAsync(code);

        Assert.That(replay.Error, Is.EqualTo("invalid_grant"));
        await RequireRefusedAsync(tokens.AccessToken);
    }

    [Test]
    public async Task Revoked_refresh_token_kills_the_access_token_everywhere()
    {
        var client = await RegisterAsync();
        var tokens = await client.GetTokensAsync(Address(client));
        await RequireAcceptedAsync(tokens.AccessToken);

        await client.At(_there).PresentAsync("/oauth/revoke", tokens.RefreshToken);

        await RequireRefusedAsync(tokens.AccessToken);
    }

    [Test]
    public async Task Revoked_access_token_dies_everywhere_and_the_grant_lives_on()
    {
        var client = await RegisterAsync();
        var tokens = await client.GetTokensAsync(Address(client));
        await RequireAcceptedAsync(tokens.AccessToken);

        await client.PresentAsync("/oauth/revoke", tokens.AccessToken);

        await RequireRefusedAsync(tokens.AccessToken);
        var refreshed = await client.RefreshAsync(tokens.RefreshToken);
        await RequireAcceptedAsync(refreshed.AccessToken);
    }

    [Test]
    public async Task Sixteen_parallel_refreshes_at_two_replicas_are_one_use_with_one_answer()
    {
        var client = await RegisterAsync();
        var tokens = await client.GetTokensAsync(Address(client));

        var replies = await Task.WhenAll(Enumerable.Range(0, 16).Select(n => client.At(n % 2 == 0 ? _here : _there).RefreshAsync(tokens.RefreshToken)));

        Assert.That(replies.Select(reply => reply.Status), Is.All.EqualTo(HttpStatusCode.OK));
        Assert.That(replies.Select(reply => reply.RefreshToken).Distinct().Count(), Is.EqualTo(1));
        await RequireAcceptedAsync(replies[0].AccessToken);
        Assert.That((await client.At(_there).RefreshAsync(replies[0].RefreshToken)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Reused_refresh_token_kills_the_whole_family_everywhere()
    {
        await using var strict = await GatewayHost.StartAsync("identity: { authorizationServer: { refreshReuseLeeway: 0s } }", _storage, publicUrl: _first.Url);
        using var http = new HttpClient { BaseAddress = new Uri(strict.ListensAt) };
        var client = await RegisterAsync();
        var tokens = await client.GetTokensAsync(Address(client));
        var refreshed = await client.At(http).RefreshAsync(tokens.RefreshToken);
        await RequireAcceptedAsync(tokens.AccessToken, refreshed.AccessToken);

        var reuse = await client.At(http).RefreshAsync(tokens.RefreshToken);

        Assert.That(reuse.Error, Is.EqualTo("invalid_grant"));
        await RequireRefusedAsync(tokens.AccessToken, refreshed.AccessToken);
        Assert.That((await client.RefreshAsync(refreshed.RefreshToken)).Error, Is.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task Revocation_outlives_the_process([Values] DatabaseDialect dialect)
    {
        await using var storage = await TestStorage.CreateAsync(dialect);
        string token;
        string url;
        await using (var gateway = await GatewayHost.StartAsync("identity: {}", storage))
        {
            url = gateway.Url;
            using var http = new HttpClient { BaseAddress = new Uri(gateway.ListensAt) };
            var client = await TestClient.RegisterAsync(http, gateway.Url);
            var tokens = await client.GetTokensAsync(client.AuthorizeUrl(("scope", "openid")));
            token = tokens.AccessToken;
            Assert.That(await IsAcceptedAsync(http, token), Is.True);
            await client.PresentAsync("/oauth/revoke", token);
        }

        await using var restarted = await GatewayHost.StartAsync("identity: {}", storage, publicUrl: url);
        using var again = new HttpClient { BaseAddress = new Uri(restarted.ListensAt) };
        Assert.That(await IsAcceptedAsync(again, token), Is.False);
    }

    private Task<TestClient> RegisterAsync() => TestClient.RegisterAsync(_here, _first.Url);

    private static Uri Address(TestClient client) => client.AuthorizeUrl(("scope", "openid offline_access"));

    private async Task RequireAcceptedAsync(params string[] tokens)
    {
        foreach (var token in tokens)
            Assert.That((await IsAcceptedAsync(_here, token), await IsAcceptedAsync(_there, token)), Is.EqualTo((true, true)));
    }

    private async Task RequireRefusedAsync(params string[] tokens)
    {
        var since = Stopwatch.StartNew();
        foreach (var token in tokens)
        {
            while (await IsAcceptedAsync(_here, token) || await IsAcceptedAsync(_there, token))
                Assert.That(since.Elapsed, Is.LessThan(Second));
        }
    }

    private static async Task<bool> IsAcceptedAsync(HttpClient replica, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2025-11-25");
        using var reply = await replica.SendAsync(request);
        return reply.StatusCode != HttpStatusCode.Unauthorized;
    }
}
