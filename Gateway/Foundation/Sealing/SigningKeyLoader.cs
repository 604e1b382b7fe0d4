using Microsoft.IdentityModel.Tokens;

namespace Cortex.Foundation.Sealing;

/// <summary>
/// Reads the gateway's keys from the store and makes the first of each kind where there is none. Two replicas that make one together write it
/// under the same generation if that is free, and read back: both then hold the one that was written first.
/// </summary>
internal sealed class SigningKeyLoader(KeyStore store, SigningKeys keys, CurrentKeySchedule schedule, TimeProvider time)
{
    /// <summary>Brings <see cref="SigningKeys"/> up to date.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        var issuer = await ArrangeAsync(KeyKind.Issuer, cancellationToken);
        var identity = await ArrangeAsync(KeyKind.Identity, cancellationToken);
        var encryption = await ArrangeAsync(KeyKind.Encryption, cancellationToken);
        string[] ids = [.. issuer.Concat(identity).Concat(encryption).Select(key => key.Id)];
        if (keys.Hold(ids))
            return;
        keys.Load(new SigningKeySnapshot(
            [.. issuer.Select(SigningKeyFormat.Read)],
            [.. identity.Select(SigningKeyFormat.Read)],
            [.. encryption.Select(key => new SymmetricSecurityKey(key.Material) { KeyId = key.Id })],
            ids));
    }

    /// <summary>Makes the next key of a kind, unless another replica has just done so. The new keys, newest first.</summary>
    public async Task<IReadOnlyList<StoredKey>> AddAsync(KeyKind kind, int generation, CancellationToken cancellationToken)
    {
        var (id, material) = kind.Make();
        await store.AddIfAbsentAsync(new StoredKey(id, kind.Purpose, generation, time.GetUtcNow(), material), cancellationToken);
        return await store.ListAsync(kind.Purpose, cancellationToken);
    }

    private async Task<IReadOnlyList<StoredKey>> ArrangeAsync(KeyKind kind, CancellationToken cancellationToken)
    {
        var stored = await store.ListAsync(kind.Purpose, cancellationToken);
        return schedule().Arrange(stored.Count > 0 ? stored : await AddAsync(kind, generation: 1, cancellationToken), time.GetUtcNow());
    }
}
