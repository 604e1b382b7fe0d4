namespace Cortex.Mcp.Streams;

/// <summary>What makes a response a stream of events that no proxy holds back.</summary>
internal static class EventStreamHeaders
{
    /// <summary>The comment that keeps a silent stream alive.</summary>
    public static readonly ReadOnlyMemory<byte> KeepAlive = ": keep-alive\n\n"u8.ToArray();

    public static void Apply(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "text/event-stream";
        response.Headers.CacheControl = "no-cache";
        response.Headers["X-Accel-Buffering"] = "no";
    }
}
