using Microsoft.IdentityModel.Tokens;

namespace Cortex.Foundation.Sealing;

/// <summary>What a signing key is for; the two issuers of the gateway never share a key.</summary>
internal enum KeyPurpose
{
    /// <summary>Tokens of the embedded authorization server.</summary>
    Issuer,

    /// <summary>Tokens minted for backends.</summary>
    Identity,
}

/// <summary>A key pair for ES256 (P-256).</summary>
/// <param name="KeyId">The <c>kid</c>: the thumbprint of the public key by <see href="https://www.rfc-editor.org/rfc/rfc7638">RFC 7638</see>.</param>
/// <param name="Private">Signs.</param>
/// <param name="Public">What the JWKS shows: no private part.</param>
/// <param name="CreatedAt">When the key was made.</param>
internal sealed record SigningKey(string KeyId, ECDsaSecurityKey Private, JsonWebKey Public, DateTimeOffset CreatedAt);
