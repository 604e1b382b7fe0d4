using System.Text.Json;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Microsoft.Extensions.Options;

namespace Cortex.Mcp.Wire;

/// <summary>What the gateway says of itself to clients.</summary>
internal sealed class ServerIdentity
{
    public ServerIdentity(IOptionsMonitor<GatewayOptions> options)
    {
        Info = Write(options.CurrentValue);
    }

    /// <summary>The <c>serverInfo</c> object, raw.</summary>
    public ReadOnlyMemory<byte> Info { get; }

    /// <summary>Guidance for agents, sent with <c>initialize</c> and <c>server/discover</c>.</summary>
    public string Instructions { get; } =
        "This endpoint federates several apps. Tool names start with the app's name. Every call is made as the signed-in person, with that person's own permissions. "
        + "Where an app offers <app>_get_help, call it before guessing how the app works. A refusal says whether a scope is missing or the app itself said no.";

    private static byte[] Write(GatewayOptions options)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("name", "cortex-gateway");
            json.WriteString("title", options.Name);
            json.WriteString("version", ThisAssembly.Version);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
