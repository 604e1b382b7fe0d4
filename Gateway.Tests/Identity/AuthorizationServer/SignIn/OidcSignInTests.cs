using System.Net;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using Dapper;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer.SignIn;

/// <summary>Sign-in at a real OpenID provider.</summary>
internal sealed class OidcSignInTests
{
    private OpenIdProvider _provider = null!;
    private AuthorizationServerHost _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var port = ServerProcess.FreePort();
        _provider = await OpenIdProvider.StartAsync($"http://127.0.0.1:{port}/signin/oidc/sso");
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, OpenIdProvider.ClientSecret);
        _server = await AuthorizationServerHost.StartAsync(
            DatabaseDialect.Sqlite,
            $$"""
            identity:
              authorizationServer:
                signIn: [oidc, development]
                providers:
                  sso:
                    issuer: {{_provider.Issuer}}
                    clientId: {{OpenIdProvider.ClientId}}
                    clientSecret: ${file:{{secret}}}
                    displayName: Corp
                    claims: { role: role, pool: department, groups: realm_access.roles }
                  misnamed: { issuer: "{{_provider.Issuer.Replace("127.0.0.1", "localhost", StringComparison.Ordinal)}}", clientId: gateway }
                  dead: { issuer: "http://127.0.0.1:{{ServerProcess.FreePort()}}", clientId: gateway }
            """,
            port: port);
        File.Delete(secret);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Test]
    public async Task Client_gets_its_tokens_by_a_login_at_the_provider()
    {
        var client = await TestClient.RegisterAsync(_server);
        using var browser = new OidcBrowser(_server.Url);

        var consent = await browser.SignInAsync("sso", "alice", client.AuthorizeUrl());
        var form = consent.FormWith(field => field is { Type: "submit", Value: "allow" });
        var answer = await browser.Pages.PostAsync(form.Action, BrowserlessSignIn.FillConsent(form, "allow", _ => true), CancellationToken.None);
        var tokens = await client.ExchangeAsync(TestClient.ParametersOf(answer.Leaves!)["code"]);

        Assert.That(tokens.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Provider_that_refuses_the_pushed_request_is_told_of_and_logged()
    {
        await using var server = await AuthorizationServerHost.StartAsync(
            DatabaseDialect.Sqlite,
            $$"""identity: { authorizationServer: { signIn: [oidc], providers: { sso: { issuer: "{{_provider.Issuer}}", clientId: {{OpenIdProvider.ClientId}} } } } }""");
        using var browser = new OidcBrowser(server.Url);

        var page = await browser.PressAsync("sso");

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.ServiceUnavailable, (Uri?)null)));
        Assert.That(page.Html, Does.Contain("does not work at the moment").And.Contain("/signin?return="));
        Assert.That(await server.HasRecordedAsync("look at clientId, clientSecret"), server.AuditLines);
    }

    [Test]
    public async Task Claims_become_the_person_and_an_unverified_address_is_not_trusted_nor_merged()
    {
        using var alice = new OidcBrowser(_server.Url);
        using var bob = new OidcBrowser(_server.Url);

        var hers = await alice.SignInAsync("sso", "alice");
        var his = await bob.SignInAsync("sso", "bob");

        Assert.That(hers.Html, Does.Contain("Signed in as Alice Archer"));
        Assert.That(his.Html, Does.Contain("Signed in as Bob Baker"));
        var (a, b) = (await FindAsync("alice"), await FindAsync("bob"));
        Assert.That((a.Email, a.Verified, a.Role, a.Pool), Is.EqualTo(("alice@corp.example", true, "editor", "north")));
        Assert.That(GroupSet.FromJson(a.Groups).Names, Is.EqualTo(new[] { "admins", "staff" }));
        Assert.That((b.Email, b.Verified, b.Role, b.Groups), Is.EqualTo(("alice@corp.example", false, (string?)null, (string?)null)));
        Assert.That(b.Id, Is.Not.EqualTo(a.Id));
    }

    [Test]
    public async Task Wrong_state_signs_nobody_in()
    {
        using var browser = new OidcBrowser(_server.Url);
        var back = await browser.LogInAsync("sso", "alice");

        var page = await browser.Pages.GetAsync(With(back, "state", "forged"), CancellationToken.None);

        RequireFailed(page, browser);
    }

    [Test]
    public async Task Answer_of_another_browser_signs_nobody_in()
    {
        using var attacker = new OidcBrowser(_server.Url);
        using var victim = new OidcBrowser(_server.Url);
        var back = await attacker.LogInAsync("sso", "bob");

        var page = await victim.Pages.GetAsync(back, CancellationToken.None);

        RequireFailed(page, victim);
    }

    [TestCase("https://evil.example", "of another issuer")]
    [TestCase(null, "names no issuer")]
    public async Task Answer_of_a_foreign_issuer_is_refused(string? issuer, string reason)
    {
        using var browser = new OidcBrowser(_server.Url);
        var back = await browser.LogInAsync("sso", "alice");

        var page = await browser.Pages.GetAsync(With(back, "iss", issuer), CancellationToken.None);

        RequireFailed(page, browser);
        Assert.That(await _server.HasRecordedAsync(reason), _server.AuditLines);
    }

    [Test]
    public async Task Answer_counts_once()
    {
        using var browser = new OidcBrowser(_server.Url);
        var back = await browser.LogInAsync("sso", "alice");
        var first = await browser.Pages.GetAsync(back, CancellationToken.None);

        var second = await browser.Pages.GetAsync(back, CancellationToken.None);

        Assert.That((first.Status, second.Status), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.BadRequest)));
    }

    [Test]
    public async Task Error_of_the_provider_is_a_clear_page()
    {
        using var browser = new OidcBrowser(_server.Url);
        var back = await browser.LogInAsync("sso", "alice");

        var page = await browser.Pages.GetAsync(With(With(back, "code", null), "error", "server_error"), CancellationToken.None);

        RequireFailed(page, browser);
        Assert.That(await _server.HasRecordedAsync("server_error"), _server.AuditLines);
    }

    [Test]
    public async Task Cancelling_at_the_provider_is_told_as_that()
    {
        using var browser = new OidcBrowser(_server.Url);
        var login = await browser.ReachLoginAsync("sso");

        var cancelled = await browser.Pages.GetAsync(new Uri(login.Address, login.Address.AbsolutePath + "/abort"), CancellationToken.None);
        var page = await browser.Pages.GetAsync(cancelled.Leaves!, CancellationToken.None);

        RequireFailed(page, browser);
        Assert.That(page.Html, Does.Contain("was cancelled"));
    }

    [Test]
    public async Task Whoever_is_signed_in_and_presses_again_is_asked_again()
    {
        using var browser = new OidcBrowser(_server.Url);
        await browser.SignInAsync("sso", "alice");

        var login = await browser.ReachLoginAsync("sso");

        Assert.That(login.Forms[0].Fields.Select(field => field.Name), Does.Contain("login"));
    }

    [TestCase("misnamed")]
    [TestCase("dead")]
    public async Task Provider_that_is_away_or_not_itself_is_told_in_words(string provider)
    {
        using var browser = new OidcBrowser(_server.Url);

        var page = await browser.PressAsync(provider);

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.ServiceUnavailable, (Uri?)null)));
        Assert.That(page.Html, Does.Contain("can&#x27;t be reached").Or.Contain("can't be reached"));
    }

    [Test]
    public async Task Sign_in_started_by_another_site_is_refused()
    {
        using var browser = new FormBrowser();

        var page = await browser.PostAsync(new Uri(_server.Url + "/signin/oidc/sso/start"), [], CancellationToken.None);

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.BadRequest, (Uri?)null)));
    }

    [Test]
    public async Task Provider_that_is_not_configured_is_not_there()
    {
        using var reply = await _server.Http.PostAsync("/signin/oidc/other/start", new FormUrlEncodedContent([]));

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private static Uri With(Uri address, string name, string? value)
    {
        var parameters = TestClient.ParametersOf(address).Where(parameter => parameter.Key != name).ToDictionary(entry => entry.Key, entry => (string?)entry.Value);
        if (value is not null)
            parameters[name] = value;
        return new Uri(QueryHelpers.AddQueryString(address.GetLeftPart(UriPartial.Path), parameters));
    }

    private static void RequireFailed(BrowserPage page, OidcBrowser browser)
    {
        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(page.Html, Does.Contain("Signing in with Corp failed"));
        Assert.That(browser.SessionCookie, Is.Null);
    }

    private async Task<PersonSight> FindAsync(string subject)
    {
        await using var connection = await _server.Services.GetRequiredService<Database>().OpenAsync(CancellationToken.None);
        return await connection.QuerySingleAsync<PersonSight>(
            "SELECT id, email, email_verified AS verified, role, pool, groups_json AS groups FROM persons WHERE issuer = @Issuer AND subject = @subject",
            new { _provider.Issuer, subject });
    }

    private sealed class PersonSight
    {
        public string Id { get; init; } = "";

        public string? Email { get; init; }

        public bool Verified { get; init; }

        public string? Role { get; init; }

        public string? Pool { get; init; }

        public string? Groups { get; init; }
    }
}
