using System.Diagnostics.Metrics;

namespace Cortex.Foundation.Observability;

/// <summary>
/// Names, buckets and instruments of the OpenTelemetry conventions for MCP
/// (<see href="https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/gen-ai/mcp.md"/>).
/// <c>cortex.backend</c> is the gateway's own addition.
/// </summary>
internal static class McpTelemetry
{
    public const string ServerOperationDuration = "mcp.server.operation.duration";
    public const string ClientOperationDuration = "mcp.client.operation.duration";

    public const string MethodName = "mcp.method.name";
    public const string ProtocolVersion = "mcp.protocol.version";
    public const string SessionId = "mcp.session.id";
    public const string ResourceUri = "mcp.resource.uri";
    public const string ToolName = "gen_ai.tool.name";
    public const string PromptName = "gen_ai.prompt.name";
    public const string OperationName = "gen_ai.operation.name";
    public const string ExecuteTool = "execute_tool";
    public const string RequestId = "jsonrpc.request.id";
    public const string StatusCode = "rpc.response.status_code";
    public const string ErrorType = "error.type";
    public const string NetworkTransport = "network.transport";
    public const string NetworkProtocolName = "network.protocol.name";
    public const string NetworkProtocolVersion = "network.protocol.version";
    public const string Backend = "cortex.backend";

    /// <summary>The conventions' value for what has no name of its own.</summary>
    public const string Other = "_OTHER";

    private static readonly InstrumentAdvice<double> Advice = new()
    {
        HistogramBucketBoundaries = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
    };

    /// <summary>Duration of requests and notifications that clients send to the gateway, in seconds.</summary>
    public static Histogram<double> Server { get; } = Telemetry.Meter.CreateHistogram(
        ServerOperationDuration,
        "s",
        "Duration of an MCP request or notification as observed by the gateway, its receiver.",
        tags: null,
        Advice);

    /// <summary>Duration of requests and notifications that the gateway sends to backends, in seconds.</summary>
    public static Histogram<double> Client { get; } = Telemetry.Meter.CreateHistogram(
        ClientOperationDuration,
        "s",
        "Duration of an MCP request or notification as observed by the gateway, its sender.",
        tags: null,
        Advice);
}
