using System.Diagnostics.Metrics;
using Cortex.Foundation.Observability;
using Cortex.Governance.Audit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Governance.Audit;

[TestFixture]
[NonParallelizable]
internal sealed class AuditQueueTests
{
    [Test]
    public async Task Queue_beyond_its_bound_drops_the_oldest_counts_them_and_warns_once_a_minute()
    {
        var dropped = 0L;
        using var meter = new MeterListener();
        meter.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == Telemetry.Name && instrument.Name == "cortex.audit.dropped")
                listener.EnableMeasurementEvents(instrument);
        };
        meter.SetMeasurementEventCallback<long>((_, value, _, _) => dropped += value);
        using var log = new AuditLogLines();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        var time = new FakeTimeProvider();
        var queue = new AuditQueue(new AuditLoss(time, factory.CreateLogger<AuditLoss>()), time);
        meter.Start();

        for (var i = 0; i < AuditQueue.Capacity + 5; i++)
            queue.Add(Entry(i));
        time.Advance(TimeSpan.FromMinutes(1));
        queue.Add(Entry(AuditQueue.Capacity + 5));
        var first = await queue.TakeAsync(CancellationToken.None);

        Assert.Multiple(() =>
        {
            Assert.That(dropped, Is.EqualTo(6));
            Assert.That(first[0].Id, Is.EqualTo("6"));
            Assert.That(first, Has.Count.EqualTo(AuditQueue.BatchSize));
            Assert.That(log.Events, Is.EqualTo(new[]
            {
                "audit.lost: 1 audit records did not reach the database",
                "audit.lost: 5 audit records did not reach the database",
            }));
        });
    }

    private static AuditEntry Entry(int number) =>
        new($"{number}", new AuditRecord { Event = "mcp.request", Outcome = "ok" }, Caller: null);
}
