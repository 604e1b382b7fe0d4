using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.Storage;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.Callers;
using Dapper;
using NUnit.Framework;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace Cortex.Tests.Cli;

/// <summary>The published program in a folder of the operator's: Production, no embedded server, an issuer that the company has.</summary>
internal sealed class ServeProcessTests
{
    private const string Call = """
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "tickets_list", "arguments": {}, "_meta": {
          "io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}}}
        """;

    [Test]
    public async Task Token_of_an_external_issuer_on_loopback_reaches_the_backend_in_production()
    {
        using var issuer = new TestIssuer("/realms/main").WithOpenIdConfiguration();
        await using var backend = await TicketsAsync();
        var url = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        await using var process = await GatewayProcess.ServeAsync(GatewayProcess.FolderWith(Yaml(url, issuer.Issuer, backend.Url)), url);

        var reply = await CallAsync(url, issuer.Token($"{url}/mcp"));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(reply.Status, Is.EqualTo(200), reply.Body);
            Assert.That(reply.IsToolError, Is.False, reply.Body);
            Assert.That(process.Lines, Has.Some.Contains($"serves MCP at {url}/mcp. Backends: tickets.")
                .And.Contains("external issuers only").And.Contains($"claude mcp add --transport http cortex {url}/mcp"));
            Assert.That(process.Lines, Has.None.Contains("Demo"));
            Assert.That(process.Lines, Has.Some.Contains("Hosting environment: Production"));
            Assert.That(process.Error, Is.Empty);
        }

