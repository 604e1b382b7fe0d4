using Cortex.Foundation.Storage;

namespace Cortex.Tests.Fixtures;

/// <summary>A shared state that passes everything on: tests override what they watch or break.</summary>
internal abstract class PassingState(ISharedState state) : ISharedState, IAsyncDisposable
{
    public virtual event Action? BusInterrupted
    {
        add => state.BusInterrupted += value;
        remove => state.BusInterrupted -= value;
    }

    public virtual ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken) => state.FindAsync(key, cancellationToken);

    public virtual ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        state.SetAsync(key, value, lifetime, cancellationToken);

    public virtual ValueTask<bool> TryAddAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        state.TryAddAsync(key, value, lifetime, cancellationToken);

    public virtual ValueTask<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        state.TryReplaceAsync(key, expected, value, lifetime, cancellationToken);

    public virtual ValueTask<byte[]?> TakeAsync(string key, CancellationToken cancellationToken) => state.TakeAsync(key, cancellationToken);

    public virtual ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken) => state.RemoveAsync(key, cancellationToken);

    public virtual ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken) => state.TouchAsync(key, lifetime, cancellationToken);

    public virtual ValueTask<long> IncrementAsync(string key, long by, TimeSpan lifetime, CancellationToken cancellationToken) =>
        state.IncrementAsync(key, by, lifetime, cancellationToken);

    public virtual ValueTask<SharedLock?> TryLockAsync(string name, TimeSpan lease, CancellationToken cancellationToken) => state.TryLockAsync(name, lease, cancellationToken);

    public virtual ValueTask AppendAsync(string log, LogEntry entry, int keep, TimeSpan lifetime, CancellationToken cancellationToken) =>
        state.AppendAsync(log, entry, keep, lifetime, cancellationToken);

    public virtual ValueTask<IReadOnlyList<LogEntry>> ReadAfterAsync(string log, long number, int most, CancellationToken cancellationToken) =>
        state.ReadAfterAsync(log, number, most, cancellationToken);

    public virtual ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        state.PublishAsync(channel, message, cancellationToken);

    public virtual ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken) =>
        state.SubscribeAsync(channel, handler, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (state is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }
}
