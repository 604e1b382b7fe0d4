using System.Buffers;
using System.Text.Json;
using Cortex.Foundation.Configuration;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Callers;

/// <summary>
/// Writes the metadata of a protected resource (<see href="https://www.rfc-editor.org/rfc/rfc9728#section-2">RFC 9728, section 2</see>):
/// <c>{"resource", "authorization_servers", "scopes_supported", "bearer_methods_supported", "resource_name"}</c>. Members without a value are left out.
/// </summary>
internal sealed class ProtectedResourceMetadata(
    IOptionsMonitor<IdentityOptions> identity, IOptionsMonitor<GatewayOptions> gateway, GatewayAddresses addresses, AdvertisedScopes advertised)
{
    /// <summary>The document as UTF-8.</summary>
    public byte[] Write(ProtectedResource resource)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("resource"u8, resource.Address);
            WriteList(json, "authorization_servers", AuthorizationServers());
            WriteList(json, "scopes_supported", advertised.For(resource).Select(scope => scope.Value));
            WriteList(json, "bearer_methods_supported", ["header"]);
            json.WriteString("resource_name"u8, resource.Toolset is { } toolset ? $"{gateway.CurrentValue.Name}: {toolset.Title}" : gateway.CurrentValue.Name);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private IEnumerable<string> AuthorizationServers()
    {
        var options = identity.CurrentValue;
        var external = options.Issuers.Select(issuer => issuer.Issuer);
        return options.AuthorizationServer.Enabled ? external.Prepend(addresses.Issuer).Distinct() : external;
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        var first = true;
        foreach (var value in values)
        {
            if (first)
                json.WriteStartArray(name);
            first = false;
            json.WriteStringValue(value);
        }

        if (!first)
            json.WriteEndArray();
    }
}
