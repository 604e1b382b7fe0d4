using System.Diagnostics.Metrics;
using Cortex.Foundation.Observability;

namespace Cortex.Governance.Audit;

/// <summary>Counts records that could not be kept, and says so in the log at most once a minute for each place. Thread-safe.</summary>
internal sealed partial class AuditLoss(TimeProvider time, ILogger<AuditLoss> logger)
{
    private static readonly TimeSpan WarningInterval = TimeSpan.FromMinutes(1);

    private static readonly Counter<long> Dropped = Telemetry.Meter.CreateCounter<long>(
        "cortex.audit.dropped", "{record}", "Audit records that could not be kept in cortex.audit.sink.");

    private readonly Lock _lock = new();
    private readonly Dictionary<AuditSink, Tally> _tallies = [];

    /// <summary>Notes that <paramref name="records"/> were lost to <paramref name="sink"/>.</summary>
    public void Count(AuditSink sink, int records)
    {
        Dropped.Add(records, new KeyValuePair<string, object?>("cortex.audit.sink", sink == AuditSink.Stdout ? "stdout" : "database"));
        if (FindDue(sink, records) is { } lost)
            Log.Lost(logger, lost, sink == AuditSink.Stdout ? "stdout" : "the database");
    }

    /// <summary>How many were lost since the last warning when one is due, else null.</summary>
    private long? FindDue(AuditSink sink, int records)
    {
        lock (_lock)
        {
            var tally = _tallies.GetValueOrDefault(sink);
            var lost = tally.Lost + records;
            if (tally.WarnedAt is { } at && time.GetElapsedTime(at) < WarningInterval)
            {
                _tallies[sink] = tally with { Lost = lost };
                return null;
            }

            _tallies[sink] = new Tally(0, time.GetTimestamp());
            return lost;
        }
    }

    private readonly record struct Tally(long Lost, long? WarnedAt);

    private static partial class Log
    {
        [LoggerMessage(2100, LogLevel.Warning, "{Count} audit records did not reach {Sink}", EventName = "audit.lost")]
        public static partial void Lost(ILogger logger, long count, string sink);
    }
}
