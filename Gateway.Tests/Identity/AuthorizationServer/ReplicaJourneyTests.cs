using System.Net;
using Cortex.Foundation.Storage;
using Cortex.Tests.Clients;
using Cortex.Tests.Console;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>One sign-in spread over two replicas on PostgreSQL and Redis, behind one public address: whatever one did, the other goes on with.</summary>
internal sealed class ReplicaJourneyTests
{
    [Test]
    public async Task Grant_begun_here_goes_on_there_and_its_end_counts_everywhere_within_a_second()
    {
        await using var storage = await TestStorage.CreateAsync(DatabaseDialect.PostgreSql);
        await using var backend = await NotesCapture.StartAsync();
        await using var sink = SmtpSink.Start();
        var yaml = $$"""
            identity: { authorizationServer: { signIn: [magicLink], {{sink.Settings()}} } }
            {{NotesCapture.Yaml(backend)}}
            """;
        await using var first = await GatewayHost.StartAsync(yaml, storage);
        await using var second = await GatewayHost.StartAsync(yaml, storage, publicUrl: first.Url);
        using var here = new HttpClient { BaseAddress = new Uri(first.ListensAt) };
        using var there = new HttpClient { BaseAddress = new Uri(second.ListensAt) };
        using var browser = new FormBrowser();
        var client = await TestClient.RegisterAsync(here, first.Url);

        var asked = await SignInFormAsync(browser, client.AuthorizeUrl());
        var opened = await browser.GetAsync(At(second, sink.LinkTo("ann@example.com")), CancellationToken.None);
        var link = opened.FormWith(field => field.Name == "token");
        await browser.PostAsync(At(second, link.Action), BrowserlessSignIn.FillConsent(link, "", _ => true), CancellationToken.None);
        var question = await browser.GetAsync(client.AuthorizeUrl(), CancellationToken.None);
        var consent = question.FormWith(field => field is { Type: "submit", Value: "allow" });
        var answer = await browser.PostAsync(At(first, consent.Action), BrowserlessSignIn.FillConsent(consent, "allow", _ => true), CancellationToken.None);
        Assert.That((asked.Status, answer.Leaves is not null), Is.EqualTo((HttpStatusCode.OK, true)), answer.Html);

        var tokens = await client.At(there).ExchangeAsync(TestClient.ParametersOf(answer.Leaves!)["code"]);
        for (var turn = 0; turn < 4; turn++)
        {
            tokens = await client.At(turn % 2 == 0 ? here : there).RefreshAsync(tokens.RefreshToken);
            Assert.That(tokens.Status, Is.EqualTo(HttpStatusCode.OK), $"{turn}: {tokens.Json}");
        }

        Assert.That((await McpDoor.IsOpenAsync(first, tokens.AccessToken), await McpDoor.IsOpenAsync(second, tokens.AccessToken)), Is.EqualTo((true, true)));
        await client.At(here).PresentAsync("/oauth/revoke", tokens.RefreshToken);
        await McpDoor.RequireClosedAsync(tokens.AccessToken, second, first);
        Assert.That((await client.At(there).RefreshAsync(tokens.RefreshToken)).Error, Is.EqualTo("invalid_grant"));
    }

    private static async Task<BrowserPage> SignInFormAsync(FormBrowser browser, Uri address)
    {
        var page = await browser.GetAsync(address, CancellationToken.None);
        var form = page.FormWith(field => field.Type == "email");
        return await browser.PostAsync(
            form.Action,
            form.Fields.Where(field => field.Name is not null && field.Type != "submit")
                .Select(field => KeyValuePair.Create(field.Name!, field.Name == "email" ? "ann@example.com" : field.Value)),
            CancellationToken.None);
    }

    /// <summary>The same address at a replica, past whatever shares the load between them. Cookies hold for the host, whatever its port.</summary>
    private static Uri At(GatewayHost replica, Uri address) => new(replica.ListensAt + address.PathAndQuery);
}
