using System.Buffers;
using System.Text.Json;
using Cortex.Foundation.Configuration;
using Microsoft.Extensions.Options;

namespace Cortex.Identity.Linking.Clients;

/// <summary>
/// The gateway's own client-id metadata document (<see href="https://datatracker.ietf.org/doc/draft-ietf-oauth-client-id-metadata-document/">draft</see>),
/// written from the configuration as it is: <c>{"client_id", "client_name", "client_uri", "redirect_uris", "grant_types", "response_types",
/// "token_endpoint_auth_method", "application_type"}</c>. Its address is the client id.
/// </summary>
internal sealed class ClientDocument(LinkProviders providers, GatewayAddresses addresses, IOptionsMonitor<GatewayOptions> gateway)
{
    public string Address { get; } = addresses.Origin + LinkPaths.ClientDocument;

    /// <summary>True where providers can read it: they take https addresses only.</summary>
    public bool CanBeRead => Address.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The document as UTF-8; null while there is no backend at which accounts are linked.</summary>
    public byte[]? Write()
    {
        var redirectUris = providers.Backends.Select(backend => addresses.Origin + LinkPaths.CallbackOf(backend.Id)).ToArray();
        if (redirectUris.Length == 0)
            return null;
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("client_id"u8, Address);
            WriteMetadata(json, gateway.CurrentValue.Name, addresses.Origin, redirectUris, "none");
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the members that the document and a registration (<see href="https://www.rfc-editor.org/rfc/rfc7591#section-2">RFC 7591</see>) share.</summary>
    public static void WriteMetadata(Utf8JsonWriter json, string name, string home, IEnumerable<string> redirectUris, string authentication)
    {
        json.WriteString("client_name"u8, name);
        json.WriteString("client_uri"u8, home);
        WriteList(json, "redirect_uris", redirectUris);
        WriteList(json, "grant_types", ["authorization_code", "refresh_token"]);
        WriteList(json, "response_types", ["code"]);
        json.WriteString("token_endpoint_auth_method"u8, authentication);
        json.WriteString("application_type"u8, "web");
    }

    private static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
