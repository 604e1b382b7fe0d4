using System.Net;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>The consent page: what it says, what it grants, what it remembers, and who can't press its buttons.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class ConsentTests(DatabaseDialect dialect)
{
    private AuthorizationServerHost _server = null!;
    private TestClient _client = null!;
    private FormBrowser _browser = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await AuthorizationServerHost.StartAsync(dialect);

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [SetUp]
    public async Task RegisterAsync()
    {
        _client = await TestClient.RegisterAsync(_server, new
        {
            client_name = "Notes <b>helper</b>\u202e",
            client_uri = "https://helper.example",
            redirect_uris = new[] { TestClient.RedirectUri },
            token_endpoint_auth_method = "none",
        });
        _browser = new FormBrowser();
    }

    [TearDown]
    public void CloseBrowser() => _browser.Dispose();

    [Test]
    public async Task Page_names_client_destination_person_and_each_scope_in_words()
    {
        var page = await AskAsync();

        Assert.That(page.Html, Does.Contain("Notes &lt;b&gt;helper&lt;/b&gt;").And.Contain("https://helper.example"));
        Assert.That(page.Html, Does.Contain("127.0.0.1").And.Contain("a program on this computer"));
        Assert.That(page.Html, Does.Contain("alice@example.com"));
        Assert.That(page.Html, Does.Contain("Read in notes").And.Contain("Make changes in notes").And.Contain("mcp:notes:write"));
        Assert.That(page.Html, Does.Not.Contain("<script").IgnoreCase.And.Not.Contain("\u202e"));
    }

    [Test]
    public async Task Page_can_not_be_framed_and_does_not_block_the_redirect_to_the_client()
    {
        var page = await AskAsync();

        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.That(policy, Does.Contain("frame-ancestors 'none'").And.Not.Contain("form-action"));
        Assert.That(page.Headers.GetValues("X-Frame-Options"), Is.EqualTo(new[] { "DENY" }));
        Assert.That(page.Headers.CacheControl?.NoStore, Is.True);
    }

    [Test]
    public async Task Denied_consent_is_access_denied_with_state_and_issuer()
    {
        var answer = await DecideAsync(await AskAsync(), "deny", _ => true);

        Assert.That((answer["error"], answer["state"], answer["iss"]), Is.EqualTo(("access_denied", "state-1", _server.Issuer)));
    }

    [Test]
    public async Task Allowing_nothing_is_access_denied()
    {
        var answer = await DecideAsync(await AskAsync(), "allow", scope => scope == "offline_access");

        Assert.That(answer["error"], Is.EqualTo("access_denied"));
    }

    [Test]
    public async Task Scope_slipped_into_the_form_is_not_granted()
    {
        var page = await AskAsync(_client.AuthorizeUrl(("scope", "mcp:notes:read")));
        var form = page.FormWith(field => field is { Type: "submit", Value: "allow" });
        var fields = BrowserlessSignIn.FillConsent(form, "allow", _ => true).Append(KeyValuePair.Create("consent_scope", "mcp:notes:write"));

        var after = await _browser.PostAsync(form.Action, fields, CancellationToken.None);

        var tokens = await _client.ExchangeAsync(TestClient.ParametersOf(after.Leaves!)["code"]);
        Assert.That(tokens.Text("scope"), Is.EqualTo("mcp:notes:read offline_access"));
    }

    [Test]
    public async Task Scope_added_to_the_request_in_the_form_is_not_granted()
    {
        var form = (await AskAsync(_client.AuthorizeUrl(("scope", "mcp:notes:read")))).FormWith(field => field is { Type: "submit", Value: "allow" });
        var fields = Change(form, "scope", "mcp:notes:read mcp:notes:write").Append(KeyValuePair.Create("consent_scope", "mcp:notes:write"));

        var after = await _browser.PostAsync(form.Action, fields, CancellationToken.None);

        var tokens = await _client.ExchangeAsync(TestClient.ParametersOf(after.Leaves!)["code"]);
        Assert.That(tokens.Text("scope"), Is.EqualTo("mcp:notes:read offline_access"));
        Assert.That((await _browser.GetAsync(_client.AuthorizeUrl(), CancellationToken.None)).Leaves, Is.Null);
    }

    [TestCase("client_id")]
    [TestCase("redirect_uri")]
    [TestCase("consent_shown")]
    public async Task Form_of_one_question_answers_no_other(string changed)
    {
        const string other = "https://other.example/callback";
        _client = await RegisterAnotherAsync(TestClient.RedirectUri, other);
        var form = (await AskAsync(_client.AuthorizeUrl(("redirect_uri", other)))).FormWith(field => field is { Type: "submit", Value: "allow" });
        var value = changed switch
        {
            "client_id" => (await RegisterAnotherAsync(other)).Id,
            "redirect_uri" => TestClient.RedirectUri,
            _ => "",
        };

        var after = await _browser.PostAsync(form.Action, Change(form, changed, value), CancellationToken.None);

        Assert.That((after.Leaves, after.Status), Is.EqualTo(((Uri?)null, HttpStatusCode.BadRequest)));
    }

    [Test]
    public async Task Unticked_offline_access_gives_a_token_that_can_not_be_refreshed()
    {
        var answer = await DecideAsync(await AskAsync(), "allow", scope => scope != "offline_access");

        var tokens = await _client.ExchangeAsync(answer["code"]);

        Assert.That((tokens.Text("scope"), tokens.Text("refresh_token")), Is.EqualTo(("mcp:notes:read mcp:notes:write", (string?)null)));
    }

    [Test]
    public async Task Each_unticked_scope_is_left_out_of_the_token([Values("mcp:notes:read", "mcp:notes:write")] string unticked)
    {
        var answer = await DecideAsync(await AskAsync(), "allow", scope => scope != unticked);

        Assert.That((await _client.ExchangeAsync(answer["code"])).Text("scope"), Does.Not.Contain(unticked));
    }

    [Test]
    public async Task Answer_about_one_scope_does_not_prolong_the_memory_of_another()
    {
        await _client.ExchangeAsync((await DecideAsync(await AskAsync(), "allow", _ => true))["code"]);
        _server.Time.Advance(TimeSpan.FromDays(20));
        using var later = new FormBrowser();
        var page = await AskAsync(_client.AuthorizeUrl(("scope", "mcp:notes:read"), ("prompt", "consent")), later);
        var form = page.FormWith(field => field is { Type: "submit", Value: "allow" });
        var after = await later.PostAsync(form.Action, BrowserlessSignIn.FillConsent(form, "allow", _ => true), CancellationToken.None);
        await _client.ExchangeAsync(TestClient.ParametersOf(after.Leaves!)["code"]);
        _server.Time.Advance(TimeSpan.FromDays(11));
        using var fresh = new FormBrowser();

        Assert.That((await AskAsync(browser: fresh)).Leaves, Is.Null);
    }

    [Test]
    public async Task Redirect_uri_changed_in_the_form_is_refused()
    {
        var form = (await AskAsync()).FormWith(field => field is { Type: "submit", Value: "allow" });
        var fields = BrowserlessSignIn.FillConsent(form, "allow", _ => true)
            .Select(field => field.Key == "redirect_uri" ? KeyValuePair.Create(field.Key, "https://evil.example/") : field);

        var after = await _browser.PostAsync(form.Action, fields, CancellationToken.None);

        Assert.That(after.Leaves, Is.Null);
        Assert.That(after.Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Consent_forged_by_another_site_is_refused()
    {
        var form = (await AskAsync()).FormWith(field => field is { Type: "submit", Value: "allow" });
        var fields = BrowserlessSignIn.FillConsent(form, "allow", _ => true).Where(field => field.Key != "form_token");

        var after = await _browser.PostAsync(form.Action, fields, CancellationToken.None);

        Assert.That((after.Leaves, after.Status), Is.EqualTo(((Uri?)null, HttpStatusCode.BadRequest)));
    }

    [Test]
    public async Task Form_token_of_another_person_is_refused()
    {
        using var attacker = new FormBrowser();
        var stolen = (await AskAsync(browser: attacker, email: "mallory@example.com")).FormWith(field => field is { Type: "submit", Value: "allow" });
        await AskAsync();

        var after = await _browser.PostAsync(stolen.Action, BrowserlessSignIn.FillConsent(stolen, "allow", _ => true), CancellationToken.None);

        Assert.That((after.Leaves, after.Status), Is.EqualTo(((Uri?)null, HttpStatusCode.BadRequest)));
    }

    [Test]
    public async Task Allow_button_in_an_address_presses_nothing()
    {
        await AskAsync();

        var page = await _browser.GetAsync(new Uri(_client.AuthorizeUrl() + "&consent_decision=allow&consent_scope=mcp:notes:read"), CancellationToken.None);

        Assert.That(page.Leaves, Is.Null);
        Assert.That(page.Html, Does.Contain("Allow Notes"));
    }

    [Test]
    public async Task Consent_is_remembered_for_the_same_or_fewer_scopes_and_asked_again_for_more()
    {
        await DecideAsync(await AskAsync(_client.AuthorizeUrl(("scope", "mcp:notes:read"))), "allow", _ => true);

        var same = await _browser.GetAsync(_client.AuthorizeUrl(("scope", "mcp:notes:read")), CancellationToken.None);
        var more = await _browser.GetAsync(_client.AuthorizeUrl(("scope", "mcp:notes:read mcp:notes:write")), CancellationToken.None);

        Assert.That(TestClient.ParametersOf(same.Leaves!), Does.ContainKey("code"));
        Assert.That(more.Leaves, Is.Null);
    }

    [Test]
    public async Task Unticked_scope_is_asked_for_again()
    {
        await DecideAsync(await AskAsync(), "allow", scope => scope != "mcp:notes:write");

        var page = await _browser.GetAsync(_client.AuthorizeUrl(), CancellationToken.None);

        Assert.That(page.Leaves, Is.Null);
    }

    [Test]
    public async Task Consent_is_not_remembered_for_another_person_or_client()
    {
        await DecideAsync(await AskAsync(), "allow", _ => true);
        using var other = new FormBrowser();

        var otherPerson = await AskAsync(browser: other, email: "bob@example.com");
        var otherClient = await _browser.GetAsync((await TestClient.RegisterAsync(_server)).AuthorizeUrl(), CancellationToken.None);

        Assert.That(otherPerson.Leaves, Is.Null);
        Assert.That(otherClient.Leaves, Is.Null);
    }

    [Test]
    public async Task Consent_for_one_redirect_uri_sends_no_code_to_another_of_the_same_client()
    {
        _client = await TestClient.RegisterAsync(_server, new
        {
            client_name = "Well-known client",
            redirect_uris = new[] { "https://well-known.example/callback", "https://evil.example/callback" },
            token_endpoint_auth_method = "none",
        });
        await DecideAsync(await AskAsync(_client.AuthorizeUrl(("redirect_uri", "https://well-known.example/callback"))), "allow", _ => true);

        var page = await _browser.GetAsync(_client.AuthorizeUrl(("redirect_uri", "https://evil.example/callback")), CancellationToken.None);

        Assert.That(page.Leaves, Is.Null);
        Assert.That(page.Html, Does.Contain("evil.example"));
    }

    [Test]
    public async Task Consent_holds_for_every_port_of_a_program_on_this_computer()
    {
        await DecideAsync(await AskAsync(_client.AuthorizeUrl(("redirect_uri", "http://127.0.0.1:4001/callback"))), "allow", _ => true);

        var again = await _browser.GetAsync(_client.AuthorizeUrl(("redirect_uri", "http://127.0.0.1:4002/callback")), CancellationToken.None);

        Assert.That(again.Leaves?.Port, Is.EqualTo(4002));
    }

    [Test]
    public async Task Consent_is_forgotten_after_30_days()
    {
        var answer = await DecideAsync(await AskAsync(), "allow", _ => true);
        await _client.ExchangeAsync(answer["code"]);
        _server.Time.Advance(TimeSpan.FromDays(31));
        using var fresh = new FormBrowser();

        Assert.That((await AskAsync(browser: fresh)).Leaves, Is.Null);
    }

    [Test]
    public async Task Prompt_consent_asks_again_and_prompt_none_never_asks()
    {
        var silent = await AskAsync(_client.AuthorizeUrl());
        var refused = await _browser.GetAsync(_client.AuthorizeUrl(("prompt", "none")), CancellationToken.None);
        await DecideAsync(silent, "allow", _ => true);
        var again = await _browser.GetAsync(_client.AuthorizeUrl(("prompt", "consent")), CancellationToken.None);

        Assert.That(TestClient.ParametersOf(refused.Leaves!)["error"], Is.EqualTo("consent_required"));
        Assert.That(again.Leaves, Is.Null);
    }

    [Test]
    public async Task Prompt_login_asks_who_it_is_once()
    {
        await DecideAsync(await AskAsync(), "allow", _ => true);

        var page = await BrowserlessSignIn.SignInAsync(_browser, _client.AuthorizeUrl(("prompt", "login")), "alice@example.com", CancellationToken.None);

        Assert.That(TestClient.ParametersOf(page.Leaves!), Does.ContainKey("code"));
    }

    private Task<TestClient> RegisterAnotherAsync(params string[] redirectUris) => TestClient.RegisterAsync(
        _server, new { client_name = "Another", redirect_uris = redirectUris, token_endpoint_auth_method = "none" });

    private static IEnumerable<KeyValuePair<string, string>> Change(HtmlForm form, string name, string value) => BrowserlessSignIn
        .FillConsent(form, "allow", _ => true)
        .Select(field => field.Key == name ? KeyValuePair.Create(name, value) : field);

    private Task<BrowserPage> AskAsync(Uri? url = null, FormBrowser? browser = null, string email = "alice@example.com") =>
        BrowserlessSignIn.SignInAsync(browser ?? _browser, url ?? _client.AuthorizeUrl(), email, CancellationToken.None);

    private async Task<Dictionary<string, string>> DecideAsync(BrowserPage page, string button, Func<string, bool> keepScope)
    {
        var form = page.FormWith(field => field is { Type: "submit", Value: "allow" });
        var after = await _browser.PostAsync(form.Action, BrowserlessSignIn.FillConsent(form, button, keepScope), CancellationToken.None);
        return TestClient.ParametersOf(after.Leaves!);
    }
}
