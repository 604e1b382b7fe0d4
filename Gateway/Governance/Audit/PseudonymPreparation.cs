using System.Security.Cryptography;
using Cortex.Foundation.Model;
using Cortex.Foundation.Sealing;

namespace Cortex.Governance.Audit;

/// <summary>
/// Reads the key of the pseudonyms from the sealed table <c>keys</c>, and makes it where there is none. Replicas that start together agree on
/// the one written first. The key is never rotated by itself: that would break the link between a person's old and new records.
/// </summary>
internal sealed class PseudonymPreparation(KeyStore store, Pseudonyms pseudonyms, TimeProvider time) : IPreparation
{
    private const string Purpose = "audit";

    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        var keys = await store.ListAsync(Purpose, cancellationToken);
        if (keys.Count == 0)
        {
            var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
            var made = new StoredKey(id, Purpose, Generation: 1, time.GetUtcNow(), RandomNumberGenerator.GetBytes(32));
            await store.AddIfAbsentAsync(made, cancellationToken);
            keys = await store.ListAsync(Purpose, cancellationToken);
        }

        pseudonyms.Load(keys[0].Material);
    }
}