        MintedToken.AssertArrivedWithHeaders(backend.Calls("list").Single(), url, backend.Url, "mcp:notes:read", callersToken: null);
        await AssertNothingIsServedAsync(url, "/oauth/authorize", "/oauth/register", "/.well-known/oauth-authorization-server", "/signin");
    }

    [Test]
    public async Task Each_request_is_one_line_on_stdout_and_one_row_also_when_it_is_refused()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var backend = await TicketsAsync();
        var url = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        var folder = GatewayProcess.FolderWith(Yaml(url, issuer.Issuer, backend.Url));
        await using var process = await GatewayProcess.ServeAsync(folder, url);
        var token = issuer.Token($"{url}/mcp");

        await CallAsync(url, token);
        await CallAsync(url, "nonsense");
        await CallAsync(url, token, request => request.Headers.Add("Origin", "https://evil.example"));
        await CallAsync(url, token, path: "/mcp/unknown");
        await CallAsync(url, token, method: HttpMethod.Put);
        await process.LineAsync(line => line.StartsWith('{') && line.Contains("\"status\":405", StringComparison.Ordinal));
        await process.StopAsync();
        Assert.That(await process.EndAsync(), Is.Zero, process.Error);

        var lines = process.Lines.Where(line => line.StartsWith('{')).Select(line => JsonSerializer.Deserialize<JsonElement>(line)).ToList();
        using var database = new SqliteDatabase(Path.Combine(folder, "data", "cortex.db"));
        await using var connection = await database.OpenAsync(CancellationToken.None);
        var rows = (await connection.QueryAsync<(string Outcome, long Status, string TraceId)>("SELECT outcome, status, trace_id FROM audit ORDER BY time, id")).ToList();
        (string, int)[] expected = [("ok", 200), ("unauthenticated", 401), ("denied", 403), ("denied", 404), ("denied", 405)];
        using (Assert.EnterMultipleScope())
        {
            Assert.That(lines.Select(line => (line.GetProperty("outcome").GetString(), line.GetProperty("status").GetInt32())), Is.EqualTo(expected));
            Assert.That(rows.Select(row => (row.Outcome, (int)row.Status)), Is.EquivalentTo(expected));
            Assert.That(rows.Select(row => row.TraceId), Is.EquivalentTo(lines.Select(line => line.GetProperty("traceId").GetString())));
            Assert.That(lines[0].GetProperty("caller").GetString(), Does.Match("^u_[0-9a-f]{32}$"));
            Assert.That(lines[0].GetProperty("tool").GetString(), Is.EqualTo("tickets_list"));
        }
    }

    [Test]
    public async Task Environment_overrides_the_file()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var backend = await TicketsAsync();
        var url = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        var folder = GatewayProcess.FolderWith(Yaml("http://localhost:8080", "http://127.0.0.1:1", "http://127.0.0.1:1"));
        await using var process = await GatewayProcess.ServeAsync(
            folder,
            url,
            ("CORTEX__gateway__publicUrl", url),
            ("CORTEX__identity__issuers__0__issuer", issuer.Issuer),
            ("CORTEX__backends__tickets__url", backend.Url));

        Assert.That((await CallAsync(url, issuer.Token($"{url}/mcp"))).IsToolError, Is.False);
    }

    [Test]
    public async Task Two_programs_that_start_together_on_one_empty_database_both_serve()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var backend = await TicketsAsync();
        await using var storage = await TestStorage.CreateAsync(DatabaseDialect.PostgreSql);
        string[] urls = [$"http://127.0.0.1:{ServerProcess.FreePort()}", $"http://127.0.0.1:{ServerProcess.FreePort()}"];
        (string, string?)[] environment =
        [
            ("CORTEX__storage__database", storage.Database.Address),
            ("CORTEX__storage__redis", storage.Redis),
            ("CORTEX__vault__keys__0__id", "test"),
            ("CORTEX__vault__keys__0__key", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32))),
        ];

        var processes = await Task.WhenAll(urls.Select(url =>
            GatewayProcess.ServeAsync(GatewayProcess.FolderWith(Yaml(urls[0], issuer.Issuer, backend.Url)), url, environment)));

        await using var first = processes[0];
        await using var second = processes[1];
        var token = issuer.Token($"{urls[0]}/mcp");
        foreach (var url in urls)
            Assert.That((await CallAsync(url, token)).IsToolError, Is.False);
        Assert.That(
            processes.SelectMany(process => process.Lines).Count(line => line.Contains("was empty: made the schema", StringComparison.Ordinal)),
            Is.EqualTo(1));
        Assert.That(backend.Calls("list").Select(call => call.Token!.Kid).Distinct(), Has.Exactly(1).Items, "both sign with the one key");
    }

    [Test]
    public async Task Traces_and_metrics_reach_a_collector()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var backend = await TicketsAsync();
        using var collector = WireMockServer.Start();
        collector.Given(Request.Create().UsingPost()).RespondWith(Response.Create().WithStatusCode(200));
        var url = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        await using var process = await GatewayProcess.ServeAsync(
            GatewayProcess.FolderWith(Yaml(url, issuer.Issuer, backend.Url)),
            url,
            ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Url),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));

        await CallAsync(url, issuer.Token($"{url}/mcp"));
        await process.StopAsync();
        await process.EndAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(Sent("/v1/traces"), Does.Contain("tools/call tickets_list").And.Contain("cortex-gateway"));
            Assert.That(Sent("/v1/metrics"), Does.Contain("mcp.server.operation.duration"));
        }

        string Sent(string path) => string.Concat(collector.LogEntries
            .Where(entry => entry.RequestMessage?.Path == path)
            .Select(entry => Encoding.UTF8.GetString(entry.RequestMessage!.BodyAsBytes!)));
    }

    private static async Task<CaptureBackend> TicketsAsync()
    {
        var backend = await CaptureBackend.StartAsync();
        backend.ListTools(CaptureBackend.Tool("list", "mcp:notes:read"));
        return backend;
    }

    private static string Yaml(string publicUrl, string issuer, string backend) => $"""
        gateway:
          publicUrl: {publicUrl}
        identity:
          authorizationServer:
            enabled: false
          issuers:
            - issuer: {issuer}
        backends:
          tickets:
            kind: contract
            url: {backend}
        """;

    private static async Task<McpReply> CallAsync(
        string url, string token, Action<HttpRequestMessage>? change = null, string path = "/mcp", HttpMethod? method = null)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(method ?? HttpMethod.Post, new Uri(url + path))
        {
            Content = new StringContent(Call, Encoding.UTF8, "application/json"),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", "tickets_list");
        change?.Invoke(request);
        return await McpReply.ReadAsync(await http.SendAsync(request));
    }

    private static async Task AssertNothingIsServedAsync(string url, params string[] paths)
    {
        using var http = new HttpClient();
        foreach (var path in paths)
        {
            using var answer = await http.GetAsync(new Uri(url + path));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
        }
    }
}
