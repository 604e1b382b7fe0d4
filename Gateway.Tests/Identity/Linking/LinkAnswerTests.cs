using System.Net;
using System.Text.Json.Nodes;
using Cortex.Foundation.Storage;
using Cortex.Identity.Linking;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Linking;
using Cortex.Tests.Identity.AuthorizationServer;
using Dapper;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Linking;

/// <summary>What comes back from a provider: answers that are replayed, stolen, late, of somebody else or not whole, and providers that refuse or fail.</summary>
internal sealed class LinkAnswerTests : LinkSceneTests
{
    [Test]
    public async Task Answer_links_the_account_and_its_page_sends_no_referrer_and_holds_no_code()
    {
        var page = await Scene.AnswerAsync(Alice, await Alice.BeginAsync(LinkScene.Canva), ("code", "the-code"));

        Assert.That((page.Status, await Scene.TokenAsync(Email)), Is.EqualTo((HttpStatusCode.OK, "access")));
        Assert.That(page.Headers.GetValues("Referrer-Policy"), Is.EqualTo(new[] { "no-referrer" }));
        Assert.That(page.Headers.CacheControl?.NoStore, Is.True);
        Assert.That(page.Html, Does.Contain("is linked").And.Not.Contain("the-code").And.Not.Contain("access<"));
    }

    [Test]
    public async Task Answer_counts_once()
    {
        var way = await Alice.BeginAsync(LinkScene.Canva);
        await Scene.AnswerAsync(Alice, way, ("code", "one"));
        Scene.Server.Answer("/as/token", 200, LinkScene.Tokens("of-the-replay"));

        var page = await Scene.AnswerAsync(Alice, way, ("code", "two"));

        Assert.That((page.Status, await Scene.TokenAsync(Email)), Is.EqualTo((HttpStatusCode.BadRequest, "access")));
        Assert.That(page.Html, Does.Contain("came before, or too late"));
    }

