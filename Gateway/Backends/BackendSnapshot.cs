using System.Collections.Frozen;
using Cortex.Foundation.Model;

namespace Cortex.Backends;

/// <summary>All configured backends at one moment; immutable.</summary>
internal sealed class BackendSnapshot(IReadOnlyList<BackendDefinition> all)
{
    private readonly FrozenDictionary<BackendId, BackendDefinition> _byId = all.ToFrozenDictionary(backend => backend.Id);

    /// <summary>Every backend, ordered by id.</summary>
    public IReadOnlyList<BackendDefinition> All => all;

    public BackendDefinition? Find(BackendId id) => _byId.GetValueOrDefault(id);

    /// <summary>Makes the snapshot of valid options.</summary>
    public static BackendSnapshot Of(BackendsOptions options) => new([.. options
        .Select(entry => BackendDefinitionFactory.Create(BackendId.Parse(entry.Key), entry.Value))
        .OrderBy(backend => backend.Id.Value, StringComparer.Ordinal)]);
}
