namespace Cortex.Foundation.Outbound;

/// <summary>How fetching a document ended.</summary>
internal abstract record FetchResult
{
    private FetchResult()
    {
    }

    /// <summary>The server answered 200 within the limits.</summary>
    /// <param name="Body">The whole body.</param>
    /// <param name="MaxAge">How long the server lets the document be cached; null when it does not say.</param>
    /// <param name="MediaType">Of its <c>Content-Type</c>, without parameters; null when there is none.</param>
    public sealed record Received(byte[] Body, TimeSpan? MaxAge, string? MediaType) : FetchResult;

    /// <summary>There is no document.</summary>
    /// <param name="Reason">One clause for a log or a problem's detail.</param>
    /// <param name="IsAnswer">True when the server said so itself; false when it may be another time, as with a broken connection.</param>
    public sealed record Failed(string Reason, bool IsAnswer = false) : FetchResult;
}
