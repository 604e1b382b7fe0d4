using System.Net;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>The sign-in page, the development sign-in and the cookie.</summary>
internal sealed class SignInTests
{
    private AuthorizationServerHost _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite);

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Sample_people_can_be_picked()
    {
        using var browser = new FormBrowser();
        var page = await browser.GetAsync(Page("/signin"), CancellationToken.None);
        var form = page.FormWith(field => field is { Type: "submit", Value: "bob@example.com" });

        var after = await browser.PostAsync(form.Action, BrowserlessSignIn.FillConsent(form, "bob@example.com", _ => true), CancellationToken.None);

        Assert.That(after.Html, Does.Contain("Signed in as Bob Baker"));
    }

    [TestCase("/signin?return=https://evil.example/")]
    [TestCase("/signin?return=//evil.example/")]
    [TestCase("/signin?return=/\\evil.example/")]
    [TestCase("/signin?return=/%09/evil.example/")]
    [TestCase("/signin?return=javascript:alert(1)")]
    public async Task Return_address_of_another_site_is_not_followed(string path)
    {
        using var browser = new FormBrowser();

        var after = await BrowserlessSignIn.SignInAsync(browser, Page(path), "alice@example.com", CancellationToken.None);

        Assert.That(after.Leaves, Is.Null);
        Assert.That(after.Address.AbsolutePath, Is.EqualTo("/signin"));
        Assert.That(after.Html, Does.Not.Contain("evil.example"));
    }

    [Test]
    public async Task Return_address_is_checked_again_when_the_form_comes_back()
    {
        using var browser = new FormBrowser();
        var page = await browser.GetAsync(Page("/signin?return=/signin"), CancellationToken.None);
        var form = page.FormWith(field => field.Type == "email");
        var fields = form.Fields.Where(field => field.Name == "form_token").Select(field => KeyValuePair.Create(field.Name!, field.Value))
            .Append(KeyValuePair.Create("return", "https://evil.example/")).Append(KeyValuePair.Create("email", "alice@example.com"));

        var after = await browser.PostAsync(form.Action, fields, CancellationToken.None);

        Assert.That(after.Leaves, Is.Null);
    }

    [Test]
    public async Task Sign_in_forged_by_another_site_is_refused()
    {
        using var browser = new FormBrowser();

        var page = await browser.PostAsync(
            Page("/signin/development"), [KeyValuePair.Create("email", "mallory@example.com"), KeyValuePair.Create("return", "/signin")], CancellationToken.None);

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(browser.Cookies.GetAllCookies().Select(cookie => cookie.Name), Does.Not.Contain("cortex"));
    }

    [Test]
    public async Task What_is_no_address_is_refused_in_words()
    {
        using var browser = new FormBrowser();

        var page = await BrowserlessSignIn.SignInAsync(browser, Page("/signin"), "not an address", CancellationToken.None);

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(page.Html, Does.Contain("not an e-mail address"));
    }

    [Test]
    public async Task Cookie_is_http_only_and_lax_and_names_nobody()
    {
        using var browser = new FormBrowser();
        await BrowserlessSignIn.SignInAsync(browser, Page("/signin"), "alice@example.com", CancellationToken.None);

        var cookie = browser.Cookies.GetAllCookies().Single(cookie => cookie.Name == "cortex");

        Assert.That((cookie.HttpOnly, cookie.Path), Is.EqualTo((true, "/")));
        Assert.That(cookie.Value, Does.Not.Contain("alice"));
    }

    [Test]
    public async Task Signing_out_ends_the_session()
    {
        using var browser = new FormBrowser();
        var page = await BrowserlessSignIn.SignInAsync(browser, Page("/signin"), "alice@example.com", CancellationToken.None);
        var form = page.Forms.Single(form => form.Action.AbsolutePath == "/signin/out");

        var after = await browser.PostAsync(form.Action, BrowserlessSignIn.FillConsent(form, "", _ => true), CancellationToken.None);

        Assert.That(after.Html, Does.Contain("Not signed in"));
    }

    [Test]
    public async Task Page_allows_no_frames_no_scripts_and_no_caching()
    {
        using var browser = new FormBrowser();

        var page = await browser.GetAsync(Page("/signin"), CancellationToken.None);

        Assert.That(page.Headers.GetValues("Content-Security-Policy").Single(), Does.Contain("frame-ancestors 'none'").And.Contain("default-src 'none'"));
        Assert.That(page.Headers.GetValues("X-Frame-Options"), Is.EqualTo(new[] { "DENY" }));
        Assert.That(page.Headers.CacheControl?.NoStore, Is.True);
        Assert.That(page.Html, Does.Not.Contain("<script").IgnoreCase);
        Assert.That(page.Html, Does.Contain("<html lang=\"en\">"));
    }

    [Test]
    public async Task Style_sheet_is_served_and_may_be_kept()
    {
        using var reply = await _server.Http.GetAsync("/assets/pages.css");

        Assert.That(reply.Content.Headers.ContentType?.MediaType, Is.EqualTo("text/css"));
        Assert.That(reply.Headers.CacheControl?.Public, Is.True);
    }

    [Test]
    public async Task Unknown_page_is_a_plain_404()
    {
        using var reply = await _server.Http.GetAsync("/nothing-here");

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private Uri Page(string path) => new(_server.Url + path);
}
