using Microsoft.IdentityModel.Tokens;

namespace Cortex.Identity.AuthorizationServer.ClientDocuments;

/// <summary>Judges the key set of a client.</summary>
internal static class DocumentKeys
{
    private const int MinRsaBits = 2048;

    /// <summary>Why the set can't be used; null when every key is public, and one can check signatures.</summary>
    public static string? FindFault(string json)
    {
        try
        {
            var keys = new JsonWebKeySet(json).Keys;
            if (keys.Any(key => key.HasPrivateKey || key.Kty == "oct"))
                return "its key set holds a private or symmetric key";
            return keys.Any(CanVerify) ? null : "its key set holds no EC key, nor an RSA key of 2048 bits or more, for signatures";
        }
        catch (ArgumentException)
        {
            return "its key set is not a JWK set";
        }
    }

    private static bool CanVerify(JsonWebKey key) =>
        key.Use is null or "" or "sig" && (key.Kty == "EC" || (key.Kty == "RSA" && key.KeySize >= MinRsaBits));
}
