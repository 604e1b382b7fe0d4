using System.Text.Json;
using System.Text.Json.Nodes;
using Cortex.Tests.Clients;
using Cortex.Tests.Console;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Feedback;

/// <summary>The session of an agent that <c>docs/feedback-transcript.md</c> shows, played against the gateway with the demo app.</summary>
internal sealed class TranscriptTests
{
    /// <summary>Set to 1, it makes the test write the page instead of comparing it.</summary>
    private const string WriteVariable = "CORTEX_WRITE_TRANSCRIPT";

    private static readonly string Page = Repository.PathOf("docs", "feedback-transcript.md");

    private readonly Transcript _transcript = new();
    private GatewayHost _gateway = null!;
    private TestPerson _agent = null!;
    private OperatorClient _operator = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _gateway = await GatewayHost.StartAsync(
            $$"""
            identity:
              admins: [olga@example.com]
              authorizationServer:
                clients: [{ id: ops, redirectUris: ['http://127.0.0.1/callback'], scopes: ['cortex:admin:tickets'] }]
            backends: { notes: { kind: contract, url: "http://127.0.0.1:{{ServerProcess.FreePort()}}", demo: true } }
            """,
            builtins: true);
        _agent = await TestPerson.SignInAsync(_gateway, "ann@example.com", "mcp:notes:read mcp:notes:write");
        _operator = await OperatorClient.SignInAsync(_gateway, "ops", "olga@example.com", "cortex:admin:tickets");
    }

    [TearDown]
    public async Task StopAsync()
    {
        _operator.Dispose();
        _agent.Dispose();
        await _gateway.DisposeAsync();
    }

    [Test]
    public async Task Page_shows_what_happens()
    {
        await PlayAsync();

        var text = _transcript.ToString();
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
            await File.WriteAllTextAsync(Page, text);
        Assert.That(text, Is.EqualTo(await File.ReadAllTextAsync(Page)), $"Run: {WriteVariable}=1 ./test.sh --filter FullyQualifiedName~TranscriptTests");
    }

    private async Task PlayAsync()
    {
        _transcript.Say("# What becomes of a missing field");
        _transcript.Say("An agent misses something, says so, and sees what people made of it. The app behind the gateway is the demo notebook, `notes`; what is shown is the "
            + "`arguments` of each `tools/call` and the `structuredContent` of its result.");

        _transcript.Say("## The agent misses a field");
        _transcript.Say("Ann asks her agent: *note that I see the dentist on Tuesday at ten, and make it due that day.* The agent looks at `notes_save_note`:");
        var tools = (await _agent.ModernAsync("tools/list")).Result["tools"]!.AsArray();
        _transcript.Json("its `inputSchema`", tools.Single(tool => (string)tool!["name"]! == "notes_save_note")!["inputSchema"]);
        _transcript.Say("There is no due date. It saves the note without one:");
        await CallAsync("notes_save_note", new JsonObject { ["title"] = "Dentist", ["text"] = "Tuesday at ten" });

        _transcript.Say("## It says so");
        var report = await CallAsync("report_missing_capability", new JsonObject
        {
            ["whatIWanted"] = "set a due date on a note",
            ["userIntent"] = "Be reminded of an appointment.",
            ["severity"] = "inconvenient",
            ["contextTool"] = "notes_save_note",
            ["suggestedShape"] = "an optional field 'dueAt', ISO 8601",
        });
        var ticket = (string)report["ticketId"]!;
        _transcript.Say("Its ticket is open:");
        await CallAsync("list_cortex_tickets", []);

        _transcript.Say("## An operator looks into it");
        _transcript.Say("Over the operator API, with a token that holds `cortex:admin:tickets`. Others who want the same would be counted in the same need:");
        var need = (await OperateAsync(HttpMethod.Get, "needs?state=open&backend=notes"))["items"]![0]!["id"]!.GetValue<string>();
        await OperateAsync(HttpMethod.Put, $"needs/{need}/state", new JsonObject { ["state"] = "triaged", ["resolution"] = "The notebook's team looks into it." });
        await OperateAsync(HttpMethod.Put, $"needs/{need}/links", new JsonObject { ["url"] = "https://tracker.example.com/notes/17", ["title"] = "Due dates" });
        await OperateAsync(HttpMethod.Post, $"needs/{need}/notes", new JsonObject { ["text"] = "The team: tags do this already, no new field." });
        _transcript.Say("Each of these answers with the need as it is then; the last one:");
        await OperateAsync(
            HttpMethod.Put,
            $"needs/{need}/state",
            new JsonObject { ["state"] = "resolved", ["resolution"] = "Write the day as a tag, such as due:2026-12-01; notes_list_notes finds it by 'query'." },
            showAnswer: true);

        _transcript.Say("## The agent sees the outcome");
        var tickets = (await CallAsync("list_cortex_tickets", []))["tickets"]!.AsArray();
        Assert.That(((string)tickets.Single()!["ticketId"]!, (string)tickets[0]!["status"]!), Is.EqualTo((ticket, "resolved")));
        _transcript.Say("And does what it was told:");
        await CallAsync("notes_save_note", new JsonObject { ["title"] = "Dentist", ["text"] = "Tuesday at ten", ["tags"] = new JsonArray("due:2026-12-01") });
        await CallAsync("notes_list_notes", new JsonObject { ["query"] = "due:2026-12-01" });
        _transcript.Say("Whoever reports the same wish again is told at once:");
        await CallAsync("report_missing_capability", new JsonObject { ["whatIWanted"] = "Set a due date on a note!", ["severity"] = "inconvenient", ["contextTool"] = "notes_save_note" });

        _transcript.Say("## What was kept");
        _transcript.Say("The need, with all that operators wrote and did:");
        await OperateAsync(HttpMethod.Get, $"needs/{need}");

        _transcript.Say("---");
        _transcript.Say("This page is written by `Gateway.Tests/Feedback/TranscriptTests.cs`, which plays the session against the real gateway and compares; ids and moments are replaced. "
            + $"To write it anew: `{WriteVariable}=1 ./test.sh --filter FullyQualifiedName~TranscriptTests`. The tools: [builtins](builtins.md).");
    }

    private async Task<JsonObject> CallAsync(string tool, JsonObject arguments)
    {
        _transcript.Json($"`{tool}` with", arguments);
        var answer = (await _agent.CallAsync(tool, arguments.DeepClone().AsObject())).Result["structuredContent"]!.AsObject();
        _transcript.Json("answers", answer);
        return answer;
    }

    private async Task<JsonNode> OperateAsync(HttpMethod method, string path, JsonObject? body = null, bool showAnswer = false)
    {
        var request = $"`{method} /api/admin/{path}`";
        if (body is not null)
            _transcript.Json($"{request} with", body);
        var answer = JsonSerializer.SerializeToNode(body is null ? await _operator.GetAsync(path) : await _operator.ChangeAsync(method, path, body))!;
        if (body is null || showAnswer)
            _transcript.Json(body is null ? $"{request} answers" : "answers", answer);
        return answer;
    }
}
