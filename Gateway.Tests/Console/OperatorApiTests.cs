using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Cortex.Foundation.Model;
using Cortex.Identity.Callers;
using Cortex.Identity.Entitlements;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.AuthorizationServer;
using Dapper;
using NUnit.Framework;

namespace Cortex.Tests.Console;

/// <summary>The operator API: what it does, and whom it lets in.</summary>
internal sealed class OperatorApiTests
{
    private const string Secret = "a-secret-of-a-machine-0123456789";

    private string _folder = null!;
    private GatewayHost _gateway = null!;
    private HttpClient _http = null!;
    private string _admin = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("cortex-operators-").FullName;
        await File.WriteAllTextAsync(Path.Combine(_folder, "secret"), Secret);
        _gateway = await GatewayHost.StartAsync($$"""
            identity:
              plans: { free: ['mcp:demo:read'], pro: ['mcp:demo:*'] }
              defaultPlan: free
              admins: [alice@example.com]
              authorizationServer:
                clients:
                  - { id: ops, redirectUris: ['http://127.0.0.1/callback'], scopes: ['cortex:admin', openid] }
                  - { id: auditor, redirectUris: ['http://127.0.0.1/callback'], scopes: ['cortex:admin:persons:read'] }
                  - { id: desk, redirectUris: ['http://127.0.0.1/callback'] }
                  - { id: job, secret: "${file:{{_folder}}/secret}", grants: [client_credentials], scopes: ['cortex:admin:plans'] }
            """);
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(_gateway.Url) };
        _admin = await TokenAsync("ops", "alice@example.com", "cortex:admin");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _http.Dispose();
        await _gateway.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Test]
    public async Task Persons_are_listed_by_pages_and_found()
    {
        foreach (var name in new[] { "page-1", "page-2", "page-3" })
            await TestPerson.SignInAsync(_gateway, $"{name}@example.com", "openid");

        var first = await GetAsync("persons?search=PAGE-&limit=2");
        var second = await GetAsync($"persons?search=page-&limit=2&after={first.GetProperty("next").GetString()}");
        var wildcard = await GetAsync("persons?search=page%25");

        Assert.That(EmailsOf(first).Concat(EmailsOf(second)), Is.EqualTo(new[] { "page-1@example.com", "page-2@example.com", "page-3@example.com" }));
        Assert.That((second.GetProperty("next").ValueKind, EmailsOf(wildcard).Count()), Is.EqualTo((JsonValueKind.Null, 0)));
        Assert.That(first.GetProperty("items")[0].GetProperty("plan").GetString(), Is.EqualTo("free"));
    }

    /// <summary>Attack: a sign-in provider or issuer says that a person of its own has an administrator's verified address.</summary>
    [Test]
    public async Task Address_of_an_administrator_counts_for_whoever_proved_it_here_alone()
    {
        var policy = _gateway.Get<OperatorPolicy>();
        var id = PersonId.Parse((await IdAsync("alice@example.com"))!);
        var alice = (await _gateway.Get<PersonStore>().FindAsync(id, CancellationToken.None))!;
        var here = _gateway.Url + "/";

        Assert.That(policy.Include(alice, here));
        Assert.That(policy.Include(alice with { Id = PersonId.New(TimeProvider.System), Issuer = "https://partner.example", Subject = "mallory" }, here), Is.False);
        Assert.That(policy.Include(alice with { EmailVerified = false }, here), Is.False);
        Assert.That(policy.Include(alice, "https://partner.example"), Is.False);
    }

    [Test]
    public async Task Given_plan_is_shown_counted_and_recorded_with_before_and_after()
    {
        using var person = await TestPerson.SignInAsync(_gateway, "given@example.com", "openid");
        var id = await IdAsync("given@example.com");

        using var given = await SendAsync(HttpMethod.Put, $"persons/{id}/plan", _admin, new { plan = "pro" });
        var shown = await given.Content.ReadFromJsonAsync<JsonElement>();
        using var unknown = await SendAsync(HttpMethod.Put, $"persons/{id}/plan", _admin, new { plan = "gold" });
        using var nobody = await SendAsync(HttpMethod.Put, $"persons/p_{new string('0', 32)}/plan", _admin, new { plan = "pro" });
        using var malformed = await SendAsync(HttpMethod.Put, $"persons/{id}/plan", _admin, new { plan = 7 });

        Assert.That((given.StatusCode, shown.GetProperty("plan").GetString()), Is.EqualTo((HttpStatusCode.OK, "pro")));
        Assert.That(shown.GetProperty("planSetBy").GetString(), Is.EqualTo(await IdAsync("alice@example.com")));
        Assert.That(
            (unknown.StatusCode, nobody.StatusCode, malformed.StatusCode), Is.EqualTo((HttpStatusCode.UnprocessableEntity, HttpStatusCode.NotFound, HttpStatusCode.BadRequest)));
        Assert.That(unknown.Content.Headers.ContentType?.MediaType, Is.EqualTo("application/problem+json"));
        Assert.That((await GetAsync("plans")).EnumerateArray().Single(plan => plan.GetProperty("name").GetString() == "pro").GetProperty("persons").GetInt64(), Is.GreaterThanOrEqualTo(1));
        await using var connection = await _gateway.Storage.Database.Database.OpenAsync(CancellationToken.None);
        var record = await connection.QuerySingleAsync<(string Target, string Before, string After)>(
            "SELECT target, value_before, value_after FROM audit WHERE event = 'operator.change' AND method = 'person.plan'");
        Assert.That(record.Target, Does.StartWith("u_"));
        Assert.That((record.Before, record.After), Is.EqualTo(("""{"plan":null,"isDisabled":false}""", """{"plan":"pro","isDisabled":false}""")));
    }

    [Test]
    public async Task Disabled_person_is_refused_at_the_next_call_and_their_grants_end()
    {
        using var person = await TestPerson.SignInAsync(_gateway, "out@example.com", "openid");
        var id = await IdAsync("out@example.com");
        var before = await person.ModernAsync("tools/list");

        using var disabled = await SendAsync(HttpMethod.Post, $"persons/{id}/disable", _admin);
        var refused = await person.ModernAsync("tools/list");
        using var enabled = await SendAsync(HttpMethod.Post, $"persons/{id}/enable", _admin);
        using var again = await TestPerson.SignInAsync(_gateway, "out@example.com", "openid");

        Assert.That((before.Status, disabled.StatusCode, refused.Status, enabled.StatusCode), Is.EqualTo((200, HttpStatusCode.OK, 401, HttpStatusCode.OK)));
        Assert.That((await person.ModernAsync("tools/list")).Status, Is.EqualTo(401), "what was granted before stays ended");
        Assert.That((await again.ModernAsync("tools/list")).Status, Is.EqualTo(200));
    }

    [Test]
    public async Task Deleted_client_loses_its_tokens_and_a_configured_one_stays()
    {
        using var person = await TestPerson.SignInAsync(_gateway, "client@example.com", "openid");
        var shown = await GetAsync($"clients/{person.ClientId}");

        using var deleted = await SendAsync(HttpMethod.Delete, $"clients/{person.ClientId}", _admin);
        using var gone = await SendAsync(HttpMethod.Delete, $"clients/{person.ClientId}", _admin);
        using var configured = await SendAsync(HttpMethod.Delete, "clients/desk", _admin);

        Assert.That((shown.GetProperty("origin").GetString(), shown.GetProperty("grants").GetInt64()), Is.EqualTo(("dynamic", 1)));
        Assert.That((deleted.StatusCode, gone.StatusCode, configured.StatusCode), Is.EqualTo((HttpStatusCode.NoContent, HttpStatusCode.NotFound, HttpStatusCode.Conflict)));
        Assert.That((await person.ModernAsync("tools/list")).Status, Is.EqualTo(401));
        Assert.That((await GetAsync("clients?limit=200")).GetProperty("items").EnumerateArray().Select(client => client.GetProperty("id").GetString()), Does.Contain("desk"));
    }

    [Test]
    public async Task Keys_and_configuration_are_shown_without_a_secret()
    {
        var keys = await GetAsync("keys");
        var config = await GetAsync("config");

        Assert.That(keys.EnumerateArray().Count(key => key.GetProperty("state").GetString() == "active"), Is.EqualTo(2));
        Assert.That(config.GetProperty("files")[0].GetString(), Does.EndWith("cortex.yaml"));
        Assert.That(config.GetProperty("errors").GetArrayLength(), Is.Zero);
        Assert.That(config.GetProperty("lastTry").GetProperty("outcome").GetString(), Is.EqualTo("accepted"));
        Assert.That(config.GetProperty("lastTry").GetProperty("at").GetDateTimeOffset(), Is.GreaterThanOrEqualTo(config.GetProperty("lastGoodLoad").GetDateTimeOffset()));
        Assert.That(keys.ToString() + config, Does.Not.Contain(Secret));
    }

    [TestCase("issuer", 1)]
    [TestCase("identity", 1)]
    [TestCase("encryption", 0)]
    public async Task Rotation_makes_the_next_key_and_is_recorded_with_before_and_after(string purpose, int next)
    {
        var before = await GetAsync("keys");

        using var rotated = await SendAsync(HttpMethod.Post, $"keys/{purpose}/rotate", _admin);

        var after = await rotated.Content.ReadFromJsonAsync<JsonElement>();
        Assert.That(rotated.StatusCode, Is.EqualTo(HttpStatusCode.OK), after.ToString());
        Assert.That(KeysOf(after, purpose, "active"), Is.EqualTo(KeysOf(before, purpose, "active")), "the new key is published before it signs");
        Assert.That(KeysOf(after, purpose, "next").Except(KeysOf(before, purpose, "next")).Count(), Is.EqualTo(next));
        await using var connection = await _gateway.Storage.Database.Database.OpenAsync(CancellationToken.None);
        var record = await connection.QuerySingleAsync<(string Before, string After)>(
            "SELECT value_before, value_after FROM audit WHERE event = 'operator.change' AND method = 'keys.rotate' AND target = @purpose", new { purpose });
        Assert.That(KidsOf(record.After).Except(KidsOf(record.Before)).Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task Rotation_of_unknown_keys_is_404_and_a_reader_may_not_rotate()
    {
        using var unknown = await SendAsync(HttpMethod.Post, "keys/vault/rotate", _admin);
        using var reader = await SendAsync(HttpMethod.Post, "keys/issuer/rotate", await TokenAsync("auditor", "alice@example.com", "cortex:admin:persons:read"));

        Assert.That((unknown.StatusCode, reader.StatusCode), Is.EqualTo((HttpStatusCode.NotFound, HttpStatusCode.Forbidden)));
    }

    [Test]
    public async Task Document_describes_every_operation()
    {
        var document = await _http.GetFromJsonAsync<JsonElement>("/api/admin/openapi.json");

        var paths = document.GetProperty("paths").EnumerateObject().Select(path => path.Name.TrimEnd('/')).ToArray();
        Assert.That(paths, Is.SupersetOf(new[]
        {
            "/api/admin/persons", "/api/admin/persons/{id}", "/api/admin/persons/{id}/plan", "/api/admin/persons/{id}/disable", "/api/admin/persons/{id}/enable",
            "/api/admin/plans", "/api/admin/clients", "/api/admin/clients/{id}", "/api/admin/clients/{id}/disable", "/api/admin/clients/{id}/enable", "/api/admin/keys", "/api/admin/keys/{purpose}/rotate", "/api/admin/config", "/api/admin/needs", "/api/admin/needs/{id}",
            "/api/admin/needs/{id}/state", "/api/admin/needs/{id}/backend", "/api/admin/needs/{id}/notes", "/api/admin/needs/{id}/links", "/api/admin/needs/{id}/merge",
            "/api/admin/needs/{id}/split", "/api/admin/needs/{id}/undo", "/api/admin/tickets", "/api/admin/tickets/{id}", "/api/admin/tickets/export",
            "/api/admin/tickets/dead-letters", "/api/admin/tickets/dead-letters/{id}/retry", "/api/admin/tickets/handovers", "/api/admin/tickets/handovers/{id}/retry",
            "/api/admin/integrity", "/api/admin/integrity/{id}", "/api/admin/integrity/{id}/approve", "/api/admin/integrity/{id}/reject", "/api/admin/integrity/baselines", "/api/admin/integrity/baselines/{backend}/reset",
        }));
        Assert.That(paths, Has.All.StartsWith("/api/admin"));
    }

    [Test]
    public async Task Metadata_names_the_resource_and_its_scopes()
    {
        using var unauthenticated = await _http.GetAsync(new Uri("/api/admin/persons", UriKind.Relative));
        var metadata = await _http.GetFromJsonAsync<JsonElement>("/.well-known/oauth-protected-resource/api/admin");

        Assert.That(unauthenticated.StatusCode, Is.EqualTo(HttpStatusCode.Unauthorized));
        Assert.That(unauthenticated.Headers.WwwAuthenticate.ToString(), Does.Contain("/.well-known/oauth-protected-resource/api/admin"));
        Assert.That(metadata.GetProperty("resource").GetString(), Is.EqualTo($"{_gateway.Url}/api/admin"));
        Assert.That(metadata.GetProperty("scopes_supported").EnumerateArray().Select(scope => scope.GetString()), Does.Contain("cortex:admin").And.Contain("cortex:admin:plans:read"));
    }

    [Test]
    public async Task Narrow_scope_opens_its_area_alone()
    {
        var reader = await TokenAsync("auditor", "alice@example.com", "cortex:admin:persons:read");

        using var read = await SendAsync(HttpMethod.Get, "persons", reader);
        using var write = await SendAsync(HttpMethod.Post, $"persons/{await IdAsync("alice@example.com")}/disable", reader);
        using var other = await SendAsync(HttpMethod.Get, "clients", reader);

        Assert.That((read.StatusCode, write.StatusCode, other.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden)));
        Assert.That(write.Headers.WwwAuthenticate.ToString(), Does.Contain("insufficient_scope").And.Contain("cortex:admin:persons"));
    }

    [Test]
    public async Task Machine_does_what_its_configuration_says()
    {
        var machine = await TestClient.PostAsync(_http, "/oauth/token", [
            ("grant_type", "client_credentials"), ("resource", $"{_gateway.Url}/api/admin"), ("client_id", "job"), ("client_secret", Secret)]);
        var atMcp = await TestClient.PostAsync(_http, "/oauth/token", [
            ("grant_type", "client_credentials"), ("resource", _gateway.McpUrl), ("client_id", "job"), ("client_secret", Secret)]);

        using var plans = await SendAsync(HttpMethod.Get, "plans", machine.AccessToken);
        using var persons = await SendAsync(HttpMethod.Get, "persons", machine.AccessToken);

        Assert.That((plans.StatusCode, persons.StatusCode), Is.EqualTo((HttpStatusCode.OK, HttpStatusCode.Forbidden)));
        Assert.That(atMcp.Error, Is.EqualTo("invalid_scope"), "cortex:* is in no token for an MCP resource");
    }

    [Test]
    public async Task Attack_token_of_the_one_resource_at_the_other_is_401()
    {
        using var person = await TestPerson.SignInAsync(_gateway, "alice@example.com", "openid");

        using var atAdmin = await SendAsync(HttpMethod.Get, "persons", person.AccessToken);
        var atMcp = await TestPerson.With(_gateway, _admin, "ops").ModernAsync("tools/list");

        Assert.That((atAdmin.StatusCode, atMcp.Status), Is.EqualTo((HttpStatusCode.Unauthorized, 401)));
    }

    [Test]
    public async Task Attack_dynamic_client_or_one_without_the_scope_asks_for_cortex_admin([Values("dynamic", "desk")] string which, [Values] bool atAdmin)
    {
        var client = which == "dynamic" ? await TestClient.RegisterAsync(_http, _gateway.Url) : Configured(which);

        var answer = await client.AuthorizeAsync(client.AuthorizeUrl(("scope", "cortex:admin"), ("resource", atAdmin ? $"{_gateway.Url}/api/admin" : _gateway.McpUrl)));

        Assert.That((answer["error"], answer.ContainsKey("code")), Is.EqualTo(("invalid_scope", false)));
    }

    [Test]
    public async Task Attack_person_who_is_no_administrator_signs_in_at_an_operators_client()
    {
        var client = Configured("ops");

        var answer = await client.AuthorizeAsync(client.AuthorizeUrl(("scope", "cortex:admin"), ("resource", $"{_gateway.Url}/api/admin")), email: "mallory@example.com");

        Assert.That(answer["error"], Is.EqualTo("access_denied"));
    }

    private static string?[] KeysOf(JsonElement keys, string purpose, string state) =>
    [
        .. keys.EnumerateArray()
            .Where(key => key.GetProperty("purpose").GetString() == purpose && key.GetProperty("state").GetString() == state)
            .Select(key => key.GetProperty("kid").GetString()),
    ];

    private static string[] KidsOf(string state) => [.. JsonElement.Parse(state).GetProperty("kids").EnumerateArray().Select(kid => kid.GetString()!)];

    private static IEnumerable<string?> EmailsOf(JsonElement page) => page.GetProperty("items").EnumerateArray().Select(person => person.GetProperty("email").GetString());

    private TestClient Configured(string id) => new(_http, _gateway.Url, JsonDocument.Parse($$"""{"client_id":"{{id}}"}""").RootElement);

    private async Task<string> TokenAsync(string clientId, string email, string scope)
    {
        var client = Configured(clientId);
        var resource = $"{_gateway.Url}/api/admin";
        var code = await client.GetCodeAsync(client.AuthorizeUrl(("scope", scope), ("resource", resource)), email: email);
        return (await client.ExchangeAsync(code, ("resource", resource))).AccessToken;
    }

    private async Task<string?> IdAsync(string email) => (await GetAsync($"persons?search={email}")).GetProperty("items")[0].GetProperty("id").GetString();

    private async Task<JsonElement> GetAsync(string path)
    {
        using var reply = await SendAsync(HttpMethod.Get, path, _admin);
        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.OK), await reply.Content.ReadAsStringAsync());
        return await reply.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string token, object? body = null)
    {
        using var request = new HttpRequestMessage(method, $"/api/admin/{path}") { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await _http.SendAsync(request);
    }
}
