namespace Cortex.Foundation.Observability;

/// <summary>The conventions' words for the HTTP version beneath an operation.</summary>
internal static class McpTransport
{
    /// <summary>Version and transport for a protocol as ASP.NET names it (<c>HTTP/2</c>).</summary>
    public static (string Version, string Transport) Of(string httpProtocol) => httpProtocol switch
    {
        "HTTP/3" => ("3", "quic"),
        "HTTP/2" => ("2", "tcp"),
        "HTTP/1.0" => ("1.0", "tcp"),
        _ => ("1.1", "tcp"),
    };
}
