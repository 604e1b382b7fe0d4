using System.Net;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.AuthorizationServer;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary><c>/account</c>: what people see of their own, what they can end, and what they can't of others.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class AccountTests(DatabaseDialect dialect)
{
    private static readonly string[] Forms = ["/account/clients/disconnect", "/account/tokens/new", "/account/tokens/remove", "/account/sign-out-everywhere"];

    private AccountHost _host = null!;
    private AccountBrowser _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _host = await AccountHost.StartAsync(dialect);

    [OneTimeTearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [SetUp]
    public async Task SignInAsync() => _alice = await AccountBrowser.SignInAsync(_host.Gateway, NewAddress("alice"));

    [TearDown]
    public void CloseBrowser() => _alice.Dispose();

    [TestCase("/account")]
    [TestCase("/account/tokens/new")]
    public async Task Whoever_is_not_signed_in_is_sent_to_sign_in_and_back(string path)
    {
        using var browser = new FormBrowser();
        var first = await browser.GetAsync(new Uri(_host.Gateway.ListensAt + path), CancellationToken.None);

        var page = await BrowserlessSignIn.SignInAsync(browser, first.Address, "alice@example.com", CancellationToken.None);

        Assert.That(first.Address.AbsolutePath, Is.EqualTo("/signin"));
        Assert.That(page.Address.AbsolutePath, Is.EqualTo(path));
        Assert.That(page.Html, Does.Contain("Signed in as Alice Archer"));
    }

    [TestCase("/account")]
    [TestCase("/account/tokens/new")]
    public async Task Page_allows_no_frames_no_scripts_and_no_caching(string path)
    {
        var page = await _alice.OpenAsync(path);

        Assert.That(page.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("frame-ancestors 'none'").And.Contain("default-src 'none'"));
        Assert.That(page.Headers.GetValues("X-Frame-Options"), Is.EqualTo(new[] { "DENY" }));
        Assert.That(page.Headers.CacheControl?.NoStore, Is.True);
        Assert.That(page.Html, Does.Not.Contain("<script").IgnoreCase);
    }

    [Test]
    public async Task Connected_client_is_shown_with_name_destination_scopes_and_moments()
    {
        await ConnectAsync("Notes <b>helper</b>");

        var entry = AccountBrowser.Entry(await _alice.OpenAsync(), "Notes &lt;b&gt;helper&lt;/b&gt;").Html;

        Assert.That(entry, Does.Contain("127.0.0.1").And.Contain("Read in notes").And.Contain("Make changes in notes").And.Contain("Stay connected"));
        Assert.That(entry, Does.Contain("Since").And.Contain("Last used").And.Contain(DateTime.UtcNow.ToString("yyyy-", System.Globalization.CultureInfo.InvariantCulture)).And.Not.Contain("Not lately"));
    }

    [Test]
    public async Task Disconnected_client_loses_consent_refresh_token_and_access_token()
    {
        var (client, tokens) = await ConnectAsync("Leaving");
        Assert.That(await McpDoor.IsOpenAsync(_host.Gateway, tokens.AccessToken));

        var after = await DisconnectAsync("Leaving");

        Assert.That(after.Html, Does.Contain("The client was disconnected").And.Contain("No client is connected"));
        Assert.That(await McpDoor.IsOpenAsync(_host.Gateway, tokens.AccessToken), Is.False);
        Assert.That((await client.RefreshAsync(tokens.RefreshToken)).Error, Is.EqualTo("invalid_grant"));
        Assert.That((await _alice.Browser.GetAsync(client.AuthorizeUrl(), CancellationToken.None)).Leaves, Is.Null, "asked again");
    }

    [Test]
    public async Task Client_whose_consent_is_over_is_shown_as_long_as_its_tokens_live()
    {
        var (client, tokens) = await ConnectAsync("Still here");
        await _host.QueryAsync<int>("UPDATE consents SET expires_at = 1 WHERE client_id = @Id", new { client.Id });

        Assert.That(AccountBrowser.Entry(await _alice.OpenAsync(), "Still here").Html, Does.Contain("127.0.0.1"));
        await DisconnectAsync("Still here");

        Assert.That((await client.RefreshAsync(tokens.RefreshToken)).Error, Is.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task Code_not_yet_redeemed_ends_with_its_client()
    {
        var client = await _host.RegisterAsync("Early");
        var code = await GetCodeAsync(client);

        await DisconnectAsync("Early");

        Assert.That((await client.ExchangeAsync(code)).Error, Is.EqualTo("invalid_grant"));
    }

    [Test]
    public async Task Posted_id_of_a_client_ends_nothing_of_another_person()
    {
        var (client, tokens) = await ConnectAsync("Kept");
        using var mallory = await AccountBrowser.SignInAsync(_host.Gateway, NewAddress("mallory"));
        var (_, own) = await ConnectAsync("Mallory's", mallory);

        await mallory.SubmitAsync(await mallory.OpenAsync(), "/account/clients/disconnect", ("client", client.Id));

        Assert.That(await McpDoor.IsOpenAsync(_host.Gateway, tokens.AccessToken));
        Assert.That(await McpDoor.IsOpenAsync(_host.Gateway, own.AccessToken));
        Assert.That((await client.RefreshAsync(tokens.RefreshToken)).Status, Is.EqualTo(HttpStatusCode.OK));
        Assert.That((await _alice.OpenAsync()).Html, Does.Contain("<h3>Kept</h3>"));
    }

    [Test]
    public async Task Person_sees_nothing_of_another()
    {
        await ConnectAsync("Private helper");
        await _alice.MakeTokenAsync("Private token");
        using var mallory = await AccountBrowser.SignInAsync(_host.Gateway, NewAddress("mallory"));

        var page = await mallory.OpenAsync();

        Assert.That(page.Html, Does.Not.Contain("Private"));
        Assert.That(page.Html, Does.Contain("Signed in"));
    }

    [TestCaseSource(nameof(Forms))]
    public async Task Form_forged_by_another_site_changes_nothing(string path)
    {
        var (client, tokens) = await ConnectAsync("Forged");
        var token = await _alice.MakeTokenAsync("forged");
        var id = AccountBrowser.IdOf(await _alice.OpenAsync(), "forged");

        var page = await _alice.Browser.PostAsync(
            new Uri(_host.Gateway.ListensAt + path),
            [KeyValuePair.Create("client", client.Id), KeyValuePair.Create("token", id), KeyValuePair.Create("clients", "yes"), KeyValuePair.Create("name", "x"), KeyValuePair.Create("days", "1"), KeyValuePair.Create("scope", "mcp:notes:read")],
            CancellationToken.None);

        Assert.That((page.Status, AccountBrowser.TokenIn(page.Html)), Is.EqualTo((HttpStatusCode.BadRequest, (string?)null)));
        Assert.That(await McpDoor.IsOpenAsync(_host.Gateway, tokens.AccessToken) && await McpDoor.IsOpenAsync(_host.Gateway, token));
        Assert.That((await _alice.OpenAsync()).Address.AbsolutePath, Is.EqualTo("/account"));
    }

    [TestCaseSource(nameof(Forms))]
    public async Task Form_of_nobody_leads_to_the_sign_in(string path)
    {
        using var browser = new FormBrowser();

        var page = await browser.PostAsync(new Uri(_host.Gateway.ListensAt + path), [KeyValuePair.Create("name", "x")], CancellationToken.None);

        Assert.That(page.Address.AbsolutePath, Is.EqualTo("/signin"));
    }

    [Test]
    public async Task Form_token_of_another_person_is_refused()
    {
        var (_, tokens) = await ConnectAsync("Stays");
        using var mallory = await AccountBrowser.SignInAsync(_host.Gateway, NewAddress("mallory"));
        var stolen = (await mallory.OpenAsync()).Forms[0].Fields.Single(field => field.Name == "form_token").Value;

        var page = await _alice.SubmitAsync(await _alice.OpenAsync(), "/account/sign-out-everywhere", ("form_token", stolen), ("clients", "yes"));

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(await McpDoor.IsOpenAsync(_host.Gateway, tokens.AccessToken));
    }

    [Test]
    public async Task Activity_tells_what_happened_with_which_client_tool_and_outcome()
    {
        var (client, tokens) = await ConnectAsync("Active helper");
        using var agent = TestPerson.With(_host.Gateway, tokens.AccessToken, client.Id);
        await agent.CallAsync("notes_read");
        using var headless = TestPerson.With(_host.Gateway, await _alice.MakeTokenAsync("nightly"), "");
        await headless.CallAsync("notes_write");

        BrowserPage page = null!;
        await Eventually.HoldsAfterAsync(async () => page = await _alice.OpenAsync(), () => page.Html.Contains("Tool called", StringComparison.Ordinal) && page.Html.Contains("notes_write", StringComparison.Ordinal));

        var text = page.Html;
        Assert.That(text, Does.Contain("Signed in").And.Contain("Answered what a client may do").And.Contain("Tool called"));
        Assert.That(text, Does.Contain("notes_read, notes").And.Contain("Active helper").And.Contain("Token &#x201C;nightly&#x201D;").Or.Contain("Token “nightly”"));
        Assert.That(text, Does.Contain("Done"));
    }

    [Test]
    public async Task Signing_out_everywhere_ends_every_browser_and_leaves_clients_connected()
    {
        var email = NewAddress("carol");
        using var here = await AccountBrowser.SignInAsync(_host.Gateway, email);
        using var elsewhere = await AccountBrowser.SignInAsync(_host.Gateway, email);
        var (_, tokens) = await ConnectAsync("Unmoved", here);

        var said = await here.SubmitAsync(await here.OpenAsync(), "/account/sign-out-everywhere");

        Assert.That(said.Html, Does.Contain("Signed out everywhere"));
        Assert.That((await here.OpenAsync()).Address.AbsolutePath, Is.EqualTo("/signin"));
        Assert.That((await elsewhere.OpenAsync()).Address.AbsolutePath, Is.EqualTo("/signin"));
        Assert.That(await McpDoor.IsOpenAsync(_host.Gateway, tokens.AccessToken));
        Assert.That((await _alice.OpenAsync()).Address.AbsolutePath, Is.EqualTo("/account"), "another person");
        using var again = await AccountBrowser.SignInAsync(_host.Gateway, email);
        Assert.That((await again.OpenAsync()).Address.AbsolutePath, Is.EqualTo("/account"));
    }

    [Test]
    public async Task Signing_out_everywhere_ends_clients_too_where_ticked()
    {
        var (first, tokens) = await ConnectAsync("One");
        var (_, others) = await ConnectAsync("Two");

        await _alice.SubmitAsync(await _alice.OpenAsync(), "/account/sign-out-everywhere", ("clients", "yes"));

        Assert.That(await McpDoor.IsOpenAsync(_host.Gateway, tokens.AccessToken), Is.False);
        Assert.That(await McpDoor.IsOpenAsync(_host.Gateway, others.AccessToken), Is.False);
        Assert.That((await first.RefreshAsync(tokens.RefreshToken)).Error, Is.EqualTo("invalid_grant"));
    }

    private static string NewAddress(string name) => $"{name}-{Guid.NewGuid():N}@example.com";

    /// <summary>Lets a client in from the person's own browser.</summary>
    private async Task<(TestClient Client, TokenReply Tokens)> ConnectAsync(string name, AccountBrowser? person = null)
    {
        var client = await _host.RegisterAsync(name);
        return (client, await client.ExchangeAsync(await GetCodeAsync(client, person)));
    }

    private async Task<string> GetCodeAsync(TestClient client, AccountBrowser? person = null)
    {
        var answer = await BrowserlessSignIn.AuthorizeAsync((person ?? _alice).Browser, client.AuthorizeUrl(), "unused@example.com", null, CancellationToken.None);
        return TestClient.ParametersOf(answer)["code"];
    }

    private async Task<BrowserPage> DisconnectAsync(string name)
    {
        var entry = AccountBrowser.Entry(await _alice.OpenAsync(), name);
        return await _alice.SubmitAsync(entry, "/account/clients/disconnect");
    }
}
