namespace Cortex.Tests.Identity.Vault;

/// <summary>The real clock, which a test can put forward: for parties that keep their own time beside it, and for timers that must go on by themselves.</summary>
internal sealed class ShiftedClock : TimeProvider
{
    private long _shift;

    private TimeSpan Shift => TimeSpan.FromTicks(Volatile.Read(ref _shift));

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Shift;

    public override long GetTimestamp() => System.GetElapsedTime(0).Ticks + Shift.Ticks;
}
