using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;

namespace Cortex.Cli.Stdio;

/// <summary>The smallest request there is, <c>server/discover</c>: it asks for a token and for nothing else.</summary>
internal static class Discovery
{
    public static JsonObject Parameters() => new()
    {
        ["_meta"] = new JsonObject
        {
            [MetaKeys.ProtocolVersion] = "2026-07-28",
            [MetaKeys.ClientCapabilities] = new JsonObject(),
            [MetaKeys.ClientInfo] = new JsonObject { ["name"] = "cortex", ["version"] = typeof(Discovery).Assembly.GetName().Version?.ToString(3) },
        },
    };
}
