using System.Collections.Frozen;

namespace Cortex.Catalog;

/// <summary>
/// Finds who answers for a URI that no list names: the first template that matches, or else the one backend whose resources and templates
/// have the URI's scheme, since servers need not list every resource they serve. Immutable.
/// </summary>
internal sealed class ResourceIndex
{
    private readonly (UriTemplate Template, CatalogItem Item)[] _templates;
    private readonly FrozenDictionary<string, CatalogItem?> _byScheme;

    public ResourceIndex(IReadOnlyList<CatalogItem> items)
    {
        _templates = [.. items
            .Where(item => item.Kind == CatalogKind.Template)
            .Select(item => (new UriTemplate(item.PublicName), item))];
        _byScheme = items
            .Where(item => item.Kind is CatalogKind.Resource or CatalogKind.Template)
            .GroupBy(item => SchemeOf(item.PublicName), StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(
                group => group.Key,
                group => group.Select(item => item.Backend.Id).Distinct().Count() == 1 ? group.First() : null,
                StringComparer.OrdinalIgnoreCase);
    }

    public CatalogItem? Find(string uri)
    {
        foreach (var (template, item) in _templates)
        {
            if (template.Matches(uri))
                return item;
        }

        return _byScheme.GetValueOrDefault(SchemeOf(uri));
    }

    private static string SchemeOf(string uri) => uri.IndexOf(':', StringComparison.Ordinal) is > 0 and var end ? uri[..end] : "";
}
