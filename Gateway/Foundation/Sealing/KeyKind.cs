using System.Security.Cryptography;

namespace Cortex.Foundation.Sealing;

/// <summary>A kind of key that the gateway makes for itself.</summary>
/// <param name="Purpose">Its name in the table <c>keys</c>.</param>
/// <param name="Make">Makes the id and the material of a new one.</param>
internal sealed record KeyKind(string Purpose, Func<(string Id, byte[] Material)> Make)
{
    public static readonly KeyKind Issuer = new("issuer", NewPair);
    public static readonly KeyKind Identity = new("identity", NewPair);
    public static readonly KeyKind Encryption = new("encryption", NewSymmetric);

    /// <summary>Signs baselines of catalogs, which must hold for good: never rotated, and so none of <see cref="All"/>.</summary>
    public static readonly KeyKind Integrity = new("integrity", NewPair);

    /// <summary>Those that are rotated.</summary>
    public static readonly IReadOnlyList<KeyKind> All = [Issuer, Identity, Encryption];

    private static (string, byte[]) NewPair()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (SigningKeyFormat.Describe(pair).Kid, pair.ExportPkcs8PrivateKey());
    }

    private static (string, byte[]) NewSymmetric() =>
        (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), RandomNumberGenerator.GetBytes(32));
}
