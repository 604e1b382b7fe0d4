using System.Collections.Concurrent;
using System.Collections.Frozen;
using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>The merged catalog at one moment; immutable. Lists are answered from it without I/O.</summary>
internal sealed class CatalogSnapshot
{
    private const int MaxCachedViews = 2048;

    private readonly FrozenDictionary<(CatalogKind Kind, string Name), CatalogItem> _byName;
    private readonly ConcurrentDictionary<ScopeSet, CatalogView> _views = new();
    private readonly FrozenDictionary<BackendId, BackendSpeech> _speech;

    /// <summary>Makes a snapshot of uniquely named items.</summary>
    public CatalogSnapshot(IEnumerable<CatalogItem> items, ResourceUris resourceUris, IReadOnlyDictionary<BackendId, BackendSpeech> speech)
    {
        Items = [.. items.OrderBy(item => item.PublicName, StringComparer.Ordinal)];
        _byName = Items.ToFrozenDictionary(item => (item.Kind, item.PublicName));
        _speech = speech.ToFrozenDictionary();
        ResourceUris = resourceUris;
    }

    /// <summary>The catalog before any backend was read.</summary>
    public static CatalogSnapshot Empty { get; } = new([], new ResourceUris([]), new Dictionary<BackendId, BackendSpeech>());

    /// <summary>Every item, ordered by public name.</summary>
    public IReadOnlyList<CatalogItem> Items { get; }

    /// <summary>Which resource URI belongs to which backend.</summary>
    public ResourceUris ResourceUris { get; }

    /// <summary>The item of this kind and public name, or null.</summary>
    public CatalogItem? Find(CatalogKind kind, string publicName) => _byName.GetValueOrDefault((kind, publicName));

    /// <summary>The resource or template that answers for the public <paramref name="uri"/>, or null.</summary>
    public CatalogItem? FindResource(string uri) => ResourceUris.Find(uri);

    /// <summary>What a native backend speaks; null when it was never reached or is not native.</summary>
    public BackendSpeech? SpeechOf(BackendId backend) => _speech.GetValueOrDefault(backend);

    /// <summary>What a caller with these effective scopes sees.</summary>
    public CatalogView ViewFor(ScopeSet scopes)
    {
        if (_views.TryGetValue(scopes, out var view))
            return view;
        view = new CatalogView([.. Items.Where(item => item.IsFor(scopes))]);
        return _views.Count < MaxCachedViews ? _views.GetOrAdd(scopes, view) : view;
    }
}
