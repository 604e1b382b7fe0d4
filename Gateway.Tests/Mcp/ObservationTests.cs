using Cortex.Tests.Fixtures;
using Dapper;
using NUnit.Framework;

namespace Cortex.Tests.Mcp;

/// <summary>What an operator sees of what people did: records in the database, metrics, traces.</summary>
internal sealed class ObservationTests
{
    private CaptureBackend _backend = null!;
    private GatewayHost _gateway = null!;

    [SetUp]
    public async Task StartAsync()
    {
        _backend = await CaptureBackend.StartAsync();
        _backend.ListTools(CaptureBackend.Tool("seen", "mcp:notes:read"));
        _backend.Reply("seen", 500, """{"error": "broken"}""");
        _gateway = await GatewayHost.StartAsync($$"""backends: { observed: { url: "{{_backend.Url}}" } }""");
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _gateway.DisposeAsync();
        await _backend.DisposeAsync();
    }

    [Test]
    public async Task Whole_way_of_a_person_is_on_record_and_nobody_is_named()
    {
        using var alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:notes:read");
        var reply = await alice.CallAsync("observed_seen");

        var records = await RecordsAsync("mcp.request");

        var call = records.Single(record => record.Event == "mcp.request");
        using (Assert.EnterMultipleScope())
        {
            Assert.That(records.Select(record => record.Event), Is.SupersetOf(["auth.register", "auth.sign_in", "auth.consent", "auth.token", "mcp.request"]));
            Assert.That(records.Where(record => record.Event is not "auth.register").Select(record => record.Caller).Distinct(), Has.Exactly(1).Match("^u_[0-9a-f]{32}$"));
            Assert.That(records.Where(record => record.Event is not "auth.sign_in").Select(record => record.Client).Distinct(), Is.EqualTo([alice.ClientId]));
            Assert.That(string.Concat(records), Does.Not.Contain("alice"));
            Assert.That(call.Outcome, Is.EqualTo("error"));
            Assert.That(call.Tool, Is.EqualTo("observed_seen"));
            Assert.That(call.Scope, Is.EqualTo("mcp:notes:read"));
            Assert.That(call.TraceId, Does.Match("^[0-9a-f]{32}$").And.EqualTo((string?)reply.Result["_meta"]!["cortex.dev/traceId"]));
            Assert.That(_backend.Calls("seen").Single().Header("traceparent"), Does.Contain(call.TraceId!));
        }
    }

    [Test]
    public async Task Protocol_error_quotes_the_trace_of_its_record()
    {
        using var alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:notes:read");

        var reply = await alice.CallAsync("observed_unheard_of");

        var call = (await RecordsAsync("mcp.request")).Single(record => record.Event == "mcp.request");
        Assert.That((string?)reply.Error["data"]!["cortex.dev/traceId"], Is.EqualTo(call.TraceId).And.Match("^[0-9a-f]{32}$"));
    }

    [Test]
    public async Task Call_is_measured_under_the_names_of_the_conventions()
    {
        using var alice = await TestPerson.SignInAsync(_gateway, "alice@example.com", "mcp:notes:read");
        await alice.CallAsync("observed_seen");

        var metrics = await alice.Http.GetStringAsync(new Uri($"{_gateway.Url}/metrics"));

        var line = metrics.Split('\n').Single(text => text.StartsWith("mcp_server_operation_duration_seconds_count", StringComparison.Ordinal)
            && text.Contains("gen_ai_tool_name=\"observed_seen\"", StringComparison.Ordinal));
        Assert.That(line, Does.Contain("mcp_method_name=\"tools/call\"").And.Contain("cortex_backend=\"observed\"").And.Contain("error_type=\"tool_error\""));
    }

    /// <summary>Every record, once one of the given event is among them.</summary>
    private async Task<IReadOnlyList<Row>> RecordsAsync(string awaited)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            await using var connection = await _gateway.Storage.Database.Database.OpenAsync(deadline.Token);
            var rows = (await connection.QueryAsync<Row>(new CommandDefinition(
                """
                SELECT event AS "Event", outcome AS "Outcome", caller AS "Caller", client_id AS "Client", tool AS "Tool", scope AS "Scope", trace_id AS "TraceId", detail AS "Detail"
                FROM audit ORDER BY time, id
                """,
                cancellationToken: deadline.Token))).ToList();
            if (rows.Any(row => row.Event == awaited))
                return rows;
            await Task.Delay(50, deadline.Token);
        }
    }

    private sealed record Row(string Event, string Outcome, string? Caller, string? Client, string? Tool, string? Scope, string? TraceId, string? Detail);
}