    /// <summary>Attack: Mallory sets out, stops at the answer, and lets Alice's browser bring it, so that Alice's agents work in Mallory's account.</summary>
    [Test]
    public async Task State_of_another_browser_links_nothing_and_still_counts_in_its_own([Values] bool isSamePerson)
    {
        using var other = await LinkBrowser.SignInAsync(Scene.Gateway, isSamePerson ? Email : "mallory@example.com");
        await other.BeginAsync(LinkScene.Canva);
        var way = await Alice.BeginAsync(LinkScene.Canva);

        var stolen = await other.OpenAsync(LinkScene.AnswerTo(way, ("code", "c"), ("iss", Scene.Server.Issuer)));
        Assert.That((stolen.Status, await Scene.TokenAsync(Email)), Is.EqualTo((HttpStatusCode.Forbidden, (string?)null)));

        Assert.That((await Scene.AnswerAsync(Alice, way, ("code", "c"))).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Answer_of_another_person_in_the_same_browser_links_nothing_for_either()
    {
        var way = await Alice.BeginAsync(LinkScene.Canva);
        var account = await Alice.OpenAsync("/account");
        await Alice.SendAsync(account with { Html = account.Html[account.Html.IndexOf("/signin/out", StringComparison.Ordinal)..].Insert(0, "<form method=post action=\"") });
        await BrowserlessSignIn.SignInAsync(Alice.Browser, new Uri($"{Scene.Gateway.ListensAt}/account"), "mallory@example.com", default);

        var page = await Scene.AnswerAsync(Alice, way, ("code", "c"));

        Assert.That((page.Status, await Scene.TokenAsync(Email), await Scene.TokenAsync("mallory@example.com")), Is.EqualTo((HttpStatusCode.Forbidden, (string?)null, (string?)null)));
    }

    [Test]
    public async Task Answer_after_ten_minutes_links_nothing()
    {
        var way = await Alice.BeginAsync(LinkScene.Canva);
        Scene.Clock.Advance(LinkStates.Lifetime);

        var page = await Scene.AnswerAsync(Alice, way, ("code", "c"));

        Assert.That((page.Status, await Scene.TokenAsync(Email)), Is.EqualTo((HttpStatusCode.BadRequest, (string?)null)));
    }

    [TestCase("?code=c")]
    [TestCase("?code=c&state=")]
    [TestCase("?code=c&state=nonsense")]
    [TestCase("?code=c&state={state}&state={state}")]
    [TestCase("?code=c&state={state}x")]
    [TestCase("?code=c&code=d&state={state}")]
    public async Task Answer_without_one_good_state_links_nothing(string query)
    {
        var state = TestClient.ParametersOf(await Alice.BeginAsync(LinkScene.Canva))["state"];

        var page = await Alice.OpenAsync("/link/canva/callback" + query.Replace("{state}", state, StringComparison.Ordinal) + "&iss=" + Uri.EscapeDataString(Scene.Server.Issuer));

        Assert.That((page.Status, await Scene.TokenAsync(Email)), Is.EqualTo((HttpStatusCode.Forbidden, (string?)null)));
    }

    /// <summary>Attack: a provider's answer, with its code, is brought to the backend of another, which would redeem it.</summary>
    [Test]
    public async Task Answer_of_one_provider_is_refused_at_another()
    {
        var way = await Alice.BeginAsync(LinkScene.Canva);
        await Alice.BeginAsync(LinkScene.Elsewhere);

        var page = await Alice.OpenAsync(LinkScene.AnswerTo(way, ("code", "c"), ("iss", Scene.Server.Issuer)).Replace("/canva/", "/other/", StringComparison.Ordinal));

        Assert.That((page.Status, Scene.Other.Asked.Contains("/as/token")), Is.EqualTo((HttpStatusCode.Forbidden, false)));
    }

    /// <summary>Mix-up: <see href="https://www.rfc-editor.org/rfc/rfc9207#section-2.4"/>.</summary>
    [TestCase("https://accounts.bank.example", "code")]
    [TestCase("https://accounts.bank.example", "error")]
    [TestCase("{issuer}/", "code")]
    [TestCase(null, "code")]
    [TestCase(null, "error")]
    public async Task Answer_of_another_issuer_or_of_none_redeems_nothing_and_is_not_repeated(string? issuer, string kind)
    {
        var asked = Scene.Server.Asked.Count(path => path == "/as/token");
        var way = await Alice.BeginAsync(LinkScene.Canva);

        var page = await Alice.OpenAsync(LinkScene.AnswerTo(way, (kind, "invented"), ("iss", issuer?.Replace("{issuer}", Scene.Server.Issuer, StringComparison.Ordinal))));

        Assert.That((page.Status, await Scene.TokenAsync(Email)), Is.EqualTo((HttpStatusCode.Forbidden, (string?)null)));
        Assert.That(page.Html, Does.Not.Contain("invented"));
        Assert.That(Scene.Server.Asked.Count(path => path == "/as/token"), Is.EqualTo(asked));
    }

    [Test]
    public async Task Provider_that_never_promised_its_name_may_leave_it_out_but_not_give_another([Values] bool isNamed)
    {
        var metadata = Scene.Server.ProviderMetadata();
        metadata.Remove("authorization_response_iss_parameter_supported");
        Scene.Server.Serve("/.well-known/oauth-authorization-server/as", metadata);
        var way = await Alice.BeginAsync(LinkScene.Canva);

        var page = await Alice.OpenAsync(LinkScene.AnswerTo(way, ("code", "c"), ("iss", isNamed ? "https://evil.example" : null)));

        Assert.That(page.Status, Is.EqualTo(isNamed ? HttpStatusCode.Forbidden : HttpStatusCode.OK));
    }

    [TestCase("access_denied", "said no")]
    [TestCase("temporarily_unavailable", "Try again later")]
    [TestCase("invalid_scope", "operator")]
    [TestCase("<script>alert(1)</script>", "The provider refused")]
    public async Task Refusal_of_the_provider_is_told_in_words(string error, string words)
    {
        var page = await Scene.AnswerAsync(Alice, await Alice.BeginAsync(LinkScene.Canva), ("error", error), ("error_description", "<b>described</b>"));

        Assert.That((page.Status, await Scene.TokenAsync(Email)), Is.EqualTo((HttpStatusCode.BadRequest, (string?)null)));
        Assert.That(page.Html, Does.Contain(words).And.Not.Contain("<script").And.Not.Contain("described"));
    }

    [Test]
    public async Task Token_endpoint_that_is_down_loses_nothing_and_linking_anew_succeeds([Values(503, 200, 400)] int status)
    {
        await Scene.LinkAsync(Alice);
        Scene.Server.Answer("/as/token", status, status == 400 ? new JsonObject { ["error"] = "invalid_grant" } : new JsonObject { ["token_type"] = "none" });

        var page = await Scene.AnswerAsync(Alice, await Alice.BeginAsync(LinkScene.Canva), ("code", "lost-code"));
        Assert.That((page.Status, await Scene.TokenAsync(Email)), Is.EqualTo((HttpStatusCode.BadGateway, "access")));
        Assert.That(page.Html, Does.Contain("Begin again").And.Not.Contain("lost-code"));
        Scene.Server.Answer("/as/token", 200, LinkScene.Tokens("anew"));
        await Scene.AnswerAsync(Alice, await Alice.BeginAsync(LinkScene.Canva), ("code", "c"));

        Assert.That(await Scene.TokenAsync(Email), Is.EqualTo("anew"));
    }

    [Test]
    public async Task Answer_without_code_or_error_links_nothing()
    {
        var page = await Scene.AnswerAsync(Alice, await Alice.BeginAsync(LinkScene.Canva), ("session_state", "x"));

        Assert.That((page.Status, await Scene.TokenAsync(Email)), Is.EqualTo((HttpStatusCode.BadRequest, (string?)null)));
    }

    [Test]
    public async Task Answer_at_a_browser_that_is_signed_out_links_nothing_and_can_begin_again()
    {
        var way = await Alice.BeginAsync(LinkScene.Canva);
        using var nobody = new FormBrowser();

        var page = await nobody.GetAsync(new Uri(Scene.Gateway.ListensAt + LinkScene.AnswerTo(way, ("code", "c"), ("iss", Scene.Server.Issuer))), default);

        Assert.That((page.Status, await Scene.TokenAsync(Email)), Is.EqualTo((HttpStatusCode.Unauthorized, (string?)null)));
        Assert.That(page.Html, Does.Contain("/link/canva/start"));
    }

    [Test]
    public async Task Nothing_of_codes_tokens_and_states_is_in_the_audit_log()
    {
        var way = await Alice.BeginAsync(LinkScene.Canva);
        await Scene.AnswerAsync(Alice, way, ("code", "the-secret-code"));
        await Scene.AnswerAsync(Alice, way, ("code", "the-secret-code"));
        await using var connection = await Scene.Gateway.Get<Database>().OpenAsync(default);

        var details = string.Join('\n', await connection.QueryAsync<string>("SELECT COALESCE(detail, '') || COALESCE(scope, '') || COALESCE(target, '') FROM audit"));
        Assert.That(details, Does.Contain(Scene.Server.Issuer).And.Not.Contain("the-secret-code").And.Not.Contain(TestClient.ParametersOf(way)["state"]));
    }
}
