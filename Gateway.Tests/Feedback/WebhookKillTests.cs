using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.Storage;
using Cortex.Tests.Cli;
using Cortex.Tests.Fixtures;
using Cortex.Tests.Identity.Callers;
using Dapper;
using NUnit.Framework;

namespace Cortex.Tests.Feedback;

/// <summary>The webhook of a blocking ticket, while the receiver is down and the gateway's process is killed and started anew.</summary>
[Category("Slow")]
[TestFixtureSource(typeof(TestDatabase), nameof(TestDatabase.Dialects))]
internal sealed class WebhookKillTests(DatabaseDialect dialect)
{
    private const string Report = """
        {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "report_missing_capability",
          "arguments": {"whatIWanted": "export the notes as PDF", "severity": "blocking"},
          "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28", "io.modelcontextprotocol/clientCapabilities": {}}}}
        """;

    /// <summary>Longer than another process may hold what a killed one had claimed.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    [Test]
    public async Task Event_of_a_killed_process_is_sent_once_by_the_next_one()
    {
        using var issuer = new TestIssuer().WithOpenIdConfiguration();
        await using var storage = await TestStorage.CreateAsync(dialect);
        var url = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        var port = ServerProcess.FreePort();
        var yaml = Yaml(url, issuer.Issuer, $"http://127.0.0.1:{port}/hook");
        string ticket;
        await using (await GatewayProcess.ServeAsync(GatewayProcess.FolderWith(yaml), url, Environment(storage)))
        {
            ticket = await ReportAsync(url, issuer.Token($"{url}/mcp"));
            await UntilTriedAsync(storage.Database.Database, ticket);
        }

        await using var receiver = await WebhookReceiver.StartAsync(TimeProvider.System, port);
        await using var next = await GatewayProcess.ServeAsync(GatewayProcess.FolderWith(yaml), url, Environment(storage));
        await UntilAsync(async () => receiver.Received.Count > 0 && await CountAsync(storage.Database.Database) == 0);

        var (_, body) = receiver.Received.Single();
        Assert.That(JsonSerializer.Deserialize<JsonElement>(body).GetProperty("data").GetProperty("ticketId").GetString(), Is.EqualTo(ticket));
    }

    private static string Yaml(string publicUrl, string issuer, string hook) => $$"""
        gateway: { publicUrl: "{{publicUrl}}" }
        identity:
          authorizationServer: { enabled: false }
          issuers: [{ issuer: "{{issuer}}" }]
        tickets:
          webhook: { url: "{{hook}}", secret: "${env:HOOK_SECRET}", firstRetry: 1s }
        """;

    private static (string Name, string? Value)[] Environment(TestStorage storage) =>
    [
        ("HOOK_SECRET", WebhookReceiver.SecretText),
        ("CORTEX__storage__database", storage.Database.Address),
        ("CORTEX__storage__redis", storage.Redis),
        ("CORTEX__vault__keys__0__id", "test"),
        ("CORTEX__vault__keys__0__key", GatewayHost.VaultKey),
    ];

    private static async Task<string> ReportAsync(string url, string token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{url}/mcp")) { Content = new StringContent(Report, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Add("Accept", "application/json, text/event-stream");
        request.Headers.Add("MCP-Protocol-Version", "2026-07-28");
        request.Headers.Add("Mcp-Method", "tools/call");
        request.Headers.Add("Mcp-Name", "report_missing_capability");
        return (string)(await McpReply.ReadAsync(await http.SendAsync(request))).Result["structuredContent"]!["ticketId"]!;
    }

    private static Task UntilTriedAsync(Database database, string ticket) => UntilAsync(async () =>
    {
        await using var connection = await database.OpenAsync(CancellationToken.None);
        return await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM webhook_deliveries WHERE ticket_id = @ticket AND error IS NOT NULL", new { ticket }) == 1;
    });

    private static async Task<long> CountAsync(Database database)
    {
        await using var connection = await database.OpenAsync(CancellationToken.None);
        return await connection.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM webhook_deliveries");
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Patience);
        while (!await condition())
            await Task.Delay(20, deadline.Token);
    }
}
