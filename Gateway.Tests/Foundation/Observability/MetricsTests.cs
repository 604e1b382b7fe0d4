using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Observability;

/// <summary>What a Prometheus server scrapes. Spec: <see href="https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/mcp.md"/>.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class MetricsTests
{
    [Test]
    public async Task Metrics_of_a_tool_call_bear_the_conventions_name_unit_labels_and_buckets()
    {
        await using var host = await ProbeHost.StartAsync();
        var operation = McpOperation.Start(McpSide.Server, TimeProvider.System);
        operation.Open("tools/call");
        operation.Target = new McpTarget.Tool("metrics_echo");
        operation.Backend = BackendId.Parse("metrics");
        operation.Protocol = ProtocolVersion.V20260728;
        operation.Finish();

        var buckets = (await host.ScrapeAsync()).Split('\n')
            .Where(line => line.StartsWith("mcp_server_operation_duration_seconds_bucket", StringComparison.Ordinal) && line.Contains("metrics_echo", StringComparison.Ordinal))
            .ToArray();

        Assert.That(buckets, Is.Not.Empty);
        Assert.Multiple(() =>
        {
            Assert.That(buckets.Select(line => Label(line, "le")), Is.EqualTo(
                ["0.01", "0.02", "0.05", "0.1", "0.2", "0.5", "1", "2", "5", "10", "30", "60", "120", "300", "+Inf"]));
            Assert.That(Label(buckets[0], "mcp_method_name"), Is.EqualTo("tools/call"));
            Assert.That(Label(buckets[0], "gen_ai_tool_name"), Is.EqualTo("metrics_echo"));
            Assert.That(Label(buckets[0], "gen_ai_operation_name"), Is.EqualTo("execute_tool"));
            Assert.That(Label(buckets[0], "mcp_protocol_version"), Is.EqualTo("2026-07-28"));
            Assert.That(Label(buckets[0], "cortex_backend"), Is.EqualTo("metrics"));
            Assert.That(Label(buckets[0], "network_transport"), Is.EqualTo("tcp"));
            Assert.That(Label(buckets[0], "network_protocol_name"), Is.EqualTo("http"));
            Assert.That(Label(buckets[0], "error_type"), Is.Null);
        });
    }

    [Test]
    public async Task Metrics_of_an_operation_towards_a_backend_bear_the_client_name()
    {
        await using var host = await ProbeHost.StartAsync();
        var operation = McpOperation.Start(McpSide.Client, TimeProvider.System);
        operation.Open("tools/list");
        operation.Backend = BackendId.Parse("towards");
        operation.Fail(McpFailure.Timeout);
        operation.Finish();

        Assert.That(await host.ScrapeAsync(), Does.Match("""mcp_client_operation_duration_seconds_count\{[^}]*cortex_backend="towards",error_type="timeout"""));
    }

    [Test]
    public async Task Metrics_of_a_method_that_mcp_does_not_define_say_OTHER_and_not_the_callers_text()
    {
        await using var host = await ProbeHost.StartAsync();
        var operation = McpOperation.Start(McpSide.Server, TimeProvider.System);
        operation.Open("attack/with-endless-names-1234");
        operation.Fail(-32601);
        operation.Finish();

        var scraped = await host.ScrapeAsync();

        Assert.Multiple(() =>
        {
            Assert.That(scraped, Does.Match("""mcp_server_operation_duration_seconds_count\{[^}]*error_type="-32601"[^}]*mcp_method_name="_OTHER"|mcp_method_name="_OTHER"[^}]*error_type="-32601"""));
            Assert.That(scraped, Does.Not.Contain("endless-names"));
        });
    }

    [Test]
    public async Task Metrics_hold_the_runtime_and_http_requests_but_no_requests_for_probes()
    {
        await using var host = await ProbeHost.StartAsync();
        using var open = await host.GetAsync("/open");
        using var live = await host.GetAsync("/healthz");
        await host.ScrapeAsync();

        var scraped = await host.ScrapeAsync();

        Assert.Multiple(() =>
        {
            Assert.That(scraped, Does.Contain("dotnet_gc_collections_total"));
            Assert.That(
                scraped.Split('\n').Where(line => line.StartsWith("http_server_request_duration_seconds_count", StringComparison.Ordinal)).Select(Value),
                Is.EqualTo(["1"]));
        });
    }

    private static string? Label(string line, string name)
    {
        var match = System.Text.RegularExpressions.Regex.Match(line, $"[{{,]{name}=\"([^\"]*)\"");
        return match.Success ? match.Groups[1].Value : null;
    }

    private static string Value(string line) => line[(line.IndexOf('}', StringComparison.Ordinal) + 2)..].Split(' ')[0];
}
