using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Cortex.Mcp.Streams;

namespace Cortex.Tests.Mcp.Streams;

/// <summary>Counts the streams that were broken off while it lives, by reason.</summary>
internal sealed class DroppedStreams : IDisposable
{
    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly MeterListener _listener = new();

    public DroppedStreams()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Name == StreamTelemetry.DroppedName)
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            foreach (var tag in tags)
                _counts.AddOrUpdate((string)tag.Value!, count, (_, sum) => sum + count);
        });
        _listener.Start();
    }

    public long Count(string reason) => _counts.GetValueOrDefault(reason);

    public void Dispose() => _listener.Dispose();
}
