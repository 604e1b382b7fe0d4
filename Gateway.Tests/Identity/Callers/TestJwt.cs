using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.Sealing;

namespace Cortex.Tests.Identity.Callers;

/// <summary>Writes JWTs by hand, also such as no library would write.</summary>
internal static class TestJwt
{
    /// <summary>A payload that counts, with the given members changed or, if null, left out.</summary>
    public static Dictionary<string, object?> Payload(
        TimeProvider time, string issuer, string audience, string subject, params (string Name, object? Value)[] changes)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var payload = new Dictionary<string, object?>
        {
            ["iss"] = issuer,
            ["aud"] = audience,
            ["sub"] = subject,
            ["client_id"] = "agent",
            ["scope"] = "mcp:notes:read",
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["iat"] = now,
            ["exp"] = now + 600,
        };
        foreach (var (name, value) in changes)
        {
            if (value is null)
                payload.Remove(name);
            else
                payload[name] = value;
        }

        return payload;
    }

    public static string Sign(SigningKey key, string? type, object payload) =>
        Write(Header("ES256", key.KeyId, type), payload, bytes => key.Private.ECDsa.SignData(bytes, HashAlgorithmName.SHA256));

    /// <summary>A header; what is null is left out.</summary>
    public static Dictionary<string, object?> Header(string algorithm, string? keyId, string? type, params (string Name, object? Value)[] more)
    {
        var header = new Dictionary<string, object?> { ["alg"] = algorithm };
        if (keyId is not null)
            header["kid"] = keyId;
        if (type is not null)
            header["typ"] = type;
        foreach (var (name, value) in more)
            header[name] = value;
        return header;
    }

    public static string Write(object header, object payload, Func<byte[], byte[]> sign) => WriteRaw(header, JsonSerializer.Serialize(payload), sign);

    /// <summary>A token with a payload that need not be what a serializer would write.</summary>
    public static string WriteRaw(object header, string payload, Func<byte[], byte[]> sign)
    {
        var signed = $"{Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}";
        return $"{signed}.{Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(signed)))}";
    }

    /// <summary>The payload of a token, unchecked.</summary>
    public static JsonElement Read(string token) => Part(token, 1);

    /// <summary>The header of a token, unchecked.</summary>
    public static JsonElement ReadHeader(string token) => Part(token, 0);

    private static JsonElement Part(string token, int index) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[index])).RootElement;
}
