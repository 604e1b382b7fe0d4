using Cortex.Bench;
using Cortex.Bench.Faults;
using NUnit.Framework;

namespace Cortex.Tests.Catalog;

/// <summary>Twenty backends before a gateway in a process of its own, one of them in a black hole since before the start and one that lies.</summary>
[Category("Slow")]
internal sealed class BadBackendsTests
{
    [Test]
    public async Task Two_bad_backends_are_named_and_cost_the_others_nothing()
    {
        var result = await FaultRun.RunAsync(new FaultOptions(Backends: 20, Rounds: 2, Seconds: 1, Warmup: 2, Connections: 4, Arguments.BuiltGateway()), TestContext.Out);

        Assert.That(result.Failures, Is.Zero);
        Assert.That(result.States, Does.Contain("hole never_reached"));
        Assert.That(result.Readiness, Does.Contain("failed"));
        Assert.That(result.LiarCalls, Is.GreaterThan(1));
        // So short a load says little about time: the measurement itself is bench's.
        Assert.That(new[] { result.Lists.Ratio, result.Calls.Ratio }, Has.All.LessThan(3));
    }
}
