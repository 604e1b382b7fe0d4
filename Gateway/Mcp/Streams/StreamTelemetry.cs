using System.Diagnostics.Metrics;
using Cortex.Foundation.Observability;

namespace Cortex.Mcp.Streams;

/// <summary>Instruments of event streams.</summary>
internal static class StreamTelemetry
{
    public const string OpenName = "cortex.streams.open";
    public const string DroppedName = "cortex.streams.dropped";

    /// <summary>Streams of notifications that are open now.</summary>
    public static UpDownCounter<long> Open { get; } =
        Telemetry.Meter.CreateUpDownCounter<long>(OpenName, "{stream}", "Streams of notifications that clients hold open.");

    /// <summary>Event streams that the gateway broke off; <c>reason</c> is a word of <see cref="StreamEnd.Reason"/>.</summary>
    public static Counter<long> Dropped { get; } =
        Telemetry.Meter.CreateCounter<long>(DroppedName, "{stream}", "Event streams that were broken off because their client did not read.");
}
