using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Cortex.Foundation.Sealing;

namespace Cortex.Governance.Integrity.Baselines;

/// <summary>
/// A signature beside what it signs: a compact JWS without its payload (<see href="https://www.rfc-editor.org/rfc/rfc7515#appendix-F">RFC 7515, appendix F</see>),
/// <c>header..signature</c>, by ES256. The type in its header keeps it from standing for any other token of the same key.
/// </summary>
internal static class DetachedSignature
{
    private const string Type = "cortex-baseline+jws";

    public static string Sign(string payload, ECDsa key)
    {
        var header = Base64Url.EncodeToString(Encoding.ASCII.GetBytes($$"""{"alg":"ES256","kid":"{{SigningKeyFormat.Describe(key).Kid}}","typ":"{{Type}}"}"""));
        return $"{header}..{Base64Url.EncodeToString(key.SignData(Input(header, payload), HashAlgorithmName.SHA256))}";
    }

    /// <summary>Null when one of the keys made the signature, else what is wrong with it.</summary>
    public static string? FindFault(string signature, string payload, IReadOnlyList<ECDsa> keys)
    {
        if (signature.Split('.') is not [var header, "", var bytes] || !Base64Url.IsValid(bytes) || FindKid(header) is not { } kid)
            return "its signature is malformed";
        if (keys.FirstOrDefault(candidate => SigningKeyFormat.Describe(candidate).Kid == kid) is not { } key)
            return $"it is signed by the key '{kid}', which is not trusted here";
        return key.VerifyData(Input(header, payload), Base64Url.DecodeFromChars(bytes), HashAlgorithmName.SHA256) ? null : "its signature does not fit: it was changed, or is forged";
    }

    private static byte[] Input(string header, string payload) => Encoding.ASCII.GetBytes($"{header}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}");

    private static string? FindKid(string header)
    {
        if (!Base64Url.IsValid(header))
            return null;
        try
        {
            var json = JsonElement.Parse(Base64Url.DecodeFromChars(header));
            return json.ValueKind == JsonValueKind.Object && !json.TryGetProperty("crit", out _) && Is(json, "alg", "ES256") && Is(json, "typ", Type)
                && json.TryGetProperty("kid", out var kid) && kid.ValueKind == JsonValueKind.String
                    ? kid.GetString()
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Is(JsonElement json, string member, string text) => json.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String && value.ValueEquals(text);
}
