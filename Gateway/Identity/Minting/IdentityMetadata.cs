using System.Buffers;
using System.Text.Json;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Sealing;

namespace Cortex.Identity.Minting;

/// <summary>
/// What a backend's stock JWT middleware reads to check minted tokens: metadata and key set of the issuer <c>&lt;publicUrl&gt;/identity</c>.
/// It issues tokens to nobody but backends, so it has no endpoints of OAuth.
/// </summary>
internal sealed class IdentityMetadata(GatewayAddresses addresses, SigningKeys keys)
{
    /// <summary>Path of the key set.</summary>
    public const string KeySetPath = "/identity/.well-known/jwks.json";

    /// <summary>The metadata, the same document for OpenID Connect discovery and RFC 8414.</summary>
    public byte[] WriteConfiguration() => Write(json =>
    {
        json.WriteString("issuer"u8, addresses.IdentityIssuer);
        json.WriteString("jwks_uri"u8, addresses.Origin + KeySetPath);
        WriteList(json, "response_types_supported", "none");
        WriteList(json, "subject_types_supported", "public");
        WriteList(json, "id_token_signing_alg_values_supported", "ES256");
    });

    /// <summary>Every public key whose signatures still count, newest first.</summary>
    public byte[] WriteKeySet() => Write(json =>
    {
        json.WriteStartArray("keys"u8);
        foreach (var key in keys.All(KeyPurpose.Identity))
        {
            json.WriteStartObject();
            json.WriteString("kty"u8, key.Public.Kty);
            json.WriteString("use"u8, "sig"u8);
            json.WriteString("alg"u8, "ES256"u8);
            json.WriteString("kid"u8, key.KeyId);
            json.WriteString("crv"u8, key.Public.Crv);
            json.WriteString("x"u8, key.Public.X);
            json.WriteString("y"u8, key.Public.Y);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteList(Utf8JsonWriter json, string name, string value)
    {
        json.WriteStartArray(name);
        json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
