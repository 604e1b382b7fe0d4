using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Feedback.Handover;

/// <summary>
/// Which backends own their tickets: a contract backend that lists a tool <c>report_missing_capability</c>, whose scope the caller holds. A backend that merely
/// might answer the method is not asked: its refusal could not be told from a failure, and a ticket would wait for ever.
/// </summary>
internal static class TicketMethods
{
    public const string Report = "report_missing_capability";
    public const string List = "list_tickets";

    /// <summary>Whether this caller's tickets about the backend are passed to it.</summary>
    public static bool Takes(CatalogSnapshot catalog, Caller caller, BackendDefinition backend) =>
        catalog.Items.Any(item => item.Backend.Id == backend.Id && IsTicketTool(item, caller) && item.OriginalName == Report);

    /// <summary>The backends that are asked for this caller's tickets: those that list either tool.</summary>
    public static IReadOnlyList<BackendDefinition> Keepers(CatalogSnapshot catalog, Caller caller) =>
        [.. catalog.Items.Where(item => IsTicketTool(item, caller)).Select(item => item.Backend).DistinctBy(backend => backend.Id)];

    private static bool IsTicketTool(CatalogItem item, Caller caller) =>
        item is { Kind: CatalogKind.Tool, Backend: { Kind: BackendKind.Contract, IsGateway: false }, OriginalName: Report or List } && item.IsFor(caller.Scopes);
}
