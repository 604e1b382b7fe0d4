using Cortex.Identity.Callers;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace Cortex.Tests.Identity.Callers;

/// <summary>The bounded memory behind tokens and persons.</summary>
internal sealed class ExpiringCacheTests
{
    private readonly FakeTimeProvider _time = new();

    [Test]
    public void Entry_ends_at_its_moment()
    {
        var cache = new ExpiringCache<string, string>(10, _time);
        cache.Set("a", "1", _time.GetUtcNow().AddSeconds(10));

        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.That(cache.TryGet("a", out _), Is.True);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(cache.TryGet("a", out _), Is.False);
    }

    [Test]
    public void Full_cache_drops_what_ended_first()
    {
        var cache = new ExpiringCache<int, string>(8, _time);
        for (var i = 0; i < 4; i++)
            cache.Set(i, "short", _time.GetUtcNow().AddSeconds(1));
        for (var i = 4; i < 8; i++)
            cache.Set(i, "long", _time.GetUtcNow().AddHours(1));
        _time.Advance(TimeSpan.FromSeconds(1));

        cache.Set(8, "new", _time.GetUtcNow().AddHours(1));

        Assert.That(Enumerable.Range(4, 5).All(key => cache.TryGet(key, out _)), Is.True);
    }

    [Test]
    public void Flood_of_keys_never_holds_more_than_the_capacity()
    {
        var cache = new ExpiringCache<int, string>(100, _time);
        for (var i = 0; i < 10_000; i++)
            cache.Set(i, "x", _time.GetUtcNow().AddHours(1));

        Assert.That(Enumerable.Range(0, 10_000).Count(key => cache.TryGet(key, out _)), Is.InRange(80, 100));
    }

    [Test]
    public void Read_allocates_nothing()
    {
        var cache = new ExpiringCache<TokenHash, string>(100, _time);
        var key = TokenHash.Of("token");
        cache.Set(key, "x", _time.GetUtcNow().AddHours(1));
        cache.TryGet(key, out _);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
            cache.TryGet(TokenHash.Of("token"), out _);

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.LessThan(1000));
    }
}
