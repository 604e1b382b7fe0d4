using System.Net;
using System.Text.Json.Nodes;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Linking;
using Cortex.Identity.Linking.Clients;
using Cortex.Identity.Vault;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Linking;
using Cortex.Tests.Identity.AuthorizationServer;
using Cortex.Tests.Identity.Vault;
using Dapper;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Linking;

/// <summary>Those who bring back what is not theirs, providers that answer what they should not, and requests that are not whole.</summary>
internal sealed class LinkAttackTests
{
    private static readonly BackendId Canva = BackendId.Parse("canva");
    private static readonly BackendId Other = BackendId.Parse("other");

    private ThirdPartyServer _server = null!;
    private ThirdPartyServer _other = null!;
    private ShiftedClock _clock = null!;
    private GatewayHost _gateway = null!;
    private LinkBrowser _alice = null!;
    private string _email = "";
    private int _number;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await ThirdPartyServer.StartAsync();
        _other = await ThirdPartyServer.StartAsync();
        _clock = new ShiftedClock();
        _gateway = await GatewayHost.StartAsync(
            $$"""
            limits: { signIns: { addressPerMinute: 6000, networkPerMinute: 6000 } }
            backends:
              canva: { kind: mcp, url: "{{_server.Origin}}/mcp", auth: linkedAccount, link: { clientId: gateway, personalTokens: true } }
              other: { kind: mcp, url: "{{_other.Origin}}/mcp", auth: linkedAccount, link: { clientId: gateway } }
              unknown: { kind: mcp, url: "{{_other.Origin}}/mcp", auth: linkedAccount }
              plain: { kind: mcp, url: "{{_other.Origin}}/mcp", auth: none }
            """,
            dialect: DatabaseDialect.Sqlite,
            customize: builder => builder.Services.AddSingleton<TimeProvider>(_clock));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _other.DisposeAsync();
        await _server.DisposeAsync();
    }

    [SetUp]
    public async Task SignInAsync()
    {
        _email = $"alice-{++_number}@example.com";
        _alice = await LinkBrowser.SignInAsync(_gateway, _email);
        _clock.Advance(TimeSpan.FromMinutes(2)); // What was learned of the provider is forgotten.
        foreach (var server in new[] { _server, _other })
        {
            server.Token = null;
            server.Serve("/.well-known/oauth-authorization-server/as", server.ProviderMetadata());
            server.Answer("/as/token", 200, Tokens("access"));
        }
    }

    [TearDown]
    public void CloseBrowser() => _alice.Dispose();

    [Test]
    public async Task Page_says_where_and_for_what_and_nothing_starts_by_it()
    {
        var page = await _alice.OpenAsync("/link/canva/start");

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.OK, (Uri?)null)));
        Assert.That(page.Html, Does.Contain("Link your account at canva?").And.Contain($"<strong>{new Uri(_server.Origin).Authority}</strong>").And.Contain("<code>write</code>"));
        Assert.That(page.Headers.GetValues("Referrer-Policy"), Is.EqualTo(new[] { "no-referrer" }));
        Assert.That(page.Headers.CacheControl?.NoStore, Is.True);
        Assert.That(_alice.Browser.Cookies.GetCookies(new Uri(_gateway.Url)).Any(cookie => cookie.Name == "cortex-link"), Is.False);
    }

    [Test]
    public async Task Form_leads_to_the_provider_with_all_that_the_specification_demands()
    {
        var way = await _alice.BeginAsync(Canva);
        var parameters = TestClient.ParametersOf(way);

        Assert.That(way.GetLeftPart(UriPartial.Path), Is.EqualTo(_server.Issuer + "/authorize"));
        Assert.That(parameters["response_type"], Is.EqualTo("code"));
        Assert.That(parameters["client_id"], Is.EqualTo("gateway"));
        Assert.That(parameters["redirect_uri"], Is.EqualTo($"{_gateway.Url}/link/canva/callback"));
        Assert.That(parameters["resource"], Is.EqualTo($"{_server.Origin}/mcp"));
        Assert.That(parameters["scope"], Is.EqualTo("read write"));
        Assert.That((parameters["code_challenge"].Length, parameters["code_challenge_method"]), Is.EqualTo((43, "S256")));
    }

    /// <summary>Attack: Mallory has an agent's link to link Alice's account, or gives Alice hers, so that one acts with the account of the other.</summary>
    [Test]
    public async Task Link_of_another_person_begins_nothing_and_names_nobody()
    {
        using var mallory = await LinkBrowser.SignInAsync(_gateway, "mallory@example.com");
        var invitation = await InviteAsync(_email);

        var page = await mallory.OpenAsync(invitation.PathAndQuery);

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.Forbidden, (Uri?)null)));
        Assert.That(page.Html, Does.Contain("not for you").And.Not.Contain(_email).And.Not.Contain("<form"));
        Assert.That(await Eventually.HoldsAsync(async () => await AuditAsync("account.link", "another person") > 0));
    }

    [Test]
    public async Task Link_leads_whoever_is_not_signed_in_over_the_sign_in_back_to_it()
    {
        var invitation = await InviteAsync(_email);
        using var browser = new FormBrowser();

        var page = await BrowserlessSignIn.SignInAsync(browser, invitation, _email, default);

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
        var good = (await InviteAsync(_email)).Query["?for=".Length..];
        if (fault == "expired")
            _clock.Advance(LinkInvitations.Lifetime);
        var address = fault switch
        {
            "twice" => $"/link/canva/start?for={good}&for={good}",
            "tampered" => $"/link/canva/start?for={(good[30] == 'A' ? good[..30] + 'B' : good[..30] + 'A')}{good[31..]}",
            "expired" => $"/link/canva/start?for={good}",
            "other backend" => $"/link/other/start?for={good}",
            _ => $"/link/canva/start?for={fault}",
        };
        using var browser = fault == "expired" ? await LinkBrowser.SignInAsync(_gateway, _email) : null;

        var page = await (browser ?? _alice).OpenAsync(address);

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(page.Html, Does.Contain("no longer counts").And.Not.Contain("<form"));
    }

    [TestCase("/link/nothing/start")]
    [TestCase("/link/plain/start")]
    [TestCase("/link/NOT%20A%20NAME/start")]
    [TestCase("/link/nothing/callback?state=x&code=y")]
    public async Task Backend_without_linked_accounts_is_not_found(string path) =>
        Assert.That((await _alice.OpenAsync(path)).Status, Is.EqualTo(HttpStatusCode.NotFound));

    [TestCase("/link/canva/start")]
    [TestCase("/link/canva/unlink")]
    [TestCase("/link/canva/token")]
    public async Task Form_forged_by_another_site_does_nothing(string path)
    {
        await LinkAsync();

        var page = await _alice.Browser.PostAsync(
            new Uri(_gateway.ListensAt + path), [KeyValuePair.Create(LinkStart.IssuerField, _server.Issuer), KeyValuePair.Create("token", "x")], default);

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.BadRequest, (Uri?)null)));
        Assert.That(await TokenAsync(), Is.EqualTo("access"));
    }

    [Test]
    public async Task Form_that_speaks_of_another_provider_is_shown_anew()
    {
        var page = await _alice.SendAsync(await _alice.OpenAsync("/link/canva/start"), (LinkStart.IssuerField, "https://evil.example"));

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.OK, (Uri?)null)));
        Assert.That(page.Html, Does.Contain("Link your account at canva?"));
    }

    [Test]
    public async Task Answer_links_the_account_and_its_page_sends_no_referrer_and_holds_no_code()
    {
        var page = await AnswerAsync(await _alice.BeginAsync(Canva), ("code", "the-code"));

        Assert.That((page.Status, await TokenAsync()), Is.EqualTo((HttpStatusCode.OK, "access")));
        Assert.That(page.Headers.GetValues("Referrer-Policy"), Is.EqualTo(new[] { "no-referrer" }));
        Assert.That(page.Headers.CacheControl?.NoStore, Is.True);
        Assert.That(page.Html, Does.Contain("is linked").And.Not.Contain("the-code").And.Not.Contain("access<"));
    }

    [Test]
    public async Task Answer_counts_once()
    {
        var way = await _alice.BeginAsync(Canva);
        await AnswerAsync(way, ("code", "one"));
        _server.Answer("/as/token", 200, Tokens("of-the-replay"));

        var page = await AnswerAsync(way, ("code", "two"));

        Assert.That((page.Status, await TokenAsync()), Is.EqualTo((HttpStatusCode.BadRequest, "access")));
        Assert.That(page.Html, Does.Contain("came before, or too late"));
    }

    /// <summary>Attack: Mallory sets out, stops at the answer, and lets Alice's browser bring it, so that Alice's agents work in Mallory's account.</summary>
    [Test]
    public async Task State_of_another_browser_links_nothing_and_still_counts_in_its_own([Values] bool isSamePerson)
    {
        using var other = await LinkBrowser.SignInAsync(_gateway, isSamePerson ? _email : "mallory@example.com");
        await other.BeginAsync(Canva);
        var way = await _alice.BeginAsync(Canva);

        var stolen = await other.OpenAsync(AnswerTo(way, ("code", "c"), ("iss", _server.Issuer)));
        Assert.That((stolen.Status, await TokenAsync()), Is.EqualTo((HttpStatusCode.Forbidden, (string?)null)));

        Assert.That((await AnswerAsync(way, ("code", "c"))).Status, Is.EqualTo(HttpStatusCode.OK));
    }

    [Test]
    public async Task Answer_of_another_person_in_the_same_browser_links_nothing_for_either()
    {
        var way = await _alice.BeginAsync(Canva);
        var account = await _alice.OpenAsync("/account");
        await _alice.SendAsync(account with { Html = account.Html[account.Html.IndexOf("/signin/out", StringComparison.Ordinal)..].Insert(0, "<form method=post action=\"") });
        await BrowserlessSignIn.SignInAsync(_alice.Browser, new Uri($"{_gateway.ListensAt}/account"), "mallory@example.com", default);

        var page = await AnswerAsync(way, ("code", "c"));

        Assert.That((page.Status, await TokenAsync(), await TokenAsync("mallory@example.com")), Is.EqualTo((HttpStatusCode.Forbidden, (string?)null, (string?)null)));
    }

    [Test]
    public async Task Answer_after_ten_minutes_links_nothing()
    {
        var way = await _alice.BeginAsync(Canva);
        _clock.Advance(LinkStates.Lifetime);

        var page = await AnswerAsync(way, ("code", "c"));

        Assert.That((page.Status, await TokenAsync()), Is.EqualTo((HttpStatusCode.BadRequest, (string?)null)));
    }

    [TestCase("?code=c")]
    [TestCase("?code=c&state=")]
    [TestCase("?code=c&state=nonsense")]
    [TestCase("?code=c&state={state}&state={state}")]
    [TestCase("?code=c&state={state}x")]
    [TestCase("?code=c&code=d&state={state}")]
    public async Task Answer_without_one_good_state_links_nothing(string query)
    {
        var state = TestClient.ParametersOf(await _alice.BeginAsync(Canva))["state"];

        var page = await _alice.OpenAsync("/link/canva/callback" + query.Replace("{state}", state, StringComparison.Ordinal) + "&iss=" + Uri.EscapeDataString(_server.Issuer));

        Assert.That((page.Status, await TokenAsync()), Is.EqualTo((HttpStatusCode.Forbidden, (string?)null)));
    }

    /// <summary>Attack: a provider's answer, with its code, is brought to the backend of another, which would redeem it.</summary>
    [Test]
    public async Task Answer_of_one_provider_is_refused_at_another()
    {
        var way = await _alice.BeginAsync(Canva);
        await _alice.BeginAsync(Other);

        var page = await _alice.OpenAsync(AnswerTo(way, ("code", "c"), ("iss", _server.Issuer)).Replace("/canva/", "/other/", StringComparison.Ordinal));

        Assert.That((page.Status, _other.Asked.Contains("/as/token")), Is.EqualTo((HttpStatusCode.Forbidden, false)));
    }

    /// <summary>Mix-up: <see href="https://www.rfc-editor.org/rfc/rfc9207#section-2.4"/>.</summary>
    [TestCase("https://accounts.bank.example", "code")]
    [TestCase("https://accounts.bank.example", "error")]
    [TestCase("{issuer}/", "code")]
    [TestCase(null, "code")]
    [TestCase(null, "error")]
    public async Task Answer_of_another_issuer_or_of_none_redeems_nothing_and_is_not_repeated(string? issuer, string kind)
    {
        var asked = _server.Asked.Count(path => path == "/as/token");
        var way = await _alice.BeginAsync(Canva);

        var page = await _alice.OpenAsync(AnswerTo(way, (kind, "invented"), ("iss", issuer?.Replace("{issuer}", _server.Issuer, StringComparison.Ordinal))));

        Assert.That((page.Status, await TokenAsync()), Is.EqualTo((HttpStatusCode.Forbidden, (string?)null)));
        Assert.That(page.Html, Does.Not.Contain("invented"));
        Assert.That(_server.Asked.Count(path => path == "/as/token"), Is.EqualTo(asked));
    }

    [Test]
    public async Task Provider_that_never_promised_its_name_may_leave_it_out_but_not_give_another([Values] bool isNamed)
    {
        var metadata = _server.ProviderMetadata();
        metadata.Remove("authorization_response_iss_parameter_supported");
        _server.Serve("/.well-known/oauth-authorization-server/as", metadata);
        var way = await _alice.BeginAsync(Canva);

        var page = await _alice.OpenAsync(AnswerTo(way, ("code", "c"), ("iss", isNamed ? "https://evil.example" : null)));

        Assert.That(page.Status, Is.EqualTo(isNamed ? HttpStatusCode.Forbidden : HttpStatusCode.OK));
    }

    [TestCase("access_denied", "said no")]
    [TestCase("temporarily_unavailable", "Try again later")]
    [TestCase("invalid_scope", "operator")]
    [TestCase("<script>alert(1)</script>", "The provider refused")]
    public async Task Refusal_of_the_provider_is_told_in_words(string error, string words)
    {
        var page = await AnswerAsync(await _alice.BeginAsync(Canva), ("error", error), ("error_description", "<b>described</b>"));

        Assert.That((page.Status, await TokenAsync()), Is.EqualTo((HttpStatusCode.BadRequest, (string?)null)));
        Assert.That(page.Html, Does.Contain(words).And.Not.Contain("<script").And.Not.Contain("described"));
    }

    [Test]
    public async Task Token_endpoint_that_is_down_loses_nothing_and_linking_anew_succeeds([Values(503, 200, 400)] int status)
    {
        await LinkAsync();
        _server.Answer("/as/token", status, status == 400 ? new JsonObject { ["error"] = "invalid_grant" } : new JsonObject { ["token_type"] = "none" });

        var page = await AnswerAsync(await _alice.BeginAsync(Canva), ("code", "lost-code"));
        Assert.That((page.Status, await TokenAsync()), Is.EqualTo((HttpStatusCode.BadGateway, "access")));
        Assert.That(page.Html, Does.Contain("Begin again").And.Not.Contain("lost-code"));
        _server.Answer("/as/token", 200, Tokens("anew"));
        await AnswerAsync(await _alice.BeginAsync(Canva), ("code", "c"));

        Assert.That(await TokenAsync(), Is.EqualTo("anew"));
    }

    [Test]
    public async Task Answer_without_code_or_error_links_nothing()
    {
        var page = await AnswerAsync(await _alice.BeginAsync(Canva), ("session_state", "x"));

        Assert.That((page.Status, await TokenAsync()), Is.EqualTo((HttpStatusCode.BadRequest, (string?)null)));
    }

    [Test]
    public async Task Answer_at_a_browser_that_is_signed_out_links_nothing_and_can_begin_again()
    {
        var way = await _alice.BeginAsync(Canva);
        using var nobody = new FormBrowser();

        var page = await nobody.GetAsync(new Uri(_gateway.ListensAt + AnswerTo(way, ("code", "c"), ("iss", _server.Issuer))), default);

        Assert.That((page.Status, await TokenAsync()), Is.EqualTo((HttpStatusCode.Unauthorized, (string?)null)));
        Assert.That(page.Html, Does.Contain("/link/canva/start"));
    }

    [TestCase("token_endpoint", "https://169.254.169.254/latest")]
    [TestCase("authorization_endpoint", "javascript:alert(1)")]
    [TestCase("issuer", "https://accounts.bank.example")]
    public async Task Provider_that_leads_elsewhere_is_told_of_and_nobody_is_sent_there(string name, string value)
    {
        var metadata = _server.ProviderMetadata();
        metadata[name] = value;
        _server.Serve("/.well-known/oauth-authorization-server/as", metadata);

        var page = await _alice.OpenAsync("/link/canva/start");

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.BadGateway, (Uri?)null)));
        Assert.That(page.Html, Does.Contain("can&#x27;t be linked at the moment").And.Not.Contain("<form"));
    }

    [TestCase(null, 0, "must register one")]
    [TestCase("/as/register", 403, "invalid_client_metadata")]
    [TestCase("/as/register", 201, "names no client")]
    public async Task Provider_that_takes_no_client_is_told_of_with_the_mend(string? endpoint, int status, string words)
    {
        var metadata = _other.ProviderMetadata();
        metadata["registration_endpoint"] = endpoint is null ? null : _other.Origin + endpoint;
        _other.Serve("/.well-known/oauth-authorization-server/as", metadata);
        _other.Answer("/as/register", status, new JsonObject { ["error"] = "invalid_client_metadata" });

        var page = await _alice.SendAsync(await _alice.OpenAsync("/link/unknown/start"));

        Assert.That((page.Status, page.Leaves), Is.EqualTo((HttpStatusCode.BadGateway, (Uri?)null)));
        Assert.That(page.Html, Does.Contain(words));
    }

    [Test]
    public async Task Registered_client_that_the_token_endpoint_refuses_is_registered_anew()
    {
        _other.Answer("/as/register", 201, new JsonObject { ["client_id"] = "first", ["token_endpoint_auth_method"] = "none" });
        var first = await _alice.BeginAsync(BackendId.Parse("unknown"));
        _other.Answer("/as/token", 401, new JsonObject { ["error"] = "invalid_client" });
        _other.Answer("/as/register", 201, new JsonObject { ["client_id"] = "second", ["token_endpoint_auth_method"] = "none" });

        var page = await _alice.OpenAsync(AnswerTo(first, ("code", "c"), ("iss", _other.Issuer)));
        var second = await _alice.BeginAsync(BackendId.Parse("unknown"));

        Assert.That(page.Html, Does.Contain("has forgotten this gateway"));
        Assert.That((TestClient.ParametersOf(first)["client_id"], TestClient.ParametersOf(second)["client_id"]), Is.EqualTo(("first", "second")));
        await _gateway.Get<RegisteredClientStore>().ForgetAsync(_other.Issuer, $"{_gateway.Url}/link/unknown/callback", "second", default);
    }

    [Test]
    public async Task Secret_of_a_registered_client_is_unreadable_in_the_database_and_at_another_issuer()
    {
        var store = _gateway.Get<RegisteredClientStore>();
        await store.SaveAsync("https://one.example", "https://gateway/callback", new RegisteredClient("id", "the-secret", ClientAuthentication.SecretBasic, null), default);
        await using var connection = await _gateway.Get<Database>().OpenAsync(default);
        var record = await connection.QuerySingleAsync<byte[]>("SELECT sealed FROM provider_clients WHERE issuer = 'https://one.example'");
        await connection.ExecuteAsync(
            "INSERT INTO provider_clients SELECT 'https://evil.example', redirect_uri, client_id, sealed, expires_at, registered_at FROM provider_clients WHERE issuer = 'https://one.example'");

        Assert.That(System.Text.Encoding.UTF8.GetString(record), Does.Not.Contain("the-secret"));
        Assert.That(await store.FindAsync("https://evil.example", "https://gateway/callback", default), Is.Null);
        Assert.That((await store.FindAsync("https://one.example", "https://gateway/callback", default))!.Secret, Is.EqualTo("the-secret"));
    }

    [Test]
    public async Task Pasted_token_is_tried_and_kept_and_never_shown()
    {
        _server.Token = "pat_0123456789";

        var page = await PasteAsync("canva", "  pat_0123456789\n");

        Assert.That(page.Html, Does.Contain("was tried and kept").And.Not.Contain("pat_0123456789"));
        Assert.That(await TokenAsync(), Is.EqualTo("pat_0123456789"));
        Assert.That((await _alice.OpenAsync("/account")).Html, Does.Contain("<dd>Linked</dd>").And.Not.Contain("pat_0123456789"));
    }

    [TestCase("canva", "another", "does not take this token")]
    [TestCase("canva", "", "no token")]
    [TestCase("canva", "two words", "no token")]
    [TestCase("canva", "line\r\nX-Evil: 1", "no token")]
    [TestCase("other", "pat_0123456789", "can&#x27;t be pasted")]
    [TestCase("plain", "pat_0123456789", "no app of this name")]
    public async Task Token_that_does_not_count_is_not_kept(string backend, string token, string words)
    {
        _server.Token = "pat_0123456789";

        var page = await PasteAsync(backend, token);

        Assert.That(page.Html, Does.Contain(words));
        Assert.That(await TokenAsync(), Is.Null);
    }

    [Test]
    public async Task Nothing_of_codes_tokens_and_states_is_in_the_audit_log()
    {
        var way = await _alice.BeginAsync(Canva);
        await AnswerAsync(way, ("code", "the-secret-code"));
        await AnswerAsync(way, ("code", "the-secret-code"));
        await using var connection = await _gateway.Get<Database>().OpenAsync(default);

        var details = string.Join('\n', await connection.QueryAsync<string>("SELECT COALESCE(detail, '') || COALESCE(scope, '') || COALESCE(target, '') FROM audit"));
        Assert.That(details, Does.Contain(_server.Issuer).And.Not.Contain("the-secret-code").And.Not.Contain(TestClient.ParametersOf(way)["state"]));
    }

    private static JsonObject Tokens(string access) => new() { ["access_token"] = access, ["token_type"] = "Bearer", ["expires_in"] = 360_000, ["refresh_token"] = "r" };

    /// <summary>The path of the gateway at which the provider would answer.</summary>
    private static string AnswerTo(Uri way, params (string Name, string? Value)[] parameters)
    {
        var sent = TestClient.ParametersOf(way);
        return QueryHelpers.AddQueryString(
            new Uri(sent["redirect_uri"]).AbsolutePath,
            parameters.Append((Name: "state", Value: sent["state"])).Where(parameter => parameter.Value is not null).Select(parameter => KeyValuePair.Create(parameter.Name, parameter.Value)));
    }

    private Task<BrowserPage> AnswerAsync(Uri way, params (string Name, string? Value)[] parameters) => _alice.OpenAsync(AnswerTo(way, [.. parameters, ("iss", _server.Issuer)]));

    private async Task LinkAsync() => await AnswerAsync(await _alice.BeginAsync(Canva), ("code", "c"));

    private async Task<Uri> InviteAsync(string email) => _gateway.Get<LinkInvitations>().Invite(await FindPersonAsync(email), Canva, []).Address;

    private async Task<BrowserPage> PasteAsync(string backend, string token)
    {
        var account = await _alice.OpenAsync("/account");
        var form = account.Forms.First(form => form.Action.AbsolutePath == "/link/canva/token");
        return await _alice.Browser.PostAsync(
            new Uri($"{_gateway.ListensAt}/link/{backend}/token"),
            [.. form.Fields.Where(field => field.Name == "form_token").Select(field => KeyValuePair.Create("form_token", field.Value)), KeyValuePair.Create("token", token)],
            default);
    }

    private async Task<string?> TokenAsync(string? email = null) =>
        await _gateway.Get<PersonVault>().FindAsync(new GrantKey(await FindPersonAsync(email ?? _email), Canva), default) is VaultResult.Granted granted ? granted.AccessToken.Reveal() : null;

    private async Task<PersonId> FindPersonAsync(string email)
    {
        await using var connection = await _gateway.Get<Database>().OpenAsync(default);
        return PersonId.Parse((await connection.ExecuteScalarAsync<string>("SELECT id FROM persons WHERE email = @Email", new { Email = email }))!);
    }

    private async Task<int> AuditAsync(string name, string detail)
    {
        await using var connection = await _gateway.Get<Database>().OpenAsync(default);
        return await connection.ExecuteScalarAsync<int>("SELECT COUNT(*) FROM audit WHERE event = @Name AND detail LIKE @Detail", new { Name = name, Detail = $"%{detail}%" });
    }
}
