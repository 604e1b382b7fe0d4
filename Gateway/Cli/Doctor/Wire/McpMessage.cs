using System.Net.Http.Headers;
using System.Text;
using Cortex.Foundation.Model;

namespace Cortex.Cli.Doctor.Wire;

/// <summary>A message as a client of either era posts it.</summary>
/// <param name="Method">Its method.</param>
/// <param name="Body">The JSON.</param>
/// <param name="Version">The revision it is of.</param>
/// <param name="Session">The session it is of; null for none.</param>
internal sealed record McpMessage(string Method, string Body, ProtocolVersion Version, string? Session = null)
{
    public const string SessionHeader = "Mcp-Session-Id";
    public const string VersionHeader = "MCP-Protocol-Version";

    private const string MethodHeader = "Mcp-Method";

    /// <summary>Opens a session; changes nothing else.</summary>
    public static McpMessage Initialize { get; } = new(
        "initialize",
        $$$$"""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"{{{{ProtocolVersion.LatestLegacy}}}}","capabilities":{},"clientInfo":{"name":"{{{{DoctorProbe.UserAgent}}}}","version":"1"}}}""",
        ProtocolVersion.LatestLegacy);

    public static McpMessage Discover { get; } = Modern("server/discover", "");

    /// <summary>Opens a stream, whose first message comes at once.</summary>
    public static McpMessage Listen { get; } = Modern("subscriptions/listen", "\"notifications\":{\"toolsListChanged\":true},");

    /// <summary>Asks for nothing.</summary>
    /// <param name="session">In which session; null outside of any.</param>
    /// <param name="padding">White space to send with it.</param>
    public static McpMessage Ping(string? session, int padding = 0) =>
        new("ping", "{\"jsonrpc\":\"2.0\",\"id\":2," + new string(' ', padding) + "\"method\":\"ping\"}", ProtocolVersion.LatestLegacy, session);

    public HttpRequestMessage ToRequest(Uri address, string? token)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(Body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("application/json");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (Method != Initialize.Method)
            request.Headers.Add(VersionHeader, Version.Value);
        if (Version.Era == Era.Modern)
            request.Headers.Add(MethodHeader, Method);
        if (Session is not null)
            request.Headers.Add(SessionHeader, Session);
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return request;
    }

    private static McpMessage Modern(string method, string more) => new(
        method,
        $$$$"""{"jsonrpc":"2.0","id":3,"method":"{{{{method}}}}","params":{ {{{{more}}}} "_meta":{"io.modelcontextprotocol/protocolVersion":"{{{{ProtocolVersion.Supported[0]}}}}","io.modelcontextprotocol/clientCapabilities":{} } } }""",
        ProtocolVersion.Supported[0]);
}
