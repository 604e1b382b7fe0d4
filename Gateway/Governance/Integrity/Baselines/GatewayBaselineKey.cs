using System.Security.Cryptography;
using Cortex.Foundation.Sealing;

namespace Cortex.Governance.Integrity.Baselines;

/// <summary>
/// The key that signs the gateway's own baselines: ES256, sealed in the table <c>keys</c> like the others, the same on every replica. It is not rotated,
/// since what it signed must hold for as long as the baseline does. Thread-safe.
/// </summary>
internal sealed class GatewayBaselineKey(KeyStore store, TimeProvider time) : IDisposable
{
    private static readonly KeyKind Kind = KeyKind.Integrity;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile ECDsa? _key;

    /// <summary>The key; made where there is none. Throws what the store throws.</summary>
    public async ValueTask<ECDsa> GetAsync(CancellationToken cancellationToken)
    {
        if (_key is { } known)
            return known;
        await _turn.WaitAsync(cancellationToken);
        try
        {
            return _key ??= await LoadAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _key?.Dispose();
        _turn.Dispose();
    }

    private async Task<ECDsa> LoadAsync(CancellationToken cancellationToken)
    {
        var stored = await store.ListAsync(Kind.Purpose, cancellationToken);
        if (stored.Count == 0)
        {
            var (id, material) = Kind.Make();
            await store.AddIfAbsentAsync(new StoredKey(id, Kind.Purpose, Generation: 1, time.GetUtcNow(), material), cancellationToken);
            stored = await store.ListAsync(Kind.Purpose, cancellationToken);
        }

        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(stored[0].Material, out _);
        return key;
    }
}
