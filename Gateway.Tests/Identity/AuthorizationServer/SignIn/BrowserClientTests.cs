using System.Text.Json;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using Dapper;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer.SignIn;

/// <summary>People of an issuer whose access tokens count, who sign in there with their browser: a real OpenID provider.</summary>
internal sealed class BrowserClientTests
{
    private OpenIdProvider _provider = null!;
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var port = ServerProcess.FreePort();
        _provider = await OpenIdProvider.StartAsync($"http://localhost:{port}/signin/oidc/staff");
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, OpenIdProvider.ClientSecret);
        _gateway = await GatewayHost.StartAsync(
            $$"""
            identity:
              admins: [alice@corp.example]
              authorizationServer:
                clients: [{ id: ops, redirectUris: ['{{TestClient.RedirectUri}}'], scopes: ['cortex:admin'] }]
              issuers:
                - issuer: "{{_provider.Issuer}}"
                  subjectClaim: employee
                  browserClient: { name: staff, displayName: Staff, clientId: {{OpenIdProvider.ClientId}}, clientSecret: "${file:{{secret}}}" }
            """,
            port: port);
        File.Delete(secret);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Test]
    public async Task Browser_and_access_token_speak_for_one_person()
    {
        using var browser = new OidcBrowser(_gateway.Url);

        var account = await browser.SignInAsync("staff", "alice", new Uri($"{_gateway.Url}/account"));
        using var agent = TestPerson.With(_gateway, await IssuerAgent.GetAccessTokenAsync(_provider, _gateway.McpUrl, "alice"), IssuerAgent.ClientId);
        var reply = await agent.ModernAsync("tools/list");

        Assert.That((account.Address.AbsolutePath, account.Html.Contains("Alice Archer", StringComparison.Ordinal)), Is.EqualTo(("/account", true)));
        Assert.That(reply.Status, Is.EqualTo(200));
        await using var connection = await _gateway.Storage.Database.Database.OpenAsync(CancellationToken.None);
        var subjects = await connection.QueryAsync<string>("SELECT subject FROM persons WHERE issuer = @Issuer AND name = 'Alice Archer'", new { _provider.Issuer });
        Assert.That(subjects, Is.EqualTo(new[] { "e-1001" }));
    }

    [Test]
    public async Task Sign_in_page_offers_it_beside_the_other_ways()
    {
        using var browser = new FormBrowser();

        var page = await browser.GetAsync(new Uri($"{_gateway.Url}/signin"), CancellationToken.None);

        Assert.That(page.Forms.Select(form => form.Action.AbsolutePath), Does.Contain("/signin/oidc/staff/start").And.Contain("/signin/development"));
    }

    [Test]
    public async Task Attack_issuer_that_tells_the_address_of_an_administrator_makes_none()
    {
        using var http = new HttpClient { BaseAddress = new Uri(_gateway.Url) };
        var client = new TestClient(http, _gateway.Url, JsonElement.Parse("""{"client_id":"ops"}"""));
        using var browser = new OidcBrowser(_gateway.Url);

        var page = await browser.SignInAsync("staff", "alice", client.AuthorizeUrl(("scope", "cortex:admin"), ("resource", $"{_gateway.Url}/api/admin")));

        Assert.That(page.Leaves, Is.Not.Null, page.Html);
        Assert.That(TestClient.ParametersOf(page.Leaves!)["error"], Is.EqualTo("access_denied"));
    }
}
