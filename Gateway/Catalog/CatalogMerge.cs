using Cortex.Backends;
using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>Merges the catalogs of all backends into one snapshot under public names. Pure.</summary>
internal static class CatalogMerge
{
    /// <summary>Merges in the given order: of two tools with one public name the first stays, the second is reported.</summary>
    public static Result Merge(IReadOnlyList<(BackendDefinition Backend, BackendCatalog Catalog)> backends)
    {
        var tools = new Dictionary<string, CatalogTool>(StringComparer.Ordinal);
        var clashes = new List<CatalogTool>();
        foreach (var (backend, catalog) in backends)
        {
            foreach (var offered in catalog.Tools)
            {
                var publicName = PublicNames.Of(backend, offered.Name);
                var tool = new CatalogTool(publicName, backend, offered.Name, offered.Scope, PublicNames.Rename(offered.Json, publicName));
                if (!tools.TryAdd(publicName, tool))
                    clashes.Add(tool);
            }
        }

        var versions = backends
            .Where(entry => entry.Catalog.Version is not null)
            .ToDictionary(entry => entry.Backend.Id, entry => entry.Catalog.Version!);
        return new Result(new CatalogSnapshot(tools.Values, versions), clashes);
    }

    /// <summary>The snapshot, and the tools that a name clash kept out of it.</summary>
    internal sealed record Result(CatalogSnapshot Snapshot, IReadOnlyList<CatalogTool> Clashes);
}
