using Cortex.Foundation.Storage;

namespace Cortex.Tests.Governance.Limits;

/// <summary>A shared state that is away.</summary>
internal sealed class AbsentState : ISharedState
{
    public event Action? BusInterrupted
    {
        add { }
        remove { }
    }

    public ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken) => throw new SharedStateException("Away.");

    public ValueTask<bool> TryAddAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        throw new SharedStateException("Away.");

    public ValueTask<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        throw new SharedStateException("Away.");

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
}
