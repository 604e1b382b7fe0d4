using System.Net;
using Cortex.Foundation.Model;
using Cortex.Foundation.Storage;
using Cortex.Identity.Callers;
using Cortex.Identity.Callers.PersonalTokens;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.AuthorizationServer;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>Personal access tokens from the page to <c>/mcp</c>.</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class PersonalTokenTests(DatabaseDialect dialect)
{
    private AccountHost _host = null!;
    private AccountBrowser _alice = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _host = await AccountHost.StartAsync(dialect);

    [OneTimeTearDown]
    public async Task StopAsync() => await _host.DisposeAsync();

    [SetUp]
    public async Task SignInAsync() => _alice = await AccountBrowser.SignInAsync(_host.Gateway, $"alice-{Guid.NewGuid():N}@example.com");

    [TearDown]
    public void CloseBrowser() => _alice.Dispose();

    [Test]
    public async Task Token_calls_tools_as_its_person_and_is_shown_once()
    {
        var token = await _alice.MakeTokenAsync("nightly");
        using var agent = TestPerson.With(_host.Gateway, token, "");

        var reply = await agent.CallAsync("notes_read");

        Assert.That(reply.Text, Does.Contain("ok"));
        var call = _host.Backend.Calls("read")[^1];
        Assert.That(call.Token!.Subject, Does.StartWith("p_"));
        Assert.That(call.Token!.GetClaim("client_id").Value, Is.EqualTo(AccountBrowser.IdOf(await _alice.OpenAsync(), "nightly")));
        Assert.That(call.Headers.Values.Append(call.Body), Has.None.Contain(token), "never forwarded");
        Assert.That((await _alice.OpenAsync()).Html, Does.Not.Contain("cortex_pat_"));
    }

    [Test]
    public async Task Token_holds_what_was_ticked_and_nothing_more()
    {
        var token = await _alice.MakeTokenAsync("reader", ("scope", "mcp:notes:read"));
        using var agent = TestPerson.With(_host.Gateway, token, "");

        Assert.That((await agent.CallAsync("notes_read")).Text, Does.Contain("ok"));
        Assert.That((await agent.CallAsync("notes_write")).Status, Is.EqualTo(403));
    }

    [Test]
    public async Task Scope_slipped_into_the_form_is_not_granted()
    {
        await _alice.MakeTokenAsync("greedy", ("scope", "mcp:notes:read cortex:admin mcp:other:read offline_access"));

        var scopes = await _host.QueryAsync<string>("SELECT scopes FROM personal_tokens WHERE id = @Id", new { Id = AccountBrowser.IdOf(await _alice.OpenAsync(), "greedy") });

        Assert.That(scopes.Single(), Is.EqualTo("mcp:notes:read"));
    }

    [Test]
    public async Task Token_lies_in_the_database_as_a_hash_only()
    {
        var token = await _alice.MakeTokenAsync("hashed");

        var rows = await _host.QueryAsync<string>(
            "SELECT id || name || hash || scopes FROM personal_tokens UNION ALL SELECT COALESCE(client_id, '') || COALESCE(detail, '') FROM audit");

        Assert.That(rows, Has.None.Contain(token["cortex_pat_".Length..][..64]));
        Assert.That(rows, Has.Some.Contain(TokenHash.Of(token).ToString()));
    }

    [Test]
    public async Task Token_is_in_no_log_whatever_becomes_of_it()
    {
        var token = await _alice.MakeTokenAsync("quiet");
        await McpDoor.IsOpenAsync(_host.Gateway, token);
        await McpDoor.IsOpenAsync(_host.Gateway, token + "0");
        await _alice.SubmitAsync(AccountBrowser.Entry(await _alice.OpenAsync(), "quiet"), "/account/tokens/remove");
        await McpDoor.IsOpenAsync(_host.Gateway, token);

        await Eventually.HoldsAsync(() => _host.Written.Contains("personal access token revoked", StringComparison.Ordinal));

        Assert.That(_host.Written, Does.Contain("personal access token revoked").And.Not.Contain(token["cortex_pat_".Length..][..32]));
    }

    [Test]
    public async Task Removed_token_is_invalid_at_once()
    {
        var token = await _alice.MakeTokenAsync("short-lived");
        Assert.That(await McpDoor.IsOpenAsync(_host.Gateway, token));

        var page = await _alice.SubmitAsync(AccountBrowser.Entry(await _alice.OpenAsync(), "short-lived"), "/account/tokens/remove");

        Assert.That(page.Html, Does.Contain("The token was removed").And.Not.Contain("<h3>short-lived</h3>"));
        using var reply = await McpDoor.KnockAsync(_host.Gateway, token);
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(reply.Headers.WwwAuthenticate.ToString(), Does.Contain("invalid_token"));
    }

    [Test]
    public async Task Ended_token_is_invalid_and_shown_as_ended()
    {
        var token = await _alice.MakeTokenAsync("old");
        await _host.QueryAsync<int>("UPDATE personal_tokens SET expires_at = 1 WHERE id = @Id", new { Id = AccountBrowser.IdOf(await _alice.OpenAsync(), "old") });

        using var reply = await McpDoor.KnockAsync(_host.Gateway, token);

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(reply.Headers.WwwAuthenticate.ToString(), Does.Contain("invalid_token"));
        Assert.That(AccountBrowser.Entry(await _alice.OpenAsync(), "old").Html, Does.Contain("Ended"));
    }

    [Test]
    public async Task Posted_id_of_another_persons_token_removes_nothing()
    {
        var token = await _alice.MakeTokenAsync("mine");
        var id = AccountBrowser.IdOf(await _alice.OpenAsync(), "mine");
        using var mallory = await AccountBrowser.SignInAsync(_host.Gateway, $"mallory-{Guid.NewGuid():N}@example.com");
        await mallory.MakeTokenAsync("other");

        var page = await mallory.SubmitAsync(await mallory.OpenAsync(), "/account/tokens/remove", ("token", id));

        Assert.That(page.Html, Does.Contain("There was nothing to remove"));
        Assert.That(await McpDoor.IsOpenAsync(_host.Gateway, token));
    }

    [TestCase("name", "", "name")]
    [TestCase("name", "   ", "name")]
    [TestCase("name", "line\nbreak", "name")]
    [TestCase("name", "a-name-of-more-than-sixty-characters-which-nobody-would-read-to-its-end", "name")]
    [TestCase("days", "0", "days")]
    [TestCase("days", "366", "days")]
    [TestCase("days", "-1", "days")]
    [TestCase("days", "1e3", "days")]
    [TestCase("days", "99999999999999", "days")]
    [TestCase("days", null, "days")]
    [TestCase("scope", null, "Tick at least one")]
    [TestCase("scope", "cortex:admin", "Tick at least one")]
    public async Task Bad_form_says_what_is_wrong_and_makes_nothing(string field, string? value, string said)
    {
        var page = await _alice.SubmitAsync(
            await _alice.OpenAsync("/account/tokens/new"), "/account/tokens/new", [.. new (string, string?)[] { ("name", "fine") }.Where(change => change.Item1 != field), (field, value)]);

        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.BadRequest));
        Assert.That(page.Html, Does.Match($"role=\"alert\">[^<]*{said}"));
        Assert.That((await _alice.OpenAsync()).Html, Does.Not.Contain("/account/tokens/remove"));
    }

    [Test]
    public async Task Second_token_of_a_name_is_refused_so_that_a_form_sent_twice_makes_one()
    {
        await _alice.MakeTokenAsync("twice");

        var page = await _alice.AskForTokenAsync("twice");

        Assert.That((page.Status, AccountBrowser.TokenIn(page.Html)), Is.EqualTo((HttpStatusCode.BadRequest, (string?)null)));
        Assert.That(page.Html, Does.Contain("You have a token of this name"));
    }

    [Test]
    public async Task Person_has_no_more_tokens_than_allowed_however_many_are_asked_for_at_once()
    {
        var person = await _host.Gateway.Get<PersonStore>().EnsureAsync("test", Guid.NewGuid().ToString(), new PersonClaims(null, false, "Many", null, null), CancellationToken.None);
        var issuer = _host.Gateway.Get<PersonalTokenIssuer>();
        var scopes = ScopeSet.ParseLenient("mcp:notes:read");

        var results = await Task.WhenAll(Enumerable.Range(0, PersonalTokenStore.MaxPerPerson + 10).Select(n =>
            issuer.MakeAsync(person, new PersonalTokenWish($"token {n}", scopes, 1), scopes, CancellationToken.None)));

        Assert.That(results.OfType<PersonalTokenResult.Made>().Count(), Is.EqualTo(PersonalTokenStore.MaxPerPerson));
        Assert.That(results.OfType<PersonalTokenResult.Refused>().First().Problem, Does.Contain("can't have more"));
        Assert.That(await _host.Gateway.Get<PersonalTokenStore>().ListAsync(person.Id, CancellationToken.None), Has.Count.EqualTo(PersonalTokenStore.MaxPerPerson));
    }

    [Test]
    public async Task Use_is_noted()
    {
        var token = await _alice.MakeTokenAsync("used");
        Assert.That(AccountBrowser.Entry(await _alice.OpenAsync(), "used").Html, Does.Contain("Never"));

        await McpDoor.IsOpenAsync(_host.Gateway, token);

        var entry = "Never";
        Assert.That(await Eventually.HoldsAfterAsync(
            async () => entry = AccountBrowser.Entry(await _alice.OpenAsync(), "used").Html, () => !entry.Contains("Never", StringComparison.Ordinal)));
    }

    [Test]
    public async Task Token_is_not_known_to_introspection()
    {
        using var http = new HttpClient { BaseAddress = new Uri(_host.Gateway.ListensAt) };
        var client = await TestClient.RegisterAsync(http, _host.Gateway.Url, new { redirect_uris = new[] { TestClient.RedirectUri }, token_endpoint_auth_method = "client_secret_post" });

        var reply = await client.PresentAsync("/oauth/introspect", await _alice.MakeTokenAsync("hidden"));

        Assert.That(reply.Json.TryGetProperty("active", out var active) && active.GetBoolean(), Is.False);
    }

    [Test]
    public async Task Token_does_not_open_the_account()
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(_host.Gateway.ListensAt) };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await _alice.MakeTokenAsync("narrow"));

        using var reply = await http.GetAsync(new Uri("/account", UriKind.Relative));

        Assert.That(reply.Headers.Location?.OriginalString, Does.StartWith("/signin"));
    }
}
