using Cortex.Bench;
using NUnit.Framework;

namespace Cortex.Tests.Sessions;

/// <summary>Clients that initialize, make one call and are never heard of again, against a gateway in a process of its own: the soak in small.</summary>
[Category("Slow")]
internal sealed class AbandonedSessionsTests
{
    [Test]
    public async Task Abandoned_sessions_cost_no_memory_once_expired_and_share_sessions_at_the_native_server()
    {
        var options = new SoakOptions(
            Sessions: 2_000, Streams: 50, Persons: 5, Rounds: 1, Idle: TimeSpan.FromSeconds(5), Connections: 4, Redis: null, Path.Combine(AppContext.BaseDirectory, "Gateway.dll"));
        var result = await Soak.RunAsync(options, TestContext.Out);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(result.Failures, Is.Zero);
            Assert.That(result.IsFlat, $"{result.Remainder} bytes stayed behind.");
            Assert.That(result.UpstreamSessions, Is.EqualTo(result.ExpectedUpstreamSessions), "Each person needs one session for each set of capabilities.");
            Assert.That(result.StreamsHeld, Is.EqualTo(options.Streams), "An open stream keeps its session alive.");
        }
    }
}
