using Cortex.Foundation.JsonRpc;

namespace Cortex.Mcp.Wire;

/// <summary>The members of a client's message that the gateway reads, by index.</summary>
internal static class McpMembers
{
    public const string MetaProtocolVersion = "io.modelcontextprotocol/protocolVersion";
    public const string MetaClientCapabilities = "io.modelcontextprotocol/clientCapabilities";
    public const string MetaClientInfo = "io.modelcontextprotocol/clientInfo";
    public const string MetaLogLevel = "io.modelcontextprotocol/logLevel";

    public const int Name = 0;
    public const int Uri = 1;
    public const int Arguments = 2;
    public const int Cursor = 3;
    public const int Meta = 4;
    public const int ProgressToken = 5;
    public const int Version = 6;
    public const int Capabilities = 7;
    public const int ClientInfo = 8;
    public const int LogLevel = 9;
    public const int TraceParent = 10;
    public const int TraceState = 11;
    public const int InitializeVersion = 12;
    public const int InitializeCapabilities = 13;
    public const int RequestState = 14;
    public const int CancelledRequestId = 15;
    public const int RefType = 16;
    public const int RefName = 17;
    public const int RefUri = 18;
    public const int Level = 19;
    public const int Notifications = 20;
    public const int InputResponses = 21;

    /// <summary>The set that finds them all in one pass.</summary>
    public static readonly MemberSet Set = new(
        ["params", "name"],
        ["params", "uri"],
        ["params", "arguments"],
        ["params", "cursor"],
        ["params", "_meta"],
        ["params", "_meta", "progressToken"],
        ["params", "_meta", MetaProtocolVersion],
        ["params", "_meta", MetaClientCapabilities],
        ["params", "_meta", MetaClientInfo],
        ["params", "_meta", MetaLogLevel],
        ["params", "_meta", "traceparent"],
        ["params", "_meta", "tracestate"],
        ["params", "protocolVersion"],
        ["params", "capabilities"],
        ["params", "requestState"],
        ["params", "requestId"],
        ["params", "ref", "type"],
        ["params", "ref", "name"],
        ["params", "ref", "uri"],
        ["params", "level"],
        ["params", "notifications"],
        ["params", "inputResponses"]);
}
