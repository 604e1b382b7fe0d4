namespace Cortex.Bench;

/// <summary>Memory at one moment, in bytes.</summary>
/// <param name="Heap">Of the gateway's managed heap, after a collection.</param>
/// <param name="Resident">Of the gateway's process.</param>
/// <param name="Redis">Of Redis; 0 without.</param>
internal readonly record struct Footprint(double Heap, double Resident, double Redis);

/// <summary>The moments of one round.</summary>
/// <param name="Before">Before anything is opened.</param>
/// <param name="WithSessions">With all sessions, abandoned.</param>
/// <param name="WithStreams">With all streams as well.</param>
/// <param name="Expired">After the abandoned sessions expired; the streams are open.</param>
/// <param name="After">After the streams are closed too, and their sessions expired.</param>
internal sealed record SoakRound(Footprint Before, Footprint WithSessions, Footprint WithStreams, Footprint Expired, Footprint After);

/// <summary>What a soak came to.</summary>
/// <param name="Rounds">Each round's memory.</param>
/// <param name="Sessions">Sessions opened in each round.</param>
/// <param name="Streams">Streams opened in each round.</param>
/// <param name="StreamsHeld">Streams that were still open when the abandoned sessions had expired, at the least of all rounds.</param>
/// <param name="UpstreamSessions">Sessions that the native server had calls in.</param>
/// <param name="ExpectedUpstreamSessions">One for each person, client and set of declared capabilities.</param>
/// <param name="Failures">Requests that were refused.</param>
internal sealed record SoakResult(
    IReadOnlyList<SoakRound> Rounds, int Sessions, int Streams, int StreamsHeld, int UpstreamSessions, int ExpectedUpstreamSessions, int Failures)
{
    /// <summary>What may stay behind in pools and caches: far less than the sessions weigh.</summary>
    private double Tolerated => (1024 * 1024) + (30.0 * Sessions);

    /// <summary>Managed bytes of one abandoned session.</summary>
    public double BytesPerSession => Rounds.Average(round => (round.WithSessions.Heap - round.Before.Heap) / Sessions);

    /// <summary>Managed bytes of one open stream, its connection included.</summary>
    public double BytesPerStream => Rounds.Average(round => (round.WithStreams.Heap - round.WithSessions.Heap) / Streams);

    /// <summary>Managed bytes that stayed behind since the first round began.</summary>
    public double Remainder => Rounds[^1].After.Heap - Rounds[0].Before.Heap;

    /// <summary>True when the heap is back where it was.</summary>
    public bool IsFlat => Remainder < Tolerated;
}
