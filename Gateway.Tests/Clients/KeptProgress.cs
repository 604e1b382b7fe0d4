using System.Collections.Concurrent;
using ModelContextProtocol;

namespace Cortex.Tests.Clients;

/// <summary>Keeps the progress of a call.</summary>
internal sealed class KeptProgress : IProgress<ProgressNotificationValue>
{
    private readonly ConcurrentQueue<double> _values = new();

    public IReadOnlyList<double> Values => [.. _values];

    public void Report(ProgressNotificationValue value) => _values.Enqueue(value.Progress);
}
