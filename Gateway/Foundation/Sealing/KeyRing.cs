namespace Cortex.Foundation.Sealing;

/// <summary>
/// The keys that seal: the first one seals, all of them open. Empty until <see cref="SealingPreparation"/> has read the key file,
/// when the configuration names no keys. Thread-safe.
/// </summary>
internal sealed class KeyRing(IReadOnlyList<SealingKey> keys)
{
    private volatile IReadOnlyList<SealingKey> _keys = keys;

    /// <summary>Newest first.</summary>
    public IReadOnlyList<SealingKey> All => _keys;

    /// <summary>The key that seals.</summary>
    /// <exception cref="InvalidOperationException">The ring was used before it was loaded.</exception>
    public SealingKey Active => _keys is [var first, ..] ? first : throw new InvalidOperationException("The key ring is empty: it is loaded by SealingPreparation before the gateway listens.");

    /// <summary>The key of this name, or null.</summary>
    public SealingKey? Find(string id)
    {
        foreach (var key in _keys)
        {
            if (string.Equals(key.Id, id, StringComparison.Ordinal))
            {
                return key;
            }
        }

        return null;
    }

    /// <summary>Replaces the keys.</summary>
    public void Load(IReadOnlyList<SealingKey> keys) => _keys = keys;
}
