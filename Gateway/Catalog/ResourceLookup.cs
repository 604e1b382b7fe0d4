using System.Collections.Frozen;

namespace Cortex.Catalog;

/// <summary>
/// Finds who answers for a URI: the resource that has it, or the first template that matches it, or else the first backend whose resources and
/// templates have its scheme, since servers need not list every resource they serve. A web address that nobody lists belongs to the web, and so
/// to no backend if several serve such addresses. Immutable.
/// </summary>
internal sealed class ResourceLookup
{
    private static readonly string[] Web = ["http", "https"];

    private readonly FrozenDictionary<string, CatalogItem> _resources;
    private readonly (UriTemplate Template, CatalogItem Item)[] _templates;
    private readonly FrozenDictionary<string, CatalogItem?> _byScheme;

    /// <param name="items">Resources and templates in the order of their backends, known by their original URIs.</param>
    /// <param name="isKnown">Those that are found by resource or template; the others lend their scheme alone.</param>
    public ResourceLookup(IReadOnlyList<CatalogItem> items, Func<CatalogItem, bool> isKnown)
    {
        _resources = items
            .Where(item => item.Kind == CatalogKind.Resource && isKnown(item))
            .ToFrozenDictionary(item => item.OriginalName, StringComparer.Ordinal);
        _templates = [.. items
            .Where(item => item.Kind == CatalogKind.Template && isKnown(item))
            .Select(item => (new UriTemplate(item.OriginalName), item))];
        _byScheme = items
            .GroupBy(item => SchemeOf(item.OriginalName), StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(
                scheme => scheme.Key,
                scheme => Web.Contains(scheme.Key, StringComparer.OrdinalIgnoreCase) && scheme.Any(item => item.Backend.Id != scheme.First().Backend.Id) ? null : scheme.First(),
                StringComparer.OrdinalIgnoreCase);
    }

    public CatalogItem? Find(string uri)
    {
        if (_resources.TryGetValue(uri, out var resource))
            return resource;
        foreach (var (template, item) in _templates)
        {
            if (template.Matches(uri))
                return item;
        }

        return _byScheme.GetValueOrDefault(SchemeOf(uri));
    }

    /// <summary>True when something with the scheme of <paramref name="uri"/> is listed.</summary>
    public bool HasSchemeOf(string uri) => _byScheme.ContainsKey(SchemeOf(uri));

    /// <summary>The scheme of a URI or URI template; empty when it has none.</summary>
    public static string SchemeOf(string uri) => uri.IndexOf(':', StringComparison.Ordinal) is > 0 and var end ? uri[..end] : "";
}
