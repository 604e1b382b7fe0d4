using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;

namespace Cortex.Foundation.Sealing;

/// <summary>
/// Reads the gateway's keys from the store and makes the first of each purpose where there is none. Two replicas that start together both
/// make one, write it as generation 1 if that is free, and read back: both then hold the one that was written first.
/// </summary>
internal sealed class SigningKeyLoader(KeyStore store, SigningKeys keys, TimeProvider time)
{
    private const string IssuerPurpose = "issuer";
    private const string IdentityPurpose = "identity";
    private const string EncryptionPurpose = "encryption";

    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var issuer = await EnsureAsync(IssuerPurpose, NewPair, cancellationToken);
        var identity = await EnsureAsync(IdentityPurpose, NewPair, cancellationToken);
        var encryption = await EnsureAsync(EncryptionPurpose, NewSymmetric, cancellationToken);
        keys.Load(new SigningKeySnapshot(
            [.. issuer.Select(SigningKeyFormat.Read)],
            [.. identity.Select(SigningKeyFormat.Read)],
            new SymmetricSecurityKey(encryption[0].Material) { KeyId = encryption[0].Id }));
    }

    private async Task<IReadOnlyList<StoredKey>> EnsureAsync(string purpose, Func<(string Id, byte[] Material)> make, CancellationToken cancellationToken)
    {
        var stored = await store.ListAsync(purpose, cancellationToken);
        if (stored.Count > 0)
        {
            return stored;
        }

        var (id, material) = make();
        await store.AddIfAbsentAsync(new StoredKey(id, purpose, Generation: 1, time.GetUtcNow(), material), cancellationToken);
        return await store.ListAsync(purpose, cancellationToken);
    }

    private static (string, byte[]) NewPair()
    {
        using var pair = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return (SigningKeyFormat.Describe(pair).Kid, pair.ExportPkcs8PrivateKey());
    }

    private static (string, byte[]) NewSymmetric() =>
        (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), RandomNumberGenerator.GetBytes(32));
}
