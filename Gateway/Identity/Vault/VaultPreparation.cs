using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;

namespace Cortex.Identity.Vault;

/// <summary>Before the gateway listens: every key that sealed a linked account must be at hand, or the start is refused and nothing is touched.</summary>
internal sealed class VaultPreparation(GrantStore store, KeyRing ring) : IPreparation
{
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var missing = (await store.ListKeyIdsAsync(cancellationToken)).Where(id => ring.Find(id) is null).ToArray();
        if (missing.Length > 0)
        {
            throw new SealingException(
                $"Linked accounts are sealed under the key '{string.Join("', '", missing)}', which is not at hand. Add it to vault.keys, or put back the key file that holds it. Nothing was changed.");
        }
    }
}
