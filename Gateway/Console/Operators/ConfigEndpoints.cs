using Cortex.Backends;
using Cortex.Catalog;
using Cortex.Foundation.Configuration;
using Cortex.Foundation.Observability;
using Cortex.Identity.Callers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Cortex.Console.Operators;

/// <summary><c>/api/admin/config</c>: what runs on this replica, and how well.</summary>
internal static class ConfigEndpoints
{
    public static void Map(RouteGroupBuilder api) => api.MapGet("/config", Show).WithTags("config")
        .ForOperators(AdminScopes.ToRead(AdminScopes.Config), "The configuration files, their faults, and the backends as this replica sees them");

    private static Ok<ConfigView> Show(LiveConfiguration configuration, BackendRegistry backends, CatalogStore catalog, Readiness readiness)
    {
        var status = configuration.Status;
        var tried = configuration.LastTry;
        var parts = readiness.Current.Parts;
        return TypedResults.Ok(new ConfigView(
            [configuration.File, .. configuration.Current.Includes.Keys.Order(StringComparer.Ordinal)],
            status.LastGoodLoad,
            new ReloadView(tried.At, tried.Outcome.ToString().ToLowerInvariant(), tried.Changed),
            [.. status.Errors.Select(error => error.ToString())],
            status.PendingRestart,
            [
                .. backends.Current.All.OrderBy(backend => backend.Id.Value, StringComparer.Ordinal).Select(backend =>
                {
                    var part = parts.GetValueOrDefault(BackendRefresh.PartOf(backend));
                    return new BackendView(backend.Id.Value, (part?.State ?? ReadinessState.Waiting).ToString().ToLowerInvariant(), part?.Detail, catalog.FetchedAt(backend.Id));
                }),
            ]));
    }
}

/// <summary>The configuration of this replica.</summary>
/// <param name="Files">The main file, the included ones, and the Services that announce a backend.</param>
/// <param name="LastGoodLoad">When the main file was last read without a fault: what runs is of then.</param>
/// <param name="LastTry">The last time the files were read because they had changed, whatever came of it; at first the start.</param>
/// <param name="Errors">Every fault that keeps a change from running, with its place and how to mend it.</param>
/// <param name="PendingRestart">Keys whose change waits for the next start.</param>
internal sealed record ConfigView(
    IReadOnlyList<string> Files, DateTimeOffset LastGoodLoad, ReloadView LastTry, IReadOnlyList<string> Errors, IReadOnlyList<string> PendingRestart, IReadOnlyList<BackendView> Backends);

/// <summary>One look at the changed files.</summary>
/// <param name="Outcome"><c>accepted</c>; <c>partial</c>: included files and Services with faults were left out; <c>rejected</c>: the main file has faults, and nothing of it runs.</param>
/// <param name="Changed">Root keys that changed by it.</param>
internal sealed record ReloadView(DateTimeOffset At, string Outcome, IReadOnlyList<string> Changed);

/// <summary>A backend.</summary>
/// <param name="State"><c>waiting</c>, <c>ready</c>, <c>degraded</c> or <c>failed</c>.</param>
/// <param name="LastRead">When its catalog was last read; null when there is none.</param>
internal sealed record BackendView(string Id, string State, string? Detail, DateTimeOffset? LastRead);
