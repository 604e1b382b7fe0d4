using System.Runtime.CompilerServices;
using System.Text.Json;
using Cortex.Catalog.Toolsets;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Model;
using Microsoft.Extensions.Options;

namespace Cortex.Mcp.Wire;

/// <summary>What the gateway says of itself to clients.</summary>
internal sealed class ServerIdentity
{
    private readonly ConditionalWeakTable<Toolset, byte[]> _ofToolsets = [];
    private readonly string _name;
    private readonly byte[] _whole;

    public ServerIdentity(IOptionsMonitor<GatewayOptions> options)
    {
        _name = options.CurrentValue.Name;
        _whole = Write(_name, null);
    }

    /// <summary>The <c>serverInfo</c> object, raw: of a toolset under its own title, of the whole endpoint where that is null.</summary>
    public ReadOnlyMemory<byte> InfoOf(Toolset? toolset) =>
        toolset is null ? _whole : _ofToolsets.GetValue(toolset, each => Write($"{_name}: {each.Title}", each.Description));

    private static byte[] Write(string title, string? description)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("name", "cortex-gateway");
            json.WriteString("title", title);
            json.WriteString("version", ThisAssembly.Version);
            if (description is not null)
                json.WriteString("description", description);
            json.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
