using System.Net;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer.SignIn;

/// <summary>Sign-in by a link in a mail that a real mail server took.</summary>
internal sealed class MagicLinkTests
{
    private SmtpSink _sink = null!;
    private AuthorizationServerHost _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _sink = SmtpSink.Start();
        _server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite, $$"""
            identity: { authorizationServer: { signIn: [magicLink], {{_sink.Settings()}} } }
            limits: { magicLinks: { addressPerHour: off, networkPerHour: off } }
            """);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Test]
    public async Task Client_gets_its_tokens_by_a_link()
    {
        var client = await TestClient.RegisterAsync(_server);
        using var browser = new MagicLinkBrowser(_server.Url);

        var asked = await browser.AskAsync("ann@example.com", client.AuthorizeUrl());
        var opened = await browser.OpenAsync(_sink.LinkTo("ann@example.com"));
        var consent = await browser.PressAsync(opened);
        var form = consent.FormWith(field => field is { Type: "submit", Value: "allow" });
        var answer = await browser.Pages.PostAsync(form.Action, BrowserlessSignIn.FillConsent(form, "allow", _ => true), CancellationToken.None);
        var tokens = await client.ExchangeAsync(TestClient.ParametersOf(answer.Leaves!)["code"]);

        Assert.That(asked.Html, Does.Contain("Look into your mail"));
        Assert.That(opened.Html, Does.Contain("ann@example.com"));
        Assert.That(tokens.Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Mail_is_short_text_and_html_and_loads_nothing()
    {
        using var browser = new MagicLinkBrowser(_server.Url);
        await browser.AskAsync("mia@example.com");

        var mail = _sink.Mails.Last(mail => mail.To.Mailboxes.Single().Address == "mia@example.com");

        Assert.That(mail.Subject, Is.EqualTo("Sign in to Cortex"));
        Assert.That(mail.From.Mailboxes.Single().Address, Is.EqualTo("signin@cortex.example"));
        Assert.That(mail.TextBody, Does.Contain("15 minutes"));
        Assert.That(mail.HtmlBody, Does.Contain(_sink.LinkTo("mia@example.com").ToString()).And.Not.Contain("src=").And.Not.Contain("<img"));
    }

    [Test]
    public async Task Opening_the_link_uses_nothing_up_and_signs_nobody_in()
    {
        using var browser = new MagicLinkBrowser(_server.Url);
        await browser.AskAsync("ben@example.com");
        var link = _sink.LinkTo("ben@example.com");
        for (var scan = 0; scan < 3; scan++)
            await _server.Http.GetAsync(link);

        var opened = await browser.OpenAsync(link);
        Assert.That(browser.SessionCookie, Is.Null);
        var after = await browser.PressAsync(opened);

        Assert.That(after.Html, Does.Contain("Signed in as ben@example.com"));
    }

    [Test]
    public async Task Link_works_once()
    {
        using var browser = new MagicLinkBrowser(_server.Url);
        using var thief = new MagicLinkBrowser(_server.Url);
        await browser.AskAsync("cem@example.com");
        var link = _sink.LinkTo("cem@example.com");
        var (mine, theirs) = (await browser.OpenAsync(link), await thief.OpenAsync(link));

        var pages = await Task.WhenAll(browser.PressAsync(mine), thief.PressAsync(theirs));

        Assert.That(pages.Select(page => page.Status), Is.EquivalentTo(new[] { HttpStatusCode.OK, HttpStatusCode.Gone }));
        Assert.That((await thief.OpenAsync(link)).Status, Is.EqualTo(HttpStatusCode.Gone));
    }

    [Test]
    public async Task Link_ends_after_a_quarter_of_an_hour()
    {
        using var browser = new MagicLinkBrowser(_server.Url);
        await browser.AskAsync("dan@example.com");
        var opened = await browser.OpenAsync(_sink.LinkTo("dan@example.com"));
        _server.Time.Advance(TimeSpan.FromMinutes(15));

        var late = await browser.PressAsync(opened);

        Assert.That(late.Status, Is.EqualTo(HttpStatusCode.Gone));
        Assert.That(browser.SessionCookie, Is.Null);
    }

    [Test]
    public async Task Nobody_is_known_before_a_link_is_used_and_the_answer_is_the_same_for_everybody()
    {
        using var first = new MagicLinkBrowser(_server.Url);
        using var second = new MagicLinkBrowser(_server.Url);
        var unknown = await first.AskAsync("eva@example.com");
        Assert.That(await CountPersonsAsync("eva@example.com"), Is.Zero);

        await first.PressAsync(await first.OpenAsync(_sink.LinkTo("eva@example.com")));
        Assert.That(await CountPersonsAsync("eva@example.com"), Is.EqualTo(1));
        var known = await second.AskAsync("  EVA@example.com ");
        await second.PressAsync(await second.OpenAsync(_sink.LinkTo("eva@example.com")));

        Assert.That((known.Status, known.Html), Is.EqualTo((unknown.Status, unknown.Html)));
        Assert.That(await CountPersonsAsync("eva@example.com"), Is.EqualTo(1));
    }

    [Test]
    public async Task Form_that_a_program_filled_in_sends_nothing_and_gets_the_usual_answer()
    {
        using var browser = new MagicLinkBrowser(_server.Url);

        var page = await browser.AskAsync("spam@example.com", trap: "https://spam.example");

        Assert.That((page.Status, page.Html.Contains("Look into your mail", StringComparison.Ordinal)), Is.EqualTo((HttpStatusCode.OK, true)));
        Assert.That(_sink.Mails.SelectMany(mail => mail.To.Mailboxes).Select(to => to.Address), Does.Not.Contain("spam@example.com"));
        Assert.That(await _server.HasRecordedAsync("the field that people"), _server.AuditLines);
    }

    [Test]
    public async Task Form_forged_by_another_site_sends_nothing()
    {
        using var browser = new FormBrowser();

        var page = await browser.PostAsync(new Uri(_server.Url + "/signin/email"), [KeyValuePair.Create("email", "forged@example.com")], CancellationToken.None);

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(_sink.Mails.SelectMany(mail => mail.To.Mailboxes).Select(to => to.Address), Does.Not.Contain("forged@example.com"));
    }

    [Test]
    public async Task Other_site_can_not_sign_a_browser_in_as_somebody_else()
    {
        using var attacker = new MagicLinkBrowser(_server.Url);
        using var victim = new FormBrowser();
        await attacker.AskAsync("fay@example.com");
        var token = TestClient.ParametersOf(_sink.LinkTo("fay@example.com"))["token"];

        var page = await victim.PostAsync(new Uri(_server.Url + "/signin/link"), [KeyValuePair.Create("token", token)], CancellationToken.None);

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(victim.Cookies.GetAllCookies().Select(cookie => cookie.Name), Does.Not.Contain("cortex"));
        Assert.That((await attacker.OpenAsync(_sink.LinkTo("fay@example.com"))).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Session_that_an_attacker_planted_is_not_the_one_that_is_signed_in()
    {
        using var attacker = new MagicLinkBrowser(_server.Url);
        await attacker.AskAsync("mallory@example.com");
        await attacker.PressAsync(await attacker.OpenAsync(_sink.LinkTo("mallory@example.com")));
        var planted = attacker.SessionCookie!;
        using var victim = new MagicLinkBrowser(_server.Url);
        victim.Pages.Cookies.Add(new Uri(_server.Url), new Cookie("cortex", planted, "/"));

        await victim.AskAsync("gil@example.com");
        await victim.PressAsync(await victim.OpenAsync(_sink.LinkTo("gil@example.com")));

        Assert.That(victim.SessionCookie, Is.Not.EqualTo(planted));
        Assert.That((await attacker.Pages.GetAsync(new Uri(_server.Url + "/signin"), CancellationToken.None)).Html, Does.Contain("Signed in as mallory@example.com"));
    }

    [TestCase("")]
    [TestCase("?token=")]
    [TestCase("?token=AAAA")]
    [TestCase("?token=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [TestCase("?token=%00%ff")]
    public async Task Made_up_link_is_none(string query)
    {
        using var reply = await _server.Http.GetAsync("/signin/link" + query);

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.Gone));
    }

    [Test]
    public async Task Whoever_reads_or_writes_the_database_gains_no_link()
    {
        using var browser = new MagicLinkBrowser(_server.Url);
        await browser.AskAsync("hal@example.com");
        var link = _sink.LinkTo("hal@example.com");
        var token = TestClient.ParametersOf(link)["token"];
        await using var connection = await _server.Services.GetRequiredService<Database>().OpenAsync(CancellationToken.None);
        var rows = (await connection.QueryAsync<(string Hash, byte[] Sealed)>("SELECT token_hash, sealed FROM magic_links")).ToArray();

        Assert.That(rows.Select(row => row.Hash), Does.Not.Contain(token));
        Assert.That(rows.Select(row => System.Text.Encoding.Latin1.GetString(row.Sealed)), Has.None.Contains("hal@example.com"));

        // A row of one's own, with the content of somebody else's.
        var forged = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.ASCII.GetBytes(new string('A', 43))));
        await connection.ExecuteAsync(
            "INSERT INTO magic_links (token_hash, expires_at, sealed) VALUES (@forged, 99999999999999, @Sealed)", new { forged, rows[0].Sealed });
        Assert.That((await browser.OpenAsync(new Uri($"{_server.Url}/signin/link?token={new string('A', 43)}"))).Status, Is.EqualTo(HttpStatusCode.Gone));
    }

    [Test]
    public async Task Link_leads_to_no_other_site()
    {
        using var browser = new MagicLinkBrowser(_server.Url);
        await browser.AskAsync("ida@example.com", new Uri(_server.Url + "/signin?return=https://evil.example/"));

        var after = await browser.PressAsync(await browser.OpenAsync(_sink.LinkTo("ida@example.com")));

        Assert.That((after.Leaves, after.Address.AbsolutePath), Is.EqualTo(((Uri?)null, "/signin")));
    }

    [TestCase("jo@example.com\r\nBcc: all@example.com")]
    [TestCase("jo@example.com, all@example.com")]
    [TestCase("Jo <jo@example.com>")]
    [TestCase("jo")]
    public async Task What_is_no_single_address_is_refused_in_words(string email)
    {
        using var browser = new MagicLinkBrowser(_server.Url);

        var page = await browser.AskAsync(email);

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(page.Html, Does.Contain("not an e-mail address"));
    }

    [Test]
    public async Task Development_sign_in_is_not_there()
    {
        using var reply = await _server.Http.PostAsync("/signin/development", new FormUrlEncodedContent([]));

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.NotFound));
    }

    private async Task<int> CountPersonsAsync(string email)
    {
        await using var connection = await _server.Services.GetRequiredService<Database>().OpenAsync(CancellationToken.None);
        return await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM persons WHERE email = @email", new { email });
    }
}
