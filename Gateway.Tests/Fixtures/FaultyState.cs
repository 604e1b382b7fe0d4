using Cortex.Foundation.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Cortex.Tests.Fixtures;

/// <summary>A shared state that fails, or holds what it found, when the test wants it to.</summary>
internal sealed class FaultyState(ISharedState state) : ISharedState, IAsyncDisposable
{
    private bool _isBusDown;
    private bool _isLogDown;

    public event Action? BusInterrupted
    {
        add => state.BusInterrupted += value;
        remove => state.BusInterrupted -= value;
    }

    /// <summary>True while nothing can be published.</summary>
    public bool IsBusDown
    {
        get => Volatile.Read(ref _isBusDown);
        set => Volatile.Write(ref _isBusDown, value);
    }

    /// <summary>True while nothing can be appended to a log.</summary>
    public bool IsLogDown
    {
        get => Volatile.Read(ref _isLogDown);
        set => Volatile.Write(ref _isLogDown, value);
    }

    /// <summary>When set, is awaited after a key was read and before its reader gets the value.</summary>
    public Func<string, Task>? Found { get; set; }

    /// <summary>Puts one around the shared state of a gateway.</summary>
    public static void AddTo(WebApplicationBuilder builder)
    {
        var real = builder.Services.Last(service => service.ServiceType == typeof(ISharedState)).ImplementationType!;
        builder.Services.AddSingleton<ISharedState>(provider => new FaultyState((ISharedState)ActivatorUtilities.CreateInstance(provider, real)));
    }

    public async ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var value = await state.FindAsync(key, cancellationToken);
        if (Found is { } found)
            await found(key);
        return value;
    }

    public ValueTask SetAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        state.SetAsync(key, value, lifetime, cancellationToken);

    public ValueTask<bool> TryAddAsync(string key, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        state.TryAddAsync(key, value, lifetime, cancellationToken);

    public ValueTask<bool> TryReplaceAsync(string key, ReadOnlyMemory<byte> expected, ReadOnlyMemory<byte> value, TimeSpan lifetime, CancellationToken cancellationToken) =>
        state.TryReplaceAsync(key, expected, value, lifetime, cancellationToken);

    public ValueTask<byte[]?> TakeAsync(string key, CancellationToken cancellationToken) => state.TakeAsync(key, cancellationToken);

    public ValueTask<bool> RemoveAsync(string key, CancellationToken cancellationToken) => state.RemoveAsync(key, cancellationToken);

    public ValueTask<bool> TouchAsync(string key, TimeSpan lifetime, CancellationToken cancellationToken) => state.TouchAsync(key, lifetime, cancellationToken);

    public ValueTask<long> IncrementAsync(string key, long by, TimeSpan lifetime, CancellationToken cancellationToken) => state.IncrementAsync(key, by, lifetime, cancellationToken);

    public ValueTask<SharedLock?> TryLockAsync(string name, TimeSpan lease, CancellationToken cancellationToken) => state.TryLockAsync(name, lease, cancellationToken);

    public ValueTask AppendAsync(string log, LogEntry entry, int keep, TimeSpan lifetime, CancellationToken cancellationToken) =>
        IsLogDown ? throw new SharedStateException("The log is down.") : state.AppendAsync(log, entry, keep, lifetime, cancellationToken);

    public ValueTask<IReadOnlyList<LogEntry>> ReadAfterAsync(string log, long number, int most, CancellationToken cancellationToken) =>
        state.ReadAfterAsync(log, number, most, cancellationToken);

    public ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        IsBusDown ? throw new SharedStateException("The bus is down.") : state.PublishAsync(channel, message, cancellationToken);

    public ValueTask<IAsyncDisposable> SubscribeAsync(string channel, Action<ReadOnlyMemory<byte>> handler, CancellationToken cancellationToken) =>
        state.SubscribeAsync(channel, handler, cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (state is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
    }
}
