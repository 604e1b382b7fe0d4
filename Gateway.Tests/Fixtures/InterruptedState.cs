using Cortex.Foundation.Storage;

namespace Cortex.Tests.Fixtures;

/// <summary>A shared state whose bus a test can interrupt.</summary>
internal sealed class InterruptedState(ISharedState state) : ISharedState
{
    public event Action? BusInterrupted;

    /// <summary>As when the connection was lost.</summary>
    public void Interrupt() => BusInterrupted?.Invoke();

    public ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken) => state.FindAsync(key, cancellationToken);

    public ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        state.SetAsync(key, value, lifetime, cancellationToken);

    public ValueTask<bool> TryAddAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        state.TryAddAsync(key, value, lifetime, cancellationToken);

    public ValueTask<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        state.TryReplaceAsync(key, expected, value, lifetime, cancellationToken);

    public ValueTask<byte[]?> TakeAsync(string key, CancellationToken cancellationToken) => state.TakeAsync(key, cancellationToken);

    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken) => state.RemoveAsync(key, cancellationToken);

    public ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken) => state.TouchAsync(key, lifetime, cancellationToken);

    public ValueTask<long> IncrementAsync(string key, long by, TimeSpan lifetime, CancellationToken cancellationToken) =>
        state.IncrementAsync(key, by, lifetime, cancellationToken);

    public ValueTask<SharedLock?> TryLockAsync(string name, TimeSpan lease, CancellationToken cancellationToken) => state.TryLockAsync(name, lease, cancellationToken);

    public ValueTask AppendAsync(string log, LogEntry entry, int keep, TimeSpan lifetime, CancellationToken cancellationToken) =>
        state.AppendAsync(log, entry, keep, lifetime, cancellationToken);

    public ValueTask<IReadOnlyList<LogEntry>> ReadAfterAsync(string log, long number, int most, CancellationToken cancellationToken) =>
        state.ReadAfterAsync(log, number, most, cancellationToken);

    public ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        state.PublishAsync(channel, message, cancellationToken);

    public ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken) =>
        state.SubscribeAsync(channel, handler, cancellationToken);
}
