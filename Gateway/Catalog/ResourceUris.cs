using System.Collections.Frozen;
using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>
/// Tells the resource URIs of backends apart. A URI goes to one backend (<see cref="ResourceLookup"/>); where another means its own resource by
/// it, that one is public as <see cref="PublicUri"/>. So whatever URI a backend mentions, its public form leads back to that backend. Those of one
/// person stand on top of those that all share, and change nothing about them: of a scheme that is in shared use, a person's own are all
/// <see cref="PublicUri"/>s. Immutable.
/// </summary>
internal sealed class ResourceUris
{
    private readonly ResourceLookup _shared;
    private readonly FrozenDictionary<BackendId, ResourceLookup> _own;
    private readonly FrozenSet<BackendId> _renaming;
    private readonly ResourceUris? _below;

    /// <param name="items">The items of all backends, in the order in which backends are merged; other kinds are passed over.</param>
    /// <param name="below">Those that all share, where the items are one person's.</param>
    public ResourceUris(IEnumerable<CatalogItem> items, ResourceUris? below = null)
    {
        _below = below;
        CatalogItem[] all = [.. items.Where(item => item.Kind is CatalogKind.Resource or CatalogKind.Template)];
        _shared = new ResourceLookup(all, item => !IsRenamed(item));
        _own = all.GroupBy(item => item.Backend.Id).ToFrozenDictionary(own => own.Key, own => new ResourceLookup([.. own], _ => true));
        _renaming = Renaming(all).ToFrozenSet();
    }

    /// <summary>The resource or template that answers for a public URI, or null.</summary>
    public CatalogItem? Find(string publicUri)
    {
        if (!PublicUri.TryParse(publicUri, out var backend, out var original))
            return _below is not null && _below.HasSchemeOf(publicUri) ? _below.Find(publicUri) : _shared.Find(publicUri);
        return _own.TryGetValue(backend, out var own) ? own.Find(original) : _below?.Find(publicUri);
    }

    /// <summary>True when something with the scheme of <paramref name="uri"/> is listed.</summary>
    public bool HasSchemeOf(string uri) => _shared.HasSchemeOf(uri) || _below?.HasSchemeOf(uri) == true;

    /// <summary>True when <see cref="ToPublic"/> may change a URI of this backend.</summary>
    public bool Renames(BackendId backend) => _renaming.Contains(backend) || _below?.Renames(backend) == true;

    /// <summary>The public form of a URI that a backend mentions; the same instance where that is the URI itself, as it is for schemes the backend lists nothing of.</summary>
    public string ToPublic(BackendId backend, string original)
    {
        if (!_own.TryGetValue(backend, out var own))
            return _below?.ToPublic(backend, original) ?? original;
        if (!_renaming.Contains(backend) || !own.HasSchemeOf(original))
            return original;
        return PublicUri.IsReserved(original) || _below?.HasSchemeOf(original) == true || (_shared.Find(original) is { } found && found.Backend.Id != backend)
            ? PublicUri.Of(backend, original)
            : original;
    }

    /// <summary>The backend that answers for a public URI, and the URI as it knows it; false when nobody does.</summary>
    public bool TryToOriginal(string publicUri, out BackendId backend, out string original)
    {
        var found = Find(publicUri);
        backend = found?.Backend.Id ?? default;
        original = found is null ? publicUri : PublicUri.OriginalFor(backend, publicUri);
        return found is not null;
    }

    /// <summary>Backends with a renamed item, and those that share a scheme: one may mean its own resource where the URI is another's.</summary>
    private static IEnumerable<BackendId> Renaming(CatalogItem[] items) => items
        .GroupBy(item => ResourceLookup.SchemeOf(item.OriginalName), StringComparer.OrdinalIgnoreCase)
        .Where(scheme => scheme.Any(item => item.Backend.Id != scheme.First().Backend.Id))
        .SelectMany(scheme => scheme)
        .Concat(items.Where(IsRenamed))
        .Select(item => item.Backend.Id);

    private static bool IsRenamed(CatalogItem item) => item.PublicName != item.OriginalName;
}
