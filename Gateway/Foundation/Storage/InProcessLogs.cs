namespace Cortex.Foundation.Storage;

/// <summary>
/// Bounded logs with deadlines. Together they hold <see cref="MaxBytes"/> at most: beyond that the log that would end first goes first.
/// Not thread-safe.
/// </summary>
internal sealed class InProcessLogs
{
    /// <summary>Bytes of all entries together.</summary>
    public const long MaxBytes = 256L * 1024 * 1024;

    private readonly Dictionary<string, Log> _logs = new(StringComparer.Ordinal);
    private long _bytes;

    public int Count => _logs.Count;

    public void Append(string name, LogEntry entry, int keep, TimeSpan deadline)
    {
        if (!_logs.TryGetValue(name, out var log))
            _logs.Add(name, log = new Log());
        if (entry.Number <= log.Last)
            return;
        (log.Last, log.Deadline) = (entry.Number, deadline);
        log.Entries.Enqueue(entry);
        _bytes += entry.Value.Length;
        while (log.Entries.Count > keep)
            _bytes -= log.Entries.Dequeue().Value.Length;
        while (_bytes > MaxBytes && _logs.Count > 1)
            Remove(_logs.Where(other => other.Value != log).MinBy(other => other.Value.Deadline).Key);
    }

    public IReadOnlyList<LogEntry> ReadAfter(string name, long number, int most, TimeSpan now) =>
        _logs.TryGetValue(name, out var log) && log.Deadline > now
            ? [.. log.Entries.Where(entry => entry.Number > number).Take(most)]
            : [];

    public void Sweep(TimeSpan now)
    {
        foreach (var (name, log) in _logs)
        {
            if (log.Deadline <= now)
                Remove(name);
        }
    }

    private void Remove(string name)
    {
        if (_logs.Remove(name, out var log))
            _bytes -= log.Entries.Sum(entry => entry.Value.Length);
    }

    private sealed class Log
    {
        public Queue<LogEntry> Entries { get; } = new();

        /// <summary>The number of the latest entry.</summary>
        public long Last { get; set; }

        public TimeSpan Deadline { get; set; }
    }
}
