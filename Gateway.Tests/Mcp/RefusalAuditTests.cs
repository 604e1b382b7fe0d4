using System.Text.Json.Nodes;
using Cortex.Governance.Audit;
using Cortex.Tests.Fixtures;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>No request at <c>/mcp</c> ends without a record, wherever it ended.</summary>
internal sealed class RefusalAuditTests
{
    private StringWriter _output = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _alice = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _output = new SharedWriter();
        _gateway = await GatewayHost.StartAsync(
            "backends: { notes: { url: 'http://127.0.0.1:1' } }",
            customize: builder => builder.Services
                .AddSingleton(new AuditOutput(TextWriter.Synchronized(_output)))
                .AddSingleton<IAuthorizationHandler, Breakable>());
        _alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "openid");
    }

    [TearDown]
    public async Task StopAsync()
    {
        _alice.Dispose();
        await _gateway.DisposeAsync();
        await _output.DisposeAsync();
    }

    [TestCase("/mcp")]
    [TestCase("/MCP")]
    [TestCase("/-/backends/notes")]
    [TestCase("/-/BACKENDS/notes")]
    public async Task Request_without_a_token_is_recorded(string path)
    {
        using var http = new HttpClient();
        using var reply = await http.PostAsync(new Uri(_gateway.Url + path), null);

        var record = (await RecordsAsync()).Single();
        Assert.That(((string)record["outcome"]!, (int)record["status"]!), Is.EqualTo(("unauthenticated", (int)reply.StatusCode)));
    }

    [Test]
    public async Task Request_under_a_foreign_host_name_is_recorded()
    {
        var reply = await _alice.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", request => request.Headers.Host = "evil.example");

        Assert.That(reply.Status, Is.EqualTo(403));
        var record = (await RecordsAsync()).Single();
        Assert.That(((string)record["outcome"]!, (int)record["status"]!), Is.EqualTo(("denied", 403)));
    }

    [Test]
    public async Task Direct_hit_at_a_backends_route_names_the_caller_and_is_no_challenge()
    {
        using var reply = await _alice.Http.PostAsync(new Uri("/-/backends/notes", UriKind.Relative), null);

        Assert.That((int)reply.StatusCode, Is.EqualTo(403));
        Assert.That(reply.Headers.WwwAuthenticate, Is.Empty);
        var record = (await RecordsAsync()).Single();
        Assert.That(((string)record["outcome"]!, (string)record["client"]!), Is.EqualTo(("denied", _alice.ClientId)));
    }

    [Test]
    public async Task Ended_session_is_recorded_with_its_owner()
    {
        var opened = await _alice.LegacyAsync("initialize", new JsonObject { ["protocolVersion"] = "2025-11-25", ["capabilities"] = new JsonObject() });
        using var request = new HttpRequestMessage(HttpMethod.Delete, _gateway.McpUrl);
        request.Headers.Add("Mcp-Session-Id", opened.Headers["Mcp-Session-Id"]);
        using var reply = await _alice.Http.SendAsync(request);

        var record = (await RecordsAsync())[^1];
        Assert.That(((string)record["outcome"]!, (int)record["status"]!, (string)record["client"]!), Is.EqualTo(("ok", 204, _alice.ClientId)));
        Assert.That((string)record["caller"]!, Does.StartWith("u_"));
    }

    [Test]
    public async Task Failure_of_the_gateway_before_the_mcp_layer_is_recorded()
    {
        var reply = await _alice.PostAsync("""{"jsonrpc":"2.0","id":1,"method":"ping"}""", request => request.Headers.Add("X-Break", "now"));

        Assert.That(reply.Status, Is.EqualTo(500));
        var record = (await RecordsAsync()).Single();
        Assert.That(((string)record["outcome"]!, (int)record["status"]!), Is.EqualTo(("error", 500)));
    }

    /// <summary>Fails where a database or a key store might.</summary>
    private sealed class Breakable : IAuthorizationHandler
    {
        public Task HandleAsync(AuthorizationHandlerContext context) =>
            context.Resource is HttpContext http && http.Request.Headers.ContainsKey("X-Break") ? throw new IOException("Broken.") : Task.CompletedTask;
    }

    private async Task<List<JsonNode>> RecordsAsync()
    {
        await _gateway.App.StopAsync();
        return [.. _output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonNode.Parse(line)!)
            .Where(record => (string)record["event"]! == "mcp.request")];
    }
}
