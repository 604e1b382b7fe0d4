using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.AuthorizationServer;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>What a person ends at one replica is over at the other within a second, although both had seen and cached it.</summary>
internal sealed class AccountReplicaTests
{
    private TestStorage _storage = null!;
    private CaptureBackend _backend = null!;
    private GatewayHost _first = null!;
    private GatewayHost _second = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _storage = await TestStorage.CreateAsync(DatabaseDialect.PostgreSql);
        _backend = await CaptureBackend.StartAsync();
        _backend.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"), CaptureBackend.Tool("write", "mcp:notes:write"));
        _first = await GatewayHost.StartAsync(AccountHost.Yaml(_backend), _storage);
        _second = await GatewayHost.StartAsync(AccountHost.Yaml(_backend), _storage, publicUrl: _first.Url);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _backend.DisposeAsync();
        await _storage.DisposeAsync();
    }

    [Test]
    public async Task Removed_token_is_refused_everywhere()
    {
        using var alice = await AccountBrowser.SignInAsync(_first, "alice@example.com");
        var token = await alice.MakeTokenAsync("everywhere");
        Assert.That(await McpDoor.IsOpenAsync(_first, token) && await McpDoor.IsOpenAsync(_second, token));

        await alice.SubmitAsync(AccountBrowser.Entry(await alice.OpenAsync(), "everywhere"), "/account/tokens/remove");

        await McpDoor.RequireClosedAsync(token, _first, _second);
    }

    [Test]
    public async Task Disconnected_client_is_refused_everywhere()
    {
        using var bob = await AccountBrowser.SignInAsync(_first, "bob@example.com");
        using var http = new HttpClient { BaseAddress = new Uri(_second.ListensAt) };
        var client = await TestClient.RegisterAsync(http, _first.Url);
        var answer = await BrowserlessSignIn.AuthorizeAsync(bob.Browser, client.AuthorizeUrl(), "unused@example.com", null, CancellationToken.None);
        var tokens = await client.ExchangeAsync(TestClient.ParametersOf(answer)["code"]);
        Assert.That(await McpDoor.IsOpenAsync(_first, tokens.AccessToken) && await McpDoor.IsOpenAsync(_second, tokens.AccessToken));

        await bob.SubmitAsync(await bob.OpenAsync(), "/account/clients/disconnect");

        await McpDoor.RequireClosedAsync(tokens.AccessToken, _first, _second);
        Assert.That((await client.RefreshAsync(tokens.RefreshToken)).Error, Is.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task Signing_out_everywhere_ends_a_session_at_the_other_replica()
    {
        using var here = await AccountBrowser.SignInAsync(_first, "carol@example.com");
        using var there = await AccountBrowser.SignInAsync(_second, "carol@example.com");
        Assert.That((await there.OpenAsync()).Address.AbsolutePath, Is.EqualTo("/account"));

        await here.SubmitAsync(await here.OpenAsync(), "/account/sign-out-everywhere");

        Assert.That((await there.OpenAsync()).Address.AbsolutePath, Is.EqualTo("/signin"));
    }
}
