using Microsoft.Extensions.Options;

namespace Cortex.Backends;

/// <summary>The backends as configured now. Thread-safe; a reload swaps the snapshot and raises <see cref="Changed"/>.</summary>
internal sealed class BackendRegistry : IDisposable
{
    private readonly IDisposable? _subscription;
    private volatile BackendSnapshot _current;

    public BackendRegistry(IOptionsMonitor<BackendsOptions> options)
    {
        _current = BackendSnapshot.Of(options.CurrentValue);
        _subscription = options.OnChange(changed =>
        {
            _current = BackendSnapshot.Of(changed);
            Changed?.Invoke();
        });
    }

    /// <summary>Raised after <see cref="Current"/> was swapped.</summary>
    public event Action? Changed;

    public BackendSnapshot Current => _current;

    public void Dispose() => _subscription?.Dispose();
}
