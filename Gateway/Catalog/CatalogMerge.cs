using Cortex.Backends;
using Cortex.Catalog.Names;
using Cortex.Foundation.Model;

namespace Cortex.Catalog;

/// <summary>Merges the catalogs of all backends into one snapshot under public names. Pure.</summary>
internal static class CatalogMerge
{
    /// <summary>
    /// Merges in the given order: of two tools or prompts that want one public name the one that has it keeps it, else the first gets it, and the other
    /// gets another (<see cref="NameChoice"/>); of two resources or templates with one URI the first keeps it, the second is renamed.
    /// </summary>
    public static Result Merge(IReadOnlyList<(BackendDefinition Backend, BackendCatalog Catalog)> backends, NameChoice? names = null) =>
        Merge(backends, names ?? NameChoice.Fresh, null);

    /// <summary>
    /// Merges a person's own catalogs on top of what all share, by the same rules: whatever is shared was first. The result holds only what is the
    /// person's own, and their names are on no record.
    /// </summary>
    /// <param name="shared">What all share.</param>
    /// <param name="backends">The person's own catalogs, in order.</param>
    /// <param name="links">The tools by which the person links accounts that are not, by backend.</param>
    public static Result MergeOwn(
        CatalogSnapshot shared, IReadOnlyList<(BackendDefinition Backend, BackendCatalog Catalog)> backends, IReadOnlyList<CatalogItem> links)
    {
        var merged = Merge(backends, shared.Names, shared);
        CatalogItem[] free = [.. links.Where(link => shared.Find(CatalogKind.Tool, link.PublicName) is null && merged.Snapshot.Find(CatalogKind.Tool, link.PublicName) is null)];
        return merged with { Snapshot = new CatalogSnapshot(shared, merged.Snapshot.Items, merged.Snapshot.ResourceUris, SpeechOf(backends), free) };
    }

    private static Result Merge(IReadOnlyList<(BackendDefinition Backend, BackendCatalog Catalog)> backends, NameChoice names, CatalogSnapshot? shared)
    {
        var items = new Dictionary<(CatalogKind, string), CatalogItem>();
        var uriOwners = new Dictionary<string, BackendId>(StringComparer.Ordinal);
        var faults = new List<(BackendId, string)>();
        foreach (var (backend, catalog) in backends)
        {
            foreach (var offered in catalog.Items)
            {
                string publicName;
                if (IsAddress(offered.Kind) || PublicNames.FaultOf(offered.Kind, offered.Name) is not null)
                    publicName = AddressOf(backend, offered, uriOwners, shared);
                else
                    (publicName, names) = names.For(backend, offered.Kind, offered.Name);
                var mirrored = ReadMirrored(offered, out var mirrorFault);
                if ((PublicNames.FaultOf(offered.Kind, publicName) ?? (catalog.Speech?.Version.Era == Era.Modern ? mirrorFault : null)) is { } fault)
                    faults.Add((backend.Id, $"{Describe(offered)} is left out: {fault}"));
                else if (!items.TryAdd((offered.Kind, publicName), Publish(backend, offered, publicName, mirrored)))
                    faults.Add((backend.Id, $"{Describe(offered)} is left out: the backend lists it twice"));
                else if (IsAddress(offered.Kind))
                    uriOwners.TryAdd(offered.Name, backend.Id);
            }
        }

        var uris = new ResourceUris(items.Values, shared?.ResourceUris);
        var snapshot = new CatalogSnapshot(LinkTools(items.Values, uris, faults), uris, SpeechOf(backends)) { Names = names, Instructions = InstructionsOf(backends) };
        return new Result(snapshot, faults, names.Book);
    }

    private static string AddressOf(BackendDefinition backend, OfferedItem offered, Dictionary<string, BackendId> uriOwners, CatalogSnapshot? shared)
    {
        var isTaken = IsAddress(offered.Kind)
            && (PublicUri.IsReserved(offered.Name) || shared?.ResourceUris.HasSchemeOf(offered.Name) == true || (uriOwners.TryGetValue(offered.Name, out var owner) && owner != backend.Id));
        return isTaken ? PublicUri.Of(backend.Id, offered.Name) : offered.Name;
    }

    private static bool IsAddress(CatalogKind kind) => kind is CatalogKind.Resource or CatalogKind.Template;

    private static string Describe(OfferedItem offered) => $"{offered.Kind.ToString().ToLowerInvariant()} '{offered.Name}'";

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
        publicName == offered.Name ? offered.Json : PublicNames.Rename(offered.Json, offered.Kind, publicName))
    {
        Mirrored = mirrored,
        Withheld = offered.Withheld,
    };

    /// <summary>Gives the tools the public URIs of what they are shown with.</summary>
    private static List<CatalogItem> LinkTools(IEnumerable<CatalogItem> items, ResourceUris uris, List<(BackendId, string)> faults)
    {
        var linked = new List<CatalogItem>();
        foreach (var item in items)
        {
            if ((item.Kind == CatalogKind.Tool ? ToolLinks.ToPublic(item, uris) : item) is { } known)
                linked.Add(known);
            else
                faults.Add((item.Backend.Id, $"tool '{item.OriginalName}' is left out: its _meta names a resource in a way that can't be read"));
        }

        return linked;
    }

    private static Dictionary<BackendId, BackendSpeech> SpeechOf(IReadOnlyList<(BackendDefinition Backend, BackendCatalog Catalog)> backends) => backends
        .Where(entry => entry.Catalog.Speech is not null)
        .ToDictionary(entry => entry.Backend.Id, entry => entry.Catalog.Speech!);

    private static Dictionary<BackendId, string> InstructionsOf(IReadOnlyList<(BackendDefinition Backend, BackendCatalog Catalog)> backends) => backends
        .Where(entry => entry.Catalog.Instructions is { Withheld: null })
        .ToDictionary(entry => entry.Backend.Id, entry => entry.Catalog.Instructions!.Text);

    /// <summary>The snapshot, why some items are not in it, and which names are whose.</summary>
    internal sealed record Result(CatalogSnapshot Snapshot, IReadOnlyList<(BackendId Backend, string Fault)> Faults, NameBook Names);
}
