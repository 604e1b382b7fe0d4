using System.Collections.Immutable;
using Cortex.Backends;
using Cortex.Governance.Integrity;
using Cortex.Governance.Integrity.Definitions;

namespace Cortex.Catalog;

/// <summary>
/// Holds what a backend offers against what was approved, and marks what is withheld. Every list goes through it before callers see any of it: the one
/// that all share, and those of single persons. Thread-safe.
/// </summary>
internal sealed class CatalogIntegrity(IntegrityGuard guard, IntegrityBus bus)
{
    /// <summary>The catalog with its withheld items marked; marks of an earlier time are gone.</summary>
    /// <param name="backend">Whose catalog.</param>
    /// <param name="catalog">As it was read.</param>
    /// <param name="isPersonal">True for a person's own list.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<BackendCatalog> HoldAsync(BackendDefinition backend, BackendCatalog catalog, bool isPersonal, CancellationToken cancellationToken)
    {
        var heldAt = bus.Generation;
        var offered = catalog.Items
            .Select((item, at) => (At: at, Definition: DefinitionOf(item)))
            .Where(entry => entry.Definition is not null)
            .ToArray();
        Definition[] definitions = [.. offered.Select(entry => entry.Definition!), .. InstructionsOf(backend, catalog, isPersonal)];
        var withheld = await guard.HoldAsync(backend.Id, definitions, isPersonal, cancellationToken);
        var items = catalog.Items.Select(item => item.Withheld is null ? item : item with { Withheld = null }).ToImmutableArray().ToBuilder();
        for (var at = 0; at < offered.Length; at++)
        {
            if (withheld[at] is { } why)
                items[offered[at].At] = items[offered[at].At] with { Withheld = why };
        }

        return catalog with
        {
            Items = items.ToImmutable(),
            Instructions = definitions.Length > offered.Length && catalog.Instructions is { } given ? given with { Withheld = withheld[^1] } : catalog.Instructions,
            HeldAt = heldAt,
        };
    }

    /// <summary>Null for what is not compared: a resource with an address of its own is data.</summary>
    private static Definition? DefinitionOf(OfferedItem item) => item.Kind switch
    {
        CatalogKind.Tool => Definition.Read(DefinitionKind.Tool, item.Name, item.Scope, item.Json),
        CatalogKind.Prompt => Definition.Read(DefinitionKind.Prompt, item.Name, item.Scope, item.Json),
        CatalogKind.Template => Definition.Read(DefinitionKind.Template, item.Name, item.Scope, item.Json),
        _ => null,
    };

    /// <summary>Native servers alone have instructions; what one says to the gateway itself is the same for all persons.</summary>
    private static Definition[] InstructionsOf(BackendDefinition backend, BackendCatalog catalog, bool isPersonal) =>
        backend.Kind == BackendKind.Mcp && !isPersonal ? [Definition.OfInstructions(catalog.Instructions?.Text)] : [];
}
