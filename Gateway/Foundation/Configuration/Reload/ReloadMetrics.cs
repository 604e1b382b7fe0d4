using System.Diagnostics.Metrics;
using Cortex.Foundation.Observability;

namespace Cortex.Foundation.Configuration.Reload;

/// <summary><c>cortex.config.reloads</c>: looks that found changed files, by outcome (<c>accepted</c>, <c>partial</c>, <c>rejected</c>).</summary>
internal static class ReloadMetrics
{
    public const string Name = "cortex.config.reloads";

    private static readonly Counter<long> Reloads =
        Telemetry.Meter.CreateCounter<long>(Name, "{reload}", "Reloads of the configuration, by outcome.");

    public static void Count(string outcome) => Reloads.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
