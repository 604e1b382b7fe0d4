using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.Storage;
using NUnit.Framework;

namespace Cortex.Tests.Identity.AuthorizationServer;

/// <summary>Dynamic registration (<see href="https://www.rfc-editor.org/rfc/rfc7591">RFC 7591</see>).</summary>
internal sealed class RegistrationTests
{
    private AuthorizationServerHost _server = null!;

    [OneTimeSetUp]
    public async Task StartAsync() => _server = await AuthorizationServerHost.StartAsync(DatabaseDialect.Sqlite);

    [OneTimeTearDown]
    public async Task StopAsync() => await _server.DisposeAsync();

    [Test]
    public async Task Public_client_gets_an_id_no_secret_and_all_its_metadata_back()
    {
        var (status, reply) = await RegisterAsync("""
            {"client_name": "Helper", "client_uri": "https://helper.example", "redirect_uris": ["http://localhost:3334/oauth/callback"],
             "token_endpoint_auth_method": "none", "grant_types": ["authorization_code", "refresh_token", "urn:ietf:params:oauth:grant-type:device_code"],
             "response_types": ["code"], "scope": "mcp:notes:read cortex:admin", "software_id": "helper-1", "unknown_member": {"x": 1}}
            """);

        Assert.That(status, Is.EqualTo(HttpStatusCode.Created), reply.ToString());
        Assert.That(reply.GetProperty("client_id").GetString(), Does.StartWith("c_"));
        Assert.That(reply.GetProperty("client_id_issued_at").GetInt64(), Is.EqualTo(_server.Time.GetUtcNow().ToUnixTimeSeconds()));
        Assert.That(reply.TryGetProperty("client_secret", out _), Is.False);
        Assert.That(reply.GetProperty("client_name").GetString(), Is.EqualTo("Helper"));
        Assert.That(reply.GetProperty("client_uri").GetString(), Is.EqualTo("https://helper.example"));
        Assert.That(reply.GetProperty("redirect_uris")[0].GetString(), Is.EqualTo("http://localhost:3334/oauth/callback"));
        Assert.That(reply.GetProperty("redirect_uris").GetArrayLength(), Is.EqualTo(1));
        Assert.That(reply.GetProperty("token_endpoint_auth_method").GetString(), Is.EqualTo("none"));
        Assert.That(reply.GetProperty("grant_types").ToString(), Is.EqualTo("""["authorization_code","refresh_token"]"""));
        Assert.That(reply.GetProperty("application_type").GetString(), Is.EqualTo("native"));
        Assert.That(reply.GetProperty("scope").GetString(), Is.EqualTo("mcp:notes:read"));
        Assert.That(reply.GetProperty("software_id").GetString(), Is.EqualTo("helper-1"));
        Assert.That(reply.TryGetProperty("unknown_member", out _), Is.False);
    }

    [TestCase("client_secret_post")]
    [TestCase("client_secret_basic")]
    public async Task Confidential_client_needs_the_secret_it_was_shown_once(string method)
    {
        var client = await TestClient.RegisterAsync(_server, new { redirect_uris = new[] { TestClient.RedirectUri }, token_endpoint_auth_method = method });
        var (_, reply) = await RegisterAsync($$"""{"redirect_uris": ["https://app.example/cb"], "token_endpoint_auth_method": "{{method}}"}""");
        Assert.That(reply.GetProperty("client_secret").GetString(), Has.Length.EqualTo(64));
        Assert.That(reply.GetProperty("client_secret_expires_at").GetInt64(), Is.Zero);

        var without = await client.ExchangeAsync(await client.GetCodeAsync(), ("client_secret", null));
        var wrong = await client.ExchangeAsync(await client.GetCodeAsync(), ("client_secret", "guess"));

        Assert.That((without.Error, wrong.Error), Is.EqualTo(("invalid_client", "invalid_client")));
    }

