using System.Net;
using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>Malformed authorization requests: each gets the RFC's error, at the client where it is known and nowhere else.</summary>
internal sealed class AuthorizeErrorTests
{
    private AuthorizationServerHost _server = null!;
    private TestClient _client = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite);
        _client = await TestClient.RegisterAsync(_server);
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [TestCase("invalid_request", "code_challenge", null, "code_challenge_method", null, TestName = "Missing_challenge_is_invalid_request")]
    [TestCase("invalid_request", "code_challenge_method", "plain", TestName = "Plain_challenge_is_invalid_request")]
    [TestCase("invalid_request", "code_challenge_method", null, TestName = "Challenge_without_a_method_is_not_taken_for_plain")]
    [TestCase("unsupported_response_type", "response_type", "token", TestName = "Implicit_flow_is_unsupported")]
    [TestCase("invalid_request", "response_type", null, TestName = "Missing_response_type_is_invalid_request")]
    [TestCase("invalid_target", "resource", "https://elsewhere.example/mcp", TestName = "Foreign_resource_is_invalid_target")]
    [TestCase("invalid_scope", "scope", "cortex:admin", TestName = "Reserved_scope_alone_is_invalid_scope")]
    [TestCase("invalid_scope", "scope", "no:such:scope", TestName = "Unknown_scope_alone_is_invalid_scope")]
    [TestCase("login_required", "prompt", "none", TestName = "Prompt_none_without_a_session_is_login_required")]
    [TestCase("request_not_supported", "request", "eyJhbGciOiJub25lIn0.e30.", TestName = "Request_object_is_not_supported")]
    public async Task Error_reaches_the_client_with_state_and_issuer(string error, string name, string? value, string? otherName = null, string? otherValue = null)
    {
        var url = otherName is null ? _client.AuthorizeUrl((name, value)) : _client.AuthorizeUrl((name, value), (otherName, otherValue));
        using var browser = new FormBrowser();

        var page = await browser.GetAsync(url, CancellationToken.None);

        Assert.That(page.Leaves?.GetLeftPart(UriPartial.Path), Is.EqualTo(TestClient.RedirectUri), page.Html);
        var answer = TestClient.ParametersOf(page.Leaves!);
        Assert.That(answer["error"], Is.EqualTo(error), answer.GetValueOrDefault("error_description"));
        Assert.That(answer["state"], Is.EqualTo("state-1"));
        Assert.That(answer["iss"], Is.EqualTo(_server.Issuer));
        Assert.That(answer, Does.Not.ContainKey("code"));
    }

    [TestCase("redirect_uri", "https://evil.example/callback", TestName = "Foreign_redirect_uri_is_never_redirected_to")]
    [TestCase("redirect_uri", "http://127.0.0.1/callback/../evil", TestName = "Redirect_uri_with_another_path_is_never_redirected_to")]
    [TestCase("redirect_uri", "http://127.0.0.1/callback?extra=1", TestName = "Redirect_uri_with_another_query_is_never_redirected_to")]
    [TestCase("redirect_uri", "http://localhost/callback", TestName = "Redirect_uri_with_another_loopback_name_is_never_redirected_to")]
    [TestCase("client_id", "c_unknown", TestName = "Unknown_client_is_never_redirected")]
    [TestCase("client_id", null, TestName = "Missing_client_is_never_redirected")]
    public async Task Error_stays_with_the_person_when_the_address_is_in_doubt(string name, string? value)
    {
        using var browser = new FormBrowser();

        var page = await browser.GetAsync(_client.AuthorizeUrl((name, value)), CancellationToken.None);

        Assert.That(page.Leaves, Is.Null);
        Assert.That(page.Status, Is.EqualTo(HttpStatusCode.BadRequest));
    }

    [Test]
    public async Task Two_resources_are_invalid_target()
    {
        using var browser = new FormBrowser();

        var page = await browser.GetAsync(new Uri(_client.AuthorizeUrl() + "&resource=https%3A%2F%2Felsewhere.example%2Fmcp"), CancellationToken.None);

        Assert.That(TestClient.ParametersOf(page.Leaves!)["error"], Is.EqualTo("invalid_target"));
    }

    [Test]
    public async Task Unconfigured_toolset_is_invalid_target()
    {
        using var browser = new FormBrowser();

        var page = await browser.GetAsync(_client.AuthorizeUrl(("resource", _server.Resource + "/unknown")), CancellationToken.None);

        Assert.That(TestClient.ParametersOf(page.Leaves!)["error"], Is.EqualTo("invalid_target"));
    }

    [Test]
    public async Task Reserved_and_unknown_scopes_beside_a_known_one_are_dropped()
    {
        var tokens = await _client.GetTokensAsync(_client.AuthorizeUrl(("scope", "cortex:admin no:such:scope mcp:notes:read")));

        Assert.That(tokens.Text("scope"), Is.EqualTo("mcp:notes:read offline_access"));
    }

    [Test]
    public async Task Request_without_scope_is_offered_everything_known_and_nothing_reserved()
    {
        var tokens = await _client.GetTokensAsync(_client.AuthorizeUrl(("scope", null)));

        Assert.That(tokens.Text("scope"), Is.EqualTo("mcp:notes:read mcp:notes:write offline_access"));
    }

    [Test]
    public async Task Token_request_for_another_resource_is_invalid_target()
    {
        var code = await _client.GetCodeAsync();

        var reply = await _client.ExchangeAsync(code, ("resource", "https://elsewhere.example/mcp"));

        Assert.That(reply.Error, Is.EqualTo("invalid_target"));
    }

    [Test]
    public async Task Unsupported_grant_is_refused()
    {
        var reply = await _client.RefreshAsync("x", ("grant_type", "password"), ("username", "alice"), ("password", "secret"));

        Assert.That(reply.Error, Is.EqualTo("unsupported_grant_type"));
    }
}
