using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Foundation.Sealing;

/// <summary>How a signing key is stored (PKCS #8, sealed) and shown (a JSON Web Key without its private part).</summary>
internal static class SigningKeyFormat
{
    public static SigningKey Read(StoredKey stored)
    {
        var pair = ECDsa.Create();
        pair.ImportPkcs8PrivateKey(stored.Material, out _);
        var shown = Describe(pair);
        return new SigningKey(shown.Kid, new ECDsaSecurityKey(pair) { KeyId = shown.Kid }, shown, stored.CreatedAt);
    }

    /// <summary>The public part, named by its thumbprint (<see href="https://www.rfc-editor.org/rfc/rfc7638">RFC 7638</see>).</summary>
    public static JsonWebKey Describe(ECDsa pair)
    {
        var point = pair.ExportParameters(includePrivateParameters: false).Q;
        var key = new JsonWebKey
        {
            Kty = JsonWebAlgorithmsKeyTypes.EllipticCurve,
            Crv = JsonWebKeyECTypes.P256,
            X = Base64UrlEncoder.Encode(point.X),
            Y = Base64UrlEncoder.Encode(point.Y),
            Use = JsonWebKeyUseNames.Sig,
            Alg = SecurityAlgorithms.EcdsaSha256,
        };
        key.Kid = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        return key;
    }
}
