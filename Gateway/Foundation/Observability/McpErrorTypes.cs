using System.Globalization;

namespace Cortex.Foundation.Observability;

/// <summary>The bounded values of <c>error.type</c>.</summary>
internal static class McpErrorTypes
{
    /// <summary>The value for a failure without a JSON-RPC code.</summary>
    public static string Of(McpFailure failure) => failure switch
    {
        McpFailure.ToolError => "tool_error",
        McpFailure.Timeout => "timeout",
        McpFailure.Cancelled => "cancelled",
        McpFailure.Unauthenticated => "unauthenticated",
        McpFailure.InsufficientScope => "insufficient_scope",
        McpFailure.RateLimited => "rate_limited",
        McpFailure.Unreachable => "unreachable",
        McpFailure.BadReply => "bad_reply",
        McpFailure.BadRequest => "bad_request",
        _ => McpTelemetry.Other,
    };

    /// <summary>
    /// The code as text when JSON-RPC or MCP reserves it; a code that a backend made up counts as <c>_OTHER</c>, so that backends can't make
    /// labels without end.
    /// </summary>
    public static string Of(int rpcCode) => rpcCode is -32700 or (>= -32603 and <= -32600) or (>= -32099 and <= -32000)
        ? rpcCode.ToString(CultureInfo.InvariantCulture)
        : McpTelemetry.Other;
}
