using System.Collections.Concurrent;
using System.Collections.Frozen;
using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>The merged catalog at one moment; immutable. Lists are answered from it without I/O.</summary>
internal sealed class CatalogSnapshot
{
    private const int MaxCachedViews = 2048;

    private readonly FrozenDictionary<string, CatalogItem> _byName;
    private readonly ConcurrentDictionary<ScopeSet, CatalogView> _views = new();
    private readonly FrozenDictionary<BackendId, ProtocolVersion> _versions;

    /// <summary>Makes a snapshot of uniquely named tools.</summary>
    public CatalogSnapshot(IEnumerable<CatalogItem> tools, IReadOnlyDictionary<BackendId, ProtocolVersion> versions)
    {
        Tools = [.. tools.OrderBy(tool => tool.PublicName, StringComparer.Ordinal)];
        _byName = Tools.ToFrozenDictionary(tool => tool.PublicName, StringComparer.Ordinal);
        _versions = versions.ToFrozenDictionary();
    }

    /// <summary>The catalog before any backend was read.</summary>
    public static CatalogSnapshot Empty { get; } = new([], new Dictionary<BackendId, ProtocolVersion>());

    /// <summary>Every tool, ordered by public name.</summary>
    public IReadOnlyList<CatalogItem> Tools { get; }

    public CatalogItem? FindTool(string publicName) => _byName.GetValueOrDefault(publicName);

    /// <summary>The revision a native backend speaks; null when it was never reached or is not native.</summary>
    public ProtocolVersion? VersionOf(BackendId backend) => _versions.GetValueOrDefault(backend);

    /// <summary>What a caller with these effective scopes sees.</summary>
    public CatalogView ViewFor(ScopeSet scopes)
    {
        if (_views.TryGetValue(scopes, out var view))
            return view;
        view = new CatalogView([.. Tools.Where(tool => scopes.Contains(tool.Scope))]);
        return _views.Count < MaxCachedViews ? _views.GetOrAdd(scopes, view) : view;
    }
}
