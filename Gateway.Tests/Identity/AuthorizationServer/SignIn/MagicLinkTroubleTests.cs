using System.Net;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer.SignIn;

/// <summary>Floods of mail, a mail server that is away, restarts and replicas.</summary>
internal sealed class MagicLinkTroubleTests
{
    [TestCase("addressPerHour: 2", "address")]
    [TestCase("networkPerHour: 2", "network")]
    [TestCase("recipientPerHour: 2", "recipient")]
    [TestCase("perDay: 2", "total")]
    public async Task Links_over_a_limit_are_not_sent(string limit, string name)
    {
        await using var sink = SmtpSink.Start();
        await using var server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite, $$"""
            identity: { authorizationServer: { signIn: [magicLink], {{sink.Settings()}} } }
            limits: { magicLinks: { {{limit}} } }
            """);
        using var browser = new MagicLinkBrowser(server.Url);
        await browser.AskAsync("ann@example.com");
        await browser.AskAsync("ann@example.com");

        var page = await browser.AskAsync("ann@example.com");

        Assert.That((page.Status, sink.Mails.Count), Is.EqualTo((HttpStatusCode.TooManyRequests, 2)));
        Assert.That(page.Headers.RetryAfter?.Delta, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(await server.HasRecordedAsync($"over the limit magicLinks.{name}"), server.AuditLines);
        server.Time.Advance(TimeSpan.FromDays(1));
        Assert.That((await browser.AskAsync("ann@example.com")).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Mail_server_that_is_away_is_told_and_leaves_no_link()
    {
        await using var server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite, $$"""
            identity: { authorizationServer: { signIn: [magicLink], smtp: { host: 127.0.0.1, port: {{ServerProcess.FreePort()}}, security: none, from: a@b.example } } }
            """);
        using var browser = new MagicLinkBrowser(server.Url);

        var page = await browser.AskAsync("ann@example.com");

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.ServiceUnavailable));
        Assert.That(page.Html, Does.Contain("could not be sent"));
        Assert.That(await server.HasRecordedAsync("did not take the mail"), server.AuditLines);
        Assert.That(server.AuditLines, Does.Not.Contain("ann@example.com"));
        await using var connection = await server.Services.GetRequiredService<Database>().OpenAsync(CancellationToken.None);
        Assert.That(await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM magic_links"), Is.Zero);
    }

    [Test]
    public async Task Link_outlives_a_restart_and_works_at_another_replica([Values] DatabaseDialect dialect)
    {
        await using var sink = SmtpSink.Start();
        await using var storage = await TestStorage.CreateAsync(dialect);
        var yaml = $$"""identity: { authorizationServer: { signIn: [development, magicLink], {{sink.Settings()}} } }""";
        string url;
        await using (var first = await GatewayHost.StartAsync(yaml, storage))
        {
            url = first.Url;
            using var there = new MagicLinkBrowser(first.Url);
            var page = await there.Pages.GetAsync(new Uri(first.Url + "/signin"), CancellationToken.None);
            var form = page.Forms.Single(form => form.Action.AbsolutePath == "/signin/email");
            await there.Pages.PostAsync(form.Action, BrowserlessSignIn.FillConsent(form, "", _ => true).Select(field => field.Key == "email" ? KeyValuePair.Create("email", "ann@example.com") : field), CancellationToken.None);
        }

        await using var second = await GatewayHost.StartAsync(yaml, storage, publicUrl: url);
        using var here = new MagicLinkBrowser(second.ListensAt);
        var link = new Uri(second.ListensAt + sink.LinkTo("ann@example.com").PathAndQuery);

        var after = await here.PressAsync(await here.OpenAsync(link));

        Assert.That(after.Html, Does.Contain("Signed in as ann@example.com"));
        Assert.That((await here.OpenAsync(link)).Status, Is.EqualTo(HttpStatusCode.Gone));
    }
}
