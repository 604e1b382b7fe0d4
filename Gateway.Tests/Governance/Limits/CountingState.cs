using Cortex.Foundation.Storage;

namespace Cortex.Tests.Governance.Limits;

/// <summary>Counts what limits ask of a shared state.</summary>
internal sealed class CountingState(ISharedState state) : ISharedState
{
    private int _calls;

    public event Action? BusInterrupted
    {
        add => state.BusInterrupted += value;
        remove => state.BusInterrupted -= value;
    }

    public int Calls => Volatile.Read(ref _calls);

    public ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken) => Count(state.FindAsync(key, cancellationToken));

    public ValueTask<bool> TryAddAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        Count(state.TryAddAsync(key, value, lifetime, cancellationToken));

    public ValueTask<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        Count(state.TryReplaceAsync(key, expected, value, lifetime, cancellationToken));

    public ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<byte[]?> TakeAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<long> IncrementAsync(string key, long by, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<SharedLock?> TryLockAsync(string name, TimeSpan lease, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask AppendAsync(string log, LogEntry entry, int keep, TimeSpan lifetime, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<LogEntry>> ReadAfterAsync(string log, long number, int most, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken) => throw new NotSupportedException();

    private ValueTask<T> Count<T>(ValueTask<T> call)
    {
        Interlocked.Increment(ref _calls);
        return call;
    }
}
