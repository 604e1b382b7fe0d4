namespace Cortex.Sessions;

/// <summary>Signals of the last <see cref="Window"/>, at most <see cref="MaxSignals"/>: beyond that the oldest is forgotten. Thread-safe.</summary>
internal sealed class RecentSignals(TimeProvider time)
{
    /// <summary>Longer than a request takes from the look at its session to the begin of its call.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(30);

    private const int MaxSignals = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<(SessionSignal Signal, long At)> _order = new();
    private readonly Dictionary<SessionSignal, long> _latest = [];

    public void Add(SessionSignal signal)
    {
        var now = time.GetTimestamp();
        lock (_gate)
        {
            _order.Enqueue((signal, now));
            _latest[signal] = now;
            while (_order.Count > MaxSignals || time.GetElapsedTime(_order.Peek().At, now) > Window)
            {
                var (oldest, at) = _order.Dequeue();
                if (_latest.GetValueOrDefault(oldest) == at)
                    _latest.Remove(oldest);
            }
        }
    }

    public bool Contains(SessionSignal signal)
    {
        lock (_gate)
            return _latest.TryGetValue(signal, out var at) && time.GetElapsedTime(at) <= Window;
    }
}
