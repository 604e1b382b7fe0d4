using System.Net;
using Cortex.Foundation.Storage;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>Introspection (<see href="https://www.rfc-editor.org/rfc/rfc7662">RFC 7662</see>) and revocation (<see href="https://www.rfc-editor.org/rfc/rfc7009">RFC 7009</see>).</summary>
internal sealed class IntrospectionTests
{
    private const string Introspect = "/oauth/introspect";
    private const string Revoke = "/oauth/revoke";

    private AuthorizationServerHost _server = null!;
    private TestClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite);
        _client = await RegisterConfidentialAsync();
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Token_of_a_client_that_proves_itself_is_described()
    {
        var tokens = await _client.GetTokensAsync();

        var told = await _client.PresentAsync(Introspect, tokens.AccessToken);

        Assert.That(told.Json.GetProperty("active").GetBoolean(), Is.True, told.Json.ToString());
        Assert.That(told.Text("client_id"), Is.EqualTo(_client.Id));
        Assert.That(told.Text("sub"), Does.StartWith("p_"));
        Assert.That(told.Json.TryGetProperty("email", out _), Is.False);
    }

    [Test]
    public async Task Public_client_fishing_for_live_tokens_is_refused()
    {
        var client = await TestClient.RegisterAsync(_server);
        var tokens = await client.GetTokensAsync();

        var told = await client.PresentAsync(Introspect, tokens.AccessToken);

        Assert.That((told.Status, told.Error), Is.EqualTo((HttpStatusCode.Unauthorized, "invalid_client")));
    }

    [TestCase("client_secret", "a-guess")]
    [TestCase("client_secret", null)]
    [TestCase("client_id", null)]
    [TestCase("client_id", "nobody")]
    public async Task Caller_that_does_not_prove_itself_is_refused(string name, string? value)
    {
        var tokens = await _client.GetTokensAsync();

        var told = await _client.PresentAsync(Introspect, tokens.AccessToken, (name, value));

        Assert.That((told.Status, told.Error), Is.EqualTo((HttpStatusCode.Unauthorized, "invalid_client")));
    }

    [Test]
    public async Task Token_of_another_client_and_nonsense_are_inactive()
    {
        var other = await (await RegisterConfidentialAsync()).GetTokensAsync();

        var foreign = await _client.PresentAsync(Introspect, other.AccessToken);
        var nonsense = await _client.PresentAsync(Introspect, "nonsense");

        Assert.That(foreign.Json.ToString(), Does.Contain("\"active\":false").Or.Contain("\"active\": false"));
        Assert.That(nonsense.Json.GetProperty("active").GetBoolean(), Is.False);
    }

    [Test]
    public async Task Asking_about_a_used_refresh_token_harms_nobody()
    {
        var tokens = await _client.GetTokensAsync();
        var refreshed = await _client.RefreshAsync(tokens.RefreshToken);
        _server.Time.Advance(TimeSpan.FromMinutes(1));

        var told = await _client.PresentAsync(Introspect, tokens.RefreshToken);

        Assert.That(told.Json.GetProperty("active").GetBoolean(), Is.False);
        Assert.That((await _client.RefreshAsync(refreshed.RefreshToken)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Revoked_refresh_token_ends_the_whole_grant()
    {
        var tokens = await _client.GetTokensAsync();

        var revoked = await _client.PresentAsync(Revoke, tokens.RefreshToken);

        Assert.That(revoked.Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await _client.PresentAsync(Introspect, tokens.AccessToken)).Json.GetProperty("active").GetBoolean(), Is.False);
        Assert.That((await _client.RefreshAsync(tokens.RefreshToken)).Error, Is.EqualTo("invalid_grant"));
        Assert.That(await _server.HasRecordedAsync("auth.revoke"), _server.AuditLines);
    }

    [Test]
    public async Task Revoked_access_token_ends_alone()
    {
        var tokens = await _client.GetTokensAsync();

        await _client.PresentAsync(Revoke, tokens.AccessToken);

        Assert.That((await _client.PresentAsync(Introspect, tokens.AccessToken)).Json.GetProperty("active").GetBoolean(), Is.False);
        Assert.That((await _client.RefreshAsync(tokens.RefreshToken)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Stranger_can_not_revoke_the_token_of_another_client()
    {
        var tokens = await _client.GetTokensAsync();
        var stranger = await TestClient.RegisterAsync(_server);

        await stranger.PresentAsync(Revoke, tokens.RefreshToken);
        await stranger.PresentAsync(Revoke, tokens.AccessToken);

        Assert.That((await _client.PresentAsync(Introspect, tokens.AccessToken)).Json.GetProperty("active").GetBoolean(), Is.True);
        Assert.That((await _client.RefreshAsync(tokens.RefreshToken)).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Revoking_nonsense_or_twice_succeeds()
    {
        var tokens = await _client.GetTokensAsync();
        await _client.PresentAsync(Revoke, tokens.RefreshToken);

        Assert.That((await _client.PresentAsync(Revoke, tokens.RefreshToken)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await _client.PresentAsync(Revoke, "nonsense")).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await _client.PresentAsync(Revoke, "")).Error, Is.EqualTo("invalid_request"));
    }

    private Task<TestClient> RegisterConfidentialAsync() => TestClient.RegisterAsync(
        _server, new { client_name = "Web app", redirect_uris = new[] { TestClient.RedirectUri }, token_endpoint_auth_method = "client_secret_post" });
}
