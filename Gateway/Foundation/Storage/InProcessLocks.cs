namespace Cortex.Foundation.Storage;

/// <summary>
/// Locks with leases inside one process. Fencing tokens begin at the clock's microseconds, so that they go on growing after a restart. Thread-safe.
/// </summary>
internal sealed class InProcessLocks(TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Held> _held = new(StringComparer.Ordinal);
    private readonly long _started = time.GetTimestamp();
    private long _lastToken;

    private TimeSpan Now => time.GetElapsedTime(_started);

    public SharedLock? TryTake(string name, TimeSpan lease)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(name, out var holder) && holder.Deadline > Now)
            {
                return null;
            }

            _lastToken = Math.Max(_lastToken + 1, time.GetUtcNow().UtcTicks / TimeSpan.TicksPerMicrosecond);
            var taken = new Held(this, name, _lastToken) { Deadline = Now + lease };
            _held[name] = taken;
            return taken;
        }
    }

    /// <summary>Forgets locks whose lease ran out.</summary>
    public void Sweep()
    {
        lock (_gate)
        {
            foreach (var (name, holder) in _held)
            {
                if (holder.Deadline <= Now)
                {
                    _held.Remove(name);
                }
            }
        }
    }

    private bool TryExtend(Held holder, TimeSpan lease)
    {
        lock (_gate)
        {
            if (!_held.TryGetValue(holder.Name, out var present) || present != holder || holder.Deadline <= Now)
            {
                return false;
            }

            holder.Deadline = Now + lease;
            return true;
        }
    }

    private void Release(Held holder)
    {
        lock (_gate)
        {
            if (_held.TryGetValue(holder.Name, out var present) && present == holder)
            {
                _held.Remove(holder.Name);
            }
        }
    }

    private sealed class Held(InProcessLocks owner, string name, long token) : SharedLock
    {
        public string Name => name;

        public TimeSpan Deadline { get; set; }

        public override long FencingToken => token;

        public override ValueTask<bool> TryExtendAsync(TimeSpan lease, CancellationToken cancellationToken) =>
            ValueTask.FromResult(owner.TryExtend(this, SharedStateArguments.Lifetime(lease)));

        public override ValueTask DisposeAsync()
        {
            owner.Release(this);
            return ValueTask.CompletedTask;
        }
    }
}
