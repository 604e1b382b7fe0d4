namespace Cortex.Foundation.Storage;

/// <summary>
/// State that all replicas share: keys with expiry, counters, locks, bounded logs and a bus. Backed by Redis, or by this process when none is configured.
/// Values are opaque bytes; callers seal what is secret before they store it. Lifetimes are between 1 ms and 10 years. Thread-safe.
/// When Redis fails, every operation throws <see cref="SharedStateException"/>.
/// </summary>
internal interface ISharedState
{
    /// <summary>The value of <paramref name="key"/>, or null when it is absent or expired.</summary>
    ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken);

    /// <summary>Writes <paramref name="value"/>, replacing any, for <paramref name="lifetime"/>.</summary>
    ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Writes only when the key is absent; false when it exists.</summary>
    ValueTask<bool> TryAddAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Replaces <paramref name="expected"/> by <paramref name="value"/> atomically; false when the present value differs or is absent.</summary>
    ValueTask<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Reads and removes in one step: of two takers, one gets the value and the other null.</summary>
    ValueTask<byte[]?> TakeAsync(string key, CancellationToken cancellationToken);

    /// <summary>Removes the key; false when it was absent.</summary>
    ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken);

    /// <summary>Restarts the key's expiry; false when it is absent.</summary>
    ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>Adds <paramref name="by"/> to a counter and returns it; a counter that begins lives for <paramref name="lifetime"/>.</summary>
    ValueTask<long> IncrementAsync(string key, long by, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>
    /// Takes the lock <paramref name="name"/> for <paramref name="lease"/>; null when another holds it. The fencing token of the lock grows with every holder.
    /// Disposing releases it if it is still held.
    /// </summary>
    ValueTask<SharedLock?> TryLockAsync(string name, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>
    /// Appends to a log that keeps its last <paramref name="keep"/> entries and ends <paramref name="lifetime"/> after its last append. A log has one
    /// writer, which numbers its entries upwards from 1; a number that is not above the last is taken for a repetition, and nothing is done.
    /// </summary>
    ValueTask AppendAsync(string log, LogEntry entry, int keep, TimeSpan lifetime, CancellationToken cancellationToken);

    /// <summary>The first <paramref name="most"/> entries behind <paramref name="number"/>, in order; none when there is no such log.</summary>
    ValueTask<IReadOnlyList<LogEntry>> ReadAfterAsync(string log, long number, int most, CancellationToken cancellationToken);

    /// <summary>Tells every subscriber of <paramref name="channel"/>, on this replica and on all others. Delivery is best effort.</summary>
    ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>Listens to a channel until the result is disposed. Handlers are called one at a time and must not block.</summary>
    ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken);

    /// <summary>
    /// Raised when this replica may have missed messages of the bus: at the loss of the connection, while it stays lost, and once more when every
    /// subscription is back. Drop whatever was cached on the word of the bus. Handlers must not block.
    /// </summary>
    event Action? BusInterrupted;
}

/// <summary>A held lock.</summary>
internal abstract class SharedLock : IAsyncDisposable
{
    /// <summary>Grows with each holder of the same lock; a write that carries an older token than one already seen must be refused.</summary>
    public abstract long FencingToken { get; }

    /// <summary>Extends the lease; false when the lock was lost.</summary>
    public abstract ValueTask<bool> TryExtendAsync(TimeSpan lease, CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();
}
