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
