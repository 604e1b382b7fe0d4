namespace Cortex.Foundation.Observability;

/// <summary>What <c>/readyz</c> says at one moment.</summary>
/// <param name="Draining">True once the process was told to stop.</param>
/// <param name="Parts">Every known part, by name.</param>
internal sealed record ReadinessSnapshot(bool Draining, IReadOnlyDictionary<string, ReadinessPart> Parts)
{
    /// <summary>True when traffic may come: not draining, and every expected part was tried.</summary>
    public bool IsReady => !Draining && Parts.Values.All(part => part.State != ReadinessState.Waiting);
}

/// <summary>One part and how it fares.</summary>
/// <param name="Detail">One short sentence for an operator, or null. Never holds secrets: probes are not authenticated.</param>
internal sealed record ReadinessPart(ReadinessState State, string? Detail);
