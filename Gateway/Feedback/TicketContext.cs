using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.Model;

namespace Cortex.Feedback;

/// <summary>What a report is about, as far as the catalog that this caller sees tells.</summary>
/// <param name="Backend">The backend; null when the report names none, or none that the caller may use.</param>
/// <param name="OriginalTool">The backend's own name of the tool; null when the report names no tool of it.</param>
internal sealed record TicketContext(BackendDefinition? Backend, string? OriginalTool)
{
    /// <summary>
    /// The tool decides, by its public name; else the app, by the backend's id. What the caller may not see counts as unknown, so that a report
    /// tells nobody what there is.
    /// </summary>
    public static TicketContext Of(CatalogSnapshot catalog, Caller caller, MissingCapability report)
    {
        if (report.ContextTool is { } tool && catalog.Find(CatalogKind.Tool, tool.Trim()) is { Backend.IsGateway: false } item && item.IsFor(caller.Scopes))
            return new TicketContext(item.Backend, item.OriginalName);
        if (report.ContextApp?.Trim() is not { Length: > 0 } app)
            return new TicketContext(null, null);
        var named = catalog.Items.FirstOrDefault(candidate =>
            !candidate.Backend.IsGateway && candidate.IsFor(caller.Scopes) && candidate.Backend.Id.Value.Equals(app, StringComparison.OrdinalIgnoreCase));
        return new TicketContext(named?.Backend, null);
    }
}
