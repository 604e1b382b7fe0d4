using System.Collections.Immutable;
using Cortex.Foundation.Model;

namespace Cortex.Identity.Entitlements;

/// <summary>
/// Every scope the catalog uses, by backend: published by the catalog, read by metadata, consent and minting. Thread-safe.
/// </summary>
internal sealed class KnownScopes
{
    private readonly Lock _gate = new();
    private volatile Snapshot _current = new(ImmutableDictionary<BackendId, ScopeSet>.Empty, ScopeSet.Empty);

    /// <summary>All scopes of all backends; never holds <c>cortex:*</c>.</summary>
    public ScopeSet All => _current.All;

    /// <summary>The scopes one backend's catalog uses; empty when it is unknown.</summary>
    public ScopeSet Of(BackendId backend) => _current.ByBackend.GetValueOrDefault(backend, ScopeSet.Empty);

    /// <summary>Replaces everything that is known.</summary>
    public void Publish(IReadOnlyDictionary<BackendId, ScopeSet> byBackend)
    {
        lock (_gate)
        {
            var all = ScopeSet.Of(byBackend.Values.SelectMany(scopes => scopes).Where(scope => !scope.IsReserved));
            _current = new Snapshot(byBackend.ToImmutableDictionary(), all);
        }
    }

    private sealed record Snapshot(ImmutableDictionary<BackendId, ScopeSet> ByBackend, ScopeSet All);
}
