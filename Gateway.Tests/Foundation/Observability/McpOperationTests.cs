using System.Diagnostics;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Observability;

/// <summary>Spec: <see href="https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/mcp.md#server"/>.</summary>
[TestFixture]
[NonParallelizable]
internal sealed class McpOperationTests
{
    private const string TraceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 31, 9, 0, 0, TimeSpan.Zero));
    private readonly List<Activity> _spans = [];
    private ActivityListener _listener = null!;

    [SetUp]
    public void Listen()
    {
        _spans.Clear();
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Telemetry.Name or "Http",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _spans.Add,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    [TearDown]
    public void StopListening() => _listener.Dispose();

    [Test]
    public void Span_of_a_tool_call_bears_name_kind_and_attributes_of_the_conventions()
    {
        var operation = McpOperation.Start(McpSide.Server, _time);
        operation.Open("tools/call");
        operation.Target = new McpTarget.Tool("notes_echo");
        operation.Backend = BackendId.Parse("notes");
        operation.Protocol = ProtocolVersion.V20251125;
        operation.RequestId = "7";
        operation.SessionId = "s-1";
        operation.HttpProtocol = "HTTP/2";
        operation.Finish();

        var span = _spans.Single();
        Assert.Multiple(() =>
        {
            Assert.That(span.DisplayName, Is.EqualTo("tools/call notes_echo"));
            Assert.That(span.Kind, Is.EqualTo(ActivityKind.Server));
            Assert.That(span.Status, Is.EqualTo(ActivityStatusCode.Unset));
            Assert.That(span.TagObjects, Is.EquivalentTo(new Dictionary<string, object?>
            {
                ["mcp.method.name"] = "tools/call",
                ["gen_ai.tool.name"] = "notes_echo",
                ["gen_ai.operation.name"] = "execute_tool",
                ["cortex.backend"] = "notes",
                ["mcp.protocol.version"] = "2025-11-25",
                ["network.protocol.name"] = "http",
                ["network.protocol.version"] = "2",
                ["network.transport"] = "tcp",
                ["jsonrpc.request.id"] = "7",
                ["mcp.session.id"] = "s-1",
            }));
        });
    }

    [Test]
    public void Span_begins_when_the_operation_started_and_not_when_its_method_was_known()
    {
        var started = _time.GetUtcNow().UtcDateTime;
        var operation = McpOperation.Start(McpSide.Server, _time);
        _time.Advance(TimeSpan.FromSeconds(2));
        operation.Open("ping");
        operation.Finish();

        Assert.That(_spans.Single().StartTimeUtc, Is.EqualTo(started));
    }

    [Test]
    public void Span_of_a_resource_bears_its_address_without_the_query_and_keeps_it_out_of_the_name()
    {
        var operation = McpOperation.Start(McpSide.Server, _time);
        operation.Open("resources/read");
        operation.Target = new McpTarget.Resource("notes://note/1?token=secret");
        operation.Finish();

        Assert.Multiple(() =>
        {
            Assert.That(_spans.Single().DisplayName, Is.EqualTo("resources/read"));
            Assert.That(_spans.Single().GetTagItem("mcp.resource.uri"), Is.EqualTo("notes://note/1"));
        });
    }

    [Test]
    public void Span_of_a_failure_bears_its_type_and_an_error_status()
    {
        var operation = McpOperation.Start(McpSide.Server, _time);
        operation.Open("tools/call");
        operation.Fail(McpFailure.ToolError);
        operation.Finish();

        Assert.Multiple(() =>
        {
            Assert.That(_spans.Single().GetTagItem("error.type"), Is.EqualTo("tool_error"));
            Assert.That(_spans.Single().Status, Is.EqualTo(ActivityStatusCode.Error));
        });
    }

    [TestCase(-32602, "-32602")]
    [TestCase(-32020, "-32020")]
    [TestCase(1234567, "_OTHER", Description = "A backend that makes up codes makes no labels.")]
    public void Span_of_a_json_rpc_error_bears_reserved_codes_only(int code, string expected)
    {
        var operation = McpOperation.Start(McpSide.Server, _time);
        operation.Open("tools/call");
        operation.Fail(code);
        operation.Finish();

        Assert.Multiple(() =>
        {
            Assert.That(_spans.Single().GetTagItem("error.type"), Is.EqualTo(expected));
            Assert.That(_spans.Single().GetTagItem("rpc.response.status_code"), Is.EqualTo(expected));
        });
    }

    [Test]
    public void Span_without_meta_is_a_child_of_the_http_span()
    {
        using var source = new ActivitySource("Http");
        using var http = source.StartActivity("POST /mcp")!;

        var operation = McpOperation.Start(McpSide.Server, _time);
        operation.Open("ping");
        var current = Activity.Current;
        operation.Finish();

        Assert.Multiple(() =>
        {
            Assert.That(_spans.Single().ParentSpanId, Is.EqualTo(http.SpanId));
            Assert.That(current, Is.SameAs(_spans.Single()));
            Assert.That(Activity.Current, Is.SameAs(http));
        });
    }

    [Test]
    public void Span_with_a_parent_in_meta_continues_it_and_links_the_http_span()
    {
        using var source = new ActivitySource("Http");
        using var http = source.StartActivity("POST /mcp")!;

        var operation = McpOperation.Start(McpSide.Server, _time);
        operation.Open("ping", McpTraceContext.Read(TraceParent, "rojo=00f067aa0ba902b7"));
        var traceId = operation.TraceId;
        operation.Finish();

        var span = _spans.Single();
        Assert.Multiple(() =>
        {
            Assert.That(traceId, Is.EqualTo("4bf92f3577b34da6a3ce929d0e0e4736"));
            Assert.That(span.ParentSpanId.ToHexString(), Is.EqualTo("00f067aa0ba902b7"));
            Assert.That(span.TraceStateString, Is.EqualTo("rojo=00f067aa0ba902b7"));
            Assert.That(span.Links.Single().Context, Is.EqualTo(http.Context));
        });
    }

    [Test]
    public void Finish_twice_writes_one_span()
    {
        var operation = McpOperation.Start(McpSide.Server, _time);
        operation.Open("ping");
        operation.Finish();
        operation.Finish();

        Assert.That(_spans, Has.Count.EqualTo(1));
    }

    [TestCase(null)]
    [TestCase("")]
    [TestCase("00-00000000000000000000000000000000-00f067aa0ba902b7-01")]
    [TestCase("junk")]
    public void TraceContext_that_is_malformed_is_none(string? traceParent) =>
        Assert.That(McpTraceContext.Read(traceParent), Is.EqualTo(default(ActivityContext)));
}
