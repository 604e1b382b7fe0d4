using Cortex.Foundation.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Cortex.Tests.Fixtures;

/// <summary>A shared state that fails, or holds what it found, when the test wants it to.</summary>
internal sealed class FaultyState(ISharedState state) : PassingState(state)
{
    private bool _isBusDown;
    private bool _isLogDown;

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

    public override async ValueTask<byte[]?> FindAsync(string key, CancellationToken cancellationToken)
    {
        var value = await base.FindAsync(key, cancellationToken);
        if (Found is { } found)
            await found(key);
        return value;
    }

    public override ValueTask AppendAsync(string log, LogEntry entry, int keep, TimeSpan lifetime, CancellationToken cancellationToken) =>
        IsLogDown ? throw new SharedStateException("The log is down.") : base.AppendAsync(log, entry, keep, lifetime, cancellationToken);

    public override ValueTask PublishAsync(string channel, ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        IsBusDown ? throw new SharedStateException("The bus is down.") : base.PublishAsync(channel, message, cancellationToken);
}
