using System.Buffers.Text;
using System.Text;

namespace Cortex.Foundation.Storage;

/// <summary>
/// Shared state of a single replica, kept in this process and lost with it. Expired keys are invisible at once and their memory is given back
/// within <see cref="SweepInterval"/>, in steps so short that no caller waits for the sweep.
/// </summary>
internal sealed class InProcessSharedState : ISharedState, IAsyncDisposable
{
    /// <summary>How often expired keys are removed.</summary>
    public static readonly TimeSpan SweepInterval = TimeSpan.FromSeconds(1);

    private const int SweepStep = 1024;

    private readonly Lock _gate = new();
    private readonly ExpiringKeys _keys = new();
    private readonly InProcessLogs _logs = new();
    private readonly InProcessLocks _locks;
    private readonly InProcessBus _bus;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly ITimer _sweeper;

    public InProcessSharedState(TimeProvider time, ILogger<InProcessSharedState> logger)
    {
        _time = time;
        _started = time.GetTimestamp();
        _locks = new InProcessLocks(time);
        _bus = new InProcessBus(logger);
        _sweeper = time.CreateTimer(_ => Sweep(), null, SweepInterval, SweepInterval);
    }

    /// <summary>Never raised: a bus inside one process does not break.</summary>
    public event Action? BusInterrupted
    {
        add { }
        remove { }
    }

    /// <summary>Logs held, ended ones that were not swept yet included.</summary>
    internal int Logs
    {
        get
        {
            lock (_gate)
            {
                return _logs.Count;
            }
        }
    }

    /// <summary>Keys held, expired ones that were not swept yet included.</summary>
    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _keys.Count;
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    public ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(Copy(_keys.Find(key, Now)));
        }
    }

    public ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _keys.Set(key, value.ToArray(), Deadline(lifetime));
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<bool> TryAddAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var deadline = Deadline(lifetime);
        lock (_gate)
        {
            if (_keys.Find(key, Now) is not null)
            {
                return ValueTask.FromResult(false);
            }

            _keys.Set(key, value.ToArray(), deadline);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var deadline = Deadline(lifetime);
        lock (_gate)
        {
            if (_keys.Find(key, Now) is not { } present || !present.AsSpan().SequenceEqual(expected.Span))
            {
                return ValueTask.FromResult(false);
            }

            _keys.Set(key, value.ToArray(), deadline);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<byte[]?> TakeAsync(string key, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            var value = _keys.Find(key, Now);
            _keys.Remove(key);
            return ValueTask.FromResult(value);
        }
    }

    public async ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken) =>
        await TakeAsync(key, cancellationToken) is not null;

    public ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var deadline = Deadline(lifetime);
        lock (_gate)
        {
            if (_keys.Find(key, Now) is not { } value)
            {
                return ValueTask.FromResult(false);
            }

            _keys.Set(key, value, deadline);
            return ValueTask.FromResult(true);
        }
    }

    public ValueTask<long> IncrementAsync(string key, long by, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var deadline = Deadline(lifetime);
        lock (_gate)
        {
            var present = _keys.Find(key, Now);
            long count = 0;
            if (present is not null && !(Utf8Parser.TryParse(present, out count, out var read) && read == present.Length))
            {
                throw new SharedStateException($"Shared state: the key '{key}' does not hold a counter.");
            }

            count += by;
            var text = Encoding.ASCII.GetBytes(FormattableString.Invariant($"{count}"));
            _keys.Set(key, text, present is null ? deadline : _keys.DeadlineOf(key));
            return ValueTask.FromResult(count);
        }
    }

    public ValueTask<SharedLock?> TryLockAsync(string name, TimeSpan lease, CancellationToken cancellationToken) =>
        ValueTask.FromResult<SharedLock?>(_locks.TryTake(name, SharedStateArguments.Lifetime(lease)));

    public ValueTask AppendAsync(string log, LogEntry entry, int keep, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var deadline = Deadline(lifetime);
        lock (_gate)
        {
            _logs.Append(log, entry, keep, deadline);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask<IReadOnlyList<LogEntry>> ReadAfterAsync(string log, long number, int most, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return ValueTask.FromResult(_logs.ReadAfter(log, number, most, Now));
        }
    }

    public ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        _bus.Publish(channel, message.ToArray());
        return ValueTask.CompletedTask;
    }

    public ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_bus.Subscribe(channel, handler));

    public async ValueTask DisposeAsync()
    {
        await _sweeper.DisposeAsync();
        await _bus.DisposeAsync();
    }

    private static byte[]? Copy(byte[]? value) => value?.AsSpan().ToArray();

    private TimeSpan Deadline(TimeSpan lifetime) => Now + SharedStateArguments.Lifetime(lifetime);

    private void Sweep()
    {
        bool more;
        do
        {
            lock (_gate)
            {
                more = _keys.Sweep(Now, SweepStep);
            }
        }
        while (more);
        lock (_gate)
        {
            _logs.Sweep(Now);
        }

        _locks.Sweep();
    }
}
