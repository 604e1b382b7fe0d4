using Cortex.Backends;
using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>Merges the catalogs of all backends into one snapshot under public names. Pure.</summary>
internal static class CatalogMerge
{
    /// <summary>Merges in the given order: of two items of a kind with one public name the first stays, the second is reported.</summary>
    public static Result Merge(IReadOnlyList<(BackendDefinition Backend, BackendCatalog Catalog)> backends)
    {
        var items = new Dictionary<(CatalogKind, string), CatalogItem>();
        var faults = new List<(BackendId, string)>();
        foreach (var (backend, catalog) in backends)
        {
            foreach (var offered in catalog.Items)
            {
                var what = offered.Kind.ToString().ToLowerInvariant();
                var publicName = PublicNames.Of(backend, offered.Kind, offered.Name);
                var mirrored = ReadMirrored(offered, out var mirrorFault);
                if ((PublicNames.FaultOf(offered.Kind, publicName) ?? (catalog.Speech?.Version.Era == Era.Modern ? mirrorFault : null)) is { } fault)
                    faults.Add((backend.Id, $"{what} '{offered.Name}' is left out: {fault}"));
                else if (!items.TryAdd((offered.Kind, publicName), Publish(backend, offered, publicName, mirrored)))
                    faults.Add((backend.Id, $"{what} '{offered.Name}' is left out: '{publicName}' is also that of backend '{items[(offered.Kind, publicName)].Backend.Id}'; give one of them another prefix"));
            }
        }

        var speech = backends
            .Where(entry => entry.Catalog.Speech is not null)
            .ToDictionary(entry => entry.Backend.Id, entry => entry.Catalog.Speech!);
        return new Result(new CatalogSnapshot(items.Values, speech), faults);
    }

    private static MirroredParameters? ReadMirrored(OfferedItem offered, out string? fault)
    {
        fault = null;
        return offered.Kind == CatalogKind.Tool ? MirroredParameters.Of(MirroredSchema.Read(offered.Json, out fault)) : null;
    }

    private static CatalogItem Publish(BackendDefinition backend, OfferedItem offered, string publicName, MirroredParameters? mirrored) => new(
        offered.Kind,
        publicName,
        backend,
        offered.Name,
        offered.Scope,
        publicName == offered.Name ? offered.Json : PublicNames.Rename(offered.Json, publicName))
    {
        Mirrored = mirrored,
    };

    /// <summary>The snapshot, and why some items are not in it.</summary>
    internal sealed record Result(CatalogSnapshot Snapshot, IReadOnlyList<(BackendId Backend, string Fault)> Faults);
}
