using Cortex.Backends;
using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>Merges the catalogs of all backends into one snapshot under public names. Pure.</summary>
internal static class CatalogMerge
{
    /// <summary>Merges in the given order: of two tools with one public name the first stays, the second is reported.</summary>
    public static Result Merge(IReadOnlyList<(BackendDefinition Backend, BackendCatalog Catalog)> backends)
    {
        var tools = new Dictionary<string, CatalogItem>(StringComparer.Ordinal);
        var faults = new List<(BackendId, string)>();
        foreach (var (backend, catalog) in backends)
        {
            foreach (var offered in catalog.Tools)
            {
                var publicName = PublicNames.Of(backend, offered.Name);
                if (!PublicNames.IsValid(publicName))
                    faults.Add((backend.Id, $"tool '{offered.Name}' is left out: its public name must have 1 to {PublicNames.MaxLength} of A-Z, a-z, 0-9, '_', '-', '.'"));
                else if (!tools.TryAdd(publicName, new CatalogItem(publicName, backend, offered.Name, offered.Scope, PublicNames.Rename(offered.Json, publicName))))
                    faults.Add((backend.Id, $"tool '{offered.Name}' is left out: '{publicName}' is the name of a tool of backend '{tools[publicName].Backend.Id}'; give one of them another prefix"));
            }
        }

        var versions = backends
            .Where(entry => entry.Catalog.Version is not null)
            .ToDictionary(entry => entry.Backend.Id, entry => entry.Catalog.Version!);
        return new Result(new CatalogSnapshot(tools.Values, versions), faults);
    }

    /// <summary>The snapshot, and why some tools are not in it.</summary>
    internal sealed record Result(CatalogSnapshot Snapshot, IReadOnlyList<(BackendId Backend, string Fault)> Faults);
}
