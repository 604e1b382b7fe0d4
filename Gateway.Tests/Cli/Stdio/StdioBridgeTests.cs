using System.Globalization;
using System.Text.Json;
using Cortex.Tests.Clients;
using Cortex.Tests.Fixtures;
using NUnit.Framework;

namespace Cortex.Tests.Cli.Stdio;

/// <summary>The bridge line by line: bad lines, refusals, a gateway that is away, restarts, or forgets sessions.</summary>
internal sealed class StdioBridgeTests
{
    private const string Initialize = """
        {"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}
        """;

    private const string Initialized = """{"jsonrpc":"2.0","method":"notifications/initialized"}""";
    private const string LegacyList = """{"jsonrpc":"2.0","id":2,"method":"tools/list"}""";

    private const string ModernList = """
        {"jsonrpc":"2.0","id":"m","method":"tools/list","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}
        """;

    private CaptureBackend _backend = null!;
    private TestStorage _storage = null!;
    private GatewayHost _gateway = null!;
    private TestPerson _person = null!;
    private int _port;

    [OneTimeSetUp]
    public async Task StartAsync()
    {
        _backend = await NotesCapture.StartAsync();
        _storage = await TestStorage.CreateAsync(Cortex.Foundation.Storage.DatabaseDialect.Sqlite);
        _port = ServerProcess.FreePort();
        _gateway = await StartGatewayAsync();
        _person = await TestPerson.SignInAsync(_gateway, "ada@example.com", $"{NotesCapture.Read} {NotesCapture.Write}");
    }

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        _person.Dispose();
        await _gateway.DisposeAsync();
        await _storage.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [TestCase("{", -32700, null)]
    [TestCase("hello", -32700, null)]
    [TestCase("[]", -32600, null)]
    [TestCase("null", -32600, null)]
    [TestCase("""{"jsonrpc":"1.0","id":4,"method":"x"}""", -32600, 4)]
    [TestCase("""{"jsonrpc":"2.0","id":null,"method":"x"}""", -32600, null)]
    [TestCase("""{"jsonrpc":"2.0","id":1.5,"method":"x"}""", -32600, null)]
    [TestCase("""{"jsonrpc":"2.0","id":5,"method":7}""", -32600, 5)]
    [TestCase("""{"id":6,"result":{}}""", -32600, null)]
    public async Task Line_that_is_no_message_is_answered_and_the_next_one_is_taken(string line, int code, int? id)
    {
        await using var bridge = BridgeRun.Start(_gateway.McpUrl, _person.AccessToken);

        var refused = await bridge.AskAsync(line);
        await bridge.WriteAsync("");
        var listed = await bridge.AskAsync(ModernList);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(refused.GetProperty("error").GetProperty("code").GetInt32(), Is.EqualTo(code), refused.GetRawText());
            Assert.That(refused.GetProperty("id").GetRawText(), Is.EqualTo(id?.ToString(CultureInfo.InvariantCulture) ?? "null"));
            Assert.That(ToolsOf(listed), Does.Contain(NotesCapture.ListTool));
        }
    }

    [Test]
    public async Task Error_of_the_gateway_arrives_with_its_data_whatever_its_status()
    {
        await using var bridge = BridgeRun.Start(_gateway.McpUrl, _person.AccessToken);

        var unsupported = await bridge.AskAsync(ModernList.Replace("2026-07-28", "2099-01-01", StringComparison.Ordinal));
        var unknown = await bridge.AskAsync(ModernList.Replace("tools/list", "tools/nothing", StringComparison.Ordinal));

        using (Assert.EnterMultipleScope())
        {
            Assert.That(unsupported.GetProperty("id").GetString(), Is.EqualTo("m"));
            Assert.That(unsupported.GetProperty("error").GetProperty("code").GetInt32(), Is.EqualTo(-32022));
            Assert.That(unsupported.GetProperty("error").GetProperty("data").GetProperty("supported").GetRawText(), Does.Contain("2026-07-28"));
            Assert.That(unknown.GetProperty("error").GetProperty("code").GetInt32(), Is.EqualTo(-32601));
        }
    }

    [Test]
    public async Task Token_that_does_not_count_is_named_by_where_it_came_from()
    {
        await using var bridge = BridgeRun.Start(_gateway.McpUrl, "nonsense");

        Assert.That(MessageOf(await bridge.AskAsync(ModernList)), Does.Contain("(401)").And.Contain("The token of the test").And.Not.Contain("nonsense"));
    }

    [Test]
    public async Task Address_without_an_endpoint_is_said_to_be_none()
    {
        await using var bridge = BridgeRun.Start($"{_gateway.Url}/nothing", _person.AccessToken);

        Assert.That(MessageOf(await bridge.AskAsync(ModernList)), Does.Contain("/nothing").And.Contain("ends with /mcp"));
    }

    [Test]
    public async Task Member_that_is_there_twice_is_refused()
    {
        await using var bridge = BridgeRun.Start(_gateway.McpUrl, _person.AccessToken);

        var twice = await bridge.AskAsync("""{"jsonrpc":"2.0","id":9,"method":"tools/call","params":{"name":"a","name":"b"}}""");

        Assert.That(twice.GetProperty("id").GetInt32(), Is.EqualTo(9));
        Assert.That(twice.TryGetProperty("error", out _), Is.True, twice.GetRawText());
    }

    [Test]
    public async Task Gateway_that_restarts_is_an_error_while_it_is_away_and_then_all_goes_on_in_both_eras()
    {
        await using var legacy = BridgeRun.Start(_gateway.McpUrl, _person.AccessToken);
        await using var modern = BridgeRun.Start(_gateway.McpUrl, _person.AccessToken);
        var first = await legacy.AskAsync(Initialize);
        await legacy.WriteAsync(Initialized);
        Assert.That(ToolsOf(await AnsweredAsync(legacy, LegacyList, 2)), Does.Contain(NotesCapture.ListTool));
        Assert.That(ToolsOf(await modern.AskAsync(ModernList)), Does.Contain(NotesCapture.ListTool));

        await _gateway.DisposeAsync();
        var away = (Legacy: await AnsweredAsync(legacy, LegacyList, 2), Modern: await modern.AskAsync(ModernList));
        _gateway = await StartGatewayAsync();

        using (Assert.EnterMultipleScope())
        {
            Assert.That(first.GetProperty("result").GetProperty("protocolVersion").GetString(), Is.EqualTo("2025-11-25"));
            Assert.That(MessageOf(away.Legacy), Does.Contain("can't be reached"));
            Assert.That(MessageOf(away.Modern), Does.Contain("can't be reached"));
            Assert.That(ToolsOf(await modern.AskAsync(ModernList)), Does.Contain(NotesCapture.ListTool));
            Assert.That(ToolsOf(await AnsweredAsync(legacy, LegacyList, 2)), Does.Contain(NotesCapture.ListTool), "in a session begun anew");
        }
    }

    [Test]
    public async Task Input_that_ends_answers_what_was_asked_ends_the_session_and_the_bridge()
    {
        await using var bridge = BridgeRun.Start(_gateway.McpUrl, _person.AccessToken);
        await bridge.WriteAsync(Initialize);
        await bridge.WriteAsync(Initialized);
        await bridge.WriteAsync(LegacyList);
        await bridge.CloseAsync();

        var answers = new[] { await AnsweredAsync(bridge, 1), await AnsweredAsync(bridge, 2) };
        await bridge.Ended.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.That(answers.Select(answer => answer.GetProperty("id").GetInt32()), Is.EquivalentTo(new[] { 1, 2 }));
        Assert.That(answers.Select(answer => answer.TryGetProperty("result", out _)), Is.All.True);
    }

    private Task<GatewayHost> StartGatewayAsync() => GatewayHost.StartAsync(NotesCapture.Yaml(_backend), _storage, port: _port);

    /// <summary>The answer to a request, after whatever comes before it.</summary>
    private static async Task<JsonElement> AnsweredAsync(BridgeRun bridge, string line, int id)
    {
        await bridge.WriteAsync(line);
        return await AnsweredAsync(bridge, id);
    }

    private static async Task<JsonElement> AnsweredAsync(BridgeRun bridge, int id)
    {
        while (true)
        {
            var answer = await bridge.ReadAsync();
            if (answer.TryGetProperty("id", out var answered) && answered.GetInt32() == id)
                return answer;
        }
    }

    private static IEnumerable<string?> ToolsOf(JsonElement answer) => answer.TryGetProperty("result", out var result)
        ? result.GetProperty("tools").EnumerateArray().Select(tool => tool.GetProperty("name").GetString())
        : throw new InvalidOperationException(answer.GetRawText());

    private static string MessageOf(JsonElement answer) => answer.GetProperty("error").GetProperty("message").GetString()!;
}
