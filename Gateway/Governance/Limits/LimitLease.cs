namespace Cortex.Governance.Limits;

/// <summary>What one replica knows of one bucket: tokens that it drew and did not spend yet, or until when there are none. Thread-safe.</summary>
internal sealed class LimitLease
{
    private readonly Lock _lock = new();
    private int _left;
    private long _leftUntil;
    private long _emptyUntil;

    /// <summary>Held by whoever draws, so that waiting requests share one draw.</summary>
    public SemaphoreSlim Drawing { get; } = new(1, 1);

    /// <summary>The bucket as this replica alone counts it, while the shared state is away; read and written under <see cref="Drawing"/>.</summary>
    public long? OwnFullAt { get; set; }

    /// <summary>When it was last asked, in ticks.</summary>
    public long UsedAt { get; private set; }

    /// <summary>The decision, where this replica can make it alone; null when tokens must be drawn.</summary>
    public LimitDecision? TryDecide(LimitRule rule, long now)
    {
        lock (_lock)
        {
            UsedAt = now;
            if (now < _emptyUntil)
                return new LimitDecision.Refused(rule.Name, TimeSpan.FromTicks(_emptyUntil - now));
            if (_left == 0 || now >= _leftUntil)
                return null;
            _left--;
            return LimitDecision.Allowed;
        }
    }

    /// <summary>The refusal until there are tokens again; null when there may be some.</summary>
    public LimitDecision.Refused? FindRefusal(LimitRule rule, long now)
    {
        lock (_lock)
            return now < _emptyUntil ? new LimitDecision.Refused(rule.Name, TimeSpan.FromTicks(_emptyUntil - now)) : null;
    }

    /// <summary>Takes tokens that were drawn; they are dropped at <paramref name="until"/>.</summary>
    public void Fill(int count, long until)
    {
        lock (_lock)
        {
            (_left, _leftUntil, _emptyUntil) = (count, until, 0);
        }
    }

    /// <summary>Notes that there are no tokens before <paramref name="until"/>.</summary>
    public void Drain(long until)
    {
        lock (_lock)
        {
            (_left, _emptyUntil) = (0, until);
        }
    }
}
