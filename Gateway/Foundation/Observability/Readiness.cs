using System.Collections.Immutable;

namespace Cortex.Foundation.Observability;

/// <summary>
/// Whether this replica should get traffic. Parts are announced with <see cref="Expect"/> and settled with <see cref="Report"/>; the gateway is
/// ready once none is waiting, whether or not each of them works, since one bad backend hurts only itself. Thread-safe.
/// </summary>
internal sealed class Readiness
{
    private ImmutableDictionary<string, ReadinessPart> _parts = ImmutableDictionary.Create<string, ReadinessPart>(StringComparer.Ordinal);

    private volatile bool _draining;

    /// <summary>Raised after a part was settled or forgotten. Handlers must not block.</summary>
    public event Action? Changed;

    /// <summary>The present state.</summary>
    public ReadinessSnapshot Current => new(_draining, Volatile.Read(ref _parts));

    /// <summary>Announces a part that must be tried before the gateway is ready. A part that was reported already keeps its state.</summary>
    /// <param name="part">Stable name: <c>catalog:notes</c>, <c>redis</c>.</param>
    public void Expect(string part) => ImmutableInterlocked.TryAdd(ref _parts, part, new ReadinessPart(ReadinessState.Waiting, null));

    /// <summary>Says how a part fares now, announced or not.</summary>
    /// <param name="detail">One short sentence without secrets, or null.</param>
    public void Report(string part, ReadinessState state, string? detail = null)
    {
        var value = new ReadinessPart(state, detail);
        ImmutableInterlocked.AddOrUpdate(ref _parts, part, value, (_, _) => value);
        Changed?.Invoke();
    }

    /// <summary>Says that a part takes too long to be waited for. One that was settled meanwhile keeps its state.</summary>
    public void StopWaiting(string part, string detail)
    {
        ImmutableInterlocked.AddOrUpdate(
            ref _parts, part, new ReadinessPart(ReadinessState.Failed, detail), (_, present) => present.State == ReadinessState.Waiting ? new ReadinessPart(ReadinessState.Failed, detail) : present);
        Changed?.Invoke();
    }

    /// <summary>Says that a part works with a fault; the replica stays ready.</summary>
    public void Degrade(string part, string detail) => Report(part, ReadinessState.Degraded, detail);

    /// <summary>Forgets a part that is no more, such as a backend taken out of the configuration.</summary>
    public void Forget(string part)
    {
        ImmutableInterlocked.TryRemove(ref _parts, part, out _);
        Changed?.Invoke();
    }

    /// <summary>Turns traffic away for good: the process is about to stop.</summary>
    public void Drain() => _draining = true;
}
