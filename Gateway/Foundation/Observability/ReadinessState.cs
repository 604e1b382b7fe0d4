namespace Cortex.Foundation.Observability;

/// <summary>Where a part of the gateway stands. Only <see cref="Waiting"/> holds <c>/readyz</c> back.</summary>
internal enum ReadinessState
{
    /// <summary>Expected, not tried yet.</summary>
    Waiting,

    /// <summary>Tried, and it works.</summary>
    Ready,

    /// <summary>Works with a fault someone should look at: a refused reload, a stale catalog.</summary>
    Degraded,

    /// <summary>Tried (or timed out), and it does not work; the rest of the gateway does.</summary>
    Failed,
}
