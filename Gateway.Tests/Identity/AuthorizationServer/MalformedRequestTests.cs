using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.Storage;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>
/// Malformed requests at the endpoints of <see href="https://www.rfc-editor.org/rfc/rfc6749#section-5.2">RFC 6749</see> and its kin: each gets the
/// standard's error as JSON, from the token endpoint never to be kept, and nothing else.
/// </summary>
internal sealed class MalformedRequestTests
{
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>Stands for the id of the registered client.</summary>
    private const string Me = "{client}";

    private AuthorizationServerHost _server = null!;
    private TestClient _client = null!;
    private TestClient _confidential = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite, "limits: { tokenRequests: { clientPerMinute: 6000, addressPerMinute: 6000 } }");
        _client = await TestClient.RegisterAsync(_server);
        _confidential = await TestClient.RegisterAsync(_server, new { redirect_uris = new[] { TestClient.RedirectUri }, token_endpoint_auth_method = "client_secret_post" });
    }

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [TestCase("/oauth/token", "", "invalid_request")]
    [TestCase("/oauth/token", $"client_id={Me}", "invalid_request")]
    [TestCase("/oauth/token", $"grant_type=&client_id={Me}", "invalid_request")]
    [TestCase("/oauth/token", $"grant_type=authorization_code&client_id={Me}", "invalid_request")]
    [TestCase("/oauth/token", $"grant_type=authorization_code&client_id={Me}&code=made-up&redirect_uri={TestClient.RedirectUri}&code_verifier=0123456789012345678901234567890123456789012", "invalid_grant")]
    [TestCase("/oauth/token", $"grant_type=refresh_token&client_id={Me}", "invalid_request")]
    [TestCase("/oauth/token", $"grant_type=refresh_token&client_id={Me}&refresh_token=made-up", "invalid_grant")]
    [TestCase("/oauth/token", "grant_type=refresh_token&refresh_token=made-up", "invalid_client")]
    [TestCase("/oauth/token", "grant_type=refresh_token&client_id=c_unknown&refresh_token=made-up", "invalid_client")]
    [TestCase("/oauth/token", $"grant_type=refresh_token&grant_type=refresh_token&client_id={Me}&refresh_token=made-up", "invalid_request")]
    [TestCase("/oauth/token", $"grant_type=refresh_token&client_id={Me}&client_id=c_other&refresh_token=made-up", "invalid_client")]
    [TestCase("/oauth/token", $"grant_type=password&client_id={Me}&username=alice&password=x", "unsupported_grant_type")]
    [TestCase("/oauth/token", $"grant_type=made%20up&client_id={Me}", "unsupported_grant_type")]
    [TestCase("/oauth/token", $"grant_type=client_credentials&client_id={Me}", "invalid_request")]
    [TestCase("/oauth/revoke", $"client_id={Me}", "invalid_request")]
    [TestCase("/oauth/revoke", "token=made-up&client_id=c_unknown", "invalid_client")]
    [TestCase("/oauth/introspect", "", "invalid_request")]
    [TestCase("/oauth/introspect", "token=made-up&client_id=c_unknown", "invalid_client")]
    public async Task Form_gets_the_error_of_the_standard(string path, string form, string error)
    {
        using var content = new StringContent(form.Replace(Me, _client.Id, StringComparison.Ordinal), Encoding.ASCII, Form);

        using var reply = await _server.Http.PostAsync(path, content);

        await AssertErrorAsync(reply, error);
    }

    [TestCase("/oauth/token", "application/json", """{"grant_type":"refresh_token"}""")]
    [TestCase("/oauth/token", "text/plain", "grant_type=refresh_token")]
    [TestCase("/oauth/revoke", "application/json", """{"token":"x"}""")]
    [TestCase("/oauth/introspect", "application/json", """{"token":"x"}""")]
    public async Task Body_that_is_no_form_is_invalid_request(string path, string type, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, type);

        using var reply = await _server.Http.PostAsync(path, content);

        await AssertErrorAsync(reply, "invalid_request");
    }

    [TestCase("/oauth/token")]
    [TestCase("/oauth/revoke")]
    public async Task Request_by_get_is_refused_whatever_its_query_holds(string path)
    {
        using var reply = await _server.Http.GetAsync($"{path}?grant_type=refresh_token&token=x&refresh_token=x&client_id={_client.Id}");

        Assert.That((int)reply.StatusCode, Is.EqualTo(400).Or.EqualTo(405));
        Assert.That(await reply.Content.ReadAsStringAsync(), Does.Not.Contain("access_token"));
    }

    [TestCase("/.well-known/oauth-authorization-server")]
    [TestCase("/.well-known/openid-configuration")]
    [TestCase("/.well-known/jwks.json")]
    public async Task Metadata_is_read_and_not_posted_to(string path)
    {
        using var content = new StringContent("issuer=https%3A%2F%2Fevil.example", Encoding.ASCII, Form);
        using var posted = await _server.Http.PostAsync(path, content);
        using var odd = await _server.Http.GetAsync($"{path}?issuer=https%3A%2F%2Fevil.example");

        Assert.That((int)posted.StatusCode, Is.EqualTo(400).Or.EqualTo(405));
        Assert.That(odd.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(await posted.Content.ReadAsStringAsync() + await odd.Content.ReadAsStringAsync(), Does.Not.Contain("evil.example"));
    }

    [Test]
    public async Task Two_ways_of_authentication_at_once_are_invalid_request()
    {
        var reply = await TestClient.PostAsync(
            _server.Http,
            "/oauth/token",
            [("grant_type", "refresh_token"), ("refresh_token", "x"), ("client_id", _confidential.Id), ("client_secret", _confidential.Secret)],
            Basic(_confidential.Id, _confidential.Secret!));

        Assert.That(reply.Error, Is.EqualTo("invalid_request"));
    }

    [TestCase("Basic !!!")]
    [TestCase("Basic ")]
    [TestCase("Basic bm9jb2xvbg==")]
    [TestCase("Bearer x")]
    public async Task Broken_authorization_header_is_an_error_of_the_standard(string header)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token") { Content = new StringContent("grant_type=refresh_token&refresh_token=x", Encoding.ASCII, Form) };
        request.Headers.TryAddWithoutValidation("Authorization", header);

        using var reply = await _server.Http.SendAsync(request);

        var error = (await ReadAsync(reply)).GetProperty("error").GetString();
        Assert.That(error, Is.EqualTo("invalid_request").Or.EqualTo("invalid_client"));
    }

    [Test]
    public async Task Attack_secret_guessed_ever_again_is_shut_out_before_the_right_guess()
    {
        await using var server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite, "limits: { tokenRequests: { clientPerMinute: 3 } }");
        var client = await TestClient.RegisterAsync(server, new { redirect_uris = new[] { TestClient.RedirectUri }, token_endpoint_auth_method = "client_secret_post" });
        var code = await client.GetCodeAsync();
        for (var guess = 0; guess < 3; guess++)
            Assert.That((await client.ExchangeAsync(code, ("client_secret", $"guess-{guess}"))).Error, Is.EqualTo("invalid_client"));

        var right = await client.ExchangeAsync(code);

        Assert.That((right.Status, right.Error), Is.EqualTo((HttpStatusCode.TooManyRequests, "temporarily_unavailable")));
    }

    [Test]
    public async Task Attack_challenge_stripped_and_the_code_redeemed_without_a_verifier_gets_nothing([Values(null, "", "plain")] string? method)
    {
        using var reply = await _server.Http.GetAsync(_client.AuthorizeUrl(("code_challenge", method is null ? null : _client.Verifier), ("code_challenge_method", method)));

        var answer = TestClient.ParametersOf(reply.Headers.Location!);
        Assert.That((answer["error"], answer.ContainsKey("code")), Is.EqualTo(("invalid_request", false)));
        Assert.That((await _client.ExchangeAsync(await _client.GetCodeAsync(), ("code_verifier", _client.Challenge))).Error, Is.EqualTo("invalid_grant"), "the challenge is no verifier");
    }

    private static AuthenticationHeaderValue Basic(string id, string secret) => new("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{id}:{secret}")));

    private static async Task AssertErrorAsync(HttpResponseMessage reply, string error)
    {
        var json = await ReadAsync(reply);
        Assert.That(json.GetProperty("error").GetString(), Is.EqualTo(error), json.ToString());
        Assert.That(json.EnumerateObject().Select(member => member.Name), Is.SubsetOf(["error", "error_description", "error_uri"]));
        Assert.That(reply.StatusCode, Is.EqualTo(error == "invalid_client" ? HttpStatusCode.Unauthorized : HttpStatusCode.BadRequest).Or.EqualTo(HttpStatusCode.BadRequest));
        if (reply.RequestMessage!.RequestUri!.AbsolutePath == "/oauth/token")
            Assert.That(reply.Headers.CacheControl?.NoStore, Is.True);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage reply)
    {
        Assert.That(reply.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/json"));
        return JsonElement.Parse(await reply.Content.ReadAsStringAsync());
    }
}
