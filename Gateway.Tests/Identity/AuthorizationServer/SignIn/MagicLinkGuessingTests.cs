using System.Net;
using Cortex.Foundation.Storage;
using Cortex.Identity.AuthorizationServer.SignIn.MagicLink;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer.SignIn;

/// <summary>Somebody who tries the tokens of sign-in links, and the person whose link it is.</summary>
internal sealed class MagicLinkGuessingTests
{
    private const int Limit = 6;

    private SmtpSink _sink = null!;
    private AuthorizationServerHost _server = null!;
    private FormBrowser _attacker = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _sink = SmtpSink.Start();
        _server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite, $$"""
            identity: { authorizationServer: { signIn: [magicLink], {{_sink.Settings()}} } }
            limits: { signIns: { addressPerMinute: {{Limit}}, networkPerMinute: off } }
            """);
        _attacker = new FormBrowser(IPAddress.Parse("127.0.0.9"));
    }

    [TearDown]
    public async Task StopAsync()
    {
        _attacker.Dispose();
        await _server.DisposeAsync();
        await _sink.DisposeAsync();
    }

    [Test]
    public async Task Attack_using_guessed_links_ends_in_429_and_the_person_signs_in_by_theirs()
    {
        using var person = new MagicLinkBrowser(_server.Url);
        await person.AskAsync("ann@example.com");
        var page = await _attacker.GetAsync(new Uri(_server.Url + "/signin"), CancellationToken.None);
        var fields = BrowserlessSignIn.FillConsent(page.Forms[0], "", _ => true).Where(field => field.Key == "form_token").ToArray();

        for (var guess = 0; guess < Limit; guess++)
            Assert.That((await GuessAsync()).Status, Is.EqualTo(HttpStatusCode.Gone));
        var refused = await GuessAsync();

        Assert.That((refused.Status, refused.Headers.RetryAfter?.Delta > TimeSpan.Zero), Is.EqualTo((HttpStatusCode.TooManyRequests, true)));
        Assert.That(await _server.HasRecordedAsync("over the limit signIns.address"), _server.AuditLines);
        var opened = await person.OpenAsync(_sink.LinkTo("ann@example.com"));
        Assert.That((await person.PressAsync(opened)).Html, Does.Contain("Signed in as ann@example.com"));

        Task<BrowserPage> GuessAsync() =>
            _attacker.PostAsync(new Uri(_server.Url + MagicLinkSignIn.LinkPath), [.. fields, KeyValuePair.Create("token", MagicLinkToken.New().Text)], CancellationToken.None);
    }

    [Test]
    public async Task Attack_opening_guessed_links_ends_in_429_and_learns_nothing_of_a_right_one_then()
    {
        using var person = new MagicLinkBrowser(_server.Url);
        await person.AskAsync("ann@example.com");

        for (var guess = 0; guess < Limit; guess++)
            Assert.That((await OpenAsync(MagicLinkToken.New().Text)).Status, Is.EqualTo(HttpStatusCode.Gone));
        var right = await _attacker.GetAsync(_sink.LinkTo("ann@example.com"), CancellationToken.None);

        Assert.That((right.Status, right.Headers.RetryAfter?.Delta > TimeSpan.Zero), Is.EqualTo((HttpStatusCode.TooManyRequests, true)));
        Assert.That((await person.OpenAsync(_sink.LinkTo("ann@example.com"))).Html, Does.Contain("ann@example.com"));

        Task<BrowserPage> OpenAsync(string token) => _attacker.GetAsync(new Uri($"{_server.Url}{MagicLinkSignIn.LinkPath}?token={token}"), CancellationToken.None);
    }
}
