using System.Collections.Concurrent;

namespace Cortex.Governance.Limits;

/// <summary>The leases of this replica, bounded in number: whoever was not seen for a while is forgotten, and everyone in a flood. Thread-safe.</summary>
internal sealed class LimitLeases(TimeProvider time)
{
    /// <summary>How long drawn tokens may wait to be spent.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    /// <summary>Most leases held.</summary>
    public const int Capacity = 100_000;

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(LimitRule Rule, string Subject), LimitLease> _leases = new();
    private long _sweptAt = time.GetUtcNow().Ticks;
    private int _count;

    /// <summary>Leases held.</summary>
    internal int Count => _leases.Count;

    public LimitLease? Find(LimitRule rule, string subject) => _leases.GetValueOrDefault((rule, subject));

    public LimitLease Of(LimitRule rule, string subject)
    {
        if (_leases.TryGetValue((rule, subject), out var known))
            return known;
        Sweep();
        var lease = new LimitLease();
        var kept = _leases.GetOrAdd((rule, subject), lease);
        if (ReferenceEquals(kept, lease))
            Interlocked.Increment(ref _count);
        return kept;
    }

    private void Sweep()
    {
        var now = time.GetUtcNow().Ticks;
        var before = Interlocked.Read(ref _sweptAt);
        var isFull = Volatile.Read(ref _count) >= Capacity;
        if ((!isFull && now - before < Idle.Ticks) || Interlocked.CompareExchange(ref _sweptAt, now, before) != before)
            return;
        foreach (var (key, lease) in _leases)
        {
            if (now - lease.UsedAt >= Idle.Ticks)
                _leases.TryRemove(key, out _);
        }

        if (_leases.Count >= Capacity)
            _leases.Clear();
        Volatile.Write(ref _count, _leases.Count);
    }
}
