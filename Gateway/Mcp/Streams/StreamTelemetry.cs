using System.Diagnostics.Metrics;
using Cortex.Foundation.Observability;

namespace Cortex.Mcp.Streams;

/// <summary>Metrics of event streams to clients.</summary>
internal static class StreamTelemetry
{
    /// <summary>Streams that the gateway ended because of their client, by reason.</summary>
    public static Counter<long> Dropped { get; } =
        Telemetry.Meter.CreateCounter<long>("cortex.streams.dropped", "{stream}", "Event streams that were ended because their client did not keep up.");
}
