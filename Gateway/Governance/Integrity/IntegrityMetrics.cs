using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cortex.Foundation.Model;
using Cortex.Foundation.Observability;

namespace Cortex.Governance.Integrity;

/// <summary>
/// <c>cortex.integrity.detections</c>: definitions that were found to be <c>new</c> or <c>changed</c> and wait for a person, counted once over all replicas;
/// <c>cortex.integrity.quarantined</c>: how many definitions of a backend's list are not approved at this moment; <c>cortex.integrity.untrusted</c>: 1 while a
/// backend's baseline can't be trusted.
/// </summary>
internal sealed class IntegrityMetrics : IDisposable
{
    private static readonly Counter<long> Detected = Telemetry.Meter.CreateCounter<long>("cortex.integrity.detections", "{definition}", "Definitions that were found new or changed.");

    private readonly ConcurrentDictionary<BackendId, (int Quarantined, bool IsUntrusted)> _backends = new();
    private readonly Meter _meter = new(Telemetry.Name, Telemetry.Version);

    public IntegrityMetrics()
    {
        _meter.CreateObservableGauge("cortex.integrity.quarantined", () => Measure(backend => backend.Quarantined), "{definition}", "Definitions offered now that are not approved.");
        _meter.CreateObservableGauge("cortex.integrity.untrusted", () => Measure(backend => backend.IsUntrusted ? 1 : 0), "{baseline}", "Baselines that can't be trusted.");
    }

    public static void CountDetection(BackendId backend, bool isNew) => Detected.Add(
        1, new KeyValuePair<string, object?>(McpTelemetry.Backend, backend.Value), new KeyValuePair<string, object?>("change", isNew ? "new" : "changed"));

    public void Note(BackendId backend, int quarantined, bool isUntrusted) => _backends[backend] = (quarantined, isUntrusted);

    public void Dispose() => _meter.Dispose();

    private IEnumerable<Measurement<int>> Measure(Func<(int Quarantined, bool IsUntrusted), int> value) =>
        _backends.Select(backend => new Measurement<int>(value(backend.Value), new KeyValuePair<string, object?>(McpTelemetry.Backend, backend.Key.Value)));
}
