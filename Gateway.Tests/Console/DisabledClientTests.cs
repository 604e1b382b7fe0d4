using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.AuthorizationServer;
using Dapper;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>Clients that an operator shuts out and lets in again, at two replicas which had seen their tokens before.</summary>
internal sealed class DisabledClientTests
{
    private const string Secret = "a-secret-of-a-machine-0123456789";

    private string _folder = null!;
    private TestStorage _storage = null!;
    private GatewayHost _first = null!;
    private GatewayHost _second = null!;
    private HttpClient _here = null!;
    private HttpClient _there = null!;
    private OperatorClient _operator = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("cortex-disabled-").FullName;
        await File.WriteAllTextAsync(Path.Combine(_folder, "secret"), Secret);
        var yaml = $$"""
            identity:
              admins: [alice@example.com]
              authorizationServer:
                clients:
                  - { id: ops, redirectUris: ['http://127.0.0.1/callback'], scopes: ['cortex:admin'] }
                  - { id: auditor, redirectUris: ['http://127.0.0.1/callback'], scopes: ['cortex:admin:clients:read'] }
                  - { id: job, secret: "${file:{{_folder}}/secret}", grants: [client_credentials], scopes: ['mcp:notes:read'] }
            """;
        _storage = await TestStorage.CreateAsync(DatabaseDialect.PostgreSql);
        _first = await GatewayHost.StartAsync(yaml, _storage);
        _second = await GatewayHost.StartAsync(yaml, _storage, publicUrl: _first.Url);
        _here = new HttpClient { BaseAddress = new Uri(_first.ListensAt) };
        _there = new HttpClient { BaseAddress = new Uri(_second.ListensAt) };
        _operator = await OperatorClient.SignInAsync(_first, "ops", "alice@example.com", "cortex:admin");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _operator.Dispose();
        _there.Dispose();
        _here.Dispose();
        await _second.DisposeAsync();
        await _first.DisposeAsync();
        await _storage.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Disabled_client_is_refused_at_once_at_every_replica_and_goes_on_once_it_is_enabled()
    {
        var client = await TestClient.RegisterAsync(_here, _first.Url);
        var address = client.AuthorizeUrl(("scope", "openid offline_access"));
        var tokens = await client.GetTokensAsync(address);
        var code = await client.GetCodeAsync(address);
        Assert.That((await McpDoor.IsOpenAsync(_first, tokens.AccessToken), await McpDoor.IsOpenAsync(_second, tokens.AccessToken)), Is.EqualTo((true, true)));

        var disabled = await _operator.ChangeAsync(HttpMethod.Post, $"clients/{client.Id}/disable");

        Assert.That(disabled.GetProperty("disabledAt").ValueKind, Is.EqualTo(JsonValueKind.String));
        await McpDoor.RequireClosedAsync(tokens.AccessToken, _first, _second);
        foreach (var replica in new[] { _here, _there })
        {
            Assert.That((await client.At(replica).RefreshAsync(tokens.RefreshToken)).Error, Is.EqualTo("unauthorized_client"));
            Assert.That((await client.At(replica).ExchangeAsync(code)).Error, Is.EqualTo("unauthorized_client"));
        }

        using (var browser = new FormBrowser())
        {
            var page = await browser.GetAsync(address, CancellationToken.None);
            Assert.That(page.Leaves is null ? page.Html : page.Leaves.Query, Does.Contain("unauthorized_client").And.Not.Contain("code="));
        }

        await _operator.ChangeAsync(HttpMethod.Post, $"clients/{client.Id}/enable");

        Assert.That((await McpDoor.IsOpenAsync(_first, tokens.AccessToken), await McpDoor.IsOpenAsync(_second, tokens.AccessToken)), Is.EqualTo((true, true)));
        Assert.That((await client.At(_there).RefreshAsync(tokens.RefreshToken)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Disabled_client_may_still_end_what_it_holds()
    {
        var client = await TestClient.RegisterAsync(_here, _first.Url);
        var tokens = await client.GetTokensAsync(client.AuthorizeUrl(("scope", "openid offline_access")));
        await _operator.ChangeAsync(HttpMethod.Post, $"clients/{client.Id}/disable");

        var revoked = await client.PresentAsync("/oauth/revoke", tokens.RefreshToken);
        await _operator.ChangeAsync(HttpMethod.Post, $"clients/{client.Id}/enable");

        Assert.That(revoked.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await client.RefreshAsync(tokens.RefreshToken)).Error, Is.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task Disabled_machine_gets_no_token_and_only_it_learns_why()
    {
        var token = (await AskAsync(Secret)).AccessToken;
        Assert.That(await McpDoor.IsOpenAsync(_second, token));

        await _operator.ChangeAsync(HttpMethod.Post, "clients/job/disable");
        var (own, foreign) = (await AskAsync(Secret), await AskAsync("a-guess"));
        await McpDoor.RequireClosedAsync(token, _first, _second);
        await _operator.ChangeAsync(HttpMethod.Post, "clients/job/enable");

        Assert.That((own.Error, foreign.Error), Is.EqualTo(("unauthorized_client", "invalid_client")));
        Assert.That((await AskAsync(Secret)).Status, Is.EqualTo(HttpStatusCode.OK));

        Task<TokenReply> AskAsync(string secret) => TestClient.PostAsync(
            _there,
            "/oauth/token",
            [("grant_type", "client_credentials"), ("resource", _first.McpUrl)],
            new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"job:{secret}"))));
    }

    [Test]
    public async Task Each_change_is_recorded_once_with_before_and_after()
    {
        var client = await TestClient.RegisterAsync(_here, _first.Url);
        foreach (var action in new[] { "disable", "disable", "enable", "enable" })
            await _operator.ChangeAsync(HttpMethod.Post, $"clients/{client.Id}/{action}");

        await using var connection = await _storage.Database.Database.OpenAsync(CancellationToken.None);
        var records = await connection.QueryAsync<(string Before, string After)>(
            "SELECT value_before, value_after FROM audit WHERE event = 'operator.change' AND method = 'client.disabled' AND target = @Id ORDER BY id", new { client.Id });

        Assert.That(records.Select(record => (IsDisabled(record.Before), IsDisabled(record.After))), Is.EqualTo(new[] { (false, true), (true, false) }));

        static bool IsDisabled(string state) => JsonElement.Parse(state).GetProperty("isDisabled").GetBoolean();
    }

    [Test]
    public async Task Operators_own_client_an_unknown_one_and_a_reader_change_nothing()
    {
        using var reader = await OperatorClient.SignInAsync(_first, "auditor", "alice@example.com", "cortex:admin:clients:read");

        Assert.That(await _operator.StatusAsync(HttpMethod.Post, "clients/ops/disable"), Is.EqualTo(HttpStatusCode.Conflict));
        Assert.That(await _operator.StatusAsync(HttpMethod.Post, "clients/nobody/disable"), Is.EqualTo(HttpStatusCode.NotFound));
        Assert.That(await reader.StatusAsync(HttpMethod.Post, "clients/job/disable"), Is.EqualTo(HttpStatusCode.Forbidden));
        Assert.That((await _operator.GetAsync("clients/job")).GetProperty("disabledAt").ValueKind, Is.EqualTo(JsonValueKind.Null));
    }

    [Test]
    public async Task Disabled_client_that_is_deleted_leaves_no_mark()
    {
        var client = await TestClient.RegisterAsync(_here, _first.Url);
        await _operator.ChangeAsync(HttpMethod.Post, $"clients/{client.Id}/disable");

        await _operator.ChangeAsync(HttpMethod.Delete, $"clients/{client.Id}");

        await using var connection = await _storage.Database.Database.OpenAsync(CancellationToken.None);
        Assert.That(await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM disabled_clients WHERE client_id = @Id", new { client.Id }), Is.Zero);
    }
}
