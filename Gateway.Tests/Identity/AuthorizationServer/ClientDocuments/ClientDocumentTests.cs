using System.Net;
using System.Text.Json;
using Cortex.Foundation.Outbound;
using Cortex.Foundation.Storage;
using Cortex.Identity.AuthorizationServer.ClientDocuments;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;
using OpenIddict.Abstractions;

namespace Cortex.Tests.Identity.AuthorizationServer.ClientDocuments;

/// <summary>Clients that are known by documents, and those that would pass for one (draft-ietf-oauth-client-id-metadata-document).</summary>
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class ClientDocumentTests(DatabaseDialect dialect)
{
    private const string Elsewhere = "https://client.example/callback";

    private DocumentServer _documents = null!;
    private AuthorizationServerHost _server = null!;
    private string _path = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _documents = await DocumentServer.StartAsync();
        _server = await AuthorizationServerHost.StartAsync(
            dialect,
            """
            limits: { clientDocuments: { addressPerMinute: off, perMinute: off } }
            identity: { authorizationServer: { registration: { firstUseWithin: 365d, unusedFor: 365d } } }
            """,
            services => _documents.Register(services));
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _server.DisposeAsync();
        await _documents.DisposeAsync();
    }

    [SetUp]
    public void Choose() => _path = $"/{Guid.NewGuid():N}/client.json";

    [Test]
    public async Task Client_with_a_document_gets_and_refreshes_tokens_without_registering()
    {
        _documents.Publish(_path, _documents.Document(_path));
        var client = Client(_server, _documents.Url(_path));

        var tokens = await client.GetTokensAsync();
        var again = await client.RefreshAsync(tokens.RefreshToken);

        Assert.That(again.AccessToken, Is.Not.Empty, again.Json.ToString());
        Assert.That(_documents.Hits(_path), Is.EqualTo(1));
    }

    [Test]
    public async Task Metadata_says_that_documents_are_understood()
    {
        var metadata = JsonDocument.Parse(await _server.Http.GetStringAsync("/.well-known/oauth-authorization-server")).RootElement;

        Assert.That(metadata.GetProperty("client_id_metadata_document_supported").GetBoolean());
    }

    [Test]
    public async Task Reserved_scopes_are_never_granted_to_a_document()
    {
        _documents.Publish(_path, _documents.Document(_path, ("scope", "cortex:admin mcp:notes:read")));
        var client = Client(_server, _documents.Url(_path));

        var tokens = await client.GetTokensAsync(client.AuthorizeUrl(("scope", "cortex:admin mcp:notes:read")));

        Assert.That(tokens.Text("scope"), Is.EqualTo("mcp:notes:read offline_access"));
    }

    [Test]
    public async Task Consent_page_names_the_host_and_warns_of_programs_on_this_computer()
    {
        _documents.Publish(_path, _documents.Document(_path));

        var page = await AskAsync(Client(_server, _documents.Url(_path)).AuthorizeUrl());

        Assert.That(page.Html, Does.Contain($"client.example:{_documents.Port}").And.Contain("127.0.0.1").And.Contain("can&#x27;t vouch").Or.Contain("can't vouch"));
        Assert.That(page.Html, Does.Contain("role=\"alert\""));
    }

    [Test]
    public async Task Consent_page_names_both_hosts_without_the_warning_for_a_client_with_a_site()
    {
        _documents.Publish(_path, _documents.Document(_path, ("redirect_uris", new[] { "https://app.other.example/cb", TestClient.RedirectUri })));

        var page = await AskAsync(Client(_server, _documents.Url(_path)).AuthorizeUrl(("redirect_uri", "https://app.other.example/cb")));

        Assert.That(page.Html, Does.Contain($"client.example:{_documents.Port}").And.Contain("app.other.example"));
        Assert.That(page.Html, Does.Not.Contain("role=\"alert\""));
    }

    [Test]
    public async Task Loopback_redirect_of_a_document_takes_any_port_and_no_other_path()
    {
        _documents.Publish(_path, _documents.Document(_path, ("redirect_uris", new[] { "http://127.0.0.1:3000/cb", "http://localhost/cb" })));
        var client = Client(_server, _documents.Url(_path));

        Assert.That((await AskAsync(client.AuthorizeUrl(("redirect_uri", "http://127.0.0.1:4711/cb")))).Html, Does.Contain("127.0.0.1:4711"));
        await AssertRefusedAsync(client.AuthorizeUrl(("redirect_uri", "http://127.0.0.1:4711/other")));
    }

    [TestCase("https://evil.example/cb")]
    [TestCase("https://client.example/callback/../evil")]
    [TestCase("https://client.example/callback?next=evil")]
    [TestCase("https://client.example:8443/callback")]
    [TestCase("https://CLIENT.example/callback")]
    [TestCase("https://client.example.evil.example/callback")]
    public async Task Redirect_uri_that_the_document_does_not_list_is_refused(string redirectUri)
    {
        _documents.Publish(_path, _documents.Document(_path, ("redirect_uris", new[] { Elsewhere })));

        await AssertRefusedAsync(Client(_server, _documents.Url(_path)).AuthorizeUrl(("redirect_uri", redirectUri)));
    }

    [Test]
    public async Task Document_that_says_it_is_another_client_is_refused()
    {
        _documents.Publish(_path, _documents.Document(_path, ("client_id", "https://well-known.example/client.json")));

        await AssertRefusedAsync(Client(_server, _documents.Url(_path)).AuthorizeUrl(), "letter by letter");
    }

    [Test]
    public async Task Copy_of_a_document_on_another_host_is_refused()
    {
        _documents.Publish(_path, _documents.Document(_path));
        var copy = _documents.Url(_path).Replace("client.example", "other.example", StringComparison.Ordinal);

        await AssertRefusedAsync(Client(_server, copy).AuthorizeUrl(), "letter by letter");
    }

    [TestCase("{path}?x=1")]
    [TestCase("{path}#x")]
    [TestCase("/.{path}")]
    [TestCase("/x/..{path}")]
    public async Task Another_spelling_of_the_address_is_no_client_and_nothing_is_fetched(string spelling)
    {
        _documents.Publish(_path, _documents.Document(_path));
        var id = _documents.Url("") + spelling.Replace("{path}", _path, StringComparison.Ordinal);

        await AssertRefusedAsync(Client(_server, id).AuthorizeUrl());
        await AssertRefusedAsync(Client(_server, _documents.Url(_path).Replace("https:", "http:", StringComparison.Ordinal)).AuthorizeUrl());
        await AssertRefusedAsync(Client(_server, _documents.Url(_path).Replace("//", "//user@", StringComparison.Ordinal)).AuthorizeUrl());
        Assert.That(_documents.Hits(_path), Is.Zero);
    }

    [TestCase("https://inside.example/c")]
    [TestCase("https://rebound.example/c")]
    [TestCase("https://10.0.0.7/c")]
    [TestCase("https://169.254.169.254/latest/meta-data")]
    [TestCase("https://[fd00::1]/c")]
    public async Task Private_address_is_refused_by_name_and_by_number_in_the_same_words(string id)
    {
        await AssertRefusedAsync(Client(_server, id).AuthorizeUrl(), "could not be fetched");
    }

    [Test]
    public async Task Loopback_is_refused_with_the_policy_as_it_is()
    {
        await using var strict = await AuthorizationServerHost.StartAsync(
            DatabaseDialect.Sqlite, services: services => _documents.Register(services, OutboundTrust.Discovered));
        _documents.Publish(_path, _documents.Document(_path));

        await AssertRefusedAsync(Client(strict, _documents.Url(_path)).AuthorizeUrl(), "could not be fetched");
        Assert.That(_documents.Hits(_path), Is.Zero);
    }

    [TestCase("https://inside.example/c")]
    [TestCase("/elsewhere.json")]
    public async Task Redirect_of_the_document_is_not_followed(string location)
    {
        _documents.Answer(_path, context =>
        {
            context.Response.Redirect(location);
            return Task.CompletedTask;
        });
        _documents.Publish("/elsewhere.json", _documents.Document(_path));
        var before = _documents.Hits("/elsewhere.json");

        await AssertRefusedAsync(Client(_server, _documents.Url(_path)).AuthorizeUrl(), "redirects are not followed");
        Assert.That(_documents.Hits("/elsewhere.json"), Is.EqualTo(before));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Document_over_64_KiB_is_refused_with_and_without_a_length(bool withLength)
    {
        var body = JsonSerializer.Serialize(_documents.Document(_path, ("padding", new string('x', DocumentFetches.MaxBytes))));
        _documents.Answer(_path, async context =>
        {
            context.Response.ContentType = "application/json";
            if (withLength)
                context.Response.ContentLength = body.Length;
            await context.Response.WriteAsync(body);
        });

        await AssertRefusedAsync(Client(_server, _documents.Url(_path)).AuthorizeUrl(), "at most 65536 bytes");
    }

    [Test]
    public async Task Document_that_does_not_come_within_5_seconds_is_given_up()
    {
        var asked = new TaskCompletionSource();
        _documents.Answer(_path, async context =>
        {
            asked.TrySetResult();
            await context.Response.WriteAsync("{");
            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        });

        var refused = AssertRefusedAsync(Client(_server, _documents.Url(_path)).AuthorizeUrl(), "could not be fetched");
        await asked.Task.WaitAsync(TimeSpan.FromSeconds(10));
        _server.Time.Advance(DocumentFetches.Deadline);

        await refused;
    }

    [TestCase("text/html")]
    [TestCase("text/plain")]
    [TestCase("application/octet-stream")]
    public async Task Document_that_is_not_served_as_json_is_refused(string contentType)
    {
        _documents.Publish(_path, _documents.Document(_path), contentType: contentType);

        await AssertRefusedAsync(Client(_server, _documents.Url(_path)).AuthorizeUrl(), "application/json");
    }

    [Test]
    public async Task Document_that_is_not_json_is_refused()
    {
        _documents.Publish(_path, "<html>");

        await AssertRefusedAsync(Client(_server, _documents.Url(_path)).AuthorizeUrl(), "JSON object");
    }

    [Test]
    public async Task Change_of_the_document_counts_once_its_time_is_over()
    {
        _documents.Publish(_path, _documents.Document(_path, ("redirect_uris", new[] { Elsewhere })), "max-age=600");
        var client = Client(_server, _documents.Url(_path));
        await AskAsync(client.AuthorizeUrl(("redirect_uri", Elsewhere)));
        _documents.Publish(_path, _documents.Document(_path, ("redirect_uris", new[] { "https://client.example/new" }), ("client_name", "Renamed")));

        _server.Time.Advance(TimeSpan.FromSeconds(590));
        await AskAsync(client.AuthorizeUrl(("redirect_uri", Elsewhere)));
        _server.Time.Advance(TimeSpan.FromSeconds(20));

        await AssertRefusedAsync(client.AuthorizeUrl(("redirect_uri", Elsewhere)));
        Assert.That((await AskAsync(client.AuthorizeUrl(("redirect_uri", "https://client.example/new")))).Html, Does.Contain("Renamed"));
    }

    [TestCase("no-store", 4, 6)]
    [TestCase("max-age=1", 4, 6)]
    [TestCase(null, 59, 61)]
    [TestCase("max-age=31536000", (24 * 60) - 1, (24 * 60) + 1)]
    public async Task Document_is_looked_at_again_after_5_minutes_at_least_and_a_day_at_most(string? cacheControl, int stillMinutes, int againMinutes)
    {
        _documents.Publish(_path, _documents.Document(_path), cacheControl);
        var client = Client(_server, _documents.Url(_path));
        await AskAsync(client.AuthorizeUrl());
        var hits = _documents.Hits(_path);

        _server.Time.Advance(TimeSpan.FromMinutes(stillMinutes));
        await AskAsync(client.AuthorizeUrl());
        Assert.That(_documents.Hits(_path), Is.EqualTo(hits));
        _server.Time.Advance(TimeSpan.FromMinutes(againMinutes - stillMinutes));
        await AskAsync(client.AuthorizeUrl());

        Assert.That(_documents.Hits(_path), Is.EqualTo(hits + 1));
    }

    [Test]
    public async Task Failure_is_remembered_for_a_minute()
    {
        var client = Client(_server, _documents.Url(_path));
        await AssertRefusedAsync(client.AuthorizeUrl());
        await AssertRefusedAsync(client.AuthorizeUrl());
        Assert.That(_documents.Hits(_path), Is.EqualTo(1));

        _documents.Publish(_path, _documents.Document(_path));
        _server.Time.Advance(ClientDocumentDirectory.FailureKept);

        Assert.That((await AskAsync(client.AuthorizeUrl())).Html, Does.Contain("Document client"));
    }

    [Test]
    public async Task Client_whose_host_is_away_goes_on_for_a_day_but_starts_nothing_new()
    {
        _documents.Publish(_path, _documents.Document(_path));
        var client = Client(_server, _documents.Url(_path));
        var tokens = await client.GetTokensAsync();
        _documents.Answer(_path, context => Fail(context, StatusCodes.Status503ServiceUnavailable));

        _server.Time.Advance(ClientDocumentDirectory.UsuallyFresh);
        var refreshed = await client.RefreshAsync(tokens.RefreshToken);
        Assert.That(refreshed.Error, Is.Null, refreshed.Json.ToString());
        await AssertRefusedAsync(client.AuthorizeUrl(), "could not be fetched");

        _server.Time.Advance(ClientDocumentDirectory.Grace);
        Assert.That((await client.RefreshAsync(refreshed.RefreshToken)).Error, Is.EqualTo("invalid_client"));
    }

    [Test]
    public async Task Client_whose_document_is_gone_goes_no_further()
    {
        _documents.Publish(_path, _documents.Document(_path));
        var client = Client(_server, _documents.Url(_path));
        var tokens = await client.GetTokensAsync();
        _documents.Answer(_path, context => Fail(context, StatusCodes.Status410Gone));
        _server.Time.Advance(ClientDocumentDirectory.UsuallyFresh);

        Assert.That((await client.RefreshAsync(tokens.RefreshToken)).Error, Is.EqualTo("invalid_client"));
    }

    [Test]
    public async Task Many_requests_at_once_fetch_the_document_once()
    {
        _documents.Publish(_path, _documents.Document(_path));
        var url = Client(_server, _documents.Url(_path)).AuthorizeUrl();

        await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            using var reply = await _server.Http.GetAsync(url);
            Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.Redirect));
        }));

        Assert.That(_documents.Hits(_path), Is.EqualTo(1));
    }

    [Test]
    public async Task Keys_of_a_signing_client_are_fetched_and_it_gets_nothing_without_a_signature()
    {
        var keys = _path + ".keys";
        _documents.Publish(_path, _documents.Document(_path, ("token_endpoint_auth_method", "private_key_jwt"), ("jwks_uri", _documents.Url(keys))));
        _documents.Publish(keys, """{"keys": [{"kty": "EC", "crv": "P-256", "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}""");
        var client = Client(_server, _documents.Url(_path));

        var tokens = await client.ExchangeAsync(await client.GetCodeAsync());

        Assert.That(tokens.Error, Is.EqualTo("invalid_client"));
        await using var scope = _server.Services.CreateAsyncScope();
        var clients = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
        var row = (await clients.FindByClientIdAsync(client.Id))!;
        Assert.That((await clients.GetJsonWebKeySetAsync(row))!.Keys, Has.Count.EqualTo(1));
    }

    [TestCase("https://inside.example/keys")]
    [TestCase("https://10.0.0.7/keys")]
    public async Task Keys_at_a_private_address_are_not_fetched(string keys)
    {
        _documents.Publish(_path, _documents.Document(_path, ("token_endpoint_auth_method", "private_key_jwt"), ("jwks_uri", keys)));

        await AssertRefusedAsync(Client(_server, _documents.Url(_path)).AuthorizeUrl(), "could not be fetched");
    }

    [TestCase("enabled: false", "not known by documents")]
    [TestCase("allowedHosts: [claude.ai, '*.client.example']", "documents of its host")]
    public async Task Documents_count_only_where_the_operator_lets_them(string policy, string reason)
    {
        await using var server = await AuthorizationServerHost.StartAsync(
            DatabaseDialect.Sqlite,
            $"identity: {{ authorizationServer: {{ clientMetadata: {{ {policy} }} }} }}",
            services => _documents.Register(services));
        _documents.Publish(_path, _documents.Document(_path));

        await AssertRefusedAsync(Client(server, _documents.Url(_path)).AuthorizeUrl(), reason);
        Assert.That(_documents.Hits(_path), Is.Zero);
    }

    [Test]
    public async Task Host_on_the_list_is_let_in()
    {
        await using var server = await AuthorizationServerHost.StartAsync(
            DatabaseDialect.Sqlite,
            "identity: { authorizationServer: { clientMetadata: { allowedHosts: ['*.example'] } } }",
            services => _documents.Register(services));
        _documents.Publish(_path, _documents.Document(_path));

        Assert.That((await AskAsync(Client(server, _documents.Url(_path)).AuthorizeUrl())).Html, Does.Contain("Document client"));
    }

    [Test]
    public async Task Flood_of_documents_is_held_back()
    {
        await using var server = await AuthorizationServerHost.StartAsync(
            DatabaseDialect.Sqlite, "limits: { clientDocuments: { addressPerMinute: 2 } }", services => _documents.Register(services));

        await AssertRefusedAsync(Client(server, _documents.Url(_path + "1")).AuthorizeUrl(), "is not there");
        await AssertRefusedAsync(Client(server, _documents.Url(_path + "2")).AuthorizeUrl(), "is not there");
        await AssertRefusedAsync(Client(server, _documents.Url(_path + "3")).AuthorizeUrl(), "too many");
        Assert.That(_documents.Hits(_path + "3"), Is.Zero);
    }

    private static TestClient Client(AuthorizationServerHost server, string id) =>
        new(server.Http, server.Url, JsonSerializer.SerializeToElement(new { client_id = id }));

    private static Task Fail(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static async Task<BrowserPage> AskAsync(Uri url)
    {
        using var browser = new FormBrowser();
        var page = await BrowserlessSignIn.SignInAsync(browser, url, "alice@example.com", CancellationToken.None);
        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.OK), page.Html);
        return page;
    }

    /// <summary>The person is shown an error; nothing is sent to any redirect URI.</summary>
    private static async Task AssertRefusedAsync(Uri url, string reason = "")
    {
        using var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false });
        using var reply = await http.GetAsync(url);
        var body = await reply.Content.ReadAsStringAsync();
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest), $"{reply.Headers.Location} {body}");
        Assert.That(reply.Headers.Location, Is.Null);
        Assert.That(body, Does.Contain(reason));
    }
}
