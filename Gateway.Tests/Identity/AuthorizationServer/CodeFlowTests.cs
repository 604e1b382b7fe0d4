using System.Net;
using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;
using Cortex.Identity.AuthorizationServer.Storage;
using Cortex.Tests.Fixtures;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using NUnit.Framework;
using OpenIddict.EntityFrameworkCore.Models;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>The authorization code flow with PKCE, from the client's registration to its tokens.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class CodeFlowTests(DatabaseDialect dialect)
{
    private AuthorizationServerHost _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await AuthorizationServerHost.StartAsync(dialect);

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Flow_gives_code_state_and_issuer_then_tokens()
    {
        var client = await TestClient.RegisterAsync(_server);

        var answer = await client.AuthorizeAsync();
        var tokens = await client.ExchangeAsync(answer["code"]);

        Assert.That(answer["state"], Is.EqualTo("state-1"));
        Assert.That(answer["iss"], Is.EqualTo(_server.Issuer));
        Assert.That(tokens.Status, Is.EqualTo(HttpStatusCode.OK), tokens.Json.ToString());
        Assert.That(tokens.Text("token_type"), Is.EqualTo("Bearer"));
        Assert.That(tokens.Json.GetProperty("expires_in").GetInt32(), Is.InRange(599, 600));
        Assert.That(tokens.Text("scope"), Is.EqualTo("mcp:notes:read mcp:notes:write offline_access"));
        Assert.That(tokens.RefreshToken, Is.Not.Empty);
    }

    [Test]
    public async Task Access_token_is_readable_signed_by_the_issuer_key_and_for_the_resource_alone()
    {
        var client = await TestClient.RegisterAsync(_server);

        var tokens = await client.GetTokensAsync();

        var keys = _server.Services.GetRequiredService<SigningKeys>();
        var validated = await new JsonWebTokenHandler().ValidateTokenAsync(tokens.AccessToken, new TokenValidationParameters
        {
            ValidIssuer = _server.Issuer,
            ValidAudience = _server.Resource,
            ValidTypes = ["at+jwt"],
            ValidAlgorithms = ["ES256"],
            IssuerSigningKey = keys.Active(KeyPurpose.Issuer).Public,
        });
        Assert.That(validated.IsValid, Is.True, validated.Exception?.Message);
        var token = new JsonWebToken(tokens.AccessToken);
        Assert.That(token.Audiences, Is.EqualTo(new[] { _server.Resource }));
        Assert.That(token.Subject, Does.StartWith("p_"));
        Assert.That(token.GetClaim("client_id").Value, Is.EqualTo(client.Id));
        Assert.That(token.GetClaim("scope").Value, Is.EqualTo("mcp:notes:read mcp:notes:write offline_access"));
        Assert.That(token.Id, Is.Not.Empty);
        Assert.That(token.ValidTo - token.IssuedAt, Is.LessThanOrEqualTo(TimeSpan.FromMinutes(10)));
        Assert.That(token.TryGetClaim("email", out _), Is.False);
    }

    [Test]
    public async Task Same_person_has_the_same_subject_at_every_client()
    {
        var first = new JsonWebToken((await (await TestClient.RegisterAsync(_server)).GetTokensAsync()).AccessToken);
        var second = new JsonWebToken((await (await TestClient.RegisterAsync(_server)).GetTokensAsync()).AccessToken);

        Assert.That(second.Subject, Is.EqualTo(first.Subject));
    }

    [Test]
    public async Task Unticked_scopes_are_not_in_the_token()
    {
        var client = await TestClient.RegisterAsync(_server);

        var tokens = await client.GetTokensAsync(keepScope: scope => scope == "mcp:notes:read");

        Assert.That(tokens.Text("scope"), Is.EqualTo("mcp:notes:read"));
        Assert.That(tokens.Text("refresh_token"), Is.Null);
    }

    [Test]
    public async Task Request_without_resource_means_the_mcp_endpoint()
    {
        var client = await TestClient.RegisterAsync(_server);

        var code = await client.GetCodeAsync(client.AuthorizeUrl(("resource", null)));
        var tokens = await client.ExchangeAsync(code, ("resource", null));

        Assert.That(new JsonWebToken(tokens.AccessToken).Audiences, Is.EqualTo(new[] { _server.Resource }));
    }

    [Test]
    public async Task Loopback_client_may_use_any_port()
    {
        var client = await TestClient.RegisterAsync(_server, new { redirect_uris = new[] { "http://127.0.0.1:7777/callback" }, token_endpoint_auth_method = "none" });

        var answer = await BrowserlessSignIn.AuthorizeAsync(
            client.AuthorizeUrl(("redirect_uri", "http://127.0.0.1:8888/callback")), "alice@example.com", null, CancellationToken.None);

        Assert.That(answer.GetLeftPart(UriPartial.Path), Is.EqualTo("http://127.0.0.1:8888/callback"));
        var tokens = await client.ExchangeAsync(TestClient.ParametersOf(answer)["code"], ("redirect_uri", "http://127.0.0.1:8888/callback"));
        Assert.That(tokens.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Wrong_verifier_is_invalid_grant()
    {
        var client = await TestClient.RegisterAsync(_server);

        var reply = await client.ExchangeAsync(await client.GetCodeAsync(), ("code_verifier", "a-verifier-that-an-attacker-guessed-0123456789"));

        Assert.That((reply.Status, reply.Error), Is.EqualTo((HttpStatusCode.BadRequest, "invalid_grant")));
    }

    [Test]
    public async Task Missing_verifier_is_refused()
    {
        var client = await TestClient.RegisterAsync(_server);

        var reply = await client.ExchangeAsync(await client.GetCodeAsync(), ("code_verifier", null));

        Assert.That(reply.Error, Is.EqualTo("invalid_request").Or.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task Code_of_another_client_is_invalid_grant()
    {
        var client = await TestClient.RegisterAsync(_server);
        var thief = await TestClient.RegisterAsync(_server);

        var reply = await thief.ExchangeAsync(await client.GetCodeAsync(), ("code_verifier", client.Verifier));

        Assert.That(reply.Error, Is.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task Code_expires_after_five_minutes()
    {
        var client = await TestClient.RegisterAsync(_server);
        var code = await client.GetCodeAsync();

        _server.Time.Advance(TimeSpan.FromSeconds(301));

        Assert.That((await client.ExchangeAsync(code)).Error, Is.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task Replayed_code_is_refused_and_revokes_what_it_gave()
    {
        var client = await TestClient.RegisterAsync(_server);
        var code = await client.GetCodeAsync();
        var tokens = await client.ExchangeAsync(code);

        var replay = await client.ExchangeAsync(code);

        Assert.That(replay.Error, Is.EqualTo("invalid_grant"));
        Assert.That((await client.RefreshAsync(tokens.RefreshToken)).Error, Is.EqualTo("invalid_grant"));
        Assert.That(await StatusesOfAsync(client, "urn:ietf:params:oauth:token-type:access_token"), Is.EqualTo(new[] { "revoked" }));
    }

    [Test]
    public async Task Parallel_uses_of_one_code_give_tokens_once_at_most()
    {
        var client = await TestClient.RegisterAsync(_server);
        var code = await client.GetCodeAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.ExchangeAsync(code)));

        Assert.That(replies.Count(reply => reply.Status == HttpStatusCode.OK), Is.LessThanOrEqualTo(1));
        Assert.That(replies.Where(reply => reply.Status != HttpStatusCode.OK).Select(reply => reply.Error), Is.All.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task Audit_names_registration_sign_in_consent_and_token()
    {
        var client = await TestClient.RegisterAsync(_server);
        await client.GetTokensAsync();

        Assert.That(await _server.HasRecordedAsync("auth.token"), _server.AuditLines);
        Assert.That(_server.AuditLines, Does.Contain("auth.register").And.Contain("auth.sign_in").And.Contain("auth.consent").And.Contain("auth.token"));
        Assert.That(_server.AuditLines, Does.Not.Contain("alice@example.com"));
    }

    private async Task<string?[]> StatusesOfAsync(TestClient client, string type)
    {
        await using var scope = _server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AuthorizationDbContext>().Set<OpenIddictEntityFrameworkCoreToken>()
            .Where(token => token.Application!.ClientId == client.Id && token.Type == type)
            .Select(token => token.Status)
            .ToArrayAsync();
    }
}
