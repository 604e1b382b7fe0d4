using System.Net;
using System.Text.Json.Nodes;
using Cortex.Identity.Linking;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Linking;
using Cortex.Tests.Identity.AuthorizationServer;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Linking;

/// <summary>The page on which a person begins: whom it serves, what it says, and that nothing starts before its form.</summary>
internal sealed class LinkPageTests : LinkSceneTests
{
    [Test]
    public async Task Page_says_where_and_for_what_and_nothing_starts_by_it()
    {
        var page = await Alice.OpenAsync("/link/canva/start");

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.OK, (Uri?)null)));
        Assert.That(page.Html, Does.Contain("Link your account at canva?").And.Contain($"<strong>{new Uri(Scene.Server.Origin).Authority}</strong>").And.Contain("<code>write</code>"));
        Assert.That(page.Headers.GetValues("Referrer-Policy"), Is.EqualTo(new[] { "no-referrer" }));
        Assert.That(page.Headers.CacheControl?.NoStore, Is.True);
        Assert.That(Alice.Browser.Cookies.GetCookies(new Uri(Scene.Gateway.Url)).Any(cookie => cookie.Name == "cortex-link"), Is.False);
    }

    [Test]
    public async Task Form_leads_to_the_provider_with_all_that_the_specification_demands()
    {
        var way = await Alice.BeginAsync(LinkScene.Canva);
        var parameters = TestClient.ParametersOf(way);

        Assert.That(way.GetLeftPart(UriPartial.Path), Is.EqualTo(Scene.Server.Issuer + "/authorize"));
        Assert.That(parameters["response_type"], Is.EqualTo("code"));
        Assert.That(parameters["client_id"], Is.EqualTo("gateway"));
        Assert.That(parameters["redirect_uri"], Is.EqualTo($"{Scene.Gateway.Url}/link/canva/callback"));
        Assert.That(parameters["resource"], Is.EqualTo($"{Scene.Server.Origin}/mcp"));
        Assert.That(parameters["scope"], Is.EqualTo("read write"));
        Assert.That((parameters["code_challenge"].Length, parameters["code_challenge_method"]), Is.EqualTo((43, "S256")));
    }

    /// <summary>Attack: Mallory has an agent's link to link Alice's account, or gives Alice hers, so that one acts with the account of the other.</summary>
    [Test]
    public async Task Link_of_another_person_begins_nothing_and_names_nobody()
    {
        using var mallory = await LinkBrowser.SignInAsync(Scene.Gateway, "mallory@example.com");
        var invitation = await Scene.InviteAsync(Email);

        var page = await mallory.OpenAsync(invitation.PathAndQuery);

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.Forbidden, (Uri?)null)));
        Assert.That(page.Html, Does.Contain("not for you").And.Not.Contain(Email).And.Not.Contain("<form"));
        Assert.That(
            await Eventually.HoldsAsync(() => Scene.Audited.Contains("\"account.link\"", StringComparison.Ordinal) && Scene.Audited.Contains("made for another person", StringComparison.Ordinal)),
            Scene.Audited);
    }

    [Test]
    public async Task Link_leads_whoever_is_not_signed_in_over_the_sign_in_back_to_it()
    {
        var invitation = await Scene.InviteAsync(Email);
        using var browser = new FormBrowser();

        var page = await BrowserlessSignIn.SignInAsync(browser, invitation, Email, default);

        Assert.That(page.Address, Is.EqualTo(invitation));
        Assert.That(page.Html, Does.Contain("Link your account at canva?"));
    }

    [TestCase("")]
    [TestCase("nonsense")]
    [TestCase("twice")]
    [TestCase("tampered")]
    [TestCase("expired")]
    [TestCase("other backend")]
    public async Task Link_that_is_not_whole_or_too_old_begins_nothing(string fault)
    {
        var good = (await Scene.InviteAsync(Email)).Query["?for=".Length..];
        if (fault == "expired")
            Scene.Clock.Advance(LinkInvitations.Lifetime);
        var address = fault switch
        {
            "twice" => $"/link/canva/start?for={good}&for={good}",
            "tampered" => $"/link/canva/start?for={(good[30] == 'A' ? good[..30] + 'B' : good[..30] + 'A')}{good[31..]}",
            "expired" => $"/link/canva/start?for={good}",
            "other backend" => $"/link/other/start?for={good}",
            _ => $"/link/canva/start?for={fault}",
        };
        using var browser = fault == "expired" ? await LinkBrowser.SignInAsync(Scene.Gateway, Email) : null;

        var page = await (browser ?? Alice).OpenAsync(address);

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(page.Html, Does.Contain("no longer counts").And.Not.Contain("<form"));
    }

    [TestCase("/link/nothing/start")]
    [TestCase("/link/plain/start")]
    [TestCase("/link/NOT%20A%20NAME/start")]
    [TestCase("/link/nothing/callback?state=x&code=y")]
    public async Task Backend_without_linked_accounts_is_not_found(string path) =>
        Assert.That((await Alice.OpenAsync(path)).Status, Is.EqualTo(HttpStatusCode.NotFound));

    [TestCase("/link/canva/start")]
    [TestCase("/link/canva/unlink")]
    [TestCase("/link/canva/token")]
    public async Task Form_forged_by_another_site_does_nothing(string path)
    {
        await Scene.LinkAsync(Alice);

        var page = await Alice.Browser.PostAsync(
            new Uri(Scene.Gateway.ListensAt + path), [KeyValuePair.Create(LinkStart.IssuerField, Scene.Server.Issuer), KeyValuePair.Create("token", "x")], default);

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.BadRequest, (Uri?)null)));
        Assert.That(await Scene.TokenAsync(Email), Is.EqualTo("access"));
    }

    [Test]
    public async Task Form_that_speaks_of_another_provider_is_shown_anew()
    {
        var page = await Alice.SendAsync(await Alice.OpenAsync("/link/canva/start"), (LinkStart.IssuerField, "https://evil.example"));

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.OK, (Uri?)null)));
        Assert.That(page.Html, Does.Contain("Link your account at canva?"));
    }

    /// <summary>Attack: a server that was taken over names a provider of its own, to be sent the code and the client's secret.</summary>
    [Test]
    public async Task Provider_of_another_issuer_than_the_configured_one_is_refused()
    {
        Assert.That((await Alice.OpenAsync("/link/other/start")).Html, Does.Contain("<form"));
        Scene.Clock.Advance(TimeSpan.FromMinutes(2));
        var metadata = Scene.Other.ResourceMetadata();
        metadata["authorization_servers"] = new JsonArray(Scene.Server.Issuer);
        Scene.Other.Serve("/meta", metadata);

        var page = await Alice.OpenAsync("/link/other/start");

        Scene.Other.Serve("/meta", Scene.Other.ResourceMetadata());
        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.BadGateway, (Uri?)null)));
        Assert.That(page.Html, Does.Contain("which is configured").And.Not.Contain("<form"));
    }

    [TestCase("token_endpoint", "https://169.254.169.254/latest")]
    [TestCase("authorization_endpoint", "javascript:alert(1)")]
    [TestCase("issuer", "https://accounts.bank.example")]
    public async Task Provider_that_leads_elsewhere_is_told_of_and_nobody_is_sent_there(string name, string value)
    {
        var metadata = Scene.Server.ProviderMetadata();
        metadata[name] = value;
        Scene.Server.Serve("/.well-known/oauth-authorization-server/as", metadata);

        var page = await Alice.OpenAsync("/link/canva/start");

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.BadGateway, (Uri?)null)));
        Assert.That(page.Html, Does.Contain("can&#x27;t be linked at the moment").And.Not.Contain("<form"));
    }
}
