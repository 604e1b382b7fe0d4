using System.Diagnostics.Metrics;

namespace Cortex.Foundation.Configuration.Reload;

/// <summary><c>cortex.config.reloads</c>: looks that found changed files, by outcome (<c>accepted</c>, <c>partial</c>, <c>rejected</c>).</summary>
internal sealed class ReloadMetrics
{
    private readonly Counter<long> _reloads;

    public ReloadMetrics(IMeterFactory meters) =>
        _reloads = meters.Create("Cortex").CreateCounter<long>("cortex.config.reloads", "{reload}", "Reloads of the configuration, by outcome.");

    public void Count(string outcome) => _reloads.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
}