    [Test]
    public async Task Confidential_client_with_its_secret_gets_tokens_by_post_and_by_basic()
    {
        foreach (var method in new[] { "client_secret_post", "client_secret_basic" })
        {
            var (_, registration) = await RegisterAsync($$"""{"redirect_uris": ["{{TestClient.RedirectUri}}"], "token_endpoint_auth_method": "{{method}}"}""");
            var client = new TestClient(_server.Http, _server.Url, registration);
            var secret = registration.GetProperty("client_secret").GetString()!;
            var basic = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{client.Id}:{secret}")));

            using var request = new HttpRequestMessage(HttpMethod.Post, "/oauth/token");
            var fields = new Dictionary<string, string>
            {
                ["grant_type"] = "authorization_code",
                ["code"] = await client.GetCodeAsync(),
                ["redirect_uri"] = TestClient.RedirectUri,
                ["code_verifier"] = client.Verifier,
            };
            if (method == "client_secret_basic")
                request.Headers.Authorization = basic;
            else
                (fields["client_id"], fields["client_secret"]) = (client.Id, secret);
            request.Content = new FormUrlEncodedContent(fields);

            using var reply = await _server.Http.SendAsync(request);

            Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.OK), await reply.Content.ReadAsStringAsync());
        }
    }

    [Test]
    public async Task Client_without_refresh_grant_is_not_offered_a_refresh_token()
    {
        var client = await TestClient.RegisterAsync(_server, new
        {
            redirect_uris = new[] { TestClient.RedirectUri },
            token_endpoint_auth_method = "none",
            grant_types = new[] { "authorization_code" },
        });

        var tokens = await client.GetTokensAsync();

        Assert.That(tokens.Text("scope"), Is.EqualTo("mcp:notes:read mcp:notes:write"));
        Assert.That(tokens.Text("refresh_token"), Is.Null);
    }

    [Test]
    public async Task Client_that_does_not_ask_for_offline_access_is_offered_it_all_the_same()
    {
        var client = await TestClient.RegisterAsync(_server);

        var tokens = await client.GetTokensAsync(client.AuthorizeUrl(("scope", "mcp:notes:read")));

        Assert.That(tokens.Text("refresh_token"), Is.Not.Null);
    }

    [TestCase("https://app.example/callback")]
    [TestCase("http://localhost/callback")]
    [TestCase("http://127.0.0.1:33418/")]
    [TestCase("http://[::1]:9/cb")]
    [TestCase("cursor://anysphere.cursor-retrieval/oauth/user-notes/callback")]
    [TestCase("vscode://vscode.github-authentication/did-authenticate")]
    [TestCase("com.example.app:/oauth/callback")]
    public async Task Redirect_uri_can_be_registered(string uri)
    {
        var (status, reply) = await RegisterAsync(JsonSerializer.Serialize(new { redirect_uris = new[] { uri }, token_endpoint_auth_method = "none" }));

        Assert.That(status, Is.EqualTo(HttpStatusCode.Created), reply.ToString());
        Assert.That(reply.GetProperty("redirect_uris")[0].GetString(), Is.EqualTo(uri));
    }

    [TestCase("http://app.example/callback")]
    [TestCase("http://127.0.0.1.evil.example/callback")]
    [TestCase("http://localhost.evil.example/callback")]
    [TestCase("https://app.example/callback#fragment")]
    [TestCase("https://app.example/callback#")]
    [TestCase("https://user@app.example/callback")]
    [TestCase("javascript:alert(1)")]
    [TestCase("JAVASCRIPT:alert(1)")]
    [TestCase("data:text/html,x")]
    [TestCase("file:///etc/passwd")]
    [TestCase("vbscript:x")]
    [TestCase("about:blank")]
    [TestCase("blob:https://app.example/x")]
    [TestCase("/callback")]
    [TestCase("app.example")]
    [TestCase("https://app.example/\ncallback")]
    [TestCase("")]
    public async Task Redirect_uri_is_refused(string uri)
    {
        var (status, reply) = await RegisterAsync(JsonSerializer.Serialize(new { redirect_uris = new[] { uri }, token_endpoint_auth_method = "none" }));

        Assert.That((status, reply.GetProperty("error").GetString()), Is.EqualTo((HttpStatusCode.BadRequest, "invalid_redirect_uri")));
        Assert.That(reply.GetProperty("error_description").GetString(), Is.Not.Empty);
    }

    [TestCase("{}", "invalid_redirect_uri")]
    [TestCase("""{"redirect_uris": []}""", "invalid_redirect_uri")]
    [TestCase("""{"redirect_uris": [null]}""", "invalid_redirect_uri")]
    [TestCase("""{"redirect_uris": ["a:b","a:b","a:b","a:b","a:b","a:b","a:b","a:b","a:b","a:b","a:b"]}""", "invalid_redirect_uri")]
    [TestCase("""{"redirect_uris": "https://app.example/cb"}""", "invalid_client_metadata")]
    [TestCase("""{"redirect_uris": ["https://app.example/cb"], "redirect_uris": ["https://evil.example/cb"]}""", "invalid_client_metadata")]
    [TestCase("""{"redirect_uris": ["https://app.example/cb"], "token_endpoint_auth_method": "private_key_jwt"}""", "invalid_client_metadata")]
    [TestCase("""{"redirect_uris": ["https://app.example/cb"], "grant_types": ["client_credentials"]}""", "invalid_client_metadata")]
    [TestCase("""{"redirect_uris": ["https://app.example/cb"], "response_types": ["token"]}""", "invalid_client_metadata")]
    [TestCase("""{"redirect_uris": ["https://app.example/cb"], "application_type": "desktop"}""", "invalid_client_metadata")]
    [TestCase("""{"redirect_uris": ["https://app.example/cb"], "client_uri": "javascript:alert(1)"}""", "invalid_client_metadata")]
    [TestCase("""{"redirect_uris": ["http://localhost/cb"], "application_type": "web"}""", "invalid_redirect_uri")]
    [TestCase("""{"redirect_uris": ["https://localhost/cb"], "application_type": "web"}""", "invalid_redirect_uri")]
    [TestCase("""{"redirect_uris": ["https://app.example/cb", "app:/cb"], "application_type": "web"}""", "invalid_redirect_uri")]
    [TestCase("""{"redirect_uris": ["https://app.example/cb"], "client_name": "\ud800"}""", "invalid_client_metadata")]
    [TestCase("""{"redirect_uris": ["https://app.example/cb"], "client_name": 7}""", "invalid_client_metadata")]
    [TestCase("not json", "invalid_client_metadata")]
    [TestCase("[]", "invalid_client_metadata")]
    [TestCase("null", "invalid_client_metadata")]
    [TestCase("", "invalid_client_metadata")]
    public async Task Malformed_metadata_is_refused(string body, string error)
    {
        var (status, reply) = await RegisterAsync(body);

        Assert.That((status, reply.GetProperty("error").GetString()), Is.EqualTo((HttpStatusCode.BadRequest, error)));
    }

    [TestCase("native", "https://app.example/claimed")]
    [TestCase("native", "http://localhost:3000/cb")]
    [TestCase("native", "app:/cb")]
    [TestCase("web", "https://app.example/cb")]
    public async Task Application_type_is_kept_where_the_redirect_uris_fit_it(string type, string uri)
    {
        var (status, reply) = await RegisterAsync(JsonSerializer.Serialize(new { redirect_uris = new[] { uri }, application_type = type }));

        Assert.That((status, reply.GetProperty("application_type").GetString()), Is.EqualTo((HttpStatusCode.Created, type)));
    }

    [Test]
    public async Task Body_over_8_KiB_is_refused()
    {
        var (status, reply) = await RegisterAsync($$"""{"redirect_uris": ["https://app.example/cb"], "client_name": "{{new string('x', 8200)}}"}""");

        Assert.That((status, reply.GetProperty("error").GetString()), Is.EqualTo((HttpStatusCode.BadRequest, "invalid_client_metadata")));
    }

    private async Task<(HttpStatusCode Status, JsonElement Reply)> RegisterAsync(string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var reply = await _server.Http.PostAsync("/oauth/register", content);
        Assert.That(reply.Headers.CacheControl?.NoStore, Is.True);
        return (reply.StatusCode, await reply.Content.ReadFromJsonAsync<JsonElement>());
    }
}
