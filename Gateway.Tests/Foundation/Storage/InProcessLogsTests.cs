using Cortex.Foundation.Storage;
using NUnit.Framework;

namespace Cortex.Tests.Foundation.Storage;

/// <summary>What logs in this process cost.</summary>
internal sealed class InProcessLogsTests
{
    private static readonly TimeSpan Now = TimeSpan.Zero;

    [Test]
    public void Ended_logs_give_their_memory_back()
    {
        var logs = new InProcessLogs();
        for (var i = 0; i < 1000; i++)
            logs.Append($"log-{i}", new LogEntry(1, new byte[10]), 10, TimeSpan.FromSeconds(i < 900 ? 1 : 100));
        logs.Sweep(TimeSpan.FromSeconds(2));
        Assert.That(logs.Count, Is.EqualTo(100));
    }

    [Test]
    public void Logs_beyond_the_limit_drop_the_one_that_would_end_first()
    {
        var logs = new InProcessLogs();
        var big = new byte[InProcessLogs.MaxBytes / 4];
        logs.Append("second", new LogEntry(1, big), 10, TimeSpan.FromSeconds(20));
        logs.Append("first", new LogEntry(1, big), 10, TimeSpan.FromSeconds(10));
        logs.Append("third", new LogEntry(1, big), 10, TimeSpan.FromSeconds(30));
        logs.Append("third", new LogEntry(2, big), 10, TimeSpan.FromSeconds(30));
        logs.Append("third", new LogEntry(3, new byte[1]), 10, TimeSpan.FromSeconds(30));
        Assert.That(logs.ReadAfter("first", 0, 10, Now), Is.Empty);
        Assert.That(logs.ReadAfter("second", 0, 10, Now), Has.Count.EqualTo(1));
        Assert.That(logs.ReadAfter("third", 0, 10, Now), Has.Count.EqualTo(3));
    }
}
