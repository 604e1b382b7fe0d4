using Cortex.Foundation.Sealing;
using Cortex.Foundation.Storage;

namespace Cortex.Tests.Foundation.Sealing;

/// <summary>Keys, rings and replicas for the tests of sealing.</summary>
internal static class TestKeys
{
    /// <summary>A key whose bytes are all <paramref name="fill"/>.</summary>
    public static SealingKey Key(string id, byte fill) => new(id, Enumerable.Repeat(fill, SealingKey.Size).ToArray());

    public static Sealer Sealer(params SealingKey[] keys) => new(new KeyRing(keys));

    public static KeyStore Store(Database database, params SealingKey[] keys)
    {
        var ring = new KeyRing(keys);
        return new KeyStore(database, new Sealer(ring), ring);
    }
}
