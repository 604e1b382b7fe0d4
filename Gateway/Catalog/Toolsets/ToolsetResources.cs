using Cortex.Foundation.Model;
using Cortex.Identity.Callers;

namespace Cortex.Catalog.Toolsets;

/// <summary>What toolsets are as protected resources: which there are, what they are called, and which scopes their clients have use for.</summary>
internal sealed class ToolsetResources(ToolsetDirectory toolsets, CatalogStore catalog)
{
    /// <summary>The toolset at the address that ends in <paramref name="name"/>; null when there is none.</summary>
    public KnownToolset? Find(string name) =>
        ToolsetId.TryParse(name, out var id) && toolsets.Find(id) is { } toolset ? new KnownToolset(toolset.Title, () => ScopesOf(toolset)) : null;

    /// <summary>Every scope that something in it needs; of persons' own catalogs, every scope that something of theirs may need.</summary>
    private ScopeSet ScopesOf(Toolset toolset)
    {
        var shared = catalog.Current.Narrow(new CatalogSelection(toolset, null)).Items
            .Select(item => item.Withheld is { } withheld ? withheld.ApprovedScope : item.Scope);
        var personal = catalog.Personal.Where(toolset.MayHold).SelectMany(backend => toolset.Choose(ToolScopes.All(backend)));
        return ScopeSet.Of(shared.OfType<Scope>().Concat(personal));
    }
}
