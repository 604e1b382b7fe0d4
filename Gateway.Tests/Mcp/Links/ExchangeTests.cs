using Cortex.Foundation.Storage;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Fixtures.Conformance;
using Cortex.Tests.Identity.Callers;
using Dapper;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace Cortex.Tests.Mcp.Links;

/// <summary><c>auth: exchange</c> against a real token endpoint, for contract backends and native servers.</summary>
/// <remarks><see href="https://www.rfc-editor.org/rfc/rfc8693"/></remarks>
internal sealed class ExchangeTests
{
    private const string Secret = "a secret: of the gateway";
    private const string Resource = "https://docs.example.com/api";

    private TestIssuer _issuer = null!;
    private ExchangeProvider _provider = null!;
    private CaptureBackend _contract = null!;
    private ConformanceServer _native = null!;
    private GatewayHost _gateway = null!;
    private string _folder = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _folder = Directory.CreateTempSubdirectory("cortex-exchange-").FullName;
        await File.WriteAllTextAsync(Path.Combine(_folder, "secret"), Secret);
        var port = ServerProcess.FreePort();
        _issuer = new TestIssuer().WithOpenIdConfiguration();
        _provider = await ExchangeProvider.StartAsync(
            ($"http://localhost:{port}/identity", $"http://localhost:{port}/identity/.well-known/jwks.json"), (_issuer.Issuer, _issuer.KeySetUrl));
        _contract = await CaptureBackend.StartAsync();
        _contract.ListTools(CaptureBackend.Tool("find", "mcp:docs:read"));
        _native = await ConformanceServer.StartAsync(dropsPrefix: true);
        string Exchange(string client, string more = "") =>
            $$"""auth: exchange, exchange: { tokenEndpoint: "{{_provider.TokenEndpoint}}", clientId: {{client}}, clientAuthentication: {{client}}, clientSecret: "${file:{{_folder}}/secret}", resource: "{{Resource}}", scopes: [docs.read]{{more}} }""";
        _gateway = await GatewayHost.StartAsync(
            $$"""
            identity: { issuers: [{ issuer: "{{_issuer.Issuer}}" }] }
            backends:
              docs: { kind: contract, url: "{{_contract.Url}}", {{Exchange("basic")}} }
              own: { kind: contract, url: "{{_contract.Url}}", {{Exchange("basic", ", subject: callerToken")}} }
              test: { kind: mcp, url: "{{_native.Url}}", {{Exchange("post")}} }
              keyed: { kind: contract, url: "{{_contract.Url}}", auth: static, staticSecret: "${file:{{_folder}}/secret}" }
            """,
            port: port);
    }

    [SetUp]
    public async Task ResetAsync()
    {
        _contract.Reply("find", """{"ok": true}""");
        _native.Intercept = null;
        await _provider.RefuseAsync(null);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _native.DisposeAsync();
        await _contract.DisposeAsync();
        await _provider.DisposeAsync();
        _issuer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [TestCase("docs_find")]
    [TestCase("test_simple_text")]
    public async Task Backend_gets_a_token_of_the_endpoint_that_speaks_for_the_person(string tool)
    {
        using var ada = await SignInAsync();

        var reply = await ada.CallAsync(tool);

        Assert.That(reply.IsToolError, Is.False, reply.Body);
        var call = tool == "docs_find" ? _contract.Calls("find")[^1] : _native.Calls("tools/call")[^1];
        Assert.That((call.Token!.Issuer, call.Token.Audiences.Single()), Is.EqualTo((_provider.Issuer, Resource)));
        Assert.That(call.Token.GetClaim("acts_for").Value, Does.StartWith("p_"));
        Assert.That(call.Header("X-Cortex-User-Id"), Is.EqualTo(tool == "docs_find" ? call.Token.GetClaim("acts_for").Value : null));
        Assert.That(call.Headers.Values, Has.None.Contains(ada.AccessToken));
    }

    [Test]
    public async Task Token_is_used_again_for_the_same_caller_and_asked_for_once()
    {
        using var ada = await SignInAsync();
        using var bob = await SignInAsync();
        var before = await _provider.CountAsync();

        var replies = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => ada.CallAsync("docs_find")));
        await bob.CallAsync("docs_find");
        await bob.CallAsync("docs_find", modern: false);

        Assert.That(replies.Where(reply => reply.IsToolError), Is.Empty);
        Assert.That(await _provider.CountAsync() - before, Is.EqualTo(2));
    }

    [Test]
    public async Task Token_that_the_backend_refuses_is_asked_for_afresh_once([Values("docs_find", "test_simple_text")] string tool)
    {
        using var ada = await SignInAsync();
        await ada.CallAsync(tool);
        var ended = (tool == "docs_find" ? _contract.Calls("find")[^1] : _native.Calls("tools/call")[^1]).Bearer;
        RefuseIf(bearer => bearer == $"Bearer {ended}");
        var before = await _provider.CountAsync();

        var reply = await ada.CallAsync(tool);

        Assert.That(reply.IsToolError, Is.False, reply.Body);
        Assert.That(await _provider.CountAsync() - before, Is.EqualTo(1));
    }

    [Test]
    public async Task Backend_that_refuses_every_token_is_asked_twice_and_the_agent_told([Values("docs_find", "test_simple_text")] string tool)
    {
        using var ada = await SignInAsync();
        await ada.CallAsync(tool);
        RefuseIf(_ => true);
        var before = await _provider.CountAsync();

        var reply = await ada.CallAsync(tool);

        Assert.That(reply.Text, Does.StartWith("Not authenticated"));
        Assert.That(await _provider.CountAsync() - before, Is.EqualTo(1));
    }

    [Test]
    public async Task Refusal_of_the_endpoint_names_what_an_operator_must_check_and_is_not_remembered()
    {
        using var ada = await SignInAsync();
        await _provider.RefuseAsync("invalid_target");

        var reply = await ada.CallAsync("docs_find");
        await _provider.RefuseAsync(null);

        Assert.That(reply.Text, Does.Contain("'invalid_target'").And.Contain("backends.docs.exchange"));
        Assert.That((await ada.CallAsync("docs_find")).IsToolError, Is.False);
    }

    [Test]
    public async Task Callers_own_token_is_exchanged_when_it_is_of_the_companys_issuer()
    {
        using var agent = TestPerson.With(_gateway, _issuer.Token(_gateway.McpUrl, ("scope", "mcp:docs:read")), "client");

        var reply = await agent.CallAsync("own_find");

        Assert.That(reply.IsToolError, Is.False, reply.Body);
        var token = _contract.Calls("find")[^1].Token!;
        Assert.That((token.Issuer, token.GetClaim("acts_for").Value.StartsWith("p_", StringComparison.Ordinal)), Is.EqualTo((_provider.Issuer, false)));
    }

    [Test]
    public async Task Token_of_the_embedded_server_is_shown_to_no_endpoint()
    {
        using var ada = await SignInAsync();
        var before = await _provider.CountAskedAsync();

        Assert.That((await ada.CallAsync("own_find")).Text, Does.Contain("sign in there"));
        Assert.That(await _provider.CountAskedAsync(), Is.EqualTo(before));
    }

    [TestCase("docs_find", "credential: exchanged")]
    [TestCase("keyed_find", "credential: shared")]
    public async Task Audit_names_a_credential_that_was_not_minted_for_the_call(string tool, string expected)
    {
        using var ada = await SignInAsync();
        await ada.CallAsync(tool);

        Assert.That(await Eventually.HoldsAsync(async () =>
        {
            await using var connection = await _gateway.Get<Database>().OpenAsync(default);
            return await connection.ExecuteScalarAsync<string>("SELECT detail FROM audit WHERE client_id = @Client AND method = 'tools/call'", new { Client = ada.ClientId }) == expected;
        }));
    }

    private Task<TestPerson> SignInAsync() => TestPerson.SignInAsync(_gateway, $"{Guid.NewGuid():N}@example.com", "mcp:docs:read mcp:test");

    private void RefuseIf(Func<string, bool> refuses)
    {
        _contract.Handle("find", async (context, _) =>
        {
            var isRefused = refuses(context.Request.Headers.Authorization.ToString());
            context.Response.StatusCode = isRefused ? StatusCodes.Status401Unauthorized : StatusCodes.Status200OK;
            await context.Response.WriteAsJsonAsync(new { ok = !isRefused });
        });
        _native.Intercept = async (context, next) =>
        {
            if (refuses(context.Request.Headers.Authorization.ToString()))
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            else
                await next();
        };
    }
}
