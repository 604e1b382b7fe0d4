using System.Diagnostics;

namespace Cortex.Foundation.Observability;

/// <summary>
/// W3C trace context carried in <c>params._meta</c>, under the unprefixed keys <c>traceparent</c> and <c>tracestate</c>
/// (<see href="https://modelcontextprotocol.io/community/seps/414-request-meta">SEP-414</see>).
/// </summary>
internal static class McpTraceContext
{
    /// <summary>Longest <c>tracestate</c> that is kept, in characters (W3C asks for at least 512).</summary>
    private const int MaxTraceState = 512;

    /// <summary>The remote parent, or default when <paramref name="traceParent"/> is absent or malformed.</summary>
    public static ActivityContext Read(string? traceParent, string? traceState = null)
    {
        var state = traceState is { Length: <= MaxTraceState } ? traceState : null;
        return ActivityContext.TryParse(traceParent, state, isRemote: true, out var context) ? context : default;
    }
}
