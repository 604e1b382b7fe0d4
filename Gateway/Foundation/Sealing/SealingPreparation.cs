using Cortex.Foundation.Model;

namespace Cortex.Foundation.Sealing;

/// <summary>
/// Before the gateway listens, and after the migrations:
/// 1. the key ring, from the configuration or the key file;
/// 2. every stored key must open, or the start is refused and nothing is touched;
/// 3. signing keys are made where there are none, and loaded.
/// </summary>
internal sealed class SealingPreparation(KeyRing ring, KeyFile file, KeyStore store, SigningKeyLoader loader) : IPreparation
{
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        if (ring.All.Count == 0 && file.Find() is { } keys)
        {
            ring.Load(keys);
        }

        await store.RequireAllOpenAsync(cancellationToken);
        if (ring.All.Count == 0)
        {
            ring.Load(file.Create());
        }

        await loader.LoadAsync(cancellationToken);
    }
}
