using Cortex.Governance.Audit;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Governance.Audit;

[TestFixture]
internal sealed class AuditLinesTests
{
    [Test]
    [CancelAfter(30_000)]
    public async Task Write_while_stdout_stalls_returns_and_the_excess_is_counted(CancellationToken cancellationToken)
    {
        using var log = new AuditLogLines();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        await using var stalled = new StalledWriter();
        using var lines = new AuditLines(new AuditOutput(stalled), new AuditLoss(new FakeTimeProvider(), factory.CreateLogger<AuditLoss>()));
        await lines.StartAsync(cancellationToken);
        lines.Write(Entry());
        await stalled.Reached.WaitAsync(cancellationToken);

        for (var i = 0; i < AuditLines.Capacity + 1; i++)
            lines.Write(Entry());

        var events = log.Events.ToArray();
        stalled.Release();
        await lines.StopAsync(cancellationToken);
        Assert.Multiple(() =>
        {
            Assert.That(events, Is.EqualTo(new[] { "audit.lost: 1 audit records did not reach stdout" }));
            Assert.That(stalled.Lines, Is.EqualTo(AuditLines.Capacity + 1));
        });
    }

    [Test]
    public async Task Write_after_the_stop_still_reaches_stdout()
    {
        using var log = new AuditLogLines();
        using var factory = LoggerFactory.Create(logging => logging.AddProvider(log));
        await using var output = new StringWriter();
        using var lines = new AuditLines(new AuditOutput(output), new AuditLoss(new FakeTimeProvider(), factory.CreateLogger<AuditLoss>()));
        await lines.StartAsync(CancellationToken.None);
        await lines.StopAsync(CancellationToken.None);

        lines.Write(Entry());

        Assert.That(output.ToString(), Does.StartWith("{\"time\"").And.EndsWith("}\n"));
    }

    private static AuditEntry Entry() => new("1", new AuditRecord { Event = "mcp.request", Outcome = "ok" }, Caller: null);

    /// <summary>A console whose reader sleeps until <see cref="Release"/>.</summary>
    private sealed class StalledWriter : StringWriter
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _released = new();

        public Task Reached => _reached.Task;

        public int Lines => ToString().Count(character => character == '\n');

        public void Release() => _released.Set();

        public override void Write(string? value)
        {
            _reached.TrySetResult();
            _released.Wait();
            base.Write(value);
        }

        protected override void Dispose(bool disposing)
        {
            _released.Dispose();
            base.Dispose(disposing);
        }
    }
}
