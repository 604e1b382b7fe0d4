using Microsoft.IdentityModel.Tokens;

namespace Cortex.Identity.Callers;

/// <summary>Reads the public keys a client is configured with.</summary>
internal static class ClientKeySet
{
    /// <summary>The keys of a JWK set, fit to verify signatures of the allow-list; null when it is none, holds none, or holds a private key.</summary>
    public static IReadOnlyList<JsonWebKey>? TryParse(string json)
    {
        try
        {
            var keys = new JsonWebKeySet(json).Keys;
            var usable = keys
                .Where(key => key.Use is null or "" or "sig")
                .Where(key => key.Kty == "EC" || (key.Kty == "RSA" && key.KeySize >= 2048))
                .ToArray();
            return usable.Length == 0 || keys.Any(key => key.HasPrivateKey) ? null : usable;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
