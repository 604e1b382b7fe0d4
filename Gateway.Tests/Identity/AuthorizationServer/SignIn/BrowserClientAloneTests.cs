using System.Net;
using Cortex.Foundation.Configuration;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer.SignIn;

/// <summary>
/// People who sign in with their browser at the issuers they already have, while the authorization server inside the gateway is off: two real OpenID
/// providers, whose accounts have the same subjects.
/// </summary>
internal sealed class BrowserClientAloneTests
{
    private OpenIdProvider _staff = null!;
    private OpenIdProvider _partners = null!;
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        var port = ServerProcess.FreePort();
        var providers = await Task.WhenAll(
            OpenIdProvider.StartAsync($"http://localhost:{port}/signin/oidc/staff"), OpenIdProvider.StartAsync($"http://localhost:{port}/signin/oidc/partners"));
        (_staff, _partners) = (providers[0], providers[1]);
        var secret = Path.GetTempFileName();
        await File.WriteAllTextAsync(secret, OpenIdProvider.ClientSecret);
        _gateway = await GatewayHost.StartAsync(
            $$"""
            identity:
              authorizationServer: { enabled: false }
              issuers:
                - issuer: "{{_staff.Issuer}}"
                  subjectClaim: employee
                  browserClient: { name: staff, displayName: Staff, clientId: {{OpenIdProvider.ClientId}}, clientSecret: "${file:{{secret}}}" }
                - issuer: "{{_partners.Issuer}}"
                  subjectClaim: employee
                  browserClient: { name: partners, displayName: Partners, clientId: {{OpenIdProvider.ClientId}}, clientSecret: "${file:{{secret}}}" }
            """,
            port: port);
        File.Delete(secret);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _staff.DisposeAsync();
        await _partners.DisposeAsync();
    }

    [Test]
    public async Task Account_is_that_of_the_person_whose_access_tokens_reach_mcp()
    {
        using var browser = new OidcBrowser(_gateway.Url);
        using var agent = TestPerson.With(_gateway, await IssuerAgent.GetAccessTokenAsync(_staff, _gateway.McpUrl, "alice"), IssuerAgent.ClientId);

        var account = await browser.SignInAsync("staff", "alice", new Uri($"{_gateway.Url}/account"));
        var reply = await agent.ModernAsync("tools/list");

        Assert.That((account.Address.AbsolutePath, account.Html.Contains("Alice Archer", StringComparison.Ordinal)), Is.EqualTo(("/account", true)));
        Assert.That(reply.Status, Is.EqualTo(200));
        Assert.That(await Eventually.HoldsAsync(async () => (await OpenAccountAsync(browser)).Html.Contains("Request tools/list", StringComparison.Ordinal)), Is.True);
    }

    [Test]
    public async Task Attack_issuer_that_uses_anothers_subject_gets_a_person_of_its_own()
    {
        using var browser = new OidcBrowser(_gateway.Url);
        using var agent = TestPerson.With(_gateway, await IssuerAgent.GetAccessTokenAsync(_staff, _gateway.McpUrl, "bob"), IssuerAgent.ClientId);
        using var own = TestPerson.With(_gateway, await IssuerAgent.GetAccessTokenAsync(_partners, _gateway.McpUrl, "bob"), IssuerAgent.ClientId);

        await browser.SignInAsync("partners", "bob");
        var foreign = await agent.ModernAsync("tools/list");
        await own.ModernAsync("resources/list");

        // What was asked later in this person's own name is on the page, what the other issuer's token asked before is not.
        Assert.That(foreign.Status, Is.EqualTo(200));
        Assert.That(await Eventually.HoldsAsync(async () => (await OpenAccountAsync(browser)).Html.Contains("Request resources/list", StringComparison.Ordinal)), Is.True);
        Assert.That((await OpenAccountAsync(browser)).Html, Does.Not.Contain("Request tools/list"));
    }

    [Test]
    public async Task Page_holds_what_is_the_gateways_own_and_nothing_of_the_server_that_is_off()
    {
        using var browser = new OidcBrowser(_gateway.Url);

        var signIn = await browser.Pages.GetAsync(new Uri($"{_gateway.Url}/signin"), CancellationToken.None);
        var account = await browser.SignInAsync("staff", "alice", new Uri($"{_gateway.Url}/account"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(signIn.Forms.Select(form => form.Action.AbsolutePath), Is.EqualTo(new[] { "/signin/oidc/staff/start", "/signin/oidc/partners/start" }));
            Assert.That(account.Forms.Select(form => form.Action.AbsolutePath), Is.EqualTo(new[] { "/signin/out", "/account/sign-out-everywhere" }));
            Assert.That(account.Html, Does.Contain("id=\"activity\"").And.Not.Contain("id=\"tokens\"").And.Not.Contain("id=\"clients\"").And.Not.Contain("clients-too"));
            foreach (var path in new[] { "/account/tokens/new", "/oauth/authorize", "/.well-known/oauth-authorization-server" })
                Assert.That((await browser.Pages.GetAsync(new Uri(_gateway.Url + path), CancellationToken.None)).Status, Is.EqualTo(HttpStatusCode.NotFound), path);
        }
    }

    [Test]
    public async Task Signing_out_everywhere_ends_the_sessions_of_every_browser()
    {
        using var here = new OidcBrowser(_gateway.Url);
        using var there = new OidcBrowser(_gateway.Url);
        using var partner = new OidcBrowser(_gateway.Url);
        await there.SignInAsync("staff", "alice");
        await partner.SignInAsync("partners", "alice");
        var account = await here.SignInAsync("staff", "alice", new Uri($"{_gateway.Url}/account"));

        var form = account.Forms.Single(form => form.Action.AbsolutePath == "/account/sign-out-everywhere");
        var answer = await here.Pages.PostAsync(form.Action, BrowserlessSignIn.FillConsent(form, "", _ => true), CancellationToken.None);

        Assert.That(answer.Html, Does.Contain("Signed out everywhere"));
        Assert.That((await OpenAccountAsync(here)).Address.AbsolutePath, Is.EqualTo("/signin"));
        Assert.That((await OpenAccountAsync(there)).Address.AbsolutePath, Is.EqualTo("/signin"));
        Assert.That((await OpenAccountAsync(partner)).Address.AbsolutePath, Is.EqualTo("/account"));
    }

    [Test]
    public async Task Attack_form_without_the_browsers_token_starts_no_sign_in()
    {
        using var browser = new FormBrowser();

        var answer = await browser.PostAsync(new Uri($"{_gateway.Url}/signin/oidc/staff/start"), [KeyValuePair.Create("return", "/account")], CancellationToken.None);

        Assert.That((answer.Status, answer.Leaves), Is.EqualTo((HttpStatusCode.BadRequest, (Uri?)null)));
    }

    [Test]
    public async Task Issuer_that_is_taken_out_can_sign_nobody_in_and_a_new_browser_client_waits_for_a_restart()
    {
        const string First = "{ issuer: 'https://first.example', browserClient: { clientId: c } }";
        const string Second = "{ issuer: 'https://second.example', browserClient: { clientId: c } }";
        const string Third = "{ issuer: 'https://third.example', browserClient: { clientId: c } }";
        await using var gateway = await GatewayHost.StartAsync(Yaml(First, Second));
        using var browser = new FormBrowser();
        Assert.That(await ButtonsAsync(), Is.EqualTo(new[] { "/signin/oidc/first-example/start", "/signin/oidc/second-example/start" }));

        await File.WriteAllTextAsync(gateway.ConfigFile, Yaml(Third, Second));

        Assert.That(await Eventually.HoldsAsync(async () => (await ButtonsAsync()).SequenceEqual(["/signin/oidc/second-example/start"])), Is.True);
        Assert.That(gateway.Get<LiveConfiguration>().Status.PendingRestart, Is.EqualTo(new[] { "identity.issuers[0].browserClient" }));

        async Task<IEnumerable<string>> ButtonsAsync() =>
            (await browser.GetAsync(new Uri($"{gateway.Url}/signin"), CancellationToken.None)).Forms.Select(form => form.Action.AbsolutePath);

        static string Yaml(string one, string two) => $"identity: {{ authorizationServer: {{ enabled: false }}, issuers: [{one}, {two}] }}";
    }

    private Task<BrowserPage> OpenAccountAsync(OidcBrowser browser) => browser.Pages.GetAsync(new Uri($"{_gateway.Url}/account"), CancellationToken.None);
}
