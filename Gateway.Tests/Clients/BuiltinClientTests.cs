using System.Text.Json;
using Cortex.Tests.Fixtures;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using NUnit.Framework;

namespace Cortex.Tests.Clients;

/// <summary>The gateway's own tools in the hands of real clients of both eras, which hold each answer against the output schema that was listed.</summary>
[TestFixture(EraStage.Legacy)]
[TestFixture(EraStage.Modern)]
internal sealed class BuiltinClientTests(string version)
{
    private CaptureBackend _notes = null!;
    private GatewayHost _gateway = null!;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _notes = await CaptureBackend.StartAsync();
        _notes.ListTools(CaptureBackend.Tool("read", "mcp:notes:read"), CaptureBackend.Tool("whoami", "mcp:notes:read"));
        _notes.Reply("whoami", """{"role":"editor"}""");
        _gateway = await GatewayHost.StartAsync($$"""backends: { notes: { url: "{{_notes.Url}}" } }""", builtins: true);
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _notes.DisposeAsync();
    }

    [Test]
    public async Task TypeScript_client_reports_lists_and_asks_who_it_is()
    {
        using var ada = await TestPerson.SignInAsync(_gateway, "ada@example.com", "mcp:notes:read");
        using var bob = await TestPerson.SignInAsync(_gateway, "bob@example.com", "mcp:notes:read");

        var sights = new[] { await RunAsync(ada), await RunAsync(bob) };

        foreach (var sight in sights)
        {
            Assert.That(sight.Error, Is.Null);
            Assert.That(sight.ProtocolVersion, Is.EqualTo(version));
            Assert.That(sight.Tools, Is.SupersetOf(new[] { "whoami", "report_missing_capability", "list_cortex_tickets", "notes_whoami" }));
            AssertWell(sight.Json.GetProperty("report"), sight.Json.GetProperty("again"), sight.Json.GetProperty("list"), sight.Json.GetProperty("whoami"));
        }

        Assert.That(TicketOf(sights[0].Json.GetProperty("report")), Is.Not.EqualTo(TicketOf(sights[1].Json.GetProperty("report"))), "each sees their own alone");
    }

    [Test]
    public async Task CSharp_client_reports_lists_and_asks_who_it_is()
    {
        using var cleo = await TestPerson.SignInAsync(_gateway, "cleo@example.com", "mcp:notes:read");
        var transport = new HttpClientTransport(new HttpClientTransportOptions
        {
            Endpoint = new Uri(_gateway.McpUrl),
            TransportMode = HttpTransportMode.StreamableHttp,
            AdditionalHeaders = new Dictionary<string, string> { ["Authorization"] = $"Bearer {cleo.AccessToken}" },
        });
        await using var client = await McpClient.CreateAsync(transport, new McpClientOptions { ProtocolVersion = version });
        var tools = await client.ListToolsAsync();
        var wish = new Dictionary<string, object?> { ["whatIWanted"] = "give notes a due date", ["severity"] = "blocking", ["contextTool"] = "notes_read" };

        var report = await CallAsync(client, "report_missing_capability", wish);
        var again = await CallAsync(client, "report_missing_capability", wish);
        var list = await CallAsync(client, "list_cortex_tickets", []);
        var whoami = await CallAsync(client, "whoami", []);

        Assert.That(client.NegotiatedProtocolVersion, Is.EqualTo(version));
        AssertWell(report, again, list, whoami);
        await AssertFitAsync(tools, ("report_missing_capability", report), ("list_cortex_tickets", list), ("whoami", whoami));
    }

    private static void AssertWell(JsonElement report, JsonElement again, JsonElement list, JsonElement whoami)
    {
        Assert.That(report.GetProperty("backend").GetString(), Is.EqualTo("notes"));
        Assert.That((report.GetProperty("deduplicated").GetBoolean(), again.GetProperty("deduplicated").GetBoolean()), Is.EqualTo((false, true)));
        Assert.That(TicketOf(again), Is.EqualTo(TicketOf(report)));
        var ticket = list.GetProperty("tickets").EnumerateArray().Single();
        Assert.That((TicketOf(ticket), ticket.GetProperty("status").GetString(), ticket.GetProperty("reports").GetInt64()), Is.EqualTo((TicketOf(report), "open", 2)));
        Assert.That(whoami.GetProperty("apps")[0].GetProperty("whoAmI").GetProperty("role").GetString(), Is.EqualTo("editor"));
    }

    private static string? TicketOf(JsonElement answer) => answer.GetProperty("ticketId").GetString();

    private static async Task<JsonElement> CallAsync(McpClient client, string name, Dictionary<string, object?> arguments)
    {
        var result = await client.CallToolAsync(name, arguments);
        Assert.That(result.IsError, Is.Not.True, name);
        return JsonSerializer.SerializeToElement(result.StructuredContent, McpJsonUtilities.DefaultOptions);
    }

    /// <summary>This SDK does not look at output schemas by itself.</summary>
    private static async Task AssertFitAsync(IEnumerable<McpClientTool> tools, params (string Name, JsonElement Value)[] answers)
    {
        var seen = answers.Select(answer => new { name = answer.Name, schema = tools.Single(tool => tool.Name == answer.Name).ProtocolTool.OutputSchema, value = answer.Value });
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, JsonSerializer.Serialize(seen));
            var sight = await NodeClient.RunAsync("validate.mjs", file);
            Assert.That(sight.Texts("checked"), Is.EqualTo(answers.Select(answer => answer.Name)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    private Task<NodeSight> RunAsync(TestPerson person) => NodeClient.RunAsync(
        "behaviours/builtins.mjs", "--sdk", version == EraStage.Modern ? "modern" : "legacy", "--url", _gateway.McpUrl, "--token", person.AccessToken);
}
