using Cortex.Governance.Limits;
using NUnit.Framework;

namespace Cortex.Tests.Governance.Limits;

/// <summary>The arithmetic of buckets.</summary>
internal sealed class TokenBucketTests
{
    private const long Now = 1_000_000_000_000;

    private static readonly LimitRule Rule = new("test", 60, TimeSpan.FromMinutes(1), 10);

    [TestCase(null)]
    [TestCase(Now - 5)]
    public void Full_bucket_gives_the_burst_and_no_more(long? fullAt)
    {
        var drawn = (BucketDraw.Drawn)TokenBucket.Draw(Rule, fullAt, Now, 100);

        Assert.That(drawn.Count, Is.EqualTo(10));
        Assert.That(TokenBucket.Draw(Rule, drawn.FullAt, Now, 1), Is.EqualTo(new BucketDraw.Empty(TimeSpan.FromSeconds(1))));
    }

    [TestCase(0.9, 0)]
    [TestCase(1, 1)]
    [TestCase(3.5, 3)]
    [TestCase(1000, 10)]
    public void Empty_bucket_refills_evenly_up_to_the_burst(double seconds, int count)
    {
        var empty = Now + Rule.Depth;

        var draw = TokenBucket.Draw(Rule, empty, Now + TimeSpan.FromSeconds(seconds).Ticks, 100);

        Assert.That((draw as BucketDraw.Drawn)?.Count ?? 0, Is.EqualTo(count));
    }

    [Test]
    public void Bucket_of_a_clock_that_runs_ahead_waits_for_this_one()
    {
        var ahead = Now + Rule.Depth + TimeSpan.FromSeconds(30).Ticks;

        Assert.That(TokenBucket.Draw(Rule, ahead, Now, 1), Is.EqualTo(new BucketDraw.Empty(TimeSpan.FromSeconds(31))));
    }

    [Test]
    public void Random_requests_never_exceed_burst_and_rate()
    {
        var random = new Random(7);
        long? fullAt = null;
        var now = Now;
        var taken = 0L;
        for (var i = 0; i < 20_000; i++)
        {
            now += random.NextInt64(TimeSpan.TicksPerMillisecond * 400);
            if (TokenBucket.Draw(Rule, fullAt, now, random.Next(1, 5)) is not BucketDraw.Drawn drawn)
                continue;
            taken += drawn.Count;
            fullAt = drawn.FullAt;
            Assert.That(taken, Is.LessThanOrEqualTo(10 + ((now - Now) / TimeSpan.TicksPerSecond)));
        }

        Assert.That(taken, Is.GreaterThan(3_000));
    }
}
