namespace Cortex.Tests.Identity.Vault;

/// <summary>
/// A clock that stands until a test puts it forward, while timers go on by themselves for parties that keep their own time. Timers of a second or more
/// are deadlines, and ten times as long, since the machine may be slow.
/// </summary>
internal sealed class ShiftedClock : TimeProvider
{
    private readonly DateTimeOffset _start = System.GetUtcNow();
    private long _shift;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    private TimeSpan Shift => TimeSpan.FromTicks(Volatile.Read(ref _shift));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);

    public override DateTimeOffset GetUtcNow() => _start + Shift;

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Shift.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime >= TimeSpan.FromSeconds(1) ? dueTime * 10 : dueTime, period);
}
